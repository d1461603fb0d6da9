import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Questions, guests, approval and offers. Existing events ask nothing, take no guests and confirm at once, as before;
 * existing registrations have answered the form there was (none). People without an address (guests, walk-ins) become
 * registrations without a person, so that they are seated, checked in and counted like everybody else.
 */
export class AskMoreAtRegistration1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE meetup_group ADD COLUMN offer_hours int,
      ADD CONSTRAINT ck_meetup_group_offer_hours CHECK (offer_hours BETWEEN 1 AND 336)`);

    await runner.query(`
      ALTER TABLE event
        ADD COLUMN approval_required     boolean NOT NULL DEFAULT false,
        ADD COLUMN ask_still_coming      boolean NOT NULL DEFAULT false,
        ADD COLUMN guest_limit           int     NOT NULL DEFAULT 0,
        ADD COLUMN questions             jsonb   NOT NULL DEFAULT '[]',
        ADD COLUMN form_version          int     NOT NULL DEFAULT 0,
        ADD COLUMN registration_count    int     NOT NULL DEFAULT 0,
        ADD COLUMN attended_in_person    int     NOT NULL DEFAULT 0,
        ADD COLUMN attended_online       int     NOT NULL DEFAULT 0,
        ADD CONSTRAINT ck_event_guest_limit CHECK (guest_limit BETWEEN 0 AND 20)`);
    await runner.query(`
      UPDATE event SET registration_count = seen.total, attended_in_person = seen.in_person, attended_online = seen.online
        FROM (SELECT event_id, count(*) AS total,
                     count(*) FILTER (WHERE attendance = 'ATTENDED' AND pool = 'IN_PERSON') AS in_person,
                     count(*) FILTER (WHERE attendance = 'ATTENDED' AND pool = 'ONLINE') AS online
                FROM registration GROUP BY event_id) AS seen
       WHERE event.id = seen.event_id`);

    await runner.query(`
      ALTER TABLE registration
        ALTER COLUMN person_id DROP NOT NULL,
        ADD COLUMN party_id       uuid,
        ADD COLUMN party_size     int     NOT NULL DEFAULT 1,
        ADD COLUMN passed_over    int     NOT NULL DEFAULT 0,
        ADD COLUMN answers        jsonb   NOT NULL DEFAULT '{}',
        ADD COLUMN form_version   int     NOT NULL DEFAULT 0,
        ADD COLUMN offered_until  timestamptz,
        ADD COLUMN still_coming_at timestamptz,
        ADD COLUMN walk_in        boolean NOT NULL DEFAULT false,
        ADD COLUMN holds_seat     boolean NOT NULL DEFAULT true,
        ADD CONSTRAINT fk_registration_party FOREIGN KEY (party_id) REFERENCES registration (id),
        ADD CONSTRAINT ck_registration_party_size CHECK (party_size >= 1),
        ADD CONSTRAINT ck_registration_offer CHECK ((state = 'OFFERED') = (offered_until IS NOT NULL)),
        ADD CONSTRAINT ck_registration_without_seat CHECK (holds_seat OR walk_in)`);
    await runner.query(`CREATE INDEX ix_registration_party ON registration (party_id) WHERE party_id IS NOT NULL`);
    await runner.query(`CREATE INDEX ix_registration_offer ON registration (offered_until) WHERE state = 'OFFERED'`);
    // The list of attendees in the order they asked, and by name: a page costs the same whatever the event's size.
    await runner.query(`CREATE INDEX ix_registration_asked ON registration (event_id, registered_at, id)`);
    await runner.query(`DROP INDEX ix_registration_name`);
    await runner.query(`CREATE INDEX ix_registration_name ON registration (event_id, lower(name), id)`);
    // And by who came last.
    await runner.query(
      `CREATE INDEX ix_registration_came ON registration (event_id, checked_in_at, id) WHERE checked_in_at IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX ix_registration_came`);
    await runner.query(`DROP INDEX ix_registration_name`);
    await runner.query(`CREATE INDEX ix_registration_name ON registration (event_id, lower(name))`);
    await runner.query(`DROP INDEX ix_registration_asked`);
    await runner.query(`DELETE FROM registration WHERE person_id IS NULL`);
    await runner.query(`
      ALTER TABLE registration
        DROP COLUMN party_id, DROP COLUMN party_size, DROP COLUMN passed_over, DROP COLUMN answers, DROP COLUMN form_version,
        DROP COLUMN offered_until, DROP COLUMN still_coming_at, DROP COLUMN walk_in, DROP COLUMN holds_seat,
        ALTER COLUMN person_id SET NOT NULL`);
    await runner.query(`
      ALTER TABLE event
        DROP COLUMN approval_required, DROP COLUMN ask_still_coming, DROP COLUMN guest_limit, DROP COLUMN questions,
        DROP COLUMN form_version, DROP COLUMN registration_count, DROP COLUMN attended_in_person, DROP COLUMN attended_online`);
    await runner.query(`ALTER TABLE meetup_group DROP COLUMN offer_hours`);
  }
}
