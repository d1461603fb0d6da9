import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: groups, events, registrations, mail, history and the impact ledger, the tables of the main job. Invariants that a
 * service tells in a sentence stand here as constraints, named so that refusals can be told apart. There are no rows yet.
 */
export class CreateMeetups1764000100000 implements MigrationInterface {
  name = 'CreateMeetups1764000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE history_entry (
        id         bigint      GENERATED ALWAYS AS IDENTITY,
        at         timestamptz NOT NULL,
        actor_kind text        NOT NULL,
        actor_id   uuid,
        act        text        NOT NULL,
        subject_id uuid        NOT NULL,
        group_id   uuid,
        details    jsonb       NOT NULL DEFAULT '{}',
        CONSTRAINT pk_history_entry PRIMARY KEY (id),
        CONSTRAINT ck_history_entry_actor_kind CHECK (actor_kind IN ('person', 'stranger', 'system'))
      )`);
    await runner.query(`CREATE INDEX ix_history_entry_subject ON history_entry (subject_id, id)`);

    await runner.query(`
      CREATE TABLE message (
        id              uuid        NOT NULL,
        kind            text        NOT NULL,
        intent_key      text        NOT NULL,
        person_id       uuid,
        to_address      text        NOT NULL,
        language        text        NOT NULL,
        event_id        uuid,
        registration_id uuid,
        facts           jsonb       NOT NULL DEFAULT '{}',
        state           text        NOT NULL DEFAULT 'QUEUED',
        message_id      text        NOT NULL,
        attempts        int         NOT NULL DEFAULT 0,
        answer          text,
        not_after       timestamptz,
        created_at      timestamptz NOT NULL DEFAULT now(),
        sent_at         timestamptz,
        CONSTRAINT pk_message PRIMARY KEY (id),
        CONSTRAINT uq_message_intent_key UNIQUE (intent_key),
        CONSTRAINT ck_message_state CHECK (state IN ('QUEUED', 'SENDING', 'SENT', 'DEFERRED', 'FAILED', 'EXPIRED'))
      )`);
    await runner.query(`CREATE INDEX ix_message_event ON message (event_id, created_at)`);

    await runner.query(`
      CREATE TABLE meetup_group (
        id              uuid        NOT NULL,
        slug            text        NOT NULL,
        name            text        NOT NULL,
        description     text        NOT NULL,
        city            text,
        country         text,
        latitude        float8,
        longitude       float8,
        time_zone       text        NOT NULL,
        language        text        NOT NULL,
        links           jsonb       NOT NULL DEFAULT '[]',
        code_of_conduct text,
        changed_at      timestamptz NOT NULL,
        created_at      timestamptz NOT NULL,
        CONSTRAINT pk_meetup_group PRIMARY KEY (id),
        CONSTRAINT uq_meetup_group_slug UNIQUE (slug)
      )`);
    await runner.query(`
      CREATE TABLE membership (
        group_id   uuid        NOT NULL,
        person_id  uuid        NOT NULL,
        role       text        NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_membership PRIMARY KEY (group_id, person_id),
        CONSTRAINT fk_membership_group FOREIGN KEY (group_id) REFERENCES meetup_group (id),
        CONSTRAINT fk_membership_person FOREIGN KEY (person_id) REFERENCES person (id),
        CONSTRAINT ck_membership_role CHECK (role IN ('OWNER', 'ORGANIZER', 'HOST', 'MEMBER'))
      )`);
    await runner.query(`CREATE INDEX ix_membership_person ON membership (person_id)`);
    await runner.query(`
      CREATE TABLE blocked_person (
        group_id   uuid        NOT NULL,
        person_id  uuid        NOT NULL,
        reason     text,
        blocked_by uuid,
        blocked_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_blocked_person PRIMARY KEY (group_id, person_id),
        CONSTRAINT fk_blocked_person_group FOREIGN KEY (group_id) REFERENCES meetup_group (id),
        CONSTRAINT fk_blocked_person_person FOREIGN KEY (person_id) REFERENCES person (id)
      )`);

    await runner.query(`
      CREATE TABLE venue (
        id         uuid        NOT NULL DEFAULT gen_random_uuid(),
        group_id   uuid        NOT NULL,
        name       text        NOT NULL,
        address    text        NOT NULL,
        latitude   float8,
        longitude  float8,
        changed_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_venue PRIMARY KEY (id),
        CONSTRAINT uq_venue_group_name_address UNIQUE (group_id, name, address),
        CONSTRAINT fk_venue_group FOREIGN KEY (group_id) REFERENCES meetup_group (id)
      )`);
    await runner.query(`
      CREATE TABLE series (
        id                 uuid        NOT NULL,
        group_id           uuid        NOT NULL,
        slug               text        NOT NULL,
        kind               text        NOT NULL,
        title              text        NOT NULL,
        description        text        NOT NULL,
        rule               text        NOT NULL,
        starts_at_local    text        NOT NULL,
        duration_minutes   int         NOT NULL,
        time_zone          text        NOT NULL,
        language           text        NOT NULL,
        format             text        NOT NULL,
        venue_id           uuid,
        join_url           text,
        capacity_in_person int,
        capacity_online    int,
        tags               text[]      NOT NULL DEFAULT '{}',
        accessibility      jsonb       NOT NULL DEFAULT '{}',
        organizer_id       uuid,
        changed_at         timestamptz NOT NULL,
        created_at         timestamptz NOT NULL,
        CONSTRAINT pk_series PRIMARY KEY (id),
        CONSTRAINT uq_series_slug UNIQUE (slug),
        CONSTRAINT fk_series_group FOREIGN KEY (group_id) REFERENCES meetup_group (id),
        CONSTRAINT fk_series_venue FOREIGN KEY (venue_id) REFERENCES venue (id),
        CONSTRAINT ck_series_kind CHECK (kind IN ('REGULAR', 'ESSENTIALS')),
        CONSTRAINT ck_series_duration CHECK (duration_minutes > 0)
      )`);

    await runner.query(`
      CREATE TABLE event (
        id                     uuid        NOT NULL,
        group_id               uuid        NOT NULL,
        series_id              uuid,
        occurrence_key         text,
        edited_by_hand         boolean     NOT NULL DEFAULT false,
        slug                   text        NOT NULL,
        title                  text        NOT NULL,
        description            text        NOT NULL,
        starts_at_local        text        NOT NULL,
        ends_at_local          text        NOT NULL,
        time_zone              text        NOT NULL,
        starts_at              timestamptz NOT NULL,
        ends_at                timestamptz NOT NULL,
        language               text        NOT NULL,
        format                 text        NOT NULL,
        state                  text        NOT NULL,
        venue_id               uuid,
        join_url               text,
        capacity_in_person     int,
        capacity_online        int,
        taken_in_person        int         NOT NULL DEFAULT 0,
        taken_online           int         NOT NULL DEFAULT 0,
        waiting_in_person      int         NOT NULL DEFAULT 0,
        waiting_online         int         NOT NULL DEFAULT 0,
        last_waitlist_number   int         NOT NULL DEFAULT 0,
        registration_opens_at  timestamptz,
        registration_closes_at timestamptz,
        tags                   text[]      NOT NULL DEFAULT '{}',
        accessibility          jsonb       NOT NULL DEFAULT '{}',
        recording_url          text,
        sequence               int         NOT NULL DEFAULT 0,
        changed_at             timestamptz NOT NULL,
        created_at             timestamptz NOT NULL,
        finished_at            timestamptz,
        attendance_changed_at  timestamptz,
        cancel_reason          text,
        CONSTRAINT pk_event PRIMARY KEY (id),
        CONSTRAINT uq_event_slug UNIQUE (slug),
        CONSTRAINT uq_event_series_occurrence UNIQUE (series_id, occurrence_key),
        CONSTRAINT fk_event_group FOREIGN KEY (group_id) REFERENCES meetup_group (id),
        CONSTRAINT fk_event_series FOREIGN KEY (series_id) REFERENCES series (id),
        CONSTRAINT fk_event_venue FOREIGN KEY (venue_id) REFERENCES venue (id),
        CONSTRAINT ck_event_format CHECK (format IN ('IN_PERSON', 'ONLINE', 'HYBRID')),
        CONSTRAINT ck_event_state CHECK (state IN ('DRAFT', 'PUBLISHED', 'CANCELLED', 'FINISHED')),
        CONSTRAINT ck_event_ends_after_start CHECK (ends_at > starts_at),
        CONSTRAINT ck_event_not_oversold_in_person CHECK (taken_in_person BETWEEN 0 AND coalesce(capacity_in_person, 2147483647)),
        CONSTRAINT ck_event_not_oversold_online CHECK (taken_online BETWEEN 0 AND coalesce(capacity_online, 2147483647)),
        CONSTRAINT ck_event_waiting CHECK (waiting_in_person >= 0 AND waiting_online >= 0)
      ) WITH (fillfactor = 70)`); // a popular event's counters change in place (HOT) instead of growing the table
    await runner.query(`CREATE INDEX ix_event_group ON event (group_id, starts_at)`);
    await runner.query(`CREATE INDEX ix_event_public ON event (starts_at, id) WHERE state <> 'DRAFT'`);
    await runner.query(`CREATE INDEX ix_event_tags ON event USING gin (tags)`);
    await runner.query(`CREATE INDEX ix_event_to_settle ON event (ends_at) WHERE state = 'PUBLISHED'`);
    await runner.query(`
      CREATE TABLE event_person (
        event_id  uuid NOT NULL,
        person_id uuid NOT NULL,
        role      text NOT NULL,
        topic     text,
        position  int  NOT NULL,
        CONSTRAINT pk_event_person PRIMARY KEY (event_id, person_id, role),
        CONSTRAINT fk_event_person_event FOREIGN KEY (event_id) REFERENCES event (id),
        CONSTRAINT fk_event_person_person FOREIGN KEY (person_id) REFERENCES person (id),
        CONSTRAINT ck_event_person_role CHECK (role IN ('ORGANIZER', 'HOST', 'SPEAKER'))
      )`);
    await runner.query(`
      CREATE TABLE runbook_task (
        id       uuid        NOT NULL DEFAULT gen_random_uuid(),
        event_id uuid        NOT NULL,
        key      text        NOT NULL,
        title    text        NOT NULL,
        due_on   date        NOT NULL,
        done_at  timestamptz,
        CONSTRAINT pk_runbook_task PRIMARY KEY (id),
        CONSTRAINT uq_runbook_task_event_key UNIQUE (event_id, key),
        CONSTRAINT fk_runbook_task_event FOREIGN KEY (event_id) REFERENCES event (id)
      )`);

    await runner.query(`
      CREATE TABLE registration (
        id               uuid        NOT NULL,
        event_id         uuid        NOT NULL,
        group_id         uuid        NOT NULL,
        person_id        uuid        NOT NULL,
        name             text        NOT NULL,
        language         text        NOT NULL,
        pool             text        NOT NULL,
        state            text        NOT NULL,
        waitlist_number  int,
        round            int         NOT NULL DEFAULT 1,
        ticket_code      text        NOT NULL,
        manage_version   int         NOT NULL DEFAULT 1,
        idempotency_key  text,
        registered_at    timestamptz NOT NULL,
        confirmed_at     timestamptz,
        cancelled_at     timestamptz,
        attendance       text        NOT NULL DEFAULT 'UNKNOWN',
        attendance_basis text,
        checked_in_at    timestamptz,
        CONSTRAINT pk_registration PRIMARY KEY (id),
        CONSTRAINT uq_registration_event_person UNIQUE (event_id, person_id),
        CONSTRAINT uq_registration_ticket_code UNIQUE (ticket_code),
        CONSTRAINT fk_registration_event FOREIGN KEY (event_id) REFERENCES event (id),
        CONSTRAINT fk_registration_person FOREIGN KEY (person_id) REFERENCES person (id),
        CONSTRAINT ck_registration_pool CHECK (pool IN ('IN_PERSON', 'ONLINE')),
        CONSTRAINT ck_registration_state CHECK (state IN ('PENDING', 'CONFIRMED', 'OFFERED', 'WAITLISTED', 'CANCELLED')),
        CONSTRAINT ck_registration_attendance CHECK (attendance IN ('UNKNOWN', 'ATTENDED', 'NO_SHOW')),
        CONSTRAINT ck_registration_waitlist_number CHECK ((state = 'WAITLISTED') = (waitlist_number IS NOT NULL))
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX uq_registration_event_idempotency_key ON registration (event_id, idempotency_key) WHERE idempotency_key IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX ix_registration_waitlist ON registration (event_id, pool, waitlist_number) WHERE state = 'WAITLISTED'`,
    );
    await runner.query(`CREATE INDEX ix_registration_person ON registration (person_id)`);
    await runner.query(`CREATE INDEX ix_registration_name ON registration (event_id, lower(name))`);
    await runner.query(`
      CREATE TABLE check_in (
        id              uuid        NOT NULL DEFAULT gen_random_uuid(),
        event_id        uuid        NOT NULL,
        registration_id uuid        NOT NULL,
        nonce           text,
        method          text        NOT NULL,
        at              timestamptz NOT NULL,
        recorded_at     timestamptz NOT NULL DEFAULT now(),
        actor_id        uuid,
        undone_at       timestamptz,
        CONSTRAINT pk_check_in PRIMARY KEY (id),
        CONSTRAINT uq_check_in_event_nonce UNIQUE (event_id, nonce),
        CONSTRAINT fk_check_in_registration FOREIGN KEY (registration_id) REFERENCES registration (id),
        CONSTRAINT ck_check_in_method CHECK (method IN ('scanned', 'named'))
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX uq_check_in_registration_once ON check_in (registration_id) WHERE undone_at IS NULL`,
    );

    await runner.query(`
      CREATE TABLE contribution (
        id             uuid        NOT NULL DEFAULT gen_random_uuid(),
        person_id      uuid        NOT NULL,
        event_id       uuid,
        role           text        NOT NULL,
        kind           text        NOT NULL,
        title          text        NOT NULL,
        description    text        NOT NULL DEFAULT '',
        note           text        NOT NULL DEFAULT '',
        happened_on    date        NOT NULL,
        state          text        NOT NULL DEFAULT 'DRAFT',
        computed_at    timestamptz,
        created_at     timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_contribution PRIMARY KEY (id),
        CONSTRAINT uq_contribution_event_person_role UNIQUE (event_id, person_id, role),
        CONSTRAINT fk_contribution_person FOREIGN KEY (person_id) REFERENCES person (id),
        CONSTRAINT fk_contribution_event FOREIGN KEY (event_id) REFERENCES event (id),
        CONSTRAINT ck_contribution_state CHECK (state IN ('DRAFT', 'CONFIRMED', 'HIDDEN'))
      )`);
    await runner.query(`CREATE INDEX ix_contribution_person ON contribution (person_id, happened_on DESC, id)`);
    await runner.query(`
      CREATE TABLE measure (
        id              bigint      GENERATED ALWAYS AS IDENTITY,
        contribution_id uuid        NOT NULL,
        name            text        NOT NULL,
        value           int         NOT NULL,
        basis           text        NOT NULL,
        source          text        NOT NULL,
        measured_at     timestamptz NOT NULL,
        CONSTRAINT pk_measure PRIMARY KEY (id),
        CONSTRAINT fk_measure_contribution FOREIGN KEY (contribution_id) REFERENCES contribution (id),
        CONSTRAINT ck_measure_value CHECK (value >= 0)
      )`);
    await runner.query(`CREATE INDEX ix_measure_contribution ON measure (contribution_id, name, id DESC)`);

    await this.tellCalendars(runner);
  }

  /** Whoever changes what a calendar shows, by whatever path, is heard by the feed caches of all processes. */
  private async tellCalendars(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION tell_calendars() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify('calendar_changed', CASE TG_TABLE_NAME
          WHEN 'meetup_group' THEN (to_jsonb(coalesce(NEW, OLD)) ->> 'id')
          ELSE (to_jsonb(coalesce(NEW, OLD)) ->> 'group_id') END);
        RETURN NULL;
      END $$`);
    for (const table of ['meetup_group', 'venue', 'series', 'event'])
      await runner.query(`
        CREATE TRIGGER tell_calendars_of_${table}_added AFTER INSERT OR DELETE ON ${table}
          FOR EACH ROW EXECUTE FUNCTION tell_calendars()`);
    const seen = {
      meetup_group: ['slug', 'name', 'description', 'time_zone', 'changed_at'],
      venue: ['name', 'address', 'latitude', 'longitude', 'changed_at'],
      series: ['slug', 'title', 'description', 'time_zone', 'changed_at'],
      event: [
        'slug',
        'title',
        'description',
        'starts_at',
        'ends_at',
        'time_zone',
        'state',
        'format',
        'venue_id',
        'series_id',
        'tags',
        'sequence',
        'changed_at',
      ],
    };
    for (const [table, columns] of Object.entries(seen))
      await runner.query(`
        CREATE TRIGGER tell_calendars_of_${table}_changed AFTER UPDATE OF ${columns.join(', ')} ON ${table}
          FOR EACH ROW WHEN ((${columns.map((column) => `OLD.${column}`).join(', ')})
            IS DISTINCT FROM (${columns.map((column) => `NEW.${column}`).join(', ')}))
          EXECUTE FUNCTION tell_calendars()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE measure, contribution, check_in, registration, runbook_task, event_person, event, series,
      venue, blocked_person, membership, meetup_group, message, history_entry`);
    await runner.query(`DROP FUNCTION tell_calendars()`);
  }
}
