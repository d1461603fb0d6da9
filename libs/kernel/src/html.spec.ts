import { expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { html, page, PAGE_HEADERS } from './html.ts';

it('escapes whatever is put in, in text and in attributes', () => {
  const name = `<img src=x onerror="alert('&')">`;
  expect(html`<p title="${name}">${name}</p>`.markup).toBe(
    '<p title="&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;">&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;</p>',
  );
});

it('leaves markup of its own making as it is, one by one and in lists', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
  expect(html`<b>${items}</b>`.markup).toBe('<b><li>a</li><li>&lt;b&gt;</li></b>');
});

it('writes nothing for null, undefined and false, but a zero for zero', () => {
  expect(html`[${null}${undefined}${false}${0}]`.markup).toBe('[0]');
});

it('does not take an object that looks like markup for markup', () => {
  const forged = JSON.parse('{"markup":"<script>"}') as string;
  expect(() => html`${forged}`.markup).toThrow();
});

it('frames a page with language, direction, escaped title and viewport', () => {
  const text = page({ lang: 'ar', title: '<Sign in>', body: html`<h1>Hello</h1>` });
  expect(text).toMatch(/^<!doctype html>\s+<html lang="ar" dir="rtl">/);
  expect(text).toContain('<title>&lt;Sign in&gt; · Goodturn</title>');
  expect(text).toContain('name="viewport"');
  expect(text.match(/<h1>/g)).toHaveLength(1);
});

it('allows exactly its own stylesheet', () => {
  const style = /<style>([^]*)<\/style>/.exec(page({ lang: 'en', title: 'a', body: html`` }))?.[1] ?? '';
  expect(PAGE_HEADERS['content-security-policy']).toContain(createHash('sha256').update(style).digest('base64'));
});
