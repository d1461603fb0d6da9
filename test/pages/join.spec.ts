import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TestEvent, TestGroup } from '../support/builders.ts';
import { testSystem, type TestSystem } from '../support/system.ts';
import { heldBy, look, press } from './visit.ts';

const JOIN_URL = 'https://meet.example/secret-room';
const OPEN = '2026-03-17T15:50:00Z'; // ten minutes before it begins

let t: TestSystem;
let group: TestGroup;
let event: TestEvent;
let manage: string;
let link: string;
beforeAll(async () => {
  t = await testSystem();
});
afterAll(() => t.stop());
beforeEach(async () => {
  t.clock.moveTo('2026-03-01T12:00:00Z');
  group = await t.a.group();
  event = await t.a.event(group, { title: 'Maps for all' });
  manage = await heldBy(t, event, 'Ada');
  link = /href="(\/join\/[\w-]{43})"/.exec((await look(t, manage)).text)?.[1] ?? '';
});

async function joinedAt(): Promise<Date | null> {
  const [{ joined }] = await t.db.query('SELECT joined_at AS joined FROM registration WHERE event_id = $1', [event.id]);
  return joined;
}

const moveSession = (url: string | null) => t.db.query('UPDATE event SET join_url = $2 WHERE id = $1', [event.id, url]);

describe('the link to the online session', () => {
  it('shows when it opens, looks again by itself, and says so in nobody’s name', async () => {
    const { status, text, headers } = await look(t, link);
    expect(status).toBe(200);
    expect(text).toContain('Maps for all');
    expect(text).toContain('The online session opens on Tuesday, 17 March 2026 at 16:45 CET.');
    expect(text).toContain(`<meta http-equiv="refresh" content="600;url=${link}?look" />`);
    expect(text).not.toContain('/manage/');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(await joinedAt()).toBeNull();
  });

  it('looks again when it opens, but never more often than once a minute, and not at all if asked', async () => {
    t.clock.moveTo('2026-03-17T15:40:30Z');
    expect((await look(t, link)).text).toContain('content="270;');
    t.clock.moveTo('2026-03-17T15:44:55Z');
    expect((await look(t, link)).text).toContain('content="60;');
    expect((await look(t, `${link}?still`)).text).not.toContain('http-equiv="refresh"');
  });

  it('leads to the current address and records once that somebody came', async () => {
    t.clock.moveTo(OPEN);
    const first = await look(t, link);
    expect([first.status, first.location, first.text]).toEqual([303, JOIN_URL, '']);
    expect(first.headers.get('referrer-policy')).toBe('no-referrer');
    expect(first.headers.get('cache-control')).toBe('no-store');
    const at = await joinedAt();
    expect(at).toEqual(new Date(OPEN));
    t.clock.moveTo('2026-03-17T16:20:00Z');
    await moveSession('https://meet.example/zweiter-raum/ä');
    expect((await look(t, link)).location).toBe('https://meet.example/zweiter-raum/%C3%A4');
    expect(await joinedAt()).toEqual(at);
  });

  it.each([
    ['a browser that looks ahead', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
    ['an older browser that looks ahead', { headers: { purpose: 'prefetch' } }],
    ['a program that only asks whether it is there', { method: 'HEAD' }],
  ])('records nothing for %s, and leads it nowhere', async (_, request) => {
    t.clock.moveTo(OPEN);
    const { status, location } = await look(t, link, request);
    expect([status, location]).toEqual([200, '']);
    expect(await joinedAt()).toBeNull();
  });

  it('of a page left open waits for a hand: nobody has come by that', async () => {
    t.clock.moveTo(OPEN);
    const { status, text } = await look(t, `${link}?look`);
    expect([status, await joinedAt()]).toEqual([200, null]);
    expect(text).toContain('The online session is open.');
    expect(text).toContain(`href="${link}"`);
  });

  it('is over after the session, with the recording once there is one', async () => {
    t.clock.moveTo('2026-03-17T18:30:01Z');
    const over = await look(t, link);
    expect(over.text).toContain('This session is over');
    expect(await joinedAt()).toBeNull();
    await t.db.query('UPDATE event SET recording_url = $2 WHERE id = $1', [event.id, 'https://videos.example/1']);
    expect((await look(t, link)).text).toContain('href="https://videos.example/1"');
  });

  it('says what happened when the meetup is called off', async () => {
    await t.db.query(`UPDATE event SET state = 'CANCELLED', cancel_reason = 'The roof leaks.' WHERE id = $1`, [
      event.id,
    ]);
    const { text } = await look(t, link);
    expect(text).toContain('This meetup was cancelled');
    expect(text).toContain('The roof leaks.');
  });

  it('has kind words for somebody who gave the seat back', async () => {
    await press(t, `${manage}/cancel`);
    t.clock.moveTo(OPEN);
    const { status, text } = await look(t, link);
    expect([status, await joinedAt()]).toEqual([200, null]);
    expect(text).toContain('This link has no seat online');
    expect(text).toContain(`href="/events/${event.slug}"`);
  });

  it('asks for a moment while nobody knows where the session is', async () => {
    await moveSession(null);
    t.clock.moveTo(OPEN);
    const { status, text } = await look(t, link);
    expect([status, await joinedAt()]).toEqual([200, null]);
    expect(text).toContain('have not told us yet');
    expect(text).toContain('content="60;');
  });

  it.each(['x', 'A'.repeat(43), '%00'])('does not know %s', async (token) => {
    const { status, text } = await look(t, `/join/${token}`);
    expect(status).toBe(404);
    expect(text).toContain('<h1>');
  });

  it('is not the link to the registration, and that is not this one', async () => {
    expect((await look(t, manage.replace('/manage/', '/join/'))).status).toBe(404);
    expect((await look(t, link.replace('/join/', '/manage/'))).status).toBe(404);
  });

  it('tells the address of the session in no page and no log', async () => {
    const written: string[] = [];
    const note = (chunk: unknown) => {
      written.push(String(chunk));
      return true;
    };
    const spies = [
      jest.spyOn(process.stdout, 'write').mockImplementation(note),
      jest.spyOn(process.stderr, 'write').mockImplementation(note),
    ];
    const pages: string[] = [];
    for (const instant of ['2026-03-17T15:00:00Z', OPEN, '2026-03-17T19:00:00Z']) {
      t.clock.moveTo(instant);
      for (const path of [link, `${link}?look`, `${link}?still`, manage, `/events/${event.slug}`])
        pages.push((await look(t, path)).text);
    }
    for (const spy of spies) spy.mockRestore();
    expect(await joinedAt()).toEqual(new Date(OPEN)); // it did lead there once
    expect(pages.join('')).toContain('Maps for all');
    expect(pages.join('')).not.toContain('meet.example');
    expect(written.join('')).not.toContain('meet.example');
  });
});
