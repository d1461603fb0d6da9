import { folded } from './words.ts';

/** How the seven languages write hours, minutes and seconds, in full and cut short. */
const SECONDS_PER: [number, string[]][] = [
  [3600, ['h', 'hr', 'hrs', 'hour', 'hours', 'Std', 'Stunde', 'Stunden', 'heure', 'heures', 'hora', 'horas']],
  [3600, ['godz', 'godzina', 'godziny', 'godzin', '時間']],
  [
    60,
    ['m', 'min', 'mins', 'mn', 'minute', 'minutes', 'Minuten', 'minuto', 'minutos', 'minuta', 'minuty', 'minut', '分'],
  ],
  [1, ['s', 'sec', 'secs', 'second', 'seconds', 'Sek', 'Sekunde', 'Sekunden', 'seconde', 'secondes']],
  [1, ['seg', 'segundo', 'segundos', 'sekunda', 'sekundy', 'sekund', '秒']],
];

const UNITS = new Map(SECONDS_PER.flatMap(([seconds, words]) => words.map((word) => [folded(word), seconds] as const)));

const CLOCK = /^(\d{1,3}):([0-5]\d)(?::([0-5]\d))?$/;
const NUMBER = /^\d{1,6}(?:[.,]\d{1,6})?$/;
const PART = /(\d{1,6}(?:[.,]\d{1,6})?)\s*([^\d\s.,]+)[.,]?\s*/gu;

/**
 * The minutes that `text` tells: `1h 2m 3s` as the seven languages spell it, `01:02:03`, `1:02` (hours and minutes) or
 * a plain number of minutes. Null when it tells none.
 */
export function minutesIn(text: string): number | null {
  const plain = text.trim();
  if (NUMBER.test(plain)) return numberIn(plain);
  const clock = CLOCK.exec(plain);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]) + Number(clock[3] ?? 0) / 60;
  if (plain === '' || plain.length > 60 || plain.replace(PART, '') !== '') return null;
  let seconds = 0;
  for (const [, amount = '', unit = ''] of plain.matchAll(PART)) {
    const each = UNITS.get(folded(unit));
    if (each === undefined) return null;
    seconds += numberIn(amount) * each;
  }
  return seconds / 60;
}

function numberIn(text: string): number {
  return Number(text.replace(',', '.'));
}
