import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Calendars of one person behind a secret address, of which only a hash is stored. Nobody has one yet. Whoever has one is
 * told to the feed caches when their registrations change; for all others that costs a look into an index.
 *
 * And when an event left a group's or a series' feed without a trace: the date of the feed must not go back, or programs
 * that ask by date would keep the event for good. What left before this is not known; feeds were in memory for an hour.
 */
export class AddPersonalFeeds1764300100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE personal_feed (
        id           uuid        NOT NULL,
        person_id    uuid        NOT NULL,
        token_hash   bytea       NOT NULL,
        created_at   timestamptz NOT NULL,
        revoked_at   timestamptz,
        last_used_on date,
        CONSTRAINT pk_personal_feed PRIMARY KEY (id),
        CONSTRAINT uq_personal_feed_token_hash UNIQUE (token_hash),
        CONSTRAINT fk_personal_feed_person FOREIGN KEY (person_id) REFERENCES person (id),
        CONSTRAINT ck_personal_feed_token_hash CHECK (length(token_hash) = 32)
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX uq_personal_feed_person ON personal_feed (person_id) WHERE revoked_at IS NULL`,
    );
    await runner.query(`CREATE INDEX ix_personal_feed_person ON personal_feed (person_id, created_at)`);
    await this.tellOfRegistrations(runner);
    await this.tellOfFeeds(runner);
    await this.noteDepartures(runner);
  }

  /** New rows come by the hundred and are looked at together; of changed ones only those that a calendar shows. */
  private async tellOfRegistrations(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION tell_personal_calendars() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_LEVEL = 'STATEMENT' THEN
          PERFORM pg_notify('calendar_changed', 'person:' || feed.person_id)
             FROM (SELECT DISTINCT person_id FROM added) AS somebody
             JOIN personal_feed AS feed ON feed.person_id = somebody.person_id AND feed.revoked_at IS NULL;
        ELSE
          PERFORM pg_notify('calendar_changed', 'person:' || feed.person_id)
             FROM personal_feed AS feed WHERE feed.person_id IN (OLD.person_id, NEW.person_id) AND feed.revoked_at IS NULL;
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER tell_personal_calendars_of_registration_added AFTER INSERT ON registration
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tell_personal_calendars()`);
    const shown = ['state', 'pool', 'person_id', 'manage_version'];
    await runner.query(`
      CREATE TRIGGER tell_personal_calendars_of_registration_changed AFTER UPDATE OF ${shown.join(', ')} ON registration
        FOR EACH ROW WHEN ((${shown.map((column) => `OLD.${column}`).join(', ')})
          IS DISTINCT FROM (${shown.map((column) => `NEW.${column}`).join(', ')}))
        EXECUTE FUNCTION tell_personal_calendars()`);
    await runner.query(`
      CREATE TRIGGER tell_personal_calendars_of_registration_gone AFTER DELETE ON registration
        FOR EACH ROW EXECUTE FUNCTION tell_personal_calendars()`);
  }

  /** A feed that was revoked or replaced is not sent from memory either. */
  private async tellOfFeeds(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION tell_personal_calendar() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify('calendar_changed', 'person:' || OLD.person_id);
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER tell_personal_calendar_changed AFTER UPDATE OF person_id, token_hash, revoked_at ON personal_feed
        FOR EACH ROW EXECUTE FUNCTION tell_personal_calendar()`);
    await runner.query(`
      CREATE TRIGGER tell_personal_calendar_gone AFTER DELETE ON personal_feed
        FOR EACH ROW EXECUTE FUNCTION tell_personal_calendar()`);
  }

  private async noteDepartures(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE event_departure (
        id        bigint      GENERATED ALWAYS AS IDENTITY,
        group_id  uuid        NOT NULL,
        series_id uuid,
        left_at   timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_event_departure PRIMARY KEY (id)
      )`);
    await runner.query(`CREATE INDEX ix_event_departure_group ON event_departure (group_id, left_at)`);
    await runner.query(`CREATE INDEX ix_event_departure_series ON event_departure (series_id, left_at)`);
    await runner.query(`
      CREATE FUNCTION note_departure() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO event_departure (group_id, series_id) VALUES (OLD.group_id, OLD.series_id);
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER note_departure_of_event_gone AFTER DELETE ON event
        FOR EACH ROW WHEN (OLD.state <> 'DRAFT') EXECUTE FUNCTION note_departure()`);
    await runner.query(`
      CREATE TRIGGER note_departure_of_event_moved AFTER UPDATE OF series_id, state ON event
        FOR EACH ROW WHEN (OLD.state <> 'DRAFT' AND (NEW.state = 'DRAFT' OR OLD.series_id IS DISTINCT FROM NEW.series_id))
        EXECUTE FUNCTION note_departure()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const change of ['added', 'changed', 'gone'])
      await runner.query(`DROP TRIGGER tell_personal_calendars_of_registration_${change} ON registration`);
    await runner.query(`DROP FUNCTION tell_personal_calendars()`);
    await runner.query(`DROP TABLE personal_feed`);
    await runner.query(`DROP FUNCTION tell_personal_calendar()`);
    await runner.query(`DROP TRIGGER note_departure_of_event_gone ON event`);
    await runner.query(`DROP TRIGGER note_departure_of_event_moved ON event`);
    await runner.query(`DROP FUNCTION note_departure()`);
    await runner.query(`DROP TABLE event_departure`);
  }
}
