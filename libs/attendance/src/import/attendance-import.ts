import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

/** How sure we are of who somebody in a file is, the surest first. */
export enum Certainty {
  REMEMBERED = 'REMEMBERED',
  EMAIL = 'EMAIL',
  NAME = 'NAME',
  SIMILAR = 'SIMILAR',
  HOST = 'HOST',
  NONE = 'NONE',
}
registerEnumType(Certainty, {
  name: 'Certainty',
  description: 'How sure we are of who somebody in a file is.',
  valuesMap: {
    REMEMBERED: { description: 'An organizer of the group decided about them before.' },
    EMAIL: { description: 'The address is the one they registered with.' },
    NAME: { description: 'Exactly one registration has this name.' },
    SIMILAR: { description: 'Could be one of several, or of a similar name: an organizer has to decide.' },
    HOST: { description: 'Holds the event or is a host of the group, so that they are no attendee.' },
    NONE: { description: 'Nobody we know at this event.' },
  },
});

/** What becomes of somebody in a file. */
export enum Outcome {
  REGISTRATION = 'REGISTRATION',
  WALK_IN = 'WALK_IN',
  IGNORE = 'IGNORE',
  UNDECIDED = 'UNDECIDED',
}
registerEnumType(Outcome, {
  name: 'ImportOutcome',
  description: 'What becomes of somebody in a file.',
  valuesMap: {
    REGISTRATION: { description: 'Their registration is marked as attended.' },
    WALK_IN: { description: 'They are added as somebody who came without having registered.' },
    IGNORE: { description: 'Nothing: they do not count as an attendee.' },
    UNDECIDED: { description: 'Nothing, until an organizer decides.' },
  },
});

@ObjectType({ description: 'A registration that somebody in a file may belong to.' })
export class ImportProposal {
  @Field(() => ID, { description: 'Id of the registration.' })
  registrationId: string;

  @Field({ description: 'The name they registered with.' })
  name: string;

  @Field({ description: 'How alike the names are, 0 to 1; 1 also where the address or a decision says so.' })
  similarity: number;
}

@ObjectType({ description: 'Somebody in a file, all their stays put together.' })
export class FilePerson {
  @Field({ description: 'Names them in `decisions`: their address, or their name as it is compared.' })
  key: string;

  @Field(() => String, { nullable: true, description: 'The name in the file.' })
  name: string | null;

  @Field(() => String, { nullable: true, description: 'The address in the file, lower case.' })
  email: string | null;

  @Field(() => Int, { nullable: true, description: 'Minutes in the call, overlaps counted once; null if not told.' })
  minutes: number | null;

  @Field(() => Date, { nullable: true, description: 'When they first came (UTC).' })
  firstAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When they last left (UTC).' })
  lastAt: Date | null;

  @Field(() => Certainty, { description: 'How sure we are of who they are.' })
  certainty: Certainty;

  @Field(() => [ImportProposal], { description: 'Who they are or may be, the likeliest first; at most 3.' })
  proposals: ImportProposal[];

  @Field(() => Outcome, { description: 'What becomes of them.' })
  decision: Outcome;

  @Field(() => ID, { nullable: true, description: 'With REGISTRATION: whose attendance it is.' })
  registrationId: string | null;
}

@ObjectType({ description: 'Something in the file that needs a look.' })
export class ImportProblem {
  @Field(() => Int, { nullable: true, description: 'The line of the file; null when it is about all of it.' })
  line: number | null;

  @Field({ description: 'What is the matter and what became of it.' })
  message: string;
}

@ObjectType({ description: 'How many people of a file are known with this certainty.' })
export class CertaintyCount {
  @Field(() => Certainty, { description: 'How sure we are.' })
  certainty: Certainty;

  @Field(() => Int, { description: 'How many people.' })
  people: number;
}

@ObjectType({ description: 'What a file says in all.' })
export class ImportSummary {
  @Field({ description: '`TEAMS`, `TEAMS_JOINED_LEFT`, `TEAMS_LIVE_EVENT`, `ZOOM` or `TABLE`.' })
  format: string;

  @Field({ description: 'SHA-256 of what the file says, the same in any encoding and order.' })
  digest: string;

  @Field(() => String, { nullable: true, description: 'What the file calls the call.' })
  title: string | null;

  @Field(() => Int, { description: 'Stays in the file; one person may have several.' })
  rows: number;

  @Field(() => Int, { description: 'People in the file.' })
  people: number;

  @Field(() => Date, { nullable: true, description: 'When the first came (UTC).' })
  from: Date | null;

  @Field(() => Date, { nullable: true, description: 'When the last left (UTC).' })
  to: Date | null;

  @Field(() => [CertaintyCount], { description: 'How many are known how well, the surest first.' })
  matched: CertaintyCount[];

  @Field(() => Int, { description: 'How many are added as walk-ins.' })
  walkIns: number;

  @Field(() => Int, { description: 'How many an organizer has yet to decide about; they are not applied.' })
  undecided: number;

  @Field(() => [ImportProblem], { description: 'What needs a look; the first hundred.' })
  problems: ImportProblem[];

  @Field(() => Int, { description: 'How many problems there are.' })
  problemCount: number;
}

@ObjectType({ description: 'A file that was applied to an event.' })
export class AttendanceImport {
  @Field(() => ID, { description: 'Opaque; the same when the same content is applied again.' })
  id: string;

  eventId: string;

  @Field({ description: '`TEAMS`, `TEAMS_JOINED_LEFT`, `TEAMS_LIVE_EVENT`, `ZOOM` or `TABLE`.' })
  format: string;

  @Field(() => String, { nullable: true, description: 'What the file was called.' })
  fileName: string | null;

  @Field({ description: 'When it was last applied (UTC).' })
  appliedAt: Date;

  @Field(() => String, { nullable: true, description: 'Name of who applied it.' })
  appliedBy: string | null;

  @Field(() => Int, { description: 'How many attendees it tells of.' })
  people: number;

  @Field(() => Int, { description: 'How many of them it let in without a seat.' })
  walkIns: number;

  @Field(() => Date, { nullable: true, description: 'When it was taken back (UTC); null while it counts.' })
  undoneAt: Date | null;
}
