import { SYSTEM, newId } from '#kernel';
import { AttendanceImportService } from '#attendance';
import { goodturnDataSource } from '#schema';
import { parse } from 'csv-parse';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startApi } from '../apps/api/src/api.ts';
import { testConfig } from '../test/support/config.ts';
import { TEMPLATE, databaseUrl, startTestServer } from '../test/support/server.ts';

const REGISTRATIONS = 2_000;
const ROWS = 100_000;
const FEW_ROWS = 1_000;
/** Most people of a large call come and go several times. */
const ROWS_PER_PERSON = 5;
/** The summary, before the headers of the stays. */
const LINES_BEFORE = 4;
const ROUNDS = 5;
const MEMORY_ROUNDS = 3;
/** Garbage lies about for as long as there is memory. What an import needs is seen where there is little. */
const HEAP_MB = 128;

interface Errand {
  url: string;
  eventId: string;
  file: string;
}

/** This file is two programs: the bench, and an api process that reads one file, whose memory is nobody else's. */
if (process.argv[2] === 'reader') process.once('message', (errand: Errand) => void readOnce(errand));
else await main();

async function main(): Promise<void> {
  console.log(
    `A Teams report (UTF-16) of ${ROWS} stays of ${ROWS / ROWS_PER_PERSON} people, at an event with ${REGISTRATIONS} registrations.`,
  );
  console.log(
    `readOnly: a whole preview in an api process (read, put together, matched, all people listed) against csv-parse`,
  );
  console.log(
    `that reads the same file from the same disk into rows and forgets them; ${ROUNDS} rounds, taken in turn, of medians.`,
  );
  console.log(
    `memory: the highest memory of an api process that previews ${ROWS} rows against one that previews ${FEW_ROWS}; each has a heap of ${HEAP_MB} MB.`,
  );
  const folder = await mkdtemp(join(tmpdir(), 'goodturn-bench-'));
  const postgres = await startTestServer();
  try {
    const url = databaseUrl(postgres.superUrl, TEMPLATE);
    const eventId = await fill(url);
    const [many, few] = [join(folder, 'many.csv'), join(folder, 'few.csv')];
    await writeFile(many, report(ROWS));
    await writeFile(few, report(FEW_ROWS));
    const ratios = {
      readOnly: await readOnly({ url, eventId, file: many }),
      memory: await memory({ url, eventId, file: many }, { url, eventId, file: few }),
    };
    console.log(JSON.stringify({ bench: 'import', ratios }));
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true });
  }
}

/** How fast a preview is, as a part of how fast a file can be read at all. */
async function readOnly(errand: Errand): Promise<number> {
  const api = await startApi({ config: testConfig(errand.url) });
  const imports = api.app.get(AttendanceImportService);
  const seconds = { preview: [] as number[], reading: [] as number[] };
  for (let round = -1; round < ROUNDS; round += 1) {
    const preview = await secondsOf(() => previewOf(imports, errand));
    const reading = await secondsOf(() => rowsIn(errand.file));
    if (round < 0) continue; // both warm up
    seconds.preview.push(preview);
    seconds.reading.push(reading);
  }
  await api.stop();
  const [ofPreview, ofReading] = [median(seconds.preview), median(seconds.reading)];
  console.log(`Medians: ${perSecond(ofPreview)} rows/s previewed, ${perSecond(ofReading)} rows/s only read.`);
  return Math.round((ofReading / ofPreview) * 100) / 100;
}

/** How much more memory a process needs for a hundred times the rows. Each number is from a process of its own. */
async function memory(many: Errand, few: Errand): Promise<number> {
  const peaks = { many: [] as number[], few: [] as number[] };
  for (let round = 0; round < MEMORY_ROUNDS; round += 1) {
    peaks.few.push(await peakOf(few));
    peaks.many.push(await peakOf(many));
  }
  const [ofMany, ofFew] = [median(peaks.many), median(peaks.few)];
  console.log(`Highest memory: ${ofMany} MB for ${ROWS} rows, ${ofFew} MB for ${FEW_ROWS}.`);
  return Math.round((ofMany / ofFew) * 100) / 100;
}

async function peakOf(errand: Errand): Promise<number> {
  const reader = fork(fileURLToPath(import.meta.url), ['reader'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [`--max-old-space-size=${HEAP_MB}`],
  });
  reader.send(errand);
  const [peak] = (await once(reader, 'message')) as [number];
  await once(reader, 'exit');
  return peak;
}

async function readOnce(errand: Errand): Promise<void> {
  const api = await startApi({ config: testConfig(errand.url) });
  await previewOf(api.app.get(AttendanceImportService), errand);
  process.send?.(Math.round(process.resourceUsage().maxRSS / 1024));
  await api.stop();
  process.disconnect();
}

/** All that a preview does but the socket: the answer is written as JSON and counted. */
async function previewOf(imports: AttendanceImportService, { eventId, file }: Errand): Promise<void> {
  const people = await imports.preview(SYSTEM, eventId, createReadStream(file), {}, async (preview) => {
    let listed = 0;
    for await (const page of preview.people) listed += page.filter((person) => JSON.stringify(person) !== '').length;
    return [listed, preview.summary.people];
  });
  if (people[0] === 0 || people[0] !== people[1]) throw new Error('The preview does not list everybody');
}

/** The table alone: without the lines before it, all rows have one width, which csv-parse reads far faster. */
async function rowsIn(file: string): Promise<number> {
  let rows = 0;
  const parser = createReadStream(file).pipe(
    parse({ encoding: 'utf16le', bom: true, delimiter: '\t', from_line: LINES_BEFORE + 1 }),
  );
  parser.on('data', () => void (rows += 1));
  await once(parser, 'end');
  return rows;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

function perSecond(seconds: number): number {
  return Math.round(ROWS / seconds);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** As Teams writes it: a section of people, which the section of stays makes superfluous, and that one. */
function report(rows: number): Buffer {
  const people = rows / ROWS_PER_PERSON;
  const lines = ['1. Summary', 'Meeting title\tBench', '', '3. In-Meeting Activities'];
  lines.push('Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole');
  for (let row = 0; row < rows; row += 1) {
    const person = row % people;
    const joined = (row * 7_919) % 5_400; // seconds since the start
    const left = joined + 600 + ((row * 31) % 1_200);
    const email = person % 3 === 0 ? '' : `person.${person}@example.org`;
    lines.push(`${nameOf(person)}\t${shown(joined)}\t${shown(left)}\t1h\t${email}\tAttendee`);
  }
  return Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`, 'utf16le');
}

/** A time of the evening of 17 March 2026, as Teams shows it. */
function shown(seconds: number): string {
  const [minute, second] = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'));
  return `3/17/26, ${5 + Math.floor(seconds / 3_600)}:${minute}:${second} PM`;
}

/** Names as various as those of people: letters that follow from the number. */
function nameOf(person: number): string {
  const letters = (seed: number) =>
    ((seed * 2_654_435_761) % 308_915_776).toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '');
  return `${letters(person + 1)} ${letters(person + 100_003)}`;
}

async function fill(url: string): Promise<string> {
  const db = await goodturnDataSource(url, 1).initialize();
  const [groupId, eventId] = [newId(), newId()];
  await db.query(
    `INSERT INTO meetup_group (id, slug, name, description, time_zone, language, changed_at, created_at)
     VALUES ($1, 'bench', 'Code for Good Berlin', '', 'Europe/Berlin', 'en', now(), now())`,
    [groupId],
  );
  await db.query(
    `INSERT INTO event (id, group_id, slug, title, description, starts_at_local, ends_at_local, time_zone, starts_at, ends_at,
                        language, format, state, tags, changed_at, created_at)
     VALUES ($1, $2, 'bench', 'Maps for the food bank', '', '', '', 'Europe/Berlin', '2026-03-17T16:00Z', '2026-03-17T18:00Z',
             'en', 'ONLINE', 'FINISHED', '{}', now(), now())`,
    [eventId, groupId],
  );
  const people = Array.from({ length: REGISTRATIONS }, (_, person) => ({
    id: newId(),
    name: nameOf(person),
    email: `person.${person}@example.org`,
  }));
  await db.query(
    `WITH people AS (
       INSERT INTO person (id, name, email, language)
       SELECT id, name, email, 'en' FROM json_to_recordset($1) AS person(id uuid, name text, email text) RETURNING id, name)
     INSERT INTO registration (id, event_id, group_id, person_id, name, language, pool, state, ticket_code, registered_at, confirmed_at)
     SELECT gen_random_uuid(), $2, $3, id, name, 'en', 'ONLINE', 'CONFIRMED', left(id::text, 11), now(), now() FROM people`,
    [JSON.stringify(people), eventId, groupId],
  );
  await db.destroy();
  return eventId;
}
