import { FillSeriesTask } from '#events';
import { CoreModule, goodturnDataSource } from '#schema';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { WorkerModule } from '../../apps/worker/src/worker.module.ts';
import { payload, type TestGroup } from '../support/builders.ts';
import { testConfig } from '../support/config.ts';
import { CANCEL_EVENT, CREATE_SERIES, UPDATE_EVENT } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const UPDATE = `mutation($input: UpdateSeriesInput!) { updateSeries(input: $input) {
  series { id slug rule continues startsAtLocal skippedDates } kept { id slug startsAtLocal } userErrors { code field message } } }`;
const SKIP = `mutation($input: SkipDatesInput!) { skipDates(input: $input) {
  series { id skippedDates } userErrors { code field message } } }`;

let t: TestSystem;
let group: TestGroup;
let count = 0;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Berlin');
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

interface Occurrence {
  id: string;
  slug: string;
  series_id: string;
  title: string;
  at: string;
  state: string;
  sequence: number;
}

const asOrganizer = async (document: string, name: string, input: Record<string, unknown>) =>
  (await t.graphql(document, { input }, group.organizer.key))[name];

/** A weekly series on Tuesdays from 17:00 to 18:30, unless `facts` say otherwise. */
const aSeries = async (facts: Record<string, unknown> = {}): Promise<{ id: string; slug: string }> =>
  payload(
    await asOrganizer(CREATE_SERIES, 'createSeries', {
      groupId: group.id,
      slug: `edited-${++count}`,
      title: 'Tuesday meetup',
      startsAtLocal: '2026-03-17T17:00',
      endsAtLocal: '2026-03-17T18:30',
      format: 'ONLINE',
      joinUrl: 'https://meet.example/room',
      rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=5',
      ...facts,
    }),
  ).series;
const update = async (seriesId: string, facts: Record<string, unknown>) =>
  payload(await asOrganizer(UPDATE, 'updateSeries', { seriesId, ...facts }));
const updateOne = async (event: Occurrence | undefined, facts: Record<string, unknown>) =>
  payload(await asOrganizer(UPDATE_EVENT, 'updateEvent', { eventId: event?.id, ...facts }));
const skip = (seriesId: string, dates: string[]) => asOrganizer(SKIP, 'skipDates', { seriesId, dates });
/** Of a series and of those that continue it, in the order they were made for. */
const occurrencesOf = ({ slug }: { slug: string }): Promise<Occurrence[]> =>
  t.db.query(
    `SELECT event.id, event.slug, event.series_id, event.title, event.starts_at_local AS at, state, sequence
       FROM event JOIN series ON series.id = series_id WHERE series.slug = $1 OR series.slug LIKE $1 || '-2%'
      ORDER BY event.starts_at`,
    [slug],
  );
const datesOf = async (series: { slug: string }) => (await occurrencesOf(series)).map(({ at }) => at);
const register = (event: Occurrence | undefined, email: string) =>
  t.a.registration({ id: event?.id ?? '', slug: '' }, email);
const mailsOf = async (kind: string, event: Occurrence | undefined): Promise<string[]> =>
  (
    await t.db.query('SELECT to_address FROM message WHERE kind = $1 AND event_id = $2 ORDER BY to_address', [
      kind,
      event?.id,
    ])
  ).map(({ to_address }: { to_address: string }) => to_address);

describe('a new weekday', () => {
  it('moves each occurrence within its week, keeps its address and its people, and tells them once', async () => {
    const series = await aSeries();
    const before = await occurrencesOf(series);
    await register(before[1], 'moved@example.org');
    for (let time = 0; time < 2; time += 1)
      expect((await update(series.id, { rule: 'FREQ=WEEKLY;BYDAY=WE;COUNT=5' })).kept).toEqual([]);
    const after = await occurrencesOf(series);
    expect(after.map(({ id, slug, at, sequence }) => [id, slug, at, sequence])).toEqual(
      before.map(({ id, slug }, week) => [
        id,
        slug,
        `${['2026-03-18', '2026-03-25', '2026-04-01', '2026-04-08', '2026-04-15'][week]}T17:00`,
        1,
      ]),
    );
    expect(await mailsOf('changed', before[1])).toEqual(['moved@example.org']);
    await t.doTask(FillSeriesTask);
    expect(await occurrencesOf(series)).toEqual(after);
  });

  it('leaves what was edited by hand and what was cancelled, and makes nothing in their place', async () => {
    const series = await aSeries();
    const [, byHand, cancelled] = await occurrencesOf(series);
    await updateOne(byHand, { startsAtLocal: '2026-03-26T19:00', endsAtLocal: '2026-03-26T20:00' });
    payload(await asOrganizer(CANCEL_EVENT, 'cancelEvent', { eventId: cancelled?.id }));
    const { kept } = await update(series.id, { rule: 'FREQ=WEEKLY;BYDAY=WE;COUNT=5', title: 'Wednesday meetup' });
    expect(kept.map(({ id }: { id: string }) => id)).toEqual([byHand?.id]);
    await t.doTask(FillSeriesTask);
    expect((await occurrencesOf(series)).map(({ title, at, state }) => `${at} ${title} ${state}`)).toEqual([
      '2026-03-18T17:00 Wednesday meetup PUBLISHED',
      '2026-03-26T19:00 Tuesday meetup PUBLISHED',
      '2026-03-31T17:00 Tuesday meetup CANCELLED',
      '2026-04-08T17:00 Wednesday meetup PUBLISHED',
      '2026-04-15T17:00 Wednesday meetup PUBLISHED',
    ]);
  });
});

describe('a rule with other dates', () => {
  it('removes those nobody would miss, and names those that people registered for', async () => {
    const series = await aSeries();
    const before = await occurrencesOf(series);
    await register(before[1], 'stays@example.org');
    const { kept } = await update(series.id, { rule: 'FREQ=MONTHLY;BYDAY=3TU;COUNT=3' });
    expect(kept).toEqual([{ id: before[1]?.id, slug: before[1]?.slug, startsAtLocal: '2026-03-24T17:00' }]);
    expect(await datesOf(series)).toEqual([
      '2026-03-17T17:00',
      '2026-03-24T17:00',
      '2026-04-21T17:00',
      '2026-05-19T17:00',
    ]);
    expect((await occurrencesOf(series))[0]?.id).toBe(before[0]?.id);
    expect(await mailsOf('changed', before[1])).toEqual([]);
    await update(series.id, { title: 'Monthly meetup' });
    expect((await occurrencesOf(series)).map(({ title }) => title)).toEqual([
      'Monthly meetup',
      'Tuesday meetup', // the organizers decide what becomes of it
      'Monthly meetup',
      'Monthly meetup',
    ]);
  });

  it('keeps a session that somebody has begun to prepare', async () => {
    const series = await aSeries({ kind: 'ESSENTIALS', rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=3' });
    const [first, second] = await occurrencesOf(series);
    await t.db.query('UPDATE runbook_task SET done_at = now() WHERE event_id = $1', [second?.id]);
    const { kept } = await update(series.id, { rule: 'FREQ=MONTHLY;BYMONTHDAY=17;COUNT=1' });
    expect(kept.map(({ id }: { id: string }) => id)).toEqual([second?.id]);
    expect((await occurrencesOf(series)).map(({ id }) => id)).toEqual([first?.id, second?.id]);
  });

  it('and another zone keeps the time on the wall', async () => {
    const series = await aSeries();
    const [first] = await occurrencesOf(series);
    await register(first, 'lisbon@example.org');
    await update(series.id, { timeZone: 'Europe/Lisbon' });
    const [{ starts_at, time_zone, starts_at_local }] = await t.db.query('SELECT * FROM event WHERE id = $1', [
      first?.id,
    ]);
    expect([starts_at.toISOString(), time_zone, starts_at_local]).toEqual([
      '2026-03-17T17:00:00.000Z',
      'Europe/Lisbon',
      '2026-03-17T17:00',
    ]);
    expect(await mailsOf('changed', first)).toEqual(['lisbon@example.org']);
  });

  it('does not move the meeting of today into the past', async () => {
    const series = await aSeries();
    const [first] = await occurrencesOf(series);
    t.clock.moveTo('2026-03-17T12:00:00Z');
    const { kept } = await update(series.id, { startsAtTime: '10:00' });
    expect(kept.map(({ id }: { id: string }) => id)).toEqual([first?.id]);
    expect((await datesOf(series)).slice(0, 2)).toEqual(['2026-03-17T17:00', '2026-03-24T10:00']);
  });
});

describe('this and the following', () => {
  it('become a series of their own, with their ids, their people and no mail to those before', async () => {
    const series = await aSeries();
    const before = await occurrencesOf(series);
    const [first, second, third, fourth] = before;
    await register(first, 'before@example.org');
    await register(third, 'after@example.org');
    await updateOne(fourth, { title: 'With a guest' });
    const answer = await update(series.id, {
      scope: 'FOLLOWING',
      from: third?.id,
      startsAtTime: '19:00',
      title: 'Later',
    });
    expect(answer.series).toMatchObject({
      slug: `${series.slug}-2026-03-31`,
      continues: series.id,
      rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=3',
      startsAtLocal: '2026-03-31T19:00',
    });
    expect(answer.kept.map(({ id }: { id: string }) => id)).toEqual([fourth?.id]);
    const after = await occurrencesOf(series);
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(after.map(({ at, title }) => `${at} ${title}`)).toEqual([
      '2026-03-17T17:00 Tuesday meetup',
      '2026-03-24T17:00 Tuesday meetup',
      '2026-03-31T19:00 Later',
      '2026-04-07T17:00 With a guest',
      '2026-04-14T19:00 Later',
    ]);
    expect(after.map(({ series_id }) => series_id === series.id)).toEqual([true, true, false, false, false]);
    expect(await mailsOf('changed', first)).toEqual([]);
    expect(await mailsOf('changed', second)).toEqual([]);
    expect(await mailsOf('changed', third)).toEqual(['after@example.org']);
    await t.doTask(FillSeriesTask);
    t.clock.moveTo('2026-09-01T12:00:00Z');
    await t.doTask(FillSeriesTask);
    expect(await occurrencesOf(series)).toEqual(after);
  });

  it('stay in the calendar of whoever subscribed to the series before', async () => {
    const series = await aSeries();
    const [, second] = await occurrencesOf(series);
    await update(series.id, { scope: 'FOLLOWING', from: second?.id, startsAtTime: '19:00' });
    const feed = await (await fetch(`${t.url}/calendar/series/${series.slug}.ics`)).text();
    for (const { id } of await occurrencesOf(series)) expect(feed).toContain(`UID:${id}@`);
  });

  it('take a new rule, while the days before stay as they were planned', async () => {
    const series = await aSeries();
    const [, , third] = await occurrencesOf(series);
    await update(series.id, { scope: 'FOLLOWING', from: third?.id, rule: 'FREQ=WEEKLY;BYDAY=TH;COUNT=2' });
    expect(await datesOf(series)).toEqual([
      '2026-03-17T17:00',
      '2026-03-24T17:00',
      '2026-04-02T17:00',
      '2026-04-09T17:00',
    ]);
    const [{ rule }] = await t.db.query('SELECT rule FROM series WHERE id = $1', [series.id]);
    expect(rule).toBe('FREQ=WEEKLY;BYDAY=TU;UNTIL=20260330');
  });

  it('are all, when the first of them is the first of the series', async () => {
    const series = await aSeries();
    const [first] = await occurrencesOf(series);
    const answer = await update(series.id, { scope: 'FOLLOWING', from: first?.id, title: 'All of them' });
    expect(answer.series.id).toBe(series.id);
    expect((await occurrencesOf(series)).map(({ title }) => title)).toEqual(Array(5).fill('All of them'));
  });

  it('take the days along that were left out after them', async () => {
    const series = await aSeries();
    payload(await skip(series.id, ['2026-03-24', '2026-04-14']));
    const third = (await occurrencesOf(series))[2];
    const answer = await update(series.id, { scope: 'FOLLOWING', from: third?.id, title: 'Spring' });
    expect(answer.series.skippedDates).toEqual(['2026-04-14']);
    const [{ exdates }] = await t.db.query('SELECT exdates FROM series WHERE id = $1', [series.id]);
    expect(exdates).toEqual(['2026-03-24']);
  });
});

describe('days that are left out', () => {
  it('are never made, and those made are cancelled', async () => {
    const series = await aSeries({ rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=60' });
    payload(await skip(series.id, ['2026-03-24', '2026-09-08']));
    t.clock.moveTo('2026-03-20T12:00:00Z');
    await t.doTask(FillSeriesTask);
    const occurrences = await occurrencesOf(series);
    expect(occurrences.filter(({ state }) => state === 'CANCELLED').map(({ at }) => at)).toEqual(['2026-03-24T17:00']);
    expect(occurrences.map(({ at }) => at).slice(-2)).toEqual(['2026-09-01T17:00', '2026-09-15T17:00']);
  });

  it('are not left out while people are registered for them', async () => {
    const series = await aSeries();
    const [, second] = await occurrencesOf(series);
    await register(second, 'wants-to-come@example.org');
    expect((await skip(series.id, ['2026-03-31', '2026-03-24'])).userErrors).toEqual([
      { code: 'DATE_IN_USE', field: 'dates', message: expect.stringContaining('1 person is registered') },
    ]);
    expect((await occurrencesOf(series)).map(({ state }) => state)).toEqual(Array(5).fill('PUBLISHED'));
  });
});

describe('two processes', () => {
  it('edit and fill at once: no date twice, none missing, nobody waits for ever', async () => {
    const db = await goodturnDataSource(t.databaseUrl, 3).initialize();
    const config = testConfig(t.databaseUrl, t.smtp.url);
    const module = { module: WorkerModule, imports: [CoreModule.with(config, db, t.clock)] };
    const another = await NestFactory.createApplicationContext(module, { logger: ['error'] });
    const series = await aSeries({ rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=60' });
    const third = (await occurrencesOf(series))[2];
    t.clock.moveTo('2026-03-02T12:00:00Z');
    const edits = [
      update(series.id, { startsAtTime: '18:00' }),
      update(series.id, { scope: 'FOLLOWING', from: third?.id, rule: 'FREQ=WEEKLY;BYDAY=WE;COUNT=58' }),
      update(series.id, { title: 'In a hurry' }),
      updateOne(third, { title: 'By hand' }),
      another.get(FillSeriesTask).run(),
      t.doTask(FillSeriesTask),
    ];
    await Promise.all(edits);
    await another.get(FillSeriesTask).run();
    await another.close();
    await db.destroy();
    const days = (await datesOf(series)).map((at) => at.slice(0, 10));
    const weeks = days.map((day) => Math.floor((Date.parse(day) - Date.parse('2026-03-16')) / (7 * 86_400_000)));
    expect(weeks).toEqual(Array.from({ length: 24 }, (_, week) => week));
  });
});

describe('the next dates of a rule', () => {
  const preview = async (facts: Record<string, unknown>, key: string | undefined = group.member.key) =>
    (
      await t.graphql(
        `query($rule: String!, $startsAtLocal: String!, $timeZone: String!, $exdates: [String!], $first: Int) {
          previewRecurrence(rule: $rule, startsAtLocal: $startsAtLocal, timeZone: $timeZone, exdates: $exdates, first: $first) {
            startsAtLocal startsAt note } }`,
        { timeZone: 'Europe/Berlin', first: 12, ...facts },
        key,
      )
    ).previewRecurrence;

  it('are shown with what to know of the clock', async () => {
    expect(await preview({ rule: 'FREQ=DAILY;COUNT=3', startsAtLocal: '2026-03-28T02:30' })).toEqual([
      { startsAtLocal: '2026-03-28T02:30', startsAt: '2026-03-28T01:30:00.000Z', note: null },
      {
        startsAtLocal: '2026-03-29T03:30',
        startsAt: '2026-03-29T01:30:00.000Z',
        note: 'The clocks skip 02:30 that night, so it begins at 03:30. From this date on the clocks show UTC+02:00, before it was UTC+01:00: whoever lives elsewhere may find it an hour off.',
      },
      { startsAtLocal: '2026-03-30T02:30', startsAt: '2026-03-30T00:30:00.000Z', note: null },
    ]);
    const [, autumn] = await preview({ rule: 'FREQ=DAILY;COUNT=3', startsAtLocal: '2026-10-24T02:30' });
    expect(autumn).toEqual({
      startsAtLocal: '2026-10-25T02:30',
      startsAt: '2026-10-25T00:30:00.000Z',
      note: 'The clocks show 02:30 twice that night; it begins the first time.',
    });
  });

  it('begin today, leave out what is to be left out, and are twelve unless more are wanted', async () => {
    const facts = { rule: 'FREQ=WEEKLY;COUNT=100', startsAtLocal: '2026-01-06T17:00', exdates: ['2026-03-10'] };
    const dates = (await preview(facts)).map(({ startsAtLocal }: { startsAtLocal: string }) => startsAtLocal);
    expect(dates).toHaveLength(12);
    expect(dates.slice(0, 2)).toEqual(['2026-03-03T17:00', '2026-03-17T17:00']);
    expect(await preview({ ...facts, first: 100 })).toHaveLength(91);
  });
});
