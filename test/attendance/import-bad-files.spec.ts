import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestEvent, TestGroup } from '../support/builders.ts';
import type { Answer } from '../support/graphql.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
let event: TestEvent;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Berlin');
  event = await t.a.event(group);
  await t.a.registration(event, 'zoe@example.org', { name: 'Zoë Almeida' });
  t.clock.moveTo('2026-03-17T18:00:00Z');
  await send('', 'Name\nNobody'); // notes that the key was used
});
afterAll(() => t.stop());

async function send(path: string, file: string | Buffer, query = ''): Promise<{ status: number; answer: Answer }> {
  const response = await fetch(`${t.url}/events/${event.slug}/attendance${path}?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', authorization: `Bearer ${group.organizer.key}` },
    body: file,
  });
  return { status: response.status, answer: await response.json() };
}

/** All rows there are, each with the transaction that wrote it. */
async function everything(): Promise<Record<string, unknown>> {
  const tables: { name: string }[] = await t.db.query(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  const rows: Record<string, unknown> = {};
  for (const { name } of tables)
    rows[name] = await t.db.query(`SELECT xmin::text, one.* FROM "${name}" AS one ORDER BY one::text`);
  return rows;
}

const HEADER = 'Name,Email,Join Time,Leave Time';
const ZOE = 'Zoë Almeida,zoe@example.org,2026-03-17 17:00,2026-03-17 18:00';
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const TEAMS = utf16(
  [
    '3. In-Meeting Activities',
    'Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole',
    'Zoë Almeida\t3/17/26, 5:00:00 PM\t3/17/26, 6:00:00 PM\t1h\tzoe@example.org\tAttendee',
    'Zoë Almeida\t3/17/26, 6:10:00 PM\t3/17/26, 6:20:00 PM\t10m\tzoe@example.org\tAttendee',
  ].join('\r\n'),
);

describe('a file that cannot be read is refused with a sentence, and nothing is stored:', () => {
  it.each<[string, string | Buffer, string, RegExp]>([
    ['an empty one', Buffer.alloc(0), 'FILE_EMPTY', /export the report again/],
    ['one of headers only', `${HEADER}\n`, 'FILE_EMPTY', /found nobody/],
    ['one cut off in the middle of a letter', TEAMS.subarray(0, -1), 'FILE_ENCODING', /line 4.*cut off/],
    ['one in Latin-1', Buffer.from(`${HEADER}\n${ZOE}`, 'latin1'), 'FILE_ENCODING', /^Line 2 .*UTF-8/],
    ['UTF-16 with a byte lost', Buffer.concat([TEAMS.subarray(0, 41), TEAMS.subarray(42)]), 'FILE_', /./],
    ['renamed headers', ZOE.replace(/^/, 'Wer,Kontakt,Kam,Ging\n'), 'COLUMNS_NEEDED', /"Wer", "Kontakt"/],
    ['cells between bars', `${HEADER}\n${ZOE}`.replaceAll(',', '|'), 'FILE_NOT_A_TABLE', /commas, semicolons or tabs/],
    ['a line of a megabyte', `${HEADER}\n${ZOE}\n${'x'.repeat(1_000_000)}\n`, 'LINE_TOO_LONG', /^Line 3 /],
    [
      'a quotation mark that is never closed',
      `${HEADER}\n"${`${ZOE}\n`.repeat(3_000)}`,
      'LINE_TOO_LONG',
      /^Line \d+ .*quotation/,
    ],
    ['an Excel workbook', Buffer.from('PK\u0003\u0004 and more'), 'FILE_NOT_A_TABLE', /Excel/],
    ['zero bytes', `${HEADER}\nZo\0\0\0e,,,\n`, 'FILE_', /./],
    ['a poem', 'Roses are red\nviolets are blue\n', 'FILE_NOT_A_TABLE', /columns/],
    [
      'lines that make no sense from line 3 on',
      `${HEADER}\n${ZOE}\n${'?,,soon,later\n'.repeat(300)}`,
      'FILE_NOT_A_TABLE',
      /Line 3 has a time/,
    ],
    [
      'lines that make no sense far behind',
      `${HEADER}\n${`${ZOE}\n`.repeat(2_000)}${'?,,soon,later\n'.repeat(1_001)}`,
      'FILE_NOT_A_TABLE',
      /Line 2002 /,
    ],
    [
      'a byte of another encoding far behind',
      Buffer.concat([Buffer.from(`${HEADER}\n${`${ZOE}\n`.repeat(2_000)}`), Buffer.from([0xff, 0x0a])]),
      'FILE_ENCODING',
      /^Line 2002 /,
    ],
  ])('%s', async (_what, file, code, sentence) => {
    const before = await everything();
    for (const path of ['/preview', '']) {
      const { status, answer } = await send(path, file);
      expect(answer.userErrors).toEqual([
        {
          code: expect.stringMatching(code),
          field: code === 'COLUMNS_NEEDED' ? 'columns' : 'file',
          message: expect.stringMatching(sentence),
        },
      ]);
      expect(status).toBe(422);
    }
    expect(await everything()).toEqual(before);
  });

  it('one of more than 50 MB', async () => {
    const { status, answer } = await send('/preview', `${HEADER}\n${`${ZOE}${' '.repeat(5_000)}\n`.repeat(10_500)}`);
    expect(status).toBe(422);
    expect(answer.userErrors[0].code).toBe('FILE_TOO_LARGE');
  });

  it('one of more than 100,000 rows', async () => {
    const { answer } = await send('/preview', `Name\n${'Zoë Almeida\n'.repeat(100_001)}`);
    expect(answer.userErrors).toMatchObject([{ code: 'FILE_TOO_LONG' }]);
  });
});

describe('a file that is odd is shown with what is odd in it:', () => {
  const shown = async (file: string | Buffer, query = '') => {
    const { status, answer } = await send('/preview', file, query);
    expect(status).toBe(200);
    return answer;
  };

  it('formulas are the text they are', async () => {
    const { people } = await shown(`Name,Email\n"=HYPERLINK(""https://evil.test"",""Zoë Almeida"")",=1+1\n@SUM(A1),\n`);
    expect(people.map(({ name, email, certainty }: Answer) => [name, email, certainty])).toEqual([
      ['=HYPERLINK("https://evil.test","Zoë Almeida")', null, expect.stringMatching(/NONE|SIMILAR/)],
      ['@SUM(A1)', null, 'NONE'],
    ]);
  });

  it('lines that make no sense are named and left out', async () => {
    const lines = [
      HEADER,
      ZOE,
      ',,2026-03-17 17:00,',
      `Jo,,2026-03-17 18:00,2026-03-17 17:00`,
      'Jo,,0000-01-01 10:00,',
      'Jo,,,',
    ];
    const { summary } = await shown(lines.join('\n'));
    expect(summary).toMatchObject({ rows: 2, people: 2, problemCount: 3 });
    expect(summary.problems.map(({ line, message }: Answer) => `${line}: ${message}`)).toEqual([
      '3: Line 3 has neither a name nor an e-mail address. We left it out.',
      '4: Line 4 has somebody leaving before they joined. We left it out.',
      '5: Line 5 has a time that we cannot read. We left it out.',
    ]);
  });

  it('a report cut off between two lines tells what is there', async () => {
    expect((await shown(TEAMS.subarray(0, TEAMS.lastIndexOf(utf16('\r\n').subarray(2))))).people).toMatchObject([
      { minutes: 60 },
    ]);
  });

  it('semicolons, tabs and an encoding without its mark are understood', async () => {
    for (const file of [
      `${HEADER}\n${ZOE}`.replaceAll(',', ';'),
      Buffer.from(`${HEADER}\n${ZOE}`.replaceAll(',', '\t'), 'utf16le'),
    ])
      expect((await shown(file)).people).toMatchObject([{ certainty: 'EMAIL', minutes: 60 }]);
  });

  it('names that try to be SQL, of signs only, of emojis and of endless length are names', async () => {
    const names = [
      `'); DROP TABLE registration; --`,
      '***',
      '🎉🎉',
      '田中 陽菜',
      'x'.repeat(500),
      '\\N',
      '{}',
      'a'.repeat(119),
    ];
    const { people } = await shown(`Name\n${names.map((name) => `"${name}"`).join('\n')}`);
    expect(people.map(({ name }: Answer) => name)).toEqual(names.map((name) => name.slice(0, 120)));
    expect((await send('', `Name\n${names.map((name) => `"${name}"`).join('\n')}`)).status).toBe(200);
  });

  it('a stay of a million minutes is as long as a month', async () => {
    expect((await shown('Name,Minutes\nZoë Almeida,999999\nZoë Almeida,999999')).people).toMatchObject([
      { minutes: 89_280 },
    ]);
  });

  it('more strangers than can be compared are told of', async () => {
    const names = Array.from({ length: 2_100 }, (_, at) => `Q${at * 7_919}`);
    const { summary } = await shown(`Name\n${names.join('\n')}`);
    expect(summary.problems).toEqual([
      { line: null, message: expect.stringContaining('100 more are taken for walk-ins') },
    ]);
  });
});
