import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Mails about one registration are sent in the order in which they were decided, and their calendar parts carry versions
 * that only rise. Mails there are get numbers in the order they were made; they went out without a calendar part, and so
 * none of them is ever taken back by one.
 */
export class KeepMailsInOrder1764300210000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE message
        ADD COLUMN number            bigint,
        ADD COLUMN calendar_sequence int,
        ADD COLUMN calendar_method   text,
        ADD CONSTRAINT ck_message_calendar_method CHECK (calendar_method IN ('REQUEST', 'CANCEL')),
        DROP CONSTRAINT ck_message_state,
        ADD CONSTRAINT ck_message_state
          CHECK (state IN ('QUEUED', 'HELD', 'SENDING', 'SENT', 'DEFERRED', 'FAILED', 'EXPIRED'))`);
    await runner.query(`
      UPDATE message SET number = made.number
        FROM (SELECT id, row_number() OVER (ORDER BY created_at, id) AS number FROM message) AS made
       WHERE made.id = message.id`);
    await runner.query(`ALTER TABLE message ALTER COLUMN number SET NOT NULL`);
    await runner.query(`ALTER TABLE message ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY`);
    await runner.query(`
      SELECT setval(pg_get_serial_sequence('message', 'number'), coalesce(max(number), 0) + 1, false) FROM message`);
    // Of its mails a registration has a handful. Their state is not in the index, so that changing it stays cheap (HOT).
    await runner.query(
      `CREATE INDEX ix_message_registration ON message (registration_id, number) WHERE registration_id IS NOT NULL`,
    );

    await runner.query(`
      ALTER TABLE registration ADD COLUMN calendar_sequence int NOT NULL DEFAULT 0,
        ADD CONSTRAINT ck_registration_calendar_sequence CHECK (calendar_sequence >= 0)`);
    await runner.query(`
      CREATE FUNCTION raise_calendar_sequence() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.calendar_sequence := OLD.calendar_sequence + 1;
        RETURN NEW;
      END $$`);
    // A seat lost, one taken elsewhere, a new link, and coming back: each is told as newer than what was told before.
    await runner.query(`
      CREATE TRIGGER raise_calendar_sequence_of_registration BEFORE UPDATE OF state, pool, manage_version ON registration
        FOR EACH ROW WHEN ((OLD.state = 'CONFIRMED' AND (NEW.state, NEW.pool, NEW.manage_version)
                             IS DISTINCT FROM (OLD.state, OLD.pool, OLD.manage_version))
                           OR (OLD.state = 'CANCELLED' AND NEW.state <> 'CANCELLED'))
        EXECUTE FUNCTION raise_calendar_sequence()`);
    // The version is that of the moment at which the mail is decided, whenever it is written.
    await runner.query(`
      CREATE FUNCTION stamp_message() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        SELECT event.sequence + registration.calendar_sequence INTO NEW.calendar_sequence
          FROM registration JOIN event ON event.id = registration.event_id
         WHERE registration.id = NEW.registration_id;
        RETURN NEW;
      END $$`);
    await runner.query(`
      CREATE TRIGGER stamp_message_about_registration BEFORE INSERT ON message
        FOR EACH ROW WHEN (NEW.registration_id IS NOT NULL) EXECUTE FUNCTION stamp_message()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER stamp_message_about_registration ON message`);
    await runner.query(`DROP TRIGGER raise_calendar_sequence_of_registration ON registration`);
    await runner.query(`DROP FUNCTION stamp_message(), raise_calendar_sequence()`);
    await runner.query(`ALTER TABLE registration DROP COLUMN calendar_sequence`);
    await runner.query(`DROP INDEX ix_message_registration`);
    await runner.query(`UPDATE message SET state = 'QUEUED' WHERE state = 'HELD'`);
    await runner.query(`
      ALTER TABLE message
        DROP COLUMN number, DROP COLUMN calendar_sequence, DROP COLUMN calendar_method,
        DROP CONSTRAINT ck_message_state,
        ADD CONSTRAINT ck_message_state CHECK (state IN ('QUEUED', 'SENDING', 'SENT', 'DEFERRED', 'FAILED', 'EXPIRED'))`);
  }
}
