import { Clock, SCOPES, STRANGER, type Actor, type Config } from '#kernel';
import { AttendanceModule, CheckInService, SettleService } from '#attendance';
import {
  EventFormat,
  EventRole,
  EventsModule,
  EventsService,
  Series,
  SeriesKind,
  SeriesService,
  QuestionKind,
  type CreateEventInput,
  type Event,
} from '#events';
import { FollowUpSweep } from '#followups';
import { GroupsModule, GroupsService, Role, type Group } from '#groups';
import { ActorService, ApiKeyService, IdentityModule, personFor } from '#identity';
import { LedgerSweep } from '#impact';
import { MailModule } from '#mail';
import { AdmissionService, EventChangesService, RegistrationModule } from '#registration';
import { CoreModule } from '#schema';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Temporal } from 'temporal-polyfill';
import type { DataSource } from 'typeorm';

export const DEMO_ORGANIZER = 'organizer@goodturn.example';
const ZONE = 'Europe/Lisbon';
const NAMES = [
  'Ana Sousa',
  'Bilal Haddad',
  'Chen Wei',
  'Divya Rao',
  'Elif Kaya',
  'Femi Adeyemi',
  'Grete Holm',
  'Hugo Marques',
  'Ingrid Bauer',
  'Jun Tanaka',
  'Kofi Mensah',
  'Lucía Romero',
];

/** The time of the story: moved from chapter to chapter, so that the demo is lived through rather than made up. */
class StoryClock extends Clock {
  private instant = new Date();

  override now(): Date {
    return new Date(this.instant);
  }

  moveTo(instant: Date): void {
    this.instant = instant;
  }
}

@Module({
  imports: [IdentityModule, GroupsModule, EventsModule, MailModule, RegistrationModule, AttendanceModule],
  providers: [FollowUpSweep, LedgerSweep],
})
class SeedModule {}

/** Fills an empty database with a demo community, by the same services that organizers and attendees use. */
export async function seedDemo(config: Config, db: DataSource): Promise<void> {
  const [group] = await db.query<unknown[]>('SELECT FROM meetup_group LIMIT 1');
  if (group) return;
  const clock = new StoryClock();
  const app = await NestFactory.createApplicationContext(
    { module: SeedModule, imports: [CoreModule.with(config, db, clock)] },
    { logger: ['error'], abortOnError: false },
  );
  await new Story(app, db, clock).tell();
  await app.close();
}

/** An API key for the demo organizer: `known` while it works, otherwise a new one. Null where there is no demo. */
export async function demoKey(config: Config, db: DataSource, known: string | null): Promise<string | null> {
  const [person] = await db.query<{ id: string }[]>('SELECT id FROM person WHERE email = $1', [DEMO_ORGANIZER]);
  if (!person) return null;
  const app = await NestFactory.createApplicationContext(
    { module: IdentityModule, imports: [CoreModule.with(config, db, new Clock())] },
    { logger: ['error'], abortOnError: false },
  );
  const actors = app.get(ActorService);
  const owner = known ? await actors.actorOf({ authorization: `Bearer ${known}` }).catch(() => null) : null;
  const key = owner
    ? known
    : (await app.get(ApiKeyService).create(person.id, { name: 'Demo', scopes: [...SCOPES], expiresInDays: 365 }))
        .secret;
  await app.close();
  return key;
}

/** An event that shows what can be asked and chosen. */
const OPEN_EVENING: Partial<CreateEventInput> = {
  format: EventFormat.HYBRID,
  joinUrl: 'https://meet.goodturn.example/open-evening',
  guestLimit: 2,
  askStillComing: true,
  questions: [
    {
      kind: QuestionKind.MANY_CHOICES,
      label: 'What would you like to work on?',
      options: ['Code', 'Documentation', 'Translation', 'Design'],
      required: false,
    },
    { kind: QuestionKind.SHORT_TEXT, label: 'Anything we should cook without?', required: false },
    {
      kind: QuestionKind.CONSENT,
      label: 'I am fine with being in photos of the evening.',
      help: 'No is fine too; we give you a sticker.',
      required: false,
    },
  ],
};

class Story {
  private readonly today = Temporal.Now.plainDateISO(ZONE);
  private organizer: Actor;
  private group: Group;

  constructor(
    private readonly app: INestApplicationContext,
    private readonly db: DataSource,
    private readonly clock: StoryClock,
  ) {}

  async tell(): Promise<void> {
    this.clock.moveTo(new Date('2026-01-12T09:00:00Z'));
    await this.founding();
    await this.essentials();
    await this.meetup('Building things people can use', -21, { seats: 12, guests: 11, comes: 8 });
    await this.meetup('Lightning talks: what I learned this year', 12, { seats: 8, guests: 11 });
    await this.meetup('Open source evening', 33, { seats: 40, guests: 3 }, OPEN_EVENING);
    await this.settleMail();
  }

  private async founding(): Promise<void> {
    const id = await personFor(this.db.manager, DEMO_ORGANIZER, 'en', 'Olivia Organizer');
    await this.db.query('UPDATE person SET administrator = true, email_verified = true WHERE id = $1', [id]);
    this.organizer = {
      kind: 'person',
      personId: id,
      name: 'Olivia Organizer',
      email: DEMO_ORGANIZER,
      administrator: true,
      scopes: new Set(SCOPES),
    };
    const groups = this.app.get(GroupsService);
    this.group = await groups.create(this.organizer, {
      slug: 'lisbon-builders',
      name: 'Lisbon Community Builders',
      description:
        'We meet once a month to show each other what we build, and to help newcomers with their first talk.',
      city: 'Lisbon',
      country: 'PT',
      timeZone: ZONE,
      language: 'en',
      ownerEmail: DEMO_ORGANIZER,
    });
    await groups.setRole(this.organizer, {
      groupId: this.group.id,
      email: 'host@goodturn.example',
      name: 'Hana Host',
      role: Role.HOST,
    });
  }

  /** The quarterly session this software was asked for, from its first date on. */
  private async essentials(): Promise<void> {
    const series = await this.app.get(SeriesService).create(this.organizer, {
      groupId: this.group.id,
      slug: 'mvp-essentials',
      kind: SeriesKind.ESSENTIALS,
      title: 'MVP Program Essentials: What You Need to Know',
      startsAtLocal: '2026-03-17T17:00',
      endsAtLocal: '2026-03-17T18:00',
      timeZone: ZONE,
      format: EventFormat.ONLINE,
      rule: 'FREQ=MONTHLY;INTERVAL=3;BYDAY=3TU;COUNT=40',
      tags: ['mvp', 'essentials'],
      accessibility: { captions: true },
    });
    for (let quarter = 0; ; quarter += 1) {
      const occurrence = await this.nextSession(series);
      if (!occurrence) break;
      await this.publish(
        occurrence,
        `https://meet.goodturn.example/essentials-${occurrence.startsAtLocal.slice(0, 10)}`,
      );
      await this.fill(occurrence, 6 + quarter);
      if (!this.isPast(occurrence)) break;
      await this.hold(
        occurrence,
        4 + quarter,
        `https://videos.goodturn.example/essentials-${occurrence.startsAtLocal.slice(0, 10)}`,
      );
      await this.app.get(SeriesService).fillAll();
    }
    this.clock.moveTo(new Date());
    await this.app.get(SeriesService).fillAll();
  }

  private async nextSession(series: Series): Promise<Event | null> {
    const [row] = await this.db.query<{ slug: string }[]>(
      `SELECT slug FROM event WHERE series_id = $1 AND state = 'DRAFT' ORDER BY starts_at LIMIT 1`,
      [series.id],
    );
    return row ? this.app.get(EventsService).find(this.organizer, row.slug) : null;
  }

  private async meetup(
    title: string,
    inDays: number,
    { seats, guests, comes }: { seats: number; guests: number; comes?: number },
    more: Partial<CreateEventInput> = {},
  ): Promise<void> {
    const day = this.today.add({ days: inDays });
    this.clock.moveTo(new Date(Math.min(Date.now(), instantOn(day.subtract({ days: 20 })).getTime())));
    const event = await this.app.get(EventsService).create(this.organizer, {
      groupId: this.group.id,
      title,
      description:
        'Doors open at half past six. Newcomers are welcome; come as you are.\n\n- Talks\n- Questions\n- Something to eat',
      startsAtLocal: `${day.toString()}T19:00`,
      endsAtLocal: `${day.toString()}T21:00`,
      format: EventFormat.IN_PERSON,
      venue: {
        name: 'Casa do Bairro',
        address: 'Rua do Exemplo 12, Lisbon, Portugal',
        latitude: 38.7139,
        longitude: -9.1394,
      },
      capacityInPerson: seats,
      tags: ['community'],
      accessibility: { stepFree: true, quietRoom: true },
      people: [{ name: 'Samira Speaker', email: 'speaker@goodturn.example', role: EventRole.SPEAKER, topic: title }],
      ...more,
    });
    await this.publish(event, null);
    await this.fill(event, guests);
    if (comes) await this.hold(event, comes, null);
  }

  private async publish(event: Event, joinUrl: string | null): Promise<void> {
    if (joinUrl) await this.app.get(EventChangesService).update(this.organizer, { eventId: event.id, joinUrl });
    await this.app.get(EventsService).publish(this.organizer, event.id);
  }

  private async fill(event: Event, guests: number): Promise<void> {
    const admission = this.app.get(AdmissionService);
    const [pool] = event.pools();
    for (const name of NAMES.slice(0, guests)) {
      const email = `${name.split(' ')[0]?.toLowerCase() ?? ''}@people.example`
        .normalize('NFKD')
        .replace(/[^\x20-\x7e]/g, '');
      await admission.register(STRANGER, { eventId: event.id, name, email, pool });
    }
  }

  /** The event takes place: people come in, it ends, and everything that follows from that follows. */
  private async hold(event: Event, comes: number, recordingUrl: string | null): Promise<void> {
    this.clock.moveTo(event.startsAt);
    const coming = await this.db.query<{ id: string }[]>(
      `SELECT id FROM registration WHERE event_id = $1 AND state = 'CONFIRMED' ORDER BY registered_at, id LIMIT $2`,
      [event.id, comes],
    );
    for (const { id } of coming)
      await this.app.get(CheckInService).checkIn(this.organizer, { eventId: event.id, registrationId: id });
    this.clock.moveTo(new Date(event.endsAt.getTime() + 3_600_000));
    await this.app.get(SettleService).finish(this.organizer, event.id);
    if (recordingUrl)
      await this.app.get(EventChangesService).update(this.organizer, { eventId: event.id, recordingUrl });
    await this.app.get(FollowUpSweep).run();
    await this.app.get(LedgerSweep).run();
  }

  private isPast(event: Event): boolean {
    return event.endsAt.getTime() + 3_600_000 < Date.now();
  }

  /** The story's mail was read long ago: the catcher starts empty, so that your first mail is the one you cause. */
  private async settleMail(): Promise<void> {
    await this.db.query(
      `UPDATE message SET state = 'SENT', sent_at = created_at, answer = 'Part of the demo; not sent.' WHERE state = 'QUEUED'`,
    );
    await this.db.query(
      `SELECT graphile_worker.complete_jobs(array_agg(id)) FROM graphile_worker.jobs WHERE task_identifier = 'send-mail'`,
    );
  }
}

function instantOn(day: Temporal.PlainDate): Date {
  return new Date(day.toZonedDateTime({ timeZone: ZONE, plainTime: '12:00' }).epochMilliseconds);
}
