import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Days a series skips, series that continue another, agendas and resources, owners of runbook tasks, and questions to a
 * session. Existing series skip nothing and continue none; existing sessions keep their description and have no agenda
 * beside it; existing tasks belong to nobody, so the organizers of the event are reminded of them.
 */
export class PlanSeries1764300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE series
        ADD COLUMN exdates   text[] NOT NULL DEFAULT '{}',
        ADD COLUMN continues uuid,
        ADD COLUMN agenda    jsonb  NOT NULL DEFAULT '[]',
        ADD COLUMN resources jsonb  NOT NULL DEFAULT '[]',
        ADD CONSTRAINT fk_series_continues FOREIGN KEY (continues) REFERENCES series (id),
        ADD CONSTRAINT ck_series_exdates CHECK (array_to_string(exdates, ' ') ~ '^(\\d{4}-\\d{2}-\\d{2}( (?=\\d)|$))*$')`);
    await runner.query(`
      ALTER TABLE event
        ADD COLUMN agenda    jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN resources jsonb NOT NULL DEFAULT '[]'`);

    await runner.query(`ALTER TABLE runbook_task ADD COLUMN owner_id uuid,
      ADD CONSTRAINT fk_runbook_task_owner FOREIGN KEY (owner_id) REFERENCES person (id) ON DELETE SET NULL`);
    await runner.query(`CREATE INDEX ix_runbook_task_open ON runbook_task (due_on) WHERE done_at IS NULL`);

    await runner.query(`
      CREATE TABLE session_question (
        id              uuid        NOT NULL,
        event_id        uuid        NOT NULL,
        phase           text        NOT NULL,
        text            text        NOT NULL,
        person_id       uuid,
        registration_id uuid,
        asked_at        timestamptz NOT NULL,
        hidden_at       timestamptz,
        answer          text,
        answered_at     timestamptz,
        CONSTRAINT pk_session_question PRIMARY KEY (id),
        CONSTRAINT fk_session_question_event FOREIGN KEY (event_id) REFERENCES event (id),
        CONSTRAINT fk_session_question_person FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE SET NULL,
        CONSTRAINT fk_session_question_registration FOREIGN KEY (registration_id) REFERENCES registration (id) ON DELETE SET NULL,
        CONSTRAINT ck_session_question_phase CHECK (phase IN ('BEFORE', 'AFTER')),
        CONSTRAINT ck_session_question_text CHECK (char_length(text) BETWEEN 1 AND 500),
        CONSTRAINT ck_session_question_answer CHECK ((answer IS NULL) = (answered_at IS NULL))
      )`);
    await runner.query(`CREATE INDEX ix_session_question_event ON session_question (event_id)`);
    // Who voted is the id of a registration, kept without a foreign key: a vote counts on when the registration is erased.
    await runner.query(`
      CREATE TABLE session_question_vote (
        question_id uuid NOT NULL,
        voter       uuid NOT NULL,
        CONSTRAINT pk_session_question_vote PRIMARY KEY (question_id, voter),
        CONSTRAINT fk_session_question_vote_question FOREIGN KEY (question_id) REFERENCES session_question (id) ON DELETE CASCADE
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE session_question_vote, session_question`);
    await runner.query(`ALTER TABLE runbook_task DROP COLUMN owner_id`);
    await runner.query(`DROP INDEX ix_runbook_task_open`);
    await runner.query(`ALTER TABLE event DROP COLUMN agenda, DROP COLUMN resources`);
    await runner.query(
      `ALTER TABLE series DROP COLUMN exdates, DROP COLUMN continues, DROP COLUMN agenda, DROP COLUMN resources`,
    );
  }
}
