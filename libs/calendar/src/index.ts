export { CalendarModule } from './calendar.module.ts';
export { FeedHandler } from './feed-handler.ts';
export { calendarEventOf, uidOf, type ShownEvent } from './feed.ts';
export { renderCalendar, type Calendar, type CalendarEvent } from './ics.ts';
