import { FillSeriesTask } from '#events';
import { CoreModule, goodturnDataSource } from '#schema';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { WorkerModule } from '../../apps/worker/src/worker.module.ts';
import { payload, type TestGroup } from '../support/builders.ts';
import { testConfig } from '../support/config.ts';
import { CREATE_SERIES, UPDATE_EVENT, UPDATE_SERIES } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
let count = 0;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Berlin');
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

/** A weekly series on Tuesdays from 17:00 to 18:30, unless `facts` say otherwise. */
const aSeries = async (facts: Record<string, unknown> = {}): Promise<{ id: string; slug: string }> => {
  const input = {
    groupId: group.id,
    slug: `series-${++count}`,
    title: 'Tuesday meetup',
    startsAtLocal: '2026-03-17T17:00',
    endsAtLocal: '2026-03-17T18:30',
    format: 'ONLINE',
    joinUrl: 'https://meet.example/room',
    rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=4',
    ...facts,
  };
  return payload((await t.graphql(CREATE_SERIES, { input }, group.organizer.key)).createSeries).series;
};
const update = async (seriesId: string, facts: Record<string, unknown>) =>
  payload((await t.graphql(UPDATE_SERIES, { input: { seriesId, ...facts } }, group.organizer.key)).updateSeries);
interface Occurrence {
  id: string;
  title: string;
  starts_at_local: string;
  ends_at_local: string;
  starts_at: Date;
  state: string;
  sequence: number;
  join_url: string | null;
}
const occurrencesOf = ({ id }: { id: string }): Promise<Occurrence[]> =>
  t.db.query(
    `SELECT id, title, starts_at_local, ends_at_local, starts_at, state, sequence, join_url FROM event WHERE series_id = $1 ORDER BY starts_at`,
    [id],
  );

describe('a series', () => {
  it('keeps 17:00 at 17:00 when the clocks go forward', async () => {
    const occurrences = await occurrencesOf(await aSeries());
    expect(occurrences.map(({ starts_at_local, starts_at }) => [starts_at_local, starts_at.toISOString()])).toEqual([
      ['2026-03-17T17:00', '2026-03-17T16:00:00.000Z'],
      ['2026-03-24T17:00', '2026-03-24T16:00:00.000Z'],
      ['2026-03-31T17:00', '2026-03-31T15:00:00.000Z'],
      ['2026-04-07T17:00', '2026-04-07T15:00:00.000Z'],
    ]);
    expect(new Set(occurrences.map(({ state }) => state))).toEqual(new Set(['PUBLISHED']));
  });

  it('is made half a year ahead, each date once, and one more when a week has passed', async () => {
    const series = await aSeries({ rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=60' });
    const dates = async () => (await occurrencesOf(series)).map(({ starts_at_local }) => starts_at_local.slice(0, 10));
    expect((await dates()).at(-1)).toBe('2026-08-25'); // 183 days ahead is 31 August, a Monday
    const first = await dates();
    await t.doTask(FillSeriesTask);
    expect(await dates()).toEqual(first);
    t.clock.moveTo('2026-03-08T12:00:00Z');
    for (let time = 0; time < 2; time += 1) {
      await t.doTask(FillSeriesTask);
      expect(await dates()).toEqual([...first, '2026-09-01']);
    }
  });

  it('is filled by two processes at once without a double', async () => {
    const series = await aSeries({ rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=60' });
    const db = await goodturnDataSource(t.databaseUrl, 2).initialize();
    const config = testConfig(t.databaseUrl, t.smtp.url);
    const module = { module: WorkerModule, imports: [CoreModule.with(config, db, t.clock)] };
    const another = await NestFactory.createApplicationContext(module, { logger: ['error'] });
    t.clock.moveTo('2026-05-01T12:00:00Z');
    await Promise.all([t.doTask(FillSeriesTask), another.get(FillSeriesTask).run()]);
    await another.close();
    await db.destroy();
    const dates = (await occurrencesOf(series)).map(({ starts_at_local }) => starts_at_local);
    expect(new Set(dates).size).toBe(dates.length);
    expect(dates.at(-1)).toBe('2026-10-27T17:00');
  });

  it('is edited without touching an occurrence that was edited by hand', async () => {
    const series = await aSeries();
    const [, second] = await occurrencesOf(series);
    payload(
      (
        await t.graphql(
          UPDATE_EVENT,
          {
            input: {
              eventId: second?.id,
              title: 'With a guest',
              startsAtLocal: '2026-03-25T17:00',
              endsAtLocal: '2026-03-25T18:30',
            },
          },
          group.organizer.key,
        )
      ).updateEvent,
    );
    await update(series.id, { title: 'New name', startsAtTime: '18:00' });
    expect(
      (await occurrencesOf(series)).map(({ title, starts_at_local, ends_at_local }) => [
        title,
        starts_at_local,
        ends_at_local,
      ]),
    ).toEqual([
      ['New name', '2026-03-17T18:00', '2026-03-17T19:30'],
      ['With a guest', '2026-03-25T17:00', '2026-03-25T18:30'],
      ['New name', '2026-03-31T18:00', '2026-03-31T19:30'],
      ['New name', '2026-04-07T18:00', '2026-04-07T19:30'],
    ]);
  });

  it('leaves what has begun and what was cancelled as it is', async () => {
    const series = await aSeries();
    const [, second] = await occurrencesOf(series);
    await t.db.query(`UPDATE event SET state = 'CANCELLED' WHERE id = $1`, [second?.id]);
    t.clock.moveTo('2026-03-17T16:00:00Z');
    await update(series.id, { title: 'New name' });
    expect((await occurrencesOf(series)).map(({ title }) => title)).toEqual([
      'Tuesday meetup',
      'Tuesday meetup',
      'New name',
      'New name',
    ]);
  });

  it('does not make its dates a second time after its time of day was changed', async () => {
    const series = await aSeries();
    await update(series.id, { startsAtTime: '18:00' });
    await t.doTask(FillSeriesTask);
    expect(await occurrencesOf(series)).toHaveLength(4);
  });

  it('is filled although another event took the name of one of its dates', async () => {
    const elsewhere = await t.a.group();
    await t.a.event(elsewhere, { slug: `series-${count + 1}-2026-03-24` });
    expect(await occurrencesOf(await aSeries())).toHaveLength(4);
  });

  it('can be renamed although one of its nights skips the time it begins at', async () => {
    const series = await aSeries({
      startsAtLocal: '2026-03-28T02:30',
      endsAtLocal: '2026-03-28T04:30',
      rule: 'FREQ=DAILY;COUNT=2',
    });
    await update(series.id, { title: 'Night watch' });
    expect(
      (await occurrencesOf(series)).map(({ title, sequence, starts_at_local, ends_at_local }) => [
        title,
        sequence,
        starts_at_local,
        ends_at_local,
      ]),
    ).toEqual([
      ['Night watch', 0, '2026-03-28T02:30', '2026-03-28T04:30'],
      ['Night watch', 0, '2026-03-29T03:30', '2026-03-29T05:30'], // the clocks go forward that night
    ]);
  });
});

describe('Essentials', () => {
  const anEssentials = () =>
    aSeries({
      kind: 'ESSENTIALS',
      title: 'Essentials',
      startsAtLocal: '2026-04-15T17:00',
      endsAtLocal: '2026-04-15T18:00',
      rule: 'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15;COUNT=8',
    });

  it('are drafted a quarter ahead with their runbook and without last quarter’s link', async () => {
    const { slug } = await anEssentials();
    const document = `query($slug: String!) { event(slug: $slug) { state joinUrl description agenda { title minutes } runbook { title dueOn doneAt } } }`;
    const { event } = await t.graphql(document, { slug: `${slug}-2026-04-15` }, group.organizer.key);
    expect(event).toMatchObject({
      state: 'DRAFT',
      joinUrl: null,
      description: expect.stringContaining('how nominations work'),
      agenda: [
        { title: 'What the programme is, and what it is not', minutes: 10 },
        { title: 'What is looked for', minutes: 15 },
        { title: 'How nominations work, step by step', minutes: 15 },
        { title: 'Your questions', minutes: 20 },
      ],
    });
    expect(event.runbook.map(({ dueOn, title }: { dueOn: string; title: string }) => `${dueOn} ${title}`)).toEqual([
      '2026-02-04 Choose the speaker and the moderator',
      '2026-02-18 Review title and description, tell people about the date',
      '2026-04-01 Publish the resources to read beforehand',
      '2026-04-08 Test sound, screen and captions with speaker and moderator',
      '2026-04-15 Host the session and collect questions',
      '2026-04-16 Publish the recording and answer open questions',
    ]);
    expect((await t.graphql(document, { slug: `${slug}-2026-04-15` })).event).toBeNull();
  });

  it('of the next quarter are drafted when their time has come, once', async () => {
    const series = await anEssentials();
    expect(await occurrencesOf(series)).toHaveLength(1);
    t.clock.moveTo('2026-03-20T12:00:00Z');
    for (let time = 0; time < 2; time += 1) {
      await t.doTask(FillSeriesTask);
      const occurrences = await occurrencesOf(series);
      expect(occurrences.map(({ starts_at_local, state, join_url }) => [starts_at_local, state, join_url])).toEqual([
        ['2026-04-15T17:00', 'DRAFT', null],
        ['2026-07-15T17:00', 'DRAFT', null],
      ]);
      const [{ tasks }] = await t.db.query('SELECT count(*)::int AS tasks FROM runbook_task WHERE event_id = $1', [
        occurrences[1]?.id,
      ]);
      expect(tasks).toBe(6);
    }
  });
});
