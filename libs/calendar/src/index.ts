export { CalendarModule } from './calendar.module.ts';
export { feedPath, tokenHashOf, type FeedAddress } from './feed-address.ts';
export { FeedHandler } from './feed-handler.ts';
export { PersonalFeeds } from './personal-feeds.ts';
export { calendarEventOf, type Feed, type ShownEvent } from './feed.ts';
export { shownEvents, type Window } from './feeds.queries.ts';
export { type Calendar, type CalendarEvent, type OwnPlace } from './ics.ts';
export { renderInvitation, type Invitation, type Mailbox } from './invitation.ts';
export { plainText } from './plain-text.ts';
