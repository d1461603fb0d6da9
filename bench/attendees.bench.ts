import { ApiKeyService } from '#identity';
import { SCOPES, newId } from '#kernel';
import { goodturnDataSource } from '#schema';
import type { DataSource } from 'typeorm';
import { startApi } from '../apps/api/src/api.ts';
import { testConfig } from '../test/support/config.ts';
import { graphqlClient } from '../test/support/graphql.ts';
import { TEMPLATE, databaseUrl, startTestServer } from '../test/support/server.ts';

/** The whole table, give or take an ordinary event. */
const REGISTRATIONS = 1_000_000;
const SMALL = 100;
const LARGE = 100_000;
/** What the other registrations belong to: events of a thousand people each. */
const ORDINARY = 1000;
const ROUNDS = 200;

const FIRST_PAGE = `query($slug: String!) { event(slug: $slug) { attendees(first: 50) {
  totalCount nodes { name email state pool attendance } } } }`;

interface Attendees {
  totalCount: number;
  nodes: { name: string; email: string }[];
}

await main();

async function main(): Promise<void> {
  console.log(
    `The first page of attendees (50, with names and addresses) over HTTP, in a table of ${REGISTRATIONS} rows.`,
  );
  console.log(
    `growth: how much longer an event of ${LARGE} takes than one of ${SMALL}. 1 would be no difference at all.`,
  );
  console.log(`${ROUNDS} rounds, taken in turn; the ratio is of medians.`);

  const postgres = await startTestServer();
  const url = databaseUrl(postgres.superUrl, TEMPLATE);
  const db = await goodturnDataSource(url, 1, true).initialize();
  const groupId = await fill(db);
  const api = await startApi({ config: testConfig(url) });
  const key = await organizerKey(db, groupId, api.app.get(ApiKeyService));

  const graphql = graphqlClient(api.url);
  const took = { small: [] as number[], large: [] as number[] };
  for (let round = -20; round < ROUNDS; round += 1) {
    const turn = Object.entries({ small: SMALL, large: LARGE }) as ['small' | 'large', number][];
    for (const [slug, people] of round % 2 ? turn : turn.reverse()) {
      const began = performance.now();
      const answer = (await graphql(FIRST_PAGE, { slug }, key)) as { event: { attendees: Attendees } };
      const milliseconds = performance.now() - began;
      check(answer.event.attendees, people);
      if (round >= 0) took[slug].push(milliseconds); // the first rounds warm up
    }
  }

  await api.stop();
  await db.destroy();
  await postgres.stop();
  const [small, large] = [median(took.small), median(took.large)];
  console.log(`Medians: ${small.toFixed(2)} ms of ${SMALL}, ${large.toFixed(2)} ms of ${LARGE}.`);
  console.log(JSON.stringify({ bench: 'attendees', ratios: { growth: Math.round((large / small) * 100) / 100 } }));
}

/** A time for a wrong answer would be worth nothing. */
function check({ totalCount, nodes }: Attendees, people: number): void {
  const whole = nodes.length === 50 && nodes.every(({ name, email }) => name && email.includes('@'));
  if (!whole || totalCount !== people) throw new Error(`Wrong: ${totalCount} in all, ${nodes.length} on the page`);
}

/** A group with the two events and as many others as make up the table; each person registers for each event once. */
async function fill(db: DataSource): Promise<string> {
  const groupId = newId();
  await db.query(
    `INSERT INTO meetup_group (id, slug, name, description, time_zone, language, changed_at, created_at)
     VALUES ($1, 'bench', 'Bench', '', 'UTC', 'en', now(), now())`,
    [groupId],
  );
  await db.query(
    `INSERT INTO person (id, name, email)
     SELECT md5('person-' || number)::uuid, 'Person ' || number, 'person-' || number || '@example.org'
       FROM generate_series(1, $1::int) AS number`,
    [LARGE],
  );
  const others = (REGISTRATIONS - SMALL - LARGE) / ORDINARY;
  const sizes = Object.entries({ small: SMALL, large: LARGE }).concat(
    Array.from({ length: Math.ceil(others) }, (_, index) => [`ordinary-${index}`, ORDINARY]),
  );
  await db.query(
    `INSERT INTO event (id, group_id, slug, title, description, starts_at_local, ends_at_local, time_zone, starts_at, ends_at,
                        language, format, state, registration_count, taken_online, changed_at, created_at)
     SELECT md5(slug)::uuid, $1, slug, 'An event', '', '', '', 'UTC', now() + interval '1 day', now() + interval '2 days',
            'en', 'ONLINE', 'PUBLISHED', people, people, now(), now()
       FROM jsonb_to_recordset($2) AS event(slug text, people int)`,
    [groupId, JSON.stringify(sizes.map(([slug, people]) => ({ slug, people })))],
  );
  await db.query(
    `INSERT INTO registration (id, event_id, group_id, person_id, name, language, pool, state, ticket_code, registered_at, confirmed_at)
     SELECT gen_random_uuid(), event.id, event.group_id, md5('person-' || number)::uuid, 'Person ' || number, 'en', 'ONLINE',
            'CONFIRMED', event.slug || '-' || number, event.created_at + number * interval '1 second', event.created_at
       FROM event CROSS JOIN LATERAL generate_series(1, event.registration_count) AS number`,
  );
  await db.query('ANALYZE');
  const [{ count }] = await db.query<[{ count: number }]>('SELECT count(*)::int AS count FROM registration');
  console.log(`The table holds ${count} registrations.`);
  return groupId;
}

async function organizerKey(db: DataSource, groupId: string, keys: ApiKeyService): Promise<string> {
  const [{ id }] = await db.query<[{ id: string }]>(
    `INSERT INTO person (name, email) VALUES ('Organizer', 'organizer@example.org') RETURNING id`,
  );
  await db.query(`INSERT INTO membership (group_id, person_id, role) VALUES ($1, $2, 'ORGANIZER')`, [groupId, id]);
  return (await keys.create(id, { name: 'bench', scopes: [...SCOPES], expiresInDays: 1 })).secret;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
