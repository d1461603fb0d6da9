import { CurrentActor, Payload, done, groupedBy, loaderOf, type Actor, type GraphqlContext } from '#kernel';
import { Event } from '#events';
import { Access } from '#groups';
import { Args, Context, Field, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { DataSource } from 'typeorm';
import { importsOf } from './applying.queries.ts';
import { AttendanceImport, FilePerson, ImportSummary } from './attendance-import.ts';
import { ImportAttendanceInput, UndoAttendanceImportInput } from './import.inputs.ts';
import { SmallImportService } from './small-import.service.ts';
import { AttendanceImportService } from './import.service.ts';

@ObjectType({ description: 'What a file says and what it would do, or did.' })
export class ImportPreview {
  @Field(() => ImportSummary, { description: 'In all.' })
  summary: ImportSummary;

  @Field(() => [FilePerson], {
    description: 'The first 1,000 people of the file; after applying, those about whom an organizer has yet to decide.',
  })
  people: FilePerson[];
}

@ObjectType()
export class ImportAttendancePayload extends Payload {
  @Field(() => AttendanceImport, { nullable: true, description: 'The import; null after a dry run.' })
  import?: AttendanceImport | null;

  @Field(() => ImportPreview, { nullable: true, description: 'What the file says.' })
  preview?: ImportPreview;
}

@ObjectType()
export class UndoAttendanceImportPayload extends Payload {
  @Field(() => AttendanceImport, { nullable: true, description: 'The import as it is now.' })
  import?: AttendanceImport;
}

/** Attendance from the files of calls. */
@Resolver(() => Event)
export class ImportResolver {
  constructor(
    private readonly imports: AttendanceImportService,
    private readonly smallImports: SmallImportService,
    private readonly access: Access,
    private readonly db: DataSource,
  ) {}

  @Mutation(() => ImportAttendancePayload, {
    description:
      'Reads who was in a call from a file of Teams, Zoom, Google Meet or a spreadsheet. A dry run (the default) shows who they are taken for; without, it is stored. Applying the same again changes nothing. Codes: NOT_HELD, BUSY, DECISION, COLUMNS_NEEDED, DATE_ORDER_NEEDED, FILE_EMPTY, FILE_ENCODING, FILE_NOT_A_TABLE, LINE_TOO_LONG. For organizers.',
  })
  async importAttendance(
    @CurrentActor() actor: Actor,
    @Args('input') input: ImportAttendanceInput,
  ): Promise<ImportAttendancePayload> {
    return done(await this.smallImports.import(actor, input));
  }

  @Mutation(() => UndoAttendanceImportPayload, {
    description:
      'Takes an import back. What the door and other files say stays; those whom it let in are what they were before. For organizers.',
  })
  async undoAttendanceImport(
    @CurrentActor() actor: Actor,
    @Args('input') input: UndoAttendanceImportInput,
  ): Promise<UndoAttendanceImportPayload> {
    return done({ import: await this.imports.undo(actor, input.importId) });
  }

  @ResolveField(() => [AttendanceImport], {
    nullable: true,
    description: 'Files whose attendance was imported, the latest first. For organizers.',
  })
  async attendanceImports(
    @Parent() event: Event,
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
  ): Promise<AttendanceImport[] | null> {
    const allowed = loaderOf(context, 'attendees.manage', (ids) => this.whoseImportsMayBeSeen(actor, ids));
    const imports = loaderOf(context, importsOf, (ids) => this.importsByEvent(ids));
    return (await allowed.load(event.groupId)) ? ((await imports.load(event.id)) ?? []) : null;
  }

  private async whoseImportsMayBeSeen(actor: Actor, groupIds: readonly string[]): Promise<Map<string, boolean>> {
    const groups = await this.access.among(this.db.manager, actor, 'attendees.manage', groupIds);
    return new Map(groupIds.map((id) => [id, groups.has(id)]));
  }

  private async importsByEvent(eventIds: readonly string[]): Promise<Map<string, AttendanceImport[]>> {
    return groupedBy(await importsOf(this.db.manager, eventIds), ({ eventId }) => eventId);
  }
}
