import { html, type Html, type HtmlValue } from '#kernel';

/**
 * Markdown as pages show it: paragraphs, line breaks, headings, lists, emphasis, code and links. What it does not know
 * stays as it was typed, and every character of it is text: there is no way to markup from here (no raw HTML, and links
 * go to `http`, `https` and `mailto` only). Takes time in proportion to the text.
 */
export function markdown(text: string): Html {
  const blocks = text
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .flatMap(blocksOf);
  return html`${blocks}`;
}

const ITEM = /^ {0,3}(?:[-*+]|(\d{1,9})[.)]) +(.*)$/;
const HEADING = /^ {0,3}#{1,6} +(.*)$/;
const RULE = /^ {0,3}(?:[-*_] *){3,}$/;

/** The lines between two empty ones: a heading or a list may begin without an empty line before it. */
function blocksOf(text: string): Html[] {
  const blocks: Html[] = [];
  let items: string[][] = [];
  let ordered = false;
  let lines: string[] = [];
  const close = (): void => {
    if (items.length > 0) blocks.push(list(items, ordered));
    if (lines.length > 0) blocks.push(html`<p>${inLines(lines)}</p>`);
    items = [];
    lines = [];
  };
  for (const line of text.split('\n')) {
    const item = RULE.test(line) ? null : ITEM.exec(line);
    const heading = HEADING.exec(line);
    if (item) {
      const numbered = item[1] !== undefined;
      if (lines.length > 0 || numbered !== ordered) close();
      ordered = numbered;
      items.push([item[2] ?? '']);
    } else if (heading) {
      close();
      blocks.push(html`<h3>${inline(heading[1] ?? '')}</h3>`);
    } else if (line.trim() === '' || RULE.test(line)) close();
    else if (items.length > 0) items.at(-1)?.push(line.trim());
    else lines.push(line.trim());
  }
  close();
  return blocks;
}

function list(items: string[][], ordered: boolean): Html {
  const entries = items.map((lines) => html`<li>${inLines(lines)}</li>`);
  return ordered
    ? html`<ol>
        ${entries}
      </ol>`
    : html`<ul>
        ${entries}
      </ul>`;
}

function inLines(lines: string[]): HtmlValue[] {
  return lines.map((line, index) => [index > 0 && html`<br />`, inline(line)]);
}

const MARKS = new RegExp(
  [
    String.raw`\[([^[\]]+)\]\(((?:https?:\/\/|mailto:)[^\s()<>]+)\)`, // [words](address)
    String.raw`<?(https?:\/\/[^\s<>()*]+[^\s<>()*.,;:!?'"])>?`, // an address by itself
    String.raw`\*\*([^*\n]+)\*\*`,
    String.raw`\*([^*\s][^*\n]*)\*`,
    '`([^`\n]+)`',
    String.raw`\\([!-\/:-@[-\x60{-~])`, // a mark that is meant as a character
  ].join('|'),
  'g',
);

function inline(line: string): HtmlValue[] {
  const parts: HtmlValue[] = [];
  let end = 0;
  for (const match of line.matchAll(MARKS)) {
    const [all, words, address, bare, strong, emphasis, code, character] = match;
    parts.push(line.slice(end, match.index));
    end = match.index + all.length;
    if (address) parts.push(html`<a href="${address}" rel="nofollow ugc">${words}</a>`);
    else if (bare) parts.push(html`<a href="${bare}" rel="nofollow ugc">${bare}</a>`);
    else if (strong) parts.push(html`<strong>${strong}</strong>`);
    else if (emphasis) parts.push(html`<em>${emphasis}</em>`);
    else if (code) parts.push(html`<code>${code}</code>`);
    else parts.push(character);
  }
  parts.push(line.slice(end));
  return parts;
}
