import { describe, expect, it } from '@jest/globals';
import { Layout, nameAndBrackets, nameIn, seen } from './stay.ts';
import { Tally } from './tally.ts';

describe('the header line of a file', () => {
  it('says where each thing stands, the first of two of a kind', () => {
    const layout = new Layout(['Email', 'Name', 'User Email', 'First Join (UTC)', 'Favourite colour']);
    const row = { line: 2, cells: ['ada@example.org', 'Ada', 'other@example.org'] };
    expect([layout.cell(row, 'email'), layout.cell(row, 'name'), layout.cell(row, 'firstJoin')]).toEqual([
      'ada@example.org',
      'Ada',
      '',
    ]);
    expect([layout.size, layout.tellsWho, layout.tellsOverall]).toEqual([3, true, true]);
    expect([layout.isInUtc('firstJoin'), layout.isInUtc('email'), layout.isInUtc('leftAt')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('means what the organizer says, also where we would have read it otherwise', () => {
    const layout = new Layout(['Name', 'Full name', 'Duration'], { name: 'full NAME', minutes: 'Name', email: null });
    const row = { line: 2, cells: ['45', 'Ada Lovelace', 'long'] };
    expect([layout.cell(row, 'name'), layout.cell(row, 'minutes'), layout.has('email')]).toEqual([
      'Ada Lovelace',
      '45',
      false,
    ]);
  });
});

describe('a name', () => {
  it.each([
    ['Ada Lovelace (Guest)', 'Ada Lovelace'],
    ['Ada (Gość)', 'Ada'],
    ['Ada (Countess)', 'Ada (Countess)'],
    ['  Ada\u200b \n Lovelace ', 'Ada Lovelace'],
    ['(Guest)', '(Guest)'],
    [' ', null],
  ])('%j is told as %j', (cell, name) => {
    expect(nameIn({ line: 2, cells: [cell] }, new Layout(['Name']), new Tally())).toBe(name);
  });

  it.each<[string, [string, string | null]]>([
    ['tom (Tomasz Lis)', ['tom', 'Tomasz Lis']],
    ['田中（陽菜）', ['田中', '陽菜']],
    ['tom ()', ['tom ()', null]],
    ['tom', ['tom', null]],
  ])('%s is split before its brackets', (name, parts) => {
    expect(nameAndBrackets(name)).toEqual(parts);
  });

  it('shows nothing that hides', () => {
    expect(seen('a\u0000b\u202ec\u2066d\ufeffe')).toBe('a b c d e');
  });
});
