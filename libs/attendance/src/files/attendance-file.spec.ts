import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readAttendanceFile, type AttendanceFile, type ReadOptions, type Stay } from './attendance-file.ts';

const TEAMS = [
  '1. Summary',
  'Meeting title\t"""Maps"" 🗺️ für alle"',
  '',
  '2. Participants',
  'Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole',
  'Zoë Almeida\t5/4/26, 6:00:05 PM\t5/4/26, 8:00:00 PM\t1h 59m 55s\tzoe@example.org\tzoe@example.org\tOrganizer',
  '田中 陽菜\t5/4/26, 6:10:00 PM\t5/4/26, 7:00:00 PM\t50m\t\t\tAttendee',
  '',
  '3. In-Meeting Activities',
  'Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole',
  'Zoë Almeida\t5/4/26, 6:00:05 PM\t5/4/26, 8:00:00 PM\t1h 59m 55s\t\t',
  '田中 陽菜\t5/4/26, 6:10:00 PM\t5/4/26, 7:00:00 PM\t50m\t\tAttendee',
  'Nobody at all\tsoon\tlater\t\t\t',
  '',
].join('\r\n');

describe('an attendance file', () => {
  it('says the same however its bytes arrive', async () => {
    for (const bytes of [Buffer.from(TEAMS), Buffer.from(`\ufeff${TEAMS}`, 'utf16le')]) {
      const whole = await read(bytes);
      expect(whole.stays).toHaveLength(2);
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 40 }), async (cuts) => {
          expect(await read(bytes, {}, cuts)).toEqual(whole);
        }),
        { numRuns: 50 },
      );
      expect(await read(bytes, {}, [...bytes.keys()])).toEqual(whole);
    }
  });

  it('of Google Meet has names in two columns and times without a day', async () => {
    const { file, stays } = await csv([
      'First name;Last name;Email;Duration;Time joined;Time exited',
      'Zoë;Almeida;zoe@example.org;1 hr 30 min;6:00 PM;7:30 PM',
    ]);
    expect(file.format).toBe('TABLE');
    expect(stays).toEqual([
      stay({ line: 2, joinedAt: new Date('2026-05-04T16:00:00Z'), leftAt: new Date('2026-05-04T17:30:00Z') }),
    ]);
  });

  it('may tell names and minutes only', async () => {
    const { stays } = await csv(['Our evening', '', 'E-Mail;Name;Minuten', 'zoe@example.org;Zoë Almeida;90', ';;']);
    expect(stays).toEqual([stay({ line: 4, minutes: 90 })]);
  });

  it('may be a mere list of names', async () => {
    expect((await csv(['Nombre', 'Zoë Almeida', 'Jo Park'])).stays.map(({ name }) => name)).toEqual([
      'Zoë Almeida',
      'Jo Park',
    ]);
  });

  it('of unknown headers lists them and asks; then the answer counts', async () => {
    const lines = ['Wer,Kontakt,Wie lange', 'Zoë Almeida,zoe@example.org,90'];
    await expect(csv(lines)).rejects.toMatchObject({
      code: 'COLUMNS_NEEDED',
      message: expect.stringContaining('"Wer", "Kontakt", "Wie lange"'),
      refusals: [expect.objectContaining({ field: 'columns' })],
    });
    const columns = { name: 'wer', email: 'Kontakt', minutes: 'Wie lange' };
    expect((await csv(lines, { columns })).stays).toEqual([stay({ line: 2, minutes: 90 })]);
    await expect(csv(lines, { columns: { name: 'Who' } })).rejects.toMatchObject({ code: 'COLUMNS_NEEDED' });
  });

  it.each([
    ['nothing', '', 'FILE_EMPTY'],
    ['only empty lines', '\n\r\n  \n,,,\n', 'FILE_EMPTY'],
    ['only headers', 'Name,Email\n', 'FILE_EMPTY'],
    ['a poem', 'Roses are red\nviolets are blue\n', 'FILE_NOT_A_TABLE'],
    ['cells between bars', 'Name|Email\nZoë|zoe@example.org\n', 'FILE_NOT_A_TABLE'],
    ['a line of a megabyte', `Name,Email\n${'x'.repeat(1_000_000)}\n`, 'LINE_TOO_LONG'],
    ['a header of ten thousand columns', `${'Name,'.repeat(10_000)}\n`, 'FILE_NOT_A_TABLE'],
  ])('with %s is refused', async (_name, text, code) => {
    await expect(read(Buffer.from(text))).rejects.toMatchObject({
      code,
      refusals: [expect.objectContaining({ field: 'file' })],
    });
  });

  it('keeps formulas as the text they are, and drops what cannot be seen', async () => {
    const formula = '=HYPERLINK("https://evil.test","Ada")';
    const { stays } = await csv([
      'Name,Email',
      `"${formula.replaceAll('"', '""')}",=1+1`,
      '"Ada\u0007\u202e\r\nLovelace",ada@example.org',
    ]);
    expect(stays.map(({ line, name, email }) => [line, name, email])).toEqual([
      [2, formula, null],
      [3, 'Ada Lovelace', 'ada@example.org'],
    ]);
  });

  it('cuts names at 120 characters and says so', async () => {
    const { file, stays } = await csv(['Name,Email', `${'🎉'.repeat(130)},ada@example.org`]);
    expect(stays[0]?.name).toBe('🎉'.repeat(120));
    expect(file.problems).toEqual([{ line: 2, message: expect.stringContaining('longer than 120 characters') }]);
  });

  it('names the lines that make no sense, and leaves them out', async () => {
    const { file, stays } = await csv([
      'Name,Email,Join Time,Leave Time',
      'Zoë Almeida,zoe@example.org,2026-05-04 18:00,2026-05-04 19:00',
      ',not an address,2026-05-04 18:00,2026-05-04 19:00',
      'Jo Park,,2026-05-04 18:00,2026-05-04 17:00',
      'Jo Park,,2026-02-30 18:00,',
    ]);
    expect(stays).toHaveLength(1);
    expect(file.problems).toEqual([
      { line: 3, message: 'Line 3 has neither a name nor an e-mail address. We left it out.' },
      { line: 4, message: 'Line 4 has somebody leaving before they joined. We left it out.' },
      { line: 5, message: 'Line 5 has a time that we cannot read. We left it out.' },
    ]);
  });

  it('lists a hundred problems and counts the rest', async () => {
    const lines = Array.from({ length: 1_000 }, (_, at) => (at % 5 === 0 ? ',x' : `Person ${at},`));
    const { file } = await csv(['Name,Email', ...lines]);
    expect(file.problems).toHaveLength(100);
    expect(file.problemCount).toBe(200);
  });

  it.each([
    ['most of its first rows', 150, 1_000],
    ['more than a thousand rows', 0, 10_000],
    ['all of its rows', 3, 0],
  ])('is refused when %s make no sense', async (_name, bad, others) => {
    const lines = [
      ...Array.from({ length: bad }, () => ',x'),
      ...Array.from({ length: others }, (_, at) => (at % 5 === 0 ? ',x' : `Person ${at},`)),
    ];
    await expect(csv(['Name,Email', ...lines])).rejects.toMatchObject({
      code: 'FILE_NOT_A_TABLE',
      message: expect.stringMatching(/^This does not look like.*Line 2 has neither/),
    });
  });

  it('passes over headers that come once more', async () => {
    const { file, stays } = await csv([
      'Name,Join Time',
      'Ada,2026-05-04 18:00',
      'Name,Join Time',
      'Jo,2026-05-04 18:00',
    ]);
    expect(stays.map(({ name }) => name)).toEqual(['Ada', 'Jo']);
    expect(file.problemCount).toBe(0);
  });

  it('has at most 100,000 rows, handed on a thousand at a time', async () => {
    const lines = Array.from({ length: 100_000 }, (_, at) => `Person ${at}`);
    const { stays, sizes } = await csv(['Name', ...lines]);
    expect(stays).toHaveLength(100_000);
    expect(Math.max(...sizes)).toBe(1_000);
    await expect(csv(['Name', ...lines, 'One more'])).rejects.toMatchObject({ code: 'FILE_TOO_LONG' });
  });

  it('is read no further than somebody asks', async () => {
    let sent = 0;
    let closed = false;
    async function* endless() {
      try {
        yield Buffer.from('Name\n');
        for (; sent < 80_000; sent += 1) yield Buffer.from(`Person ${sent}\n`);
      } finally {
        closed = true;
      }
    }
    const file = await readAttendanceFile(endless(), OPTIONS);
    for await (const batch of file.stays) {
      expect(batch).toHaveLength(1_000);
      break;
    }
    await setImmediate(); // streams let go in a turn of their own
    expect(closed).toBe(true);
    expect(sent).toBeLessThan(40_000);
  });
});

const OPTIONS: ReadOptions = { timeZone: 'Europe/Paris', around: new Date('2026-05-04T16:00:00Z') };

function stay(told: Partial<Stay>): Stay {
  const person = { name: 'Zoë Almeida', email: 'zoe@example.org', role: null };
  return { line: 0, ...person, joinedAt: null, leftAt: null, minutes: null, ...told };
}

async function csv(lines: string[], options: Partial<ReadOptions> = {}) {
  return read(Buffer.from(lines.join('\n')), options);
}

interface Read {
  file: Pick<AttendanceFile, 'format' | 'headers' | 'title' | 'problems' | 'problemCount'>;
  stays: Stay[];
  sizes: number[];
}

async function read(bytes: Buffer, options: Partial<ReadOptions> = {}, cuts: number[] = []): Promise<Read> {
  async function* chunks() {
    let from = 0;
    for (const to of [...cuts, bytes.length].sort((a, b) => a - b)) {
      yield bytes.subarray(from, to);
      from = to;
    }
  }
  const file = await readAttendanceFile(chunks(), { ...OPTIONS, ...options });
  const stays: Stay[] = [];
  const sizes: number[] = [];
  for await (const batch of file.stays) {
    stays.push(...batch);
    sizes.push(batch.length);
  }
  const { format, headers, title, problems, problemCount } = file;
  return { file: { format, headers, title, problems, problemCount }, stays, sizes };
}
