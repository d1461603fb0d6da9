/**
 * A day and time as people say it in this language (BCP 47), with the zone: “Tuesday, 17 March 2026 at 17:00 WET”.
 * English of no country is written as in `en-GB`: it names zones that `en` would only count (“GMT+0”), and its hours are
 * understood everywhere.
 */
export function spokenDate(instant: Date, timeZone: string, language: string): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
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
