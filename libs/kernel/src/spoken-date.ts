/**
 * A day and time as people say it in this language (BCP 47), with the zone. In `en-GB`: “Tuesday, 17 March 2026 at
 * 17:00 WET”.
 */
export function spokenDate(instant: Date, timeZone: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  }).format(instant);
}
