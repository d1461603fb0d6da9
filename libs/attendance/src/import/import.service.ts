import { Clock, DomainError, isUuid, notFound, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { EventFormat, EventState, Pool, eventsById, lockEvent, type Event } from '#events';
import { Access } from '#groups';
import { record } from '#history';
import { saveCounters } from '#registration';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { deriveAttendance } from '../attendance.queries.ts';
import { readAttendanceFile, type AttendanceFile } from '../files/attendance-file.ts';
import {
  countImport,
  deleteMade,
  importById,
  isApplied,
  letInRegistered,
  liveImport,
  makeWalkIns,
  putBack,
  registrationsIn,
  rememberDecisions,
  replaceStays,
  undoImport,
  writeImport,
} from './applying.queries.ts';
import type { AttendanceImport, FilePerson, ImportSummary } from './attendance-import.ts';
import { decisionsIn, unknownIn } from './decisions.ts';
import type { AttendanceFileInput } from './import.inputs.ts';
import {
  MOST_COMPARED,
  decideAll,
  figuresOf,
  matchPeople,
  peopleInFile,
  proposeSimilar,
  takeDecisions,
} from './matching.queries.ts';
import { contentOf, groupPeople, keepStays, openStaging } from './staging.queries.ts';
import { withoutTrace } from './without-trace.ts';

/** Files read at the same time by one process. Each holds a connection for as long as somebody sends it. */
const MOST_AT_ONCE = 3;

/** What a file would do; `people` can be read while the answer is given, once. */
export interface Preview {
  summary: ImportSummary;
  people: AsyncIterable<FilePerson[]>;
}

/** What a file did, with the first thousand of those about whom an organizer has yet to decide. */
export interface Applied {
  importId: string;
  summary: ImportSummary;
  undecided: FilePerson[];
}

/** A file, read into this transaction. */
interface Staged {
  file: AttendanceFile;
  rows: number;
  digest: string;
}

/**
 * Attendance as the file of a call tells it (rule R9). A file is put together and matched in tables of one transaction: a
 * preview takes that transaction back, applying commits it. The same content at the same event is one import, whatever
 * file it comes in: applied with other decisions it replaces what it did before. Nobody is mailed.
 */
@Injectable()
export class AttendanceImportService {
  private reading = 0;

  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly clock: Clock,
  ) {}

  /**
   * Shows what a file would do, to `tell`, and stores nothing. Refusals: `NOT_HELD` before the event, `BUSY`, those of
   * `readAttendanceFile`, and `DECISION` for one about nobody.
   */
  async preview<T>(
    actor: Actor,
    eventId: string,
    bytes: AsyncIterable<Uint8Array>,
    options: AttendanceFileInput,
    tell: (preview: Preview) => Promise<T>,
  ): Promise<T> {
    return this.inTurn(() =>
      withoutTrace(this.db, async (tx) => {
        const event = await this.eventFor(tx, actor, eventId);
        const staged = await this.stage(tx, event, bytes, options);
        const summary = await this.match(tx, event, staged, options);
        return tell({ summary, people: peopleInFile(tx) });
      }),
    );
  }

  /** Does what the preview of the same file with the same decisions shows. Refusals as there. Doing it again changes nothing. */
  async apply(
    actor: Actor,
    eventId: string,
    bytes: AsyncIterable<Uint8Array>,
    options: AttendanceFileInput,
  ): Promise<Applied> {
    return this.inTurn(() =>
      inTransaction(this.db, async (tx) => {
        const staged = await this.stage(tx, await this.eventFor(tx, actor, eventId), bytes, options);
        const event = await lockEvent(tx, eventId); // only now: nobody waits for somebody who sends slowly
        this.requireHeld(event);
        const summary = await this.match(tx, event, staged, options);
        await rememberDecisions(tx, event, { actorId: actor.personId, now: this.clock.now() });
        const importId = await this.applyOnce(tx, actor, event, summary, options.fileName ?? null);
        return { importId, summary, undecided: await firstOf(peopleInFile(tx, 'UNDECIDED')) };
      }),
    );
  }

  /** Takes an import back: what other evidence says stays, and whom it let in is what they were. Undone again, it changes nothing. */
  async undo(actor: Actor, importId: string): Promise<AttendanceImport> {
    return inTransaction(this.db, async (tx) => {
      const found = isUuid(importId) ? await importById(tx, importId) : null;
      if (!found) throw notFound('import', 'importId');
      const event = await lockEvent(tx, found.eventId);
      await this.access.require(tx, actor, 'attendees.manage', event.groupId);
      const current = (await importById(tx, importId)) ?? found; // under the lock: it may have been undone meanwhile
      if (current.undoneAt) return current;
      const told = await registrationsIn(tx, importId);
      await undoImport(tx, importId, this.clock.now());
      await this.settle(tx, event, told);
      await record(tx, actor, [
        {
          act: 'attendance.importUndone',
          subjectId: event.id,
          groupId: event.groupId,
          details: { importId, people: told.length },
        },
      ]);
      return (await importById(tx, importId)) ?? found;
    });
  }

  /** One import, for whoever just applied it. */
  async applied(importId: string): Promise<AttendanceImport | null> {
    return importById(this.db.manager, importId);
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.reading >= MOST_AT_ONCE)
      throw new DomainError('BUSY', 'Other files are being read right now. Please try again in a moment.', 'file');
    this.reading += 1;
    try {
      return await work();
    } finally {
      this.reading -= 1;
    }
  }

  private async eventFor(tx: EntityManager, actor: Actor, eventId: string): Promise<Event> {
    const event = isUuid(eventId) ? (await eventsById(tx, [eventId])).get(eventId) : null;
    if (!event) throw notFound('event', 'eventId');
    await this.access.require(tx, actor, 'attendees.manage', event.groupId);
    this.requireHeld(event);
    return event;
  }

  private requireHeld(event: Event): void {
    if (event.state === EventState.FINISHED) return;
    if (event.state === EventState.PUBLISHED && this.clock.now() >= event.startsAt) return;
    throw new DomainError(
      'NOT_HELD',
      event.state === EventState.PUBLISHED
        ? 'This event has not begun yet. Please import its attendance afterwards.'
        : 'This event did not take place, so nobody attended it.',
      'eventId',
    );
  }

  private async stage(
    tx: EntityManager,
    event: Event,
    bytes: AsyncIterable<Uint8Array>,
    { timeZone, dateOrder, columns }: AttendanceFileInput,
  ): Promise<Staged> {
    await openStaging(tx);
    const file = await readAttendanceFile(bytes, {
      timeZone: timeZone ?? event.timeZone,
      around: event.startsAt,
      dateOrder,
      columns,
    });
    let kept = Promise.resolve();
    for await (const stays of file.stays) {
      await kept;
      kept = keepStays(tx, stays); // meanwhile the next are read
      kept.catch(() => undefined); // told by the wait for it
    }
    await kept;
    return { file, ...(await contentOf(tx)) };
  }

  private async match(
    tx: EntityManager,
    event: Event,
    { file, rows, digest }: Staged,
    options: AttendanceFileInput,
  ): Promise<ImportSummary> {
    const decisions = decisionsIn(options.decisions ?? []);
    await groupPeople(tx);
    await matchPeople(tx, event);
    const notCompared = await proposeSimilar(tx);
    const unknown = unknownIn(decisions, await takeDecisions(tx, decisions));
    if (unknown.length > 0) throw DomainError.all(unknown);
    await decideAll(tx);
    const problems = [...file.problems, ...(notCompared > 0 ? [tooManyNames(notCompared)] : [])];
    const { format, title } = file;
    return {
      format,
      digest,
      title,
      rows,
      problems,
      problemCount: file.problemCount + Math.sign(notCompared),
      ...(await figuresOf(tx)),
    };
  }

  private async applyOnce(
    tx: EntityManager,
    actor: Actor,
    event: Event,
    { digest, format, undecided }: ImportSummary,
    fileName: string | null,
  ): Promise<string> {
    const live = await liveImport(tx, event.id, digest);
    if (live && (await isApplied(tx, live))) return live;
    const now = this.clock.now();
    const importId = await writeImport(tx, event, { digest, format, fileName, actorId: actor.personId, now });
    const before = await registrationsIn(tx, importId);
    const pool = event.format === EventFormat.IN_PERSON ? Pool.IN_PERSON : Pool.ONLINE;
    const made = await makeWalkIns(tx, event, { importId, pool });
    const letIn = await letInRegistered(tx, event, importId);
    await replaceStays(tx, importId);
    const told = await registrationsIn(tx, importId);
    await countImport(tx, importId);
    await this.settle(tx, event, [...new Set([...before, ...told])]);
    const details = { importId, format, people: told.length, walkIns: made + letIn, undecided };
    await record(tx, actor, [{ act: 'attendance.imported', subjectId: event.id, groupId: event.groupId, details }]);
    return importId;
  }

  /** Says again who was there. Whoever is let in for nothing any more goes back first, so that nobody else is a no-show. */
  private async settle(tx: EntityManager, event: Event, registrationIds: string[]): Promise<void> {
    const now = this.clock.now();
    const made = await putBack(tx, event, registrationIds, now);
    await deriveAttendance(tx, event, registrationIds, now);
    await deleteMade(tx, event, made);
    await saveCounters(tx, event);
  }
}

function tooManyNames(notCompared: number): { line: null; message: string } {
  return {
    line: null,
    message: `We looked for similar names for the first ${MOST_COMPARED.toLocaleString('en')} people whom we do not know. ${notCompared.toLocaleString('en')} more are taken for walk-ins.`,
  };
}

async function firstOf(pages: AsyncIterable<FilePerson[]>): Promise<FilePerson[]> {
  for await (const page of pages) return page;
  return [];
}
