import { Event, EventPerson, RunbookTask, Series, Venue } from '#events';
import { Group, Membership } from '#groups';
import { HistoryEntry } from '#history';
import { Person } from '#identity';
import { Contribution, Measure } from '#impact';
import { Message } from '#mail';
import { Registration } from '#registration';

/** Every table that is read as objects. Those only ever reached by SQL have no class. */
export const ENTITIES = [
  Person,
  HistoryEntry,
  Message,
  Group,
  Membership,
  Venue,
  Series,
  Event,
  EventPerson,
  RunbookTask,
  Registration,
  Contribution,
  Measure,
];
