import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One line of the audit trail: who did what to which event, registration, group or role. Never changed, never deleted. */
@Entity()
export class HistoryEntry {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id: string;

  @Column('timestamptz')
  at: Date;

  /** `person`, `stranger` (a link or a form without signing in) or `system` (timetable). */
  @Column('text')
  actorKind: string;

  @Column('uuid', { nullable: true })
  actorId: string | null;

  /** Noun and past verb: `registration.promoted`. */
  @Column('text')
  act: string;

  @Column('uuid')
  subjectId: string;

  @Column('uuid', { nullable: true })
  groupId: string | null;

  @Column('jsonb')
  details: Record<string, unknown>;
}
