import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Evidence of attendance beside the door's: joined by link, and the files that Teams, Zoom and others write. What is known
 * of a registration is derived from its evidence, so that an undone import leaves what the door saw. Existing check-ins
 * stay as they are.
 */
export class KeepAttendanceEvidence1764200100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE registration ADD COLUMN joined_at timestamptz, ADD COLUMN attended_minutes int,
      ADD CONSTRAINT ck_registration_attended_minutes CHECK (attended_minutes >= 0)`);
    // What a walk-in was before they were let in, so that undoing gives it back.
    await runner.query(`ALTER TABLE check_in ADD COLUMN before jsonb, DROP CONSTRAINT ck_check_in_method,
      ADD CONSTRAINT ck_check_in_method CHECK (method IN ('scanned', 'named', 'walk_in'))`);
    await runner.query(`
      CREATE TABLE attendance_import (
        id         uuid        NOT NULL,
        event_id   uuid        NOT NULL,
        group_id   uuid        NOT NULL,
        digest     text        NOT NULL,
        format     text        NOT NULL,
        file_name  text,
        people     int         NOT NULL DEFAULT 0,
        walk_ins   int         NOT NULL DEFAULT 0,
        applied_by uuid,
        applied_at timestamptz NOT NULL,
        undone_at  timestamptz,
        CONSTRAINT pk_attendance_import PRIMARY KEY (id),
        CONSTRAINT uq_attendance_import_event_digest UNIQUE (event_id, digest),
        CONSTRAINT fk_attendance_import_event FOREIGN KEY (event_id) REFERENCES event (id)
      )`);
    await runner.query(`
      CREATE TABLE attendance_stay (
        id              bigint GENERATED ALWAYS AS IDENTITY,
        import_id       uuid   NOT NULL,
        registration_id uuid   NOT NULL,
        joined_at       timestamptz,
        left_at         timestamptz,
        minutes         numeric(9, 3),
        CONSTRAINT pk_attendance_stay PRIMARY KEY (id),
        CONSTRAINT fk_attendance_stay_import FOREIGN KEY (import_id) REFERENCES attendance_import (id),
        CONSTRAINT fk_attendance_stay_registration FOREIGN KEY (registration_id) REFERENCES registration (id),
        CONSTRAINT ck_attendance_stay_order CHECK (left_at >= joined_at)
      )`);
    await runner.query(`CREATE INDEX ix_attendance_stay_import ON attendance_stay (import_id)`);
    await runner.query(`CREATE INDEX ix_attendance_stay_registration ON attendance_stay (registration_id)`);
    // Whom an import let in without a seat: under which key of the file, and what they were before; null for those it made.
    await runner.query(`
      CREATE TABLE attendance_walk_in (
        registration_id uuid NOT NULL,
        import_id       uuid NOT NULL,
        key             text NOT NULL,
        before          jsonb,
        CONSTRAINT pk_attendance_walk_in PRIMARY KEY (registration_id),
        CONSTRAINT fk_attendance_walk_in_registration FOREIGN KEY (registration_id) REFERENCES registration (id),
        CONSTRAINT fk_attendance_walk_in_import FOREIGN KEY (import_id) REFERENCES attendance_import (id)
      )`);
    await runner.query(`
      CREATE TABLE attendance_match (
        group_id   uuid        NOT NULL,
        name_key   text        NOT NULL,
        decision   text        NOT NULL,
        person_id  uuid,
        decided_by uuid,
        decided_at timestamptz NOT NULL,
        CONSTRAINT pk_attendance_match PRIMARY KEY (group_id, name_key),
        CONSTRAINT fk_attendance_match_group FOREIGN KEY (group_id) REFERENCES meetup_group (id),
        CONSTRAINT fk_attendance_match_person FOREIGN KEY (person_id) REFERENCES person (id),
        CONSTRAINT ck_attendance_match_decision CHECK (decision IN ('PERSON', 'WALK_IN', 'IGNORED')),
        CONSTRAINT ck_attendance_match_person CHECK ((decision = 'PERSON') = (person_id IS NOT NULL))
      )`);
    // Names are compared without case, accents, punctuation and order of words: “Müller, Ada” is “ada muller”.
    await runner.query(`
      CREATE FUNCTION name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(string_agg(word, ' ' ORDER BY word COLLATE "C"), '')
          FROM regexp_split_to_table(lower(regexp_replace(normalize(name, NFKD), '[\\u0300-\\u036f]', '', 'g')), '[^[:alnum:]]+') AS word
         WHERE word <> ''
      $$`);
    await runner.query(`CREATE EXTENSION IF NOT EXISTS pg_trgm`); // trusted: the owner of the database may
    await this.tellCounts(runner);
  }

  /** Whoever moves a counter of an event, by whatever path, is heard by everybody who watches it, in all processes. */
  private async tellCounts(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION tell_counts() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify('event_counts', NEW.id::text);
        RETURN NULL;
      END $$`);
    const counters = [
      'capacity_in_person',
      'capacity_online',
      'taken_in_person',
      'taken_online',
      'waiting_in_person',
      'waiting_online',
      'attended_in_person',
      'attended_online',
    ];
    await runner.query(`
      CREATE TRIGGER tell_counts_of_event AFTER UPDATE OF ${counters.join(', ')} ON event
        FOR EACH ROW WHEN ((${counters.map((column) => `OLD.${column}`).join(', ')})
          IS DISTINCT FROM (${counters.map((column) => `NEW.${column}`).join(', ')}))
        EXECUTE FUNCTION tell_counts()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER tell_counts_of_event ON event`);
    await runner.query(`DROP FUNCTION tell_counts()`);
    await runner.query(`DROP EXTENSION pg_trgm`);
    await runner.query(`DROP FUNCTION name_key(text)`);
    await runner.query(`DROP TABLE attendance_match, attendance_walk_in, attendance_stay, attendance_import`);
    await runner.query(`DELETE FROM check_in WHERE method = 'walk_in'`);
    await runner.query(`ALTER TABLE check_in DROP COLUMN before, DROP CONSTRAINT ck_check_in_method,
      ADD CONSTRAINT ck_check_in_method CHECK (method IN ('scanned', 'named'))`);
    await runner.query(`ALTER TABLE registration DROP COLUMN joined_at, DROP COLUMN attended_minutes`);
  }
}
