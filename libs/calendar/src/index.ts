export { CalendarModule } from './calendar.module.ts';
export { feedPath, type FeedAddress } from './feed-address.ts';
export { FeedHandler } from './feed-handler.ts';
export { type ShownEvent } from './feed.ts';
export { type Calendar, type CalendarEvent } from './ics.ts';
export { plainText } from './plain-text.ts';
