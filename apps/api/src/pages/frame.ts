import { Html, html, pageHeaders, type Actor } from '#kernel';
import type { FastifyReply } from 'fastify';
import { STYLE } from './style.ts';
import { TEXTS } from './texts.ts';

export interface PublicPage {
  title: string;
  /** Begins with the page's only `h1`. */
  body: Html;
  /** Who looks at it. */
  visitor: Actor;
  /** Where signing in leads back to: the path of this page, or nothing where its address is a secret. */
  path?: string;
  /** What else stands in the head: links, descriptions, data for machines. */
  head?: Html;
  /** A single column for a page with one thing to say. */
  narrow?: boolean;
}

/** No cache keeps it, no search engine lists it, nobody is told its address: for what only one person should see. */
const SECRET = pageHeaders(STYLE);

/** Shows a page whose address or content is somebody's secret, or that answers a form. */
export function show(reply: FastifyReply, status: number, page: PublicPage): void {
  void reply.status(status).headers(SECRET).send(framed(page));
}

/**
 * Shows a page that is for everybody. `shared`: the same bytes for every stranger, so that proxies may hand it on for a
 * minute; what a signed-in person gets is theirs alone. `fresh`: made anew each time, because its form has a key of its own.
 */
export function showOpenly(reply: FastifyReply, page: PublicPage, caching: 'shared' | 'fresh'): void {
  const shared = caching === 'shared' && page.visitor.kind === 'stranger';
  const { 'x-robots-tag': _, ...headers } = SECRET;
  void reply
    .headers({ ...headers, 'cache-control': shared ? 'public, max-age=60' : 'private, no-cache', vary: 'Cookie' })
    .send(framed(page));
}

function framed({ title, body, visitor, path, head, narrow }: PublicPage): string {
  const style = new Html(`<style>${STYLE}</style>`); // in one piece: its hash must match to the byte
  return html`<!doctype html>
    <html lang="${TEXTS.lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · ${TEXTS.brand}</title>
        ${style} ${head}
      </head>
      <body>
        <a class="skip" href="#content">${TEXTS.skip}</a>
        <header class="bar">
          <div>
            <a class="brand" href="/">${MARK}${TEXTS.brand}</a>
            <nav aria-label="${TEXTS.navigation}">
              <ul>
                <li><a href="/">${TEXTS.meetups}</a></li>
                <li><a href="/essentials">${TEXTS.essentials}</a></li>
                ${account(visitor, path)}
              </ul>
            </nav>
          </div>
        </header>
        <main id="content" ${narrow && new Html('class="narrow"')}>${body}</main>
        <footer class="foot">${TEXTS.footer}</footer>
      </body>
    </html> `.markup;
}

/** A hand-drawn turn that comes round again. */
const MARK = new Html(
  `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M20 12a8 8 0 1 1-3-6.2"/><path d="M20.500 2.500v4.500h-4.500"/><circle cx="12" cy="12" r="1.500" fill="currentColor"/></svg>`,
);

function account(visitor: Actor, path: string | undefined): Html {
  if (visitor.kind === 'stranger') {
    const query = path && path !== '/' ? `?${new URLSearchParams({ returnTo: path }).toString()}` : '';
    return html`<li><a href="/sign-in${query}">${TEXTS.signIn}</a></li>`;
  }
  const { name, email } = visitor;
  return html`<li><span>${TEXTS.signedIn((name === '' ? null : name) ?? email ?? '')}</span></li>
    <li>
      <form method="post" action="/sign-out"><button class="quiet" type="submit">${TEXTS.signOut}</button></form>
    </li>`;
}
