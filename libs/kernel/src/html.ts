import { createHash } from 'node:crypto';

/** Markup that is known to be safe: what `html` made. */
export class Html {
  constructor(readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

/** What may stand between `${` and `}`: text is escaped, `Html` is not, nothing is written for null and false. */
export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[];

/** Writes markup. Whatever is put in is text unless it is `Html` itself; attribute values must stand in quotes. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return new Html(strings.reduce((markup, string, index) => `${markup}${markupOf(values[index - 1])}${string}`));
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function markupOf(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(markupOf).join('');
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** The looks of the pages that are not part of the web app. Contrast is at least 4.5:1 in both modes (WCAG 1.4.3). */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --paper: #fdf6ef; --card: #fff; --ink: #2c211b; --soft: #6b5a50; --line: #e6d8cc; --warm: #a8421c; --on-warm: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #1a1512; --card: #26201c; --ink: #f5ebe3; --soft: #c2b0a4; --line: #453a33; --warm: #f2a07b; --on-warm: #2a130a; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center; justify-content: center; padding: 1.25rem; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 system-ui, sans-serif; overflow-wrap: break-word; }
main { width: 100%; max-width: 40rem; padding: clamp(1.5rem, 6vw, 3rem); background: var(--card); border: 1px solid var(--line); border-top: .375rem solid var(--warm); border-radius: 1rem; box-shadow: 0 .5rem 2rem rgb(60 30 10 / 8%); }
h1 { margin: 0 0 1rem; font-size: clamp(1.5rem, 5vw, 2rem); line-height: 1.2; letter-spacing: -.01em; text-wrap: balance; }
h2 { margin: 2rem 0 .5rem; font-size: 1.1875rem; line-height: 1.3; }
p { margin: 0 0 1rem; }
a { color: var(--warm); text-underline-offset: .2em; }
.soft, footer { color: var(--soft); font-size: .9375rem; }
form { margin: 1.5rem 0 0; display: grid; gap: .5rem; }
label { font-weight: 600; }
input, textarea, select { width: 100%; min-height: 3rem; padding: .625rem .875rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: .625rem; }
input[type="checkbox"], input[type="radio"] { width: 1.5rem; min-height: 1.5rem; height: 1.5rem; accent-color: var(--warm); }
button { justify-self: start; min-height: 3rem; margin-top: .5rem; padding: .625rem 1.5rem; font: inherit; font-weight: 650; color: var(--on-warm); background: var(--warm); border: 1px solid transparent; border-radius: .625rem; cursor: pointer; }
button.quiet { color: var(--warm); background: transparent; border-color: currentColor; }
button:hover { filter: brightness(1.08); }
:focus-visible { outline: .1875rem solid var(--warm); outline-offset: .1875rem; }
footer { margin-top: 1.5rem; }
@media (max-width: 30rem) { button { width: 100%; } }
`;

/**
 * What every such page is sent with: no script and nothing from elsewhere can run in it, no cache keeps it, and its
 * address, which may hold a secret, is told to nobody.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = pageHeaders(PAGE_STYLE);

/** The same for a page with this one stylesheet, byte for byte what stands between `<style>` and `</style>`. */
export function pageHeaders(style: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
    'content-security-policy': [
      `default-src 'none'`,
      `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
      `form-action 'self'`,
      `frame-ancestors 'none'`,
      `base-uri 'none'`,
    ].join('; '),
  };
}

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur']);

export interface Page {
  /** BCP 47 language of the text. */
  lang: string;
  title: string;
  /** Begins with the page's only `h1`. */
  body: Html;
}

/** A whole small page, to be sent with `PAGE_HEADERS`: no script, light and dark, from phone to desk. */
export function page({ lang, title, body }: Page): string {
  const direction = RIGHT_TO_LEFT.has(lang.split('-')[0] ?? lang) ? 'rtl' : 'ltr';
  const style = new Html(`<style>${PAGE_STYLE}</style>`); // in one piece: its hash must match to the byte
  return html`<!doctype html>
    <html lang="${lang}" dir="${direction}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Goodturn</title>
        ${style}
      </head>
      <body>
        <main>${body}</main>
        <footer>Goodturn</footer>
      </body>
    </html> `.markup;
}
