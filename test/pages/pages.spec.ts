import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { CANCEL_EVENT, FINISH_EVENT, UPDATE_EVENT } from '../support/documents.ts';
import { linkIn } from '../support/smtp.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const JOIN_URL = 'https://meet.example/secret-room';
const ROOM = { format: 'IN_PERSON', joinUrl: null, venue: { name: 'The Old Mill', address: 'Mill Lane 3, Berlin' } };

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
});
afterAll(() => t.stop());
beforeEach(async () => {
  t.clock.moveTo('2026-03-01T12:00:00Z');
  group = await t.a.group();
});

/** A page as a browser asks for it; redirects are shown, not followed. */
async function open(path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(t.url + path, { headers: { accept: 'text/html', ...headers }, redirect: 'manual' });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

async function send(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const answer = await fetch(t.url + path, {
    method: 'POST',
    headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', ...headers },
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  return { status: answer.status, location: answer.headers.get('location') ?? '', text: await answer.text() };
}

const register = (event: TestEvent, fields: Record<string, string>) => send(`/events/${event.slug}/register`, fields);

async function keyIn(event: TestEvent): Promise<string> {
  return /name="idempotencyKey" value="([^"]+)"/.exec((await open(`/events/${event.slug}`)).text)?.[1] ?? '';
}

/** Registers on the page, and gives back the path of the manage link that was mailed. */
async function manageLinkOf(event: TestEvent, name: string): Promise<string> {
  const email = `${name.toLowerCase()}-${event.slug}@example.org`;
  await register(event, { name, email, idempotencyKey: await keyIn(event) });
  await t.sendMail();
  const [mail] = await t.smtp.until(({ recipient }) => recipient === email);
  if (!mail) throw new Error('A mail was waited for');
  return new URL(linkIn(mail, '/manage/')).pathname;
}

describe('an event’s page', () => {
  it('says what, when in its own zone, where, with whom, and who can get in', async () => {
    const event = await t.a.event(group, {
      ...ROOM,
      title: 'Maps for the food bank',
      description: 'Bring:\n- a laptop\n- a friend',
      timeZone: 'America/New_York',
      capacityInPerson: 3,
      accessibility: { stepFree: true, captions: false, notes: 'Ring the bell.' },
      people: [{ name: 'Samira Speaker', email: 'samira@example.org', role: 'SPEAKER', topic: 'Drawing maps' }],
    });
    const { status, text } = await open(`/events/${event.slug}`);
    expect(status).toBe(200);
    for (const words of [
      'Maps for the food bank',
      'Tuesday, 17 March 2026',
      '17:00–18:30 GMT-4',
      'America/New_York',
      'The Old Mill',
      '<li>a laptop</li>',
      'Samira Speaker',
      'Drawing maps',
      'No steps from the street to the seat',
      'No live captions',
      'Ring the bell.',
      '3 seats left',
      `/calendar/events/${event.slug}.ics`,
    ])
      expect(text).toContain(words);
    expect(text).not.toContain('sign language'); // nothing was said about it
  });

  it('shows a hostile title as the text that it is, in words and in data', async () => {
    const title = `</title><script>alert("1")</script>`;
    const event = await t.a.event(group, { title, description: '<img src=x onerror=alert(1)>' });
    for (const path of [`/events/${event.slug}`, `/groups/${group.slug}`, '/']) {
      const { text } = await open(path);
      expect(text).toContain('&lt;/title&gt;&lt;script&gt;alert(');
      expect(text).not.toContain('<script>');
      expect(text).not.toContain('<img');
    }
    const { text } = await open(`/events/${event.slug}`);
    const data = /<script type="application\/ld\+json">([^<]*)<\/script>/.exec(text)?.[1] ?? '';
    expect(JSON.parse(data)).toMatchObject({ '@type': 'Event', name: title, startDate: '2026-03-17T16:00:00.000Z' });
  });

  it('keeps the address to join from everybody who has no seat', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const manage = await manageLinkOf(event, 'Ada');
    const waiting = await manageLinkOf(event, 'Bob');
    for (const path of [`/events/${event.slug}`, `/groups/${group.slug}`, '/', '/essentials', waiting])
      expect((await open(path)).text).not.toContain(JOIN_URL);
    const { text } = await open(manage);
    expect(text).toMatch(/href="\/join\/[\w-]{43}"/); // their own link, and not where it leads
    expect(text).not.toContain(JOIN_URL);
  });

  it('is not there for strangers while it is a draft, and is for those who prepare it', async () => {
    const event = await t.a.event(group);
    await t.db.query(`UPDATE event SET state = 'DRAFT' WHERE id = $1`, [event.id]);
    expect((await open(`/events/${event.slug}`)).status).toBe(404);
    expect((await register(event, { name: 'Ada', email: 'ada@example.org' })).status).toBe(404);
    const seen = await open(`/events/${event.slug}`, { authorization: `Bearer ${group.organizer.key}` });
    expect(seen.status).toBe(200);
    expect(seen.text).toContain('Draft');
    expect(seen.text).not.toContain('<form method="post" action="/events/');
  });

  it('crosses out what was cancelled, and says why', async () => {
    const event = await t.a.event(group);
    payload(
      (await t.graphql(CANCEL_EVENT, { input: { eventId: event.id, reason: 'The roof leaks.' } }, group.organizer.key))
        .cancelEvent,
    );
    const { text } = await open(`/events/${event.slug}`);
    expect(text).toMatch(/<h1[^>]*><s>Event \d+<\/s><\/h1>/);
    expect(text).toContain('The roof leaks.');
    expect(text).toContain('EventCancelled');
    expect(text).not.toContain('idempotencyKey');
  });

  it('leads to the recording when it is over', async () => {
    const event = await t.a.event(group);
    t.clock.moveTo('2026-03-17T19:00:00Z');
    payload((await t.graphql(FINISH_EVENT, { input: { eventId: event.id } }, group.organizer.key)).finishEvent);
    const recordingUrl = 'https://videos.example/1';
    payload(
      (await t.graphql(UPDATE_EVENT, { input: { eventId: event.id, recordingUrl } }, group.organizer.key)).updateEvent,
    );
    const { text } = await open(`/events/${event.slug}`);
    expect(text).toContain(`href="${recordingUrl}"`);
    expect(text).not.toContain('idempotencyKey');
  });

  it('says when registration opens, in the zone of the event', async () => {
    const event = await t.a.event(group, { registrationOpensAt: '2026-03-10T08:00:00Z' });
    const { text } = await open(`/events/${event.slug}`);
    expect(text).toContain('Registration opens on Tuesday, 10 March 2026 at 09:00 CET.');
    expect(text).not.toContain('idempotencyKey');
  });

  it('is found under a name in any script', async () => {
    const event = await t.a.event(group);
    const slug = `${'日本語コミュニティの集まり'.repeat(5)}-2026-03-17`;
    await t.db.query('UPDATE event SET slug = $2 WHERE id = $1', [event.id, slug]);
    expect((await open(`/events/${encodeURIComponent(slug)}`)).status).toBe(200);
  });
});

describe('the form', () => {
  it('gives a seat, and promises a mail that does come', async () => {
    const event = await t.a.event(group);
    const sent = await register(event, { name: 'Ada', email: ' ADA@example.org ', idempotencyKey: await keyIn(event) });
    expect(sent.status).toBe(303);
    const { status, text, headers } = await open(sent.location);
    expect(status).toBe(200);
    expect(text).toContain('You are in!');
    expect(text).toContain('We wrote to you');
    expect(headers.get('cache-control')).toBe('no-store');
    const [{ ticket_code: ticket, kind }] = await t.db.query(
      `SELECT ticket_code, kind FROM registration JOIN message ON message.registration_id = registration.id
        WHERE registration.event_id = $1 AND to_address = 'ada@example.org'`,
      [event.id],
    );
    expect(kind).toBe('registered');
    expect(text).not.toContain(ticket); // whoever typed an address need not be its owner
    expect(text).not.toContain('/manage/');
  });

  it('gives a place in line when all seats are taken', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const answers: string[] = [];
    for (const name of ['Ada', 'Bob', 'Cleo']) {
      const { location } = await register(event, {
        name,
        email: `${name}@example.org`,
        idempotencyKey: await keyIn(event),
      });
      answers.push(/<h1>(.*)<\/h1>/.exec((await open(location)).text)?.[1] ?? '');
    }
    expect(answers).toEqual(['You are in!', 'You are number 1 on the waitlist', 'You are number 2 on the waitlist']);
    const { text } = await open(`/events/${event.slug}`);
    expect(text).toContain('2 people are waiting');
    expect(text).toContain('Join the waitlist');
  });

  it('keeps what was typed and says beside each field what is wrong with it', async () => {
    const event = await t.a.event(group, { ...ROOM, format: 'HYBRID', joinUrl: JOIN_URL });
    const { status, text } = await register(event, {
      name: '"><i>',
      email: 'ada@',
      pool: 'ONLINE',
      idempotencyKey: 'too',
    });
    expect(status).toBe(422);
    expect(text).toContain('value="&quot;&gt;&lt;i&gt;"');
    expect(text).toContain('value="ada@"');
    expect(text).toMatch(/<p class="error" id="email-error">\s*Please give an e-mail address/);
    expect(text).toMatch(/id="email"[^>]*aria-invalid="true"[^>]*aria-describedby="email-error email-hint"/);
    expect(text).toMatch(/value="ONLINE"[^>]*checked/);
    expect(text).toContain('role="alert"');
  });

  it('tells all that is missing at once', async () => {
    const event = await t.a.event(group);
    const { status, text } = await register(event, {});
    expect(status).toBe(422);
    expect(text).toContain('id="name-error"');
    expect(text).toContain('id="email-error"');
  });

  it('asks how one wants to take part in a hybrid event', async () => {
    const event = await t.a.event(group, { ...ROOM, format: 'HYBRID', joinUrl: JOIN_URL, capacityInPerson: 1 });
    const ada = { name: 'Ada', email: 'ada-hybrid@example.org', idempotencyKey: await keyIn(event) };
    const refused = await register(event, ada);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Please choose whether you come to the room or join online.');
    expect((await register(event, { ...ada, pool: 'IN_PERSON' })).status).toBe(303);
    const { text } = await open(`/events/${event.slug}`);
    expect(text).toContain('Full: nobody is waiting yet');
    expect(text).toContain('Room for everybody');
  });

  it('sent twice asks once', async () => {
    const event = await t.a.event(group);
    const form = { name: 'Ada', email: 'ada-twice@example.org', idempotencyKey: await keyIn(event) };
    const [first, second] = [await register(event, form), await register(event, form)];
    expect([first.status, second.status]).toEqual([303, 303]);
    const [{ count }] = await t.db.query('SELECT count(*)::int FROM registration WHERE event_id = $1', [event.id]);
    expect(count).toBe(1);
  });

  it('used again for a friend is refused once, and then goes through', async () => {
    const event = await t.a.event(group);
    const idempotencyKey = await keyIn(event);
    await register(event, { name: 'Ada', email: 'ada-friend@example.org', idempotencyKey });
    const refused = await register(event, { name: 'Bob', email: 'bob-friend@example.org', idempotencyKey });
    expect(refused.status).toBe(422);
    const fresh = /name="idempotencyKey" value="([^"]+)"/.exec(refused.text)?.[1] ?? '';
    const sent = await register(event, { name: 'Bob', email: 'bob-friend@example.org', idempotencyKey: fresh });
    expect(sent.status).toBe(303);
  });

  it('is not followed when another site sends it', async () => {
    const event = await t.a.event(group);
    const fields = { name: 'Ada', email: 'ada-elsewhere@example.org' };
    const path = `/events/${event.slug}/register`;
    expect((await send(path, fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const [{ count }] = await t.db.query('SELECT count(*)::int FROM registration WHERE event_id = $1', [event.id]);
    expect(count).toBe(0);
  });

  it('refuses characters that cannot be stored, and leads back when loaded again', async () => {
    const event = await t.a.event(group);
    expect((await register(event, { name: 'A\0da', email: 'ada@example.org' })).status).toBe(422);
    const again = await open(`/events/${event.slug}/register`);
    expect([again.status, again.headers.get('location')]).toEqual([303, `/events/${event.slug}`]);
  });

  it('has no answer that somebody else made up', async () => {
    const [event, other] = [await t.a.event(group), await t.a.event(group)];
    const { location } = await register(other, {
      name: 'Ada',
      email: 'ada@example.org',
      idempotencyKey: await keyIn(other),
    });
    const query = location.slice(location.indexOf('?'));
    expect((await open(`/events/${other.slug}/registered${query}`)).status).toBe(200);
    for (const made of [query, '?answer=', '?answer=CONFIRMED', ''])
      expect((await open(`/events/${event.slug}/registered${made}`)).status).toBe(404);
  });

  it('knows a person who signed in', async () => {
    const event = await t.a.event(group);
    const { text, headers } = await open(`/events/${event.slug}`, { authorization: `Bearer ${group.member.key}` });
    expect(text).toContain(`value="${group.member.email}"`);
    expect(text).toContain('Signed in as Member');
    expect(headers.get('cache-control')).toBe('private, no-cache');
  });
});

describe('the manage page', () => {
  it('shows the ticket to who holds the link, and tells nobody its address', async () => {
    const event = await t.a.event(group, ROOM);
    const { status, text, headers } = await open(await manageLinkOf(event, 'Ada'));
    const [{ ticket_code: ticket }] = await t.db.query('SELECT ticket_code FROM registration WHERE event_id = $1', [
      event.id,
    ]);
    expect(status).toBe(200);
    expect(text).toContain(ticket);
    expect(text).toContain('The Old Mill');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-robots-tag')).toBe('noindex');
  });

  it('asks before it cancels, and the seat goes to who waited longest', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const [ada, bob] = [await manageLinkOf(event, 'Ada'), await manageLinkOf(event, 'Bob')];
    expect((await open(bob)).text).toContain('You are number 1 on the waitlist');

    const asked = await open(`${ada}/cancel`);
    expect(asked.text).toContain('Yes, cancel it');
    expect((await open(ada)).text).toContain('You are in'); // asking changed nothing

    const done = await send(`${ada}/cancel`, {});
    expect([done.status, done.location]).toEqual([303, ada]);
    expect((await open(ada)).text).toContain('You are not coming');
    expect((await open(bob)).text).toContain('You are in');
    expect((await send(`${ada}/cancel`, {})).status).toBe(303); // a second press is harmless
    expect((await open(`${ada}/cancel`)).status).toBe(303);
    expect((await open(bob)).text).toContain('You are in');
  });

  it('does not cancel for another site', async () => {
    const event = await t.a.event(group);
    const ada = await manageLinkOf(event, 'Ada');
    expect((await send(`${ada}/cancel`, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await open(ada)).text).toContain('You are in');
  });

  it('says kindly that a cancellation comes too late', async () => {
    const event = await t.a.event(group);
    const ada = await manageLinkOf(event, 'Ada');
    t.clock.moveTo('2026-03-17T19:00:00Z');
    payload((await t.graphql(FINISH_EVENT, { input: { eventId: event.id } }, group.organizer.key)).finishEvent);
    const late = await send(`${ada}/cancel`, {});
    expect([late.status, late.text.includes('This meetup is over.')]).toEqual([422, true]);
    expect((await open(ada)).text).not.toContain(JOIN_URL);
  });

  it.each(['x', 'A'.repeat(43), '%00', '..%2f..'])('does not know the link %s', async (token) => {
    const { status, text } = await open(`/manage/${token}`);
    expect(status).toBe(404);
    expect(text).toContain('<h1>');
    expect((await open(`/manage/${token}/cancel`)).status).toBe(404);
    expect((await send(`/manage/${token}/cancel`, {})).status).toBe(404);
  });
});

describe('the pages to look around on', () => {
  it('show what comes next, and let proxies keep what strangers see for a minute', async () => {
    const event = await t.a.event(group, {
      title: 'An evening of lightning talks',
      startsAtLocal: '2026-03-10T17:00', // before all others: a page holds twenty
      endsAtLocal: '2026-03-10T18:00',
    });
    for (const path of ['/', `/groups/${group.slug}`]) {
      const { status, text, headers } = await open(path);
      expect(status).toBe(200);
      expect(text).toContain('An evening of lightning talks');
      expect(text).toContain(`/events/${event.slug}`);
      expect(headers.get('cache-control')).toBe('public, max-age=60');
      expect(headers.get('set-cookie')).toBeNull();
    }
    const signedIn = await open('/', { authorization: `Bearer ${group.member.key}` });
    expect(signedIn.headers.get('cache-control')).toBe('private, no-cache');
  });

  it('offer a group’s calendar to every program', async () => {
    const { text } = await open(`/groups/${group.slug}`);
    const feed = `goodturn.test/calendar/groups/${group.slug}.ics`;
    expect(text).toContain(`<link rel="alternate" type="text/calendar"`);
    expect(text).toContain(`href="webcal://${feed}"`);
    expect(text).toContain(`href="http://${feed}"`);
    expect(text).toContain(`https://calendar.google.com/calendar/r?cid=${encodeURIComponent(`webcal://${feed}`)}`);
    expect(text).toContain(
      `https://outlook.live.com/calendar/0/addfromweb?url=${encodeURIComponent(`http://${feed}`)}`,
    );
  });

  it('tell of Essentials: the next session, and the recorded ones', async () => {
    expect((await open('/essentials')).text).toContain('The next session is being prepared.');
    const [next, past] = [
      await t.a.event(group, { title: 'Essentials in March' }),
      await t.a.event(group, {
        title: 'Essentials in January',
        startsAtLocal: '2026-01-20T17:00',
        endsAtLocal: '2026-01-20T18:00',
      }),
    ];
    await t.db.query(
      `WITH made AS (INSERT INTO series (id, group_id, slug, kind, title, description, rule, starts_at_local, duration_minutes,
              time_zone, language, format, tags, accessibility, changed_at, created_at)
            VALUES (gen_random_uuid(), $1, 'essentials', 'ESSENTIALS', 'Essentials', '', 'FREQ=MONTHLY;COUNT=4', '2026-01-20T17:00', 60,
              'Europe/Berlin', 'en', 'ONLINE', '{}', '{}', now(), now()) RETURNING id)
       UPDATE event SET series_id = made.id, occurrence_key = event.starts_at_local FROM made WHERE event.id = ANY($2)`,
      [group.id, [next.id, past.id]],
    );
    payload((await t.graphql(FINISH_EVENT, { input: { eventId: past.id } }, group.organizer.key)).finishEvent);
    expect((await open('/essentials')).text).not.toContain('Essentials in January'); // no recording yet
    const recordingUrl = 'https://videos.example/january';
    payload(
      (await t.graphql(UPDATE_EVENT, { input: { eventId: past.id, recordingUrl } }, group.organizer.key)).updateEvent,
    );
    const { text } = await open('/essentials');
    expect(text).toContain('Essentials in March');
    expect(text).toContain(`href="${recordingUrl}"`);
    expect(text).toContain('/calendar/series/essentials.ics');
  });

  it.each([
    '/groups/nobody',
    '/events/nobody',
    '/groups/%00',
    '/events/%0Ax',
    '/nowhere',
    `/groups/${'x'.repeat(300)}`,
  ])('say in a page that there is nothing at %s', async (path) => {
    const { status, headers, text } = await open(path);
    expect(status).toBe(404);
    expect(headers.get('content-type')).toContain('text/html');
    expect(text).toContain('This page does not exist');
  });

  it('say so to programs in JSON', async () => {
    const answer = await fetch(`${t.url}/nowhere`, { headers: { accept: 'application/json' } });
    expect([answer.status, await answer.json()]).toMatchObject([404, { statusCode: 404 }]);
  });
});
