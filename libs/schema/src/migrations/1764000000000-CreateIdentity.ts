import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: people and the ways they prove who they are. `person` is ours and is written by plain SQL too (registering makes
 * one); the other tables are better-auth's, under our names. Session cookies are signed with the server's secret, links,
 * codes and keys are stored hashed: nothing in here opens a door by itself. There are no rows yet.
 */
export class CreateIdentity1764000000000 implements MigrationInterface {
  name = 'CreateIdentity1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE person (
        id             uuid        NOT NULL DEFAULT gen_random_uuid(),
        name           text        NOT NULL,
        email          text        NOT NULL,
        email_verified boolean     NOT NULL DEFAULT false,
        image          text,
        language       text        NOT NULL DEFAULT 'en',
        time_zone      text,
        administrator  boolean     NOT NULL DEFAULT false,
        created_at     timestamptz NOT NULL DEFAULT now(),
        updated_at     timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_person PRIMARY KEY (id),
        CONSTRAINT uq_person_email UNIQUE (email),
        CONSTRAINT ck_person_email_lower CHECK (email = lower(email)),
        CONSTRAINT ck_person_email_length CHECK (length(email) BETWEEN 3 AND 254),
        CONSTRAINT ck_person_name_length CHECK (length(name) <= 200)
      )`);

    await runner.query(`
      CREATE TABLE session (
        id         uuid        NOT NULL DEFAULT gen_random_uuid(),
        person_id  uuid        NOT NULL,
        token      text        NOT NULL,
        expires_at timestamptz NOT NULL,
        ip_address text,
        user_agent text,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_session PRIMARY KEY (id),
        CONSTRAINT uq_session_token UNIQUE (token),
        CONSTRAINT fk_session_person FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE CASCADE
      )`);
    await runner.query(`CREATE INDEX ix_session_person ON session (person_id)`);
    await runner.query(`CREATE INDEX ix_session_expires_at ON session (expires_at)`);

    await runner.query(`
      CREATE TABLE account (
        id                       uuid        NOT NULL DEFAULT gen_random_uuid(),
        person_id                uuid        NOT NULL,
        provider_id              text        NOT NULL,
        account_id               text        NOT NULL,
        access_token             text,
        refresh_token            text,
        id_token                 text,
        access_token_expires_at  timestamptz,
        refresh_token_expires_at timestamptz,
        scope                    text,
        password                 text,
        created_at               timestamptz NOT NULL DEFAULT now(),
        updated_at               timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_account PRIMARY KEY (id),
        CONSTRAINT uq_account_provider_account UNIQUE (provider_id, account_id),
        CONSTRAINT ck_account_no_password CHECK (password IS NULL),
        CONSTRAINT fk_account_person FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE CASCADE
      )`);
    await runner.query(`CREATE INDEX ix_account_person ON account (person_id)`);

    await runner.query(`
      CREATE TABLE verification (
        id         uuid        NOT NULL DEFAULT gen_random_uuid(),
        identifier text        NOT NULL,
        value      text        NOT NULL,
        expires_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_verification PRIMARY KEY (id)
      )`);
    await runner.query(`CREATE INDEX ix_verification_identifier ON verification (identifier)`);
    await runner.query(`CREATE INDEX ix_verification_expires_at ON verification (expires_at)`);

    await runner.query(`
      CREATE TABLE api_key (
        id                     uuid        NOT NULL DEFAULT gen_random_uuid(),
        config_id              text        NOT NULL,
        person_id              uuid        NOT NULL,
        name                   text,
        start                  text,
        prefix                 text,
        key                    text        NOT NULL,
        permissions            text,
        metadata               text,
        enabled                boolean     NOT NULL DEFAULT true,
        expires_at             timestamptz,
        last_request_at        timestamptz,
        request_count          integer     NOT NULL DEFAULT 0,
        remaining              integer,
        refill_interval        integer,
        refill_amount          integer,
        last_refill_at         timestamptz,
        rate_limit_enabled     boolean     NOT NULL DEFAULT false,
        rate_limit_time_window integer,
        rate_limit_max         integer,
        created_at             timestamptz NOT NULL DEFAULT now(),
        updated_at             timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_api_key PRIMARY KEY (id),
        CONSTRAINT uq_api_key_key UNIQUE (key),
        CONSTRAINT fk_api_key_person FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE CASCADE
      )`);
    await runner.query(`CREATE INDEX ix_api_key_person ON api_key (person_id)`);

    await runner.query(`
      CREATE TABLE rate_limit (
        id           uuid    NOT NULL DEFAULT gen_random_uuid(),
        key          text    NOT NULL,
        count        integer NOT NULL,
        last_request bigint  NOT NULL,
        CONSTRAINT pk_rate_limit PRIMARY KEY (id),
        CONSTRAINT uq_rate_limit_key UNIQUE (key)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE rate_limit, api_key, verification, account, session, person`);
  }
}
