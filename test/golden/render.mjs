/** Prints every feed as JSON, to see what a process of its own makes of them: Jest's sandbox does not pass TZ on. */
import { register } from 'node:module';

register('./typescript.mjs', import.meta.url);
const { FEEDS } = await import('./feeds.ts');
const { renderCalendar } = await import('../../libs/calendar/src/ics.ts');
const rendered = Object.entries(FEEDS).map(([name, calendar]) => [name, renderCalendar(calendar)]);
console.log(JSON.stringify({ timezoneOffset: new Date(0).getTimezoneOffset(), feeds: Object.fromEntries(rendered) }));
