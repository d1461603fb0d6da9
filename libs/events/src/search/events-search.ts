import { DomainError, cursorParts, sortedCursorParts } from '#kernel';
import { boxAround } from './box.ts';
import { EventFormat, EventState } from '../event.entity.ts';
import { EventSort, type NearInput } from './events-search.inputs.ts';
import type { EventFilter } from '../events.inputs.ts';

/** Nothing lasts longer than 31 days: an event that has not ended has not begun before that, which an index can tell. */
const LONGEST_MS = 32 * 86_400_000;
/** PostgreSQL knows no year 0. */
const EARLIEST = '0001-01-01T00:00:00.000Z';
const MOST_WORDS = 10;
/** Shorter words are one slip away from too many others. */
const FORGIVEN_FROM = 5;

/** A part of a WHERE clause, with what it holds. */
interface Condition {
  sql: string;
  holds?: Record<string, unknown>;
}

/** An order beside that of time: what is measured in SQL, smallest first. Equal ones come by start. */
export interface Measure {
  sql: string;
  holds: Record<string, unknown>;
}

/** Where a page begins: behind this place of the list. */
export interface Place {
  measure: string | null;
  at: string;
  id: string;
}

/** What the list of public events is narrowed by. Everything is one query, each condition with an index of its own. */
export function conditionsOf(filter: EventFilter, now: Date): Condition[] {
  const from = filter.from ?? now;
  const since = new Date(Math.max(from.getTime() - LONGEST_MS, Date.parse(EARLIEST)));
  const conditions: Condition[] = [
    { sql: 'event.state <> :draft', holds: { draft: EventState.DRAFT } },
    { sql: 'event.endsAt > :from AND event.startsAt > :since', holds: { from, since } },
  ];
  const { to, format, tag, group, series, language, text, near } = filter;
  if (to) conditions.push({ sql: 'event.startsAt < :to', holds: { to } });
  if (format) conditions.push({ sql: 'event.format = :format', holds: { format } });
  if (tag) conditions.push({ sql: 'event.tags @> ARRAY[:tag]::text[]', holds: { tag } });
  if (group)
    conditions.push({ sql: 'event.groupId = (SELECT id FROM meetup_group WHERE slug = :group)', holds: { group } });
  if (series)
    conditions.push({ sql: 'event.seriesId = (SELECT id FROM series WHERE slug = :series)', holds: { series } });
  if (language) conditions.push(...inLanguage(language));
  if (text != null) conditions.push(...wordsOf(text).map(withWord));
  if (near) conditions.push(nearTo(near));
  return conditions;
}

/** What a list is sorted by beside time; null for the order of time alone. */
export function measureOf(sort: EventSort, { text, near }: EventFilter): Measure | null {
  if (sort === EventSort.NEAREST) {
    if (!near) throw new DomainError('SORT', 'Nearest to what? Please give a point in `near`.', 'near');
    const { latitude, longitude } = near;
    return {
      // To the metre, so that a cursor holds exactly what is sorted by.
      sql: `(SELECT round(CAST(distance_km(venue.latitude, venue.longitude, :latitude, :longitude) AS numeric), 3)
               FROM venue WHERE venue.id = event.venueId)`,
      holds: { latitude, longitude },
    };
  }
  if (sort === EventSort.BEST) {
    if (text == null) throw new DomainError('SORT', 'Best for what? Please give words in `text`.', 'text');
    const words = wordsOf(text);
    return {
      sql: `round(CAST(-ts_rank(event.search, to_tsquery('simple', search_words(:anyWord)))
              - word_similarity(search_words(:words), search_words(event.title)) AS numeric), 6)`,
      holds: { anyWord: words.map(lexeme).join(' | '), words: words.join(' ') },
    };
  }
  return null;
}

/** The parts of a cursor, in the list that `placeIn` reads. */
export function cursorOf(sort: EventSort, { measure, at, id }: Place): string[] {
  return measure === null ? [at, id] : [sort, `${measure} ${at}`, id];
}

/** The place that a cursor marks. Refuses what we did not make, and cursors of another sort. */
export function placeIn(after: string, sort: EventSort): Place {
  if (sort === EventSort.SOONEST) return { measure: null, ...cursorParts(after) };
  const { key, id } = sortedCursorParts(after, sort, 'words');
  const [, measure, at] = key.match(/^(-?\d{1,9}(?:\.\d{1,9})?) (\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)$/) ?? [];
  if (measure && at && at >= EARLIEST && !Number.isNaN(Date.parse(at))) return { measure, at, id };
  throw new DomainError('CURSOR', 'That page marker is not one of ours. Please start again without `after`.', 'after');
}

/** A language in all its countries' ways, or in the one way that is asked for. */
function inLanguage(language: string): Condition[] {
  const whole = {
    sql: `lower(split_part(event.language, '-', 1)) = lower(split_part(:language, '-', 1))`,
    holds: { language },
  };
  return language.includes('-') ? [whole, { sql: 'lower(event.language) = lower(:language)' }] : [whole];
}

/** The words to look for, each of which has to be found. */
function wordsOf(text: string): string[] {
  const words = text.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const different = [...new Set(words)];
  if (different.length === 0)
    throw new DomainError('INPUT', 'Please give a word to look for, with at least one letter or digit.', 'text');
  if (different.length > MOST_WORDS)
    throw new DomainError('INPUT', `Please look for at most ${MOST_WORDS} words at once.`, 'text');
  return different;
}

/**
 * Each word stands in the title, the tags, the description or the name of the group, or begins a word there. One that
 * stands nowhere is taken for a slip, and titles with a word like it are found. Each is found apart and put together,
 * because no one index serves words of two tables.
 */
function withWord(word: string, index: number): Condition {
  const query = `to_tsquery('simple', search_words(:begins${index}))`;
  const alike = `UNION ALL SELECT events_titled_like(:word${index}) WHERE NOT EXISTS (SELECT FROM told)`;
  return {
    sql: `event.id IN (
      WITH told AS MATERIALIZED (
        SELECT saying.id FROM event AS saying WHERE saying.search @@ ${query}
        UNION ALL
        SELECT held.id FROM event AS held JOIN meetup_group AS home ON home.id = held.group_id
         WHERE to_tsvector('simple', search_words(home.name)) @@ ${query})
      SELECT id FROM told ${word.length < FORGIVEN_FROM ? '' : alike})`,
    holds: { [`begins${index}`]: lexeme(word), [`word${index}`]: word },
  };
}

/** A word as `to_tsquery` reads it. One or two Latin letters stand for themselves: “Go” is not the beginning of “Google”. */
function lexeme(word: string): string {
  return /^[a-z0-9]{1,2}$/i.test(word) ? `'${word}'` : `'${word}':*`;
}

/** First the venues in a box, by index, then the exact distance of those. */
function nearTo({ latitude, longitude, withinKm }: NearInput): Condition {
  const { south, north, spans } = boxAround(latitude, longitude, withinKm);
  const between = spans.map((_, index) => `longitude BETWEEN :west${index} AND :east${index}`).join(' OR ');
  return {
    sql: `event.format <> :online AND event.venueId IN (
      SELECT venue.id FROM venue WHERE latitude BETWEEN :south AND :north AND (${between})
         AND distance_km(latitude, longitude, :latitude, :longitude) <= :withinKm)`,
    holds: {
      online: EventFormat.ONLINE,
      south,
      north,
      latitude,
      longitude,
      withinKm,
      ...Object.fromEntries(
        spans.flatMap(([west, east], index) => [
          [`west${index}`, west],
          [`east${index}`, east],
        ]),
      ),
    },
  };
}
