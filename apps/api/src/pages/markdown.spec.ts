import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { markdown } from './markdown.ts';

const shown = (text: string): string => markdown(text).markup.replace(/\s*\n\s*/g, '');

describe('Markdown on a page', () => {
  it('shows paragraphs with their line breaks', () => {
    expect(shown('One\nTwo\n\nThree')).toBe('<p>One<br />Two</p><p>Three</p>');
  });

  it('shows lists, with or without an empty line before them', () => {
    expect(shown('Bring:\n- a laptop\n- a friend\n\n1. Come\n2. Stay')).toBe(
      '<p>Bring:</p><ul><li>a laptop</li><li>a friend</li></ul><ol><li>Come</li><li>Stay</li></ol>',
    );
  });

  it('shows headings one level below those of the page', () => {
    expect(shown('# Agenda\nTalks')).toBe('<h3>Agenda</h3><p>Talks</p>');
  });

  it('shows emphasis, code and links', () => {
    expect(shown('**Do** come, *really*: `npm start`, [how](https://a.example/b?c=1&d=2) or https://e.example.')).toBe(
      '<p><strong>Do</strong> come, <em>really</em>: <code>npm start</code>, ' +
        '<a href="https://a.example/b?c=1&amp;d=2" rel="nofollow ugc">how</a> or ' +
        '<a href="https://e.example" rel="nofollow ugc">https://e.example</a>.</p>',
    );
  });

  it('leaves as typed what it does not know, and what is not an address of the web', () => {
    expect(shown('[x](javascript:alert(1)) <b>bold</b> snake_case 2 * 3 * 4')).toBe(
      '<p>[x](javascript:alert(1)) &lt;b&gt;bold&lt;/b&gt; snake_case 2 * 3 * 4</p>',
    );
  });

  it('never lets markup through, whatever is typed', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '*',
      '**',
      '`',
      '[',
      '](',
      'https://',
      ')',
      '\n',
      '- ',
      '1. ',
      '# ',
      'script',
      ' ',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (typed) => {
        const left = markdown(typed.join(''))
          .markup.replace(/<\/?(?:p|ul|ol|li|h3|strong|em|code|br \/)>/g, '')
          .replace(/<a href="https:\/\/[^"<>]*" rel="nofollow ugc">|<\/a>/g, '');
        expect(left).not.toMatch(/[<>"']/);
      }),
    );
  });

  it('takes no longer than the text is long', () => {
    for (const piece of ['[', '*', '**a', '`', '[a](https://', 'https://', '- ', '\\', '# '])
      expect(markdown(piece.repeat(20_000 / piece.length))).toBeDefined();
  }, 2_000);
});
