/** A day and time as people write it in this language, with the zone: “Tuesday 17 March 2026 at 17:00 CET”. */
export function mailDate(instant: Date, timeZone: string, language: string): string {
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
