import { newId, SCOPES, slugOf } from '#kernel';
import { ApiKeyService, personFor } from '#identity';
import type { DataSource } from 'typeorm';
import type { RunningApi } from '../../apps/api/src/api.ts';
import { graphqlClient, type Answer } from './graphql.ts';

export interface TestPerson {
  id: string;
  email: string;
  /** An API key with all scopes. */
  key: string;
}

export interface TestGroup {
  id: string;
  slug: string;
  owner: TestPerson;
  organizer: TestPerson;
  host: TestPerson;
  member: TestPerson;
}

export interface TestEvent {
  id: string;
  slug: string;
}

let counter = 0;

/** Makes what tests begin with. What a test is about, it does through the API. */
export class Builders {
  constructor(
    private readonly api: RunningApi,
    private readonly db: DataSource,
  ) {}

  /** Somebody with an API key. */
  async person(name = `Person ${++counter}`, scopes: readonly (typeof SCOPES)[number][] = SCOPES): Promise<TestPerson> {
    const email = `${slugOf(name)}-${++counter}@example.org`;
    const id = await personFor(this.db.manager, email, 'en', name);
    const { secret } = await this.api.app
      .get(ApiKeyService)
      .create(id, { name: 'tests', scopes: [...scopes], expiresInDays: 30 });
    return { id, email, key: secret };
  }

  async administrator(): Promise<TestPerson> {
    const person = await this.person('Administrator');
    await this.db.query('UPDATE person SET administrator = true WHERE id = $1', [person.id]);
    return person;
  }

  /** A group with somebody in each role. */
  async group(timeZone = 'Europe/Berlin'): Promise<TestGroup> {
    const id = newId();
    const slug = `group-${++counter}`;
    await this.db.query(
      `INSERT INTO meetup_group (id, slug, name, description, time_zone, language, changed_at, created_at)
       VALUES ($1, $2, $3, '', $4, 'en', now(), now())`,
      [id, slug, `Group ${counter}`, timeZone],
    );
    const [owner, organizer, host, member] = [
      await this.person('Owner'),
      await this.person('Organizer'),
      await this.person('Host'),
      await this.person('Member'),
    ];
    for (const [role, { id: personId }] of Object.entries({
      OWNER: owner,
      ORGANIZER: organizer,
      HOST: host,
      MEMBER: member,
    }))
      await this.db.query('INSERT INTO membership (group_id, person_id, role) VALUES ($1, $2, $3)', [
        id,
        personId,
        role,
      ]);
    return { id, slug, owner, organizer, host, member };
  }

  /** A published online event on 17 March 2026 at 17:00 in the group's zone, unless `facts` say otherwise. */
  async event(group: TestGroup, facts: Record<string, unknown> = {}): Promise<TestEvent> {
    const graphql = graphqlClient(this.api.url);
    const input = {
      groupId: group.id,
      slug: `event-${++counter}`,
      title: `Event ${counter}`,
      startsAtLocal: '2026-03-17T17:00',
      endsAtLocal: '2026-03-17T18:30',
      format: 'ONLINE',
      joinUrl: 'https://meet.example/secret-room',
      ...facts,
    };
    const created = await graphql(
      `
        mutation ($input: CreateEventInput!) {
          createEvent(input: $input) {
            event {
              id
              slug
            }
            userErrors {
              code
              field
              message
            }
          }
        }
      `,
      { input },
      group.organizer.key,
    );
    const event = payload(created.createEvent).event as TestEvent;
    const published = await graphql(
      `
        mutation ($input: EventIdInput!) {
          publishEvent(input: $input) {
            userErrors {
              code
              field
              message
            }
          }
        }
      `,
      { input: { eventId: event.id } },
      group.organizer.key,
    );
    payload(published.publishEvent);
    return event;
  }

  /** Registers somebody by name and gives back the registration, with what only the database tells. */
  async registration(
    event: TestEvent,
    email: string,
    facts: Record<string, unknown> = {},
  ): Promise<{ id: string; state: string; waitlistPosition: number | null; ticketCode: string }> {
    const answer = await graphqlClient(this.api.url)(
      `mutation($input: RegisterForEventInput!) { registerForEvent(input: $input) { registration { id state waitlistPosition } userErrors { code field message } } }`,
      { input: { eventId: event.id, name: email.split('@')[0], email, ...facts } },
    );
    const { registration } = payload(answer.registerForEvent);
    const [row] = await this.db.query('SELECT ticket_code FROM registration WHERE id = $1', [registration.id]);
    return { ...registration, ticketCode: row.ticket_code };
  }
}

/** A mutation's payload that must not have been refused. */
export function payload(answer: Answer): Answer {
  if (answer.userErrors?.length > 0) throw new Error(`Refused: ${JSON.stringify(answer.userErrors)}`);
  return answer;
}
