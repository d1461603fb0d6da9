import type { Actor } from '#kernel';
import { inTransaction } from '#database';
import type { Event, Pool } from '#events';
import { Access } from '#groups';
import { record } from '#history';
import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { DataSource } from 'typeorm';
import { registrationsById } from './attendee-fields.queries.ts';
import { cellsOf, csvOf, headsOf, type Line } from './attendees-csv.ts';
import { AttendeeSort } from './attendees.inputs.ts';
import { attendeesOf, conditionsOf, inOrder, type Place } from './attendees.queries.ts';
import type { Attendance, Registration, RegistrationState } from '../registration.entity.ts';
import { addressesOf } from '../registration.queries.ts';

const LINES_AT_ONCE = 1000;

/** Whom the file holds; everybody where nothing is given. */
export interface ExportFilter {
  states?: RegistrationState[];
  pool?: Pool;
  attendance?: Attendance;
}

/** A part of the file, and where it ended if more follows. */
interface Portion {
  lines: Line[];
  end: Place | null;
}

/** The attendees of an event as a file for a spreadsheet. */
@Injectable()
export class AttendeesCsvService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
  ) {}

  /**
   * Everybody with address and answers, in the order they asked: for organizers, and the history says who took it. Read
   * a page at a time while the file is sent, so that neither memory nor a connection is held by a slow reader.
   */
  async export(actor: Actor, event: Event, filter: ExportFilter): Promise<Readable> {
    await inTransaction(this.db, async (tx) => {
      await this.access.require(tx, actor, 'attendees.contact', event.groupId);
      await record(tx, actor, [
        { act: 'attendees.exported', subjectId: event.id, groupId: event.groupId, details: { ...filter } },
      ]);
    });
    return csvOf(this.lines(event, filter));
  }

  private async *lines(event: Event, filter: ExportFilter): AsyncGenerator<string[]> {
    yield headsOf(event.questions);
    let page: Portion = { lines: [], end: null };
    do {
      page = await this.page(event, filter, page.end);
      for (const line of page.lines) yield cellsOf(line, event.questions);
    } while (page.end);
  }

  private async page(event: Event, filter: ExportFilter, after: Place | null): Promise<Portion> {
    const conditions = conditionsOf(event, { ...filter, byAddress: false }, AttendeeSort.REGISTERED_AT);
    const matching = attendeesOf(this.db.manager, event, conditions);
    const { entities, raw } = await inOrder(matching, AttendeeSort.REGISTERED_AT, after)
      // As text, because a Date holds no microseconds: cut off, they would bring the same people once more.
      .addSelect('CAST(registration.registeredAt AS text)', 'key')
      .limit(LINES_AT_ONCE)
      .getRawAndEntities<{ key: string }>();
    const last = raw.length === LINES_AT_ONCE ? raw.at(-1) : null;
    const id = entities.at(-1)?.id;
    return { lines: await this.withOthers(entities), end: last && id ? { key: last.key, id } : null };
  }

  private async withOthers(registrations: Registration[]): Promise<Line[]> {
    const [addresses, leads] = await Promise.all([
      addressesOf(this.db.manager, present(registrations.map(({ personId }) => personId))),
      registrationsById(this.db.manager, present(registrations.map(({ partyId }) => partyId))),
    ]);
    return registrations.map((registration) => ({
      registration,
      email: addresses.get(registration.personId ?? '') ?? null,
      lead: leads.get(registration.partyId ?? '')?.name ?? null,
    }));
  }
}

function present(ids: (string | null)[]): string[] {
  return ids.filter((id) => id !== null);
}
