const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const LINK = /(https?:\/\/[^\s<>()]+)/;

/**
 * What somebody reads who gets Markdown where only plain text can be shown: marks are gone, links follow their words in
 * parentheses, lists stay lists. Covers what people write in descriptions and not all of CommonMark; whatever it does not
 * know is left as it was typed. Takes time in proportion to the text, whatever the text is.
 */
export function plainText(markdown: string): string {
  return markdown
    .replace(/\r\n?/g, '\n')
    .replace(/\\([!-/:-@[-`{-~])/g, (_, mark: string) => `&#${mark.charCodeAt(0)};`) // until no mark is looked for any more
    .split('\n')
    .map(line)
    .join('\n')
    .replace(/!\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/\[([^[\]]+)\]\(<?([^()\s<>]+)>?(?:\s[^()]*)?\)/g, (_, words: string, url: string) =>
      words === url ? url : `${words} (${url})`,
    )
    .replace(/<(https?:\/\/[^\s<>]+|mailto:[^\s<>]+)>/g, '$1')
    .replace(/<br *\/?>/gi, '\n')
    .replace(/<[!/a-z][^<>]*>/gi, '')
    .split(LINK)
    .map((part, index) => (index % 2 === 0 ? withoutEmphasis(part) : part)) // an address may hold what looks like a mark
    .join('')
    .replace(/&(?:#(\d{1,7})|([a-z]+));/g, decoded)
    .split('\n')
    .map((text) => text.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function line(text: string): string {
  if (/^ {0,3}(?:`{3,}|~{3,})/.test(text) || /^ {0,3}(?:=+|(?:[-*_] *){3,})$/.test(text)) return '';
  return text
    .replace(/^ {0,3}#{1,6} +/, '')
    .replace(/^ {0,3}> ?/, '')
    .replace(/^(\s*)[*+] +/, '$1- ');
}

function withoutEmphasis(text: string): string {
  return text
    .replace(/(\*\*|~~)([^*~\n]+)\1/g, '$2')
    .replace(/\*([^*\s][^*\n]*)\*/g, '$1')
    .replace(/(?<![\p{L}\p{N}_])(__?)([^_\n]+)\1(?![\p{L}\p{N}_])/gu, '$2')
    .replace(/`([^`\n]+)`/g, '$1');
}

function decoded(entity: string, code: string | undefined, name: string | undefined): string {
  if (name) return ENTITIES[name] ?? entity;
  const point = Number(code);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : entity;
}
