import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Events are found by words, language, format and distance. Existing events get their words here, once; venues keep the
 * coordinates they have, and those without any are near nothing.
 */
export class SearchEvents1764300200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Words are compared without case and accents: whoever looks for “sao paulo” means “São Paulo”.
    await runner.query(`
      CREATE FUNCTION search_words(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT lower(normalize(regexp_replace(normalize(said, NFKD), '[\\u0300-\\u036f]', '', 'g'), NFKC))
      $$`);
    await runner.query(`
      CREATE FUNCTION search_vector(title text, tags text[], description text) RETURNS tsvector
      LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT setweight(to_tsvector('simple', search_words(title)), 'A')
            || setweight(to_tsvector('simple', search_words(array_to_string(tags, ' '))), 'B')
            || setweight(to_tsvector('simple', search_words(description)), 'D')
      $$`);
    await runner.query(`ALTER TABLE event ADD COLUMN search tsvector`);
    await runner.query(`UPDATE event SET search = search_vector(title, tags, description)`);
    await runner.query(`ALTER TABLE event ALTER COLUMN search SET NOT NULL`);
    // A trigger and not a generated column, which TypeORM would want to manage in a table of its own.
    await runner.query(`
      CREATE FUNCTION put_search_vector() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.search := search_vector(NEW.title, NEW.tags, NEW.description);
        RETURN NEW;
      END $$`);
    await runner.query(`
      CREATE TRIGGER put_search_vector_of_event BEFORE INSERT OR UPDATE OF title, tags, description ON event
        FOR EACH ROW EXECUTE FUNCTION put_search_vector()`);

    await runner.query(`CREATE INDEX ix_event_search ON event USING gin (search)`);
    await runner.query(`CREATE INDEX ix_event_title ON event USING gin (search_words(title) gin_trgm_ops)`);
    // The threshold is set by the call: pg_trgm's own, 0.6, knows “kuberntes” but not “kuberentes”. It is no SET clause of
    // the function, which only a superuser could bring back from a dump.
    await runner.query(`
      CREATE FUNCTION events_titled_like(said text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 10 AS $$
      BEGIN
        PERFORM set_config('pg_trgm.word_similarity_threshold', '0.44', true);
        RETURN QUERY SELECT event.id FROM event WHERE search_words(event.title) %> search_words(said);
      END $$`);
    await runner.query(
      `CREATE INDEX ix_meetup_group_search ON meetup_group USING gin (to_tsvector('simple', search_words(name)))`,
    );
    await runner.query(
      `CREATE INDEX ix_event_language ON event (lower(split_part(language, '-', 1)), starts_at, id) WHERE state <> 'DRAFT'`,
    );
    await runner.query(`CREATE INDEX ix_event_format ON event (format, starts_at, id) WHERE state <> 'DRAFT'`);
    await runner.query(`CREATE INDEX ix_event_venue ON event (venue_id, starts_at) WHERE venue_id IS NOT NULL`);
    await runner.query(
      `CREATE INDEX ix_venue_place ON venue (latitude, longitude) WHERE latitude IS NOT NULL AND longitude IS NOT NULL`,
    );
    // Great circle on a sphere (haversine): 0.5 % off the ellipsoid at most, which is less than one walks to the door.
    await runner.query(`
      CREATE FUNCTION distance_km(latitude float8, longitude float8, to_latitude float8, to_longitude float8)
      RETURNS float8 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT 2 * 6371.0088 * asin(least(1, sqrt(
          sind((to_latitude - latitude) / 2) ^ 2
          + cosd(latitude) * cosd(to_latitude) * sind((to_longitude - longitude) / 2) ^ 2)))
      $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX ix_venue_place, ix_event_venue, ix_event_format, ix_event_language,
      ix_meetup_group_search, ix_event_title, ix_event_search`);
    await runner.query(`DROP TRIGGER put_search_vector_of_event ON event`);
    await runner.query(`ALTER TABLE event DROP COLUMN search`);
    await runner.query(`DROP FUNCTION put_search_vector(), events_titled_like(text), search_vector(text, text[], text), search_words(text),
      distance_km(float8, float8, float8, float8)`);
  }
}
