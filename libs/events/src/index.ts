export { CopyEventResolver } from './copy-event.resolver.ts';
export { occurrenceTimes } from './event-facts.ts';
export { EventPerson, EventRole } from './event-person.entity.ts';
export { Event, EventFormat, EventState, Pool } from './event.entity.ts';
export { EventsListService } from './events-list.service.ts';
export {
  CancelEventInput,
  CreateEventInput,
  EventIdInput,
  UpdateEventInput,
  UpdateSeriesInput,
} from './events.inputs.ts';
export { EventsModule } from './events.module.ts';
export { eventsById, lockEvent, peopleByEvent, venueFor, venuesById } from './events.queries.ts';
export { EventPayload, EventPersonResolver, EventsResolver } from './events.resolver.ts';
export { EventsService, type EventChange } from './events.service.ts';
export { type Occurrence, type OccurrenceWindow, type Recurrence } from './recurrence.ts';
export { FillSeriesTask } from './fill-series.task.ts';
export { Question, QuestionKind, hasOptions } from './question.ts';
export { RunbookTask } from './runbook-task.entity.ts';
export { Series, SeriesKind } from './series.entity.ts';
export { SeriesPayload, SeriesResolver } from './series.resolver.ts';
export { SeriesService, lockSeries } from './series.service.ts';
export { Venue } from './venue.entity.ts';
