import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { UPDATE_EVENT } from '../support/documents.ts';
import { linkIn } from '../support/smtp.ts';
import type { TestSystem } from '../support/system.ts';

interface Seen {
  status: number;
  headers: Headers;
  /** Where it leads, or empty. */
  location: string;
  text: string;
}

type Fields = [name: string, value: string][];

/** A page as a browser without script asks for it; redirects are shown, not followed. */
export async function look(t: TestSystem, path: string, request: RequestInit = {}): Promise<Seen> {
  const answer = await fetch(t.url + path, {
    ...request,
    headers: { accept: 'text/html', ...(request.headers as Record<string, string>) },
    redirect: 'manual',
  });
  const { status, headers } = answer;
  return { status, headers, location: headers.get('location') ?? '', text: await answer.text() };
}

/** A form as a browser sends it from a page of ours. */
export function press(t: TestSystem, path: string, fields: Fields = [], site = 'same-origin'): Promise<Seen> {
  return look(t, path, {
    method: 'POST',
    headers: { 'sec-fetch-site': site },
    body: new URLSearchParams(fields),
  });
}

/** Sends the registration form of an event. */
export async function registerOn(t: TestSystem, event: TestEvent, fields: Fields): Promise<Seen> {
  const { text } = await look(t, `/events/${event.slug}`);
  const key = /name="idempotencyKey" value="([^"]+)"/.exec(text)?.[1] ?? '';
  return press(t, `/events/${event.slug}/register`, [['idempotencyKey', key], ...fields]);
}

/** Registers on the page, and gives back the path of the manage link that was mailed. */
export async function heldBy(t: TestSystem, event: TestEvent, name: string, fields: Fields = []): Promise<string> {
  const email = `${name.toLowerCase()}-${event.slug}@example.org`;
  const sent = await registerOn(t, event, [['name', name], ['email', email], ...fields]);
  if (sent.status !== 303) throw new Error(`Refused: ${sent.text}`);
  await t.sendMail();
  const [mail] = await t.smtp.until(({ recipient }) => recipient === email);
  if (!mail) throw new Error('A mail was waited for');
  return new URL(linkIn(mail, '/manage/')).pathname;
}

/** What is asked of people by an event with one question of each kind. */
export const QUESTIONS = [
  { kind: 'SHORT_TEXT', label: 'What do you eat?', help: 'We cook for all.', required: true },
  { kind: 'LONG_TEXT', label: 'What do you hope for?', required: false },
  { kind: 'ONE_CHOICE', label: 'Which size?', required: true, options: ['S', 'M & L'] },
  { kind: 'MANY_CHOICES', label: 'Which talks?', required: false, options: ['Maps', 'Bees', 'Bread'] },
  { kind: 'YES_NO', label: 'Do you bring a laptop?', required: false },
  { kind: 'CONSENT', label: 'I keep to the code of conduct.', required: true },
];

/** The ids of an event's questions, in order. */
export async function questionIds(t: TestSystem, event: TestEvent): Promise<string[]> {
  const [{ questions }] = await t.db.query('SELECT questions FROM event WHERE id = $1', [event.id]);
  return (questions as { id: string }[]).map(({ id }) => id);
}

/** Answers that satisfy `QUESTIONS`, as the form sends them. */
export function satisfied(ids: string[]): Fields {
  const [eat, hope, size, talks, laptop, conduct] = ids.map((id) => `answer-${id}`);
  return [
    [String(eat), 'Everything'],
    [String(hope), 'Friends,\r\nand <maps>'],
    [String(size), 'M & L'],
    [String(talks), 'Maps'],
    [String(talks), 'Bread'],
    [String(laptop), 'no'],
    [String(conduct), 'yes'],
  ];
}

/** Changes what an event asks. */
export async function ask(t: TestSystem, group: TestGroup, event: TestEvent, questions: unknown[]): Promise<void> {
  const input = { eventId: event.id, questions };
  payload((await t.graphql(UPDATE_EVENT, { input }, group.organizer.key)).updateEvent);
}
