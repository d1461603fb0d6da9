import { isSignedTicket, signedTicket } from '#registration';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from 'qrcode';
import type { TestEvent, TestGroup } from '../support/builders.ts';
import { testEnvironment } from '../support/config.ts';
import { testSystem, type TestSystem } from '../support/system.ts';
import { QUESTIONS, ask, heldBy, look, press, questionIds, satisfied } from './visit.ts';

const VENUE = { name: 'The Old Mill', address: 'Mill Lane 3, Berlin' };
const ROOM = { format: 'IN_PERSON', joinUrl: null, venue: VENUE };
const HYBRID = { format: 'HYBRID', venue: VENUE };
const IN_PERSON: [string, string][] = [['pool', 'IN_PERSON']];

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

const heading = async (path: string) => /<h1>([^<]*)<\/h1>/.exec((await look(t, path)).text)?.[1];

/** Bob, who is offered the seat that Ada gave back; with the questions of the event as they were before. */
async function offered(event: TestEvent, fields: [string, string][] = []): Promise<string> {
  await t.db.query('UPDATE meetup_group SET offer_hours = 24 WHERE id = $1', [group.id]);
  const ada = await heldBy(t, event, 'Ada', fields);
  const bob = await heldBy(t, event, 'Bob', fields);
  await press(t, `${ada}/cancel`);
  return bob;
}

/** The modules of the QR codes on a page, dark ones as `1`, read from the picture. */
function codesOn(text: string): string[] {
  return [...text.matchAll(/<svg\s+class="qr"[^>]*viewBox="0 0 (\d+) \1"[^>]*>.*?<path fill="#000" d="([^"]*)"/gs)].map(
    ([, side, path]) => {
      const size = Number(side) - 8; // four modules of quiet on each side
      const dark = Array.from({ length: size }, () => Array.from({ length: size }, () => '0'));
      for (const [, x, y, width] of (path ?? '').matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
        dark[Number(y) - 4]?.fill('1', Number(x) - 4, Number(x) - 4 + Number(width));
      return dark.flat().join('');
    },
  );
}

async function signedTickets(event: TestEvent): Promise<{ texts: string[]; key: string }> {
  const rows: { ticket_code: string }[] = await t.db.query(
    'SELECT ticket_code FROM registration WHERE event_id = $1 ORDER BY name',
    [event.id],
  );
  const { SECRET = '' } = testEnvironment('', '');
  const { event: told } = await t.graphql('query($slug: String!) { event(slug: $slug) { ticketKey } }', {
    slug: event.slug,
  });
  return { texts: rows.map((row) => signedTicket(SECRET, event.id, row.ticket_code)), key: told.ticketKey };
}

describe('the ticket', () => {
  it('is a QR code that the event has signed, one for each guest, with its letters beside it', async () => {
    const event = await t.a.event(group, { ...ROOM, guestLimit: 2 });
    const ada = await heldBy(t, event, 'Ada', [
      ['guest', 'Grace'],
      ['guest', 'Linus'],
    ]);
    const { text } = await look(t, ada);
    expect(text).toContain('You are all in');
    const { texts, key } = await signedTickets(event);
    expect(texts.map((one) => isSignedTicket(key, event.id, one))).toEqual([true, true, true]);
    const drawn = texts.map((one) => create(one, { errorCorrectionLevel: 'M' }).modules.data.join(''));
    expect(codesOn(text)).toEqual(drawn);
    for (const name of ['Ada', 'Grace', 'Linus'])
      expect(text).toContain(`aria-label="QR code of the ticket of ${name}"`);
    expect(text).toMatch(/<summary[^>]*>\s*Ticket of Linus/);
    expect(text.match(/<p class="code">[0-9A-Z]{5}-[0-9A-Z]{5}<\/p>/g)).toHaveLength(3);
  });

  it('is shown to nobody who has no seat', async () => {
    const event = await t.a.event(group, { ...ROOM, capacityInPerson: 1 });
    await heldBy(t, event, 'Ada');
    const { text } = await look(t, await heldBy(t, event, 'Bob'));
    expect(codesOn(text)).toEqual([]);
    expect(text).not.toContain('class="code"');
  });

  it('is a link of one’s own for an online seat, with the time at which it opens', async () => {
    const event = await t.a.event(group, { guestLimit: 1 });
    const ada = await heldBy(t, event, 'Ada', [['guest', 'Grace']]);
    const { text } = await look(t, ada);
    expect(text).toContain('It opens on Tuesday, 17 March 2026 at 16:45 CET.');
    const links = [...text.matchAll(/href="(\/join\/[\w-]{43})"/g)].map(([, path]) => path);
    expect(new Set(links).size).toBe(2); // Ada's own, and the one for Grace
    expect(codesOn(text)).toEqual([]);
  });
});

describe('somebody who waits', () => {
  it('is told their place, and why', async () => {
    const event = await t.a.event(group, { capacityOnline: 3, guestLimit: 2 });
    await heldBy(t, event, 'Ada', [
      ['guest', 'Alan'],
      ['guest', 'Barbara'],
    ]);
    const bob = await heldBy(t, event, 'Bob');
    const party = await heldBy(t, event, 'Cleo', [
      ['guest', 'Grace'],
      ['guest', 'Linus'],
    ]);
    const dora = await heldBy(t, event, 'Dora');
    expect((await look(t, bob)).text).toContain('Nobody is ahead of you: whoever has waited longest');
    const { text } = await look(t, party);
    expect(text).toContain('You are number 2 on the waitlist');
    expect(text).toContain('One person is ahead of you, and you and your 2 guests get seats together');
    expect((await look(t, dora)).text).toContain('You are number 5 on the waitlist');
    expect((await look(t, dora)).text).toContain('4 people are ahead of you');
  });

  it('is told that organizers still have to decide', async () => {
    const event = await t.a.event(group, { approvalRequired: true });
    const ada = await heldBy(t, event, 'Ada');
    expect(await heading(ada)).toBe('We have your request');
    expect(await heading(`${ada}/cancel`)).toBe('Take your request back?');
    expect((await press(t, `${ada}/cancel`)).location).toBe(ada);
    expect(await heading(ada)).toBe('You are not coming');
  });
});

describe('an offered seat', () => {
  it('says until when it is held, and is taken by a button', async () => {
    const event = await t.a.event(group, { ...ROOM, capacityInPerson: 1 });
    const bob = await offered(event);
    const { text } = await look(t, bob);
    expect(text).toContain('A seat is free for you');
    expect(text).toContain('We hold it for you until Monday, 2 March 2026 at 13:00 CET.');
    expect(codesOn(text)).toEqual([]);
    expect(await heading(`${bob}/accept`)).toBe('A seat is free for you');
    expect(await heading(bob)).toBe('A seat is free for you'); // looking took nothing
    expect((await press(t, `${bob}/accept`, [], 'cross-site')).status).toBe(403);
    const taken = await press(t, `${bob}/accept`);
    expect([taken.status, taken.location]).toEqual([303, bob]);
    expect(taken.headers.get('cache-control')).toBe('no-store');
    expect(taken.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await heading(bob)).toBe('You are in');
    expect((await look(t, `${bob}/accept`)).location).toBe(bob);
    expect((await press(t, `${bob}/accept`)).status).toBe(303); // a second press is harmless
  });

  it('can be given back, and goes to the next', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const bob = await offered(event);
    expect(await heading(`${bob}/cancel`)).toBe('Give it back?');
    await press(t, `${bob}/cancel`);
    expect(await heading(bob)).toBe('You are not coming');
    const late = await press(t, `${bob}/accept`);
    expect([late.status, late.text.includes('The offer has run out, or the seat was given back.')]).toEqual([
      422,
      true,
    ]);
  });

  it('asks first what the form asks by now, and keeps what was answered before', async () => {
    const [eat, , , , , conduct] = QUESTIONS;
    const event = await t.a.event(group, { capacityOnline: 1, questions: [eat] });
    const [eatId] = await questionIds(t, event);
    const bob = await offered(event, [[`answer-${eatId}`, 'Soup']]);
    await ask(t, group, event, [{ ...eat, id: eatId }, conduct]);
    expect((await look(t, bob)).text).toContain(`href="${bob}/accept"`);
    const form = await look(t, `${bob}/accept`);
    expect(form.text).toMatch(
      new RegExp(`name="answer-${eatId}"[^>]*value="Soup"|value="Soup"[^>]*name="answer-${eatId}"`),
    );
    expect(form.text).toContain('Take the seat');
    const refused = await press(t, `${bob}/accept`); // an old page, or a browser that asks for nothing
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('I keep to the code of conduct. Please answer this question.');
    expect(refused.text).toContain('value="Soup"');
    const [, conductId] = await questionIds(t, event);
    await press(t, `${bob}/accept`, [[`answer-${conductId}`, 'yes']]);
    expect(await heading(bob)).toBe('You are in');
    const [{ answers }] = await t.db.query(`SELECT answers FROM registration WHERE event_id = $1 AND name = 'Bob'`, [
      event.id,
    ]);
    expect(answers).toEqual({ [String(eatId)]: 'Soup', [String(conductId)]: true });
  });
});

describe('answers', () => {
  it('are shown, changed, and taken back by leaving a field empty', async () => {
    const event = await t.a.event(group, { questions: QUESTIONS });
    const ids = await questionIds(t, event);
    const [eat, hope, size, , , conduct] = ids;
    const ada = await heldBy(t, event, 'Ada', satisfied(ids));
    const { text } = await look(t, ada);
    for (const words of ['Friends,\nand &lt;maps&gt;', 'M &amp; L', 'Maps, Bread']) expect(text).toContain(words);
    expect((await look(t, `${ada}/answers`)).text).toMatch(/value="Bread"\s*checked/);
    const asked = ids.map((id): [string, string] => ['asked', id]);
    const saved = await press(t, `${ada}/answers`, [
      ...asked,
      [`answer-${eat}`, 'Soup'],
      [`answer-${size}`, 'S'],
      [`answer-${conduct}`, 'yes'],
    ]);
    expect([saved.status, saved.location]).toEqual([303, ada]);
    const [{ answers }] = await t.db.query('SELECT answers FROM registration WHERE event_id = $1', [event.id]);
    expect(answers).toEqual({ [String(eat)]: 'Soup', [String(size)]: 'S', [String(conduct)]: true });
    expect(answers).not.toHaveProperty(String(hope));
    expect((await look(t, ada)).text).toContain('Not answered');
  });

  it('that are refused stay in the form, and nothing is changed', async () => {
    const event = await t.a.event(group, { questions: QUESTIONS });
    const ids = await questionIds(t, event);
    const [eat, hope] = ids;
    const ada = await heldBy(t, event, 'Ada', satisfied(ids));
    const refused = await press(t, `${ada}/answers`, [
      ['asked', String(eat)],
      [`answer-${eat}`, 'x'.repeat(201)],
      [`answer-${hope}`, 'Rain'],
    ]);
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(new RegExp(`id="answer-${eat}-error">\\s*Please keep this under 200 characters`));
    expect(refused.text).toContain('Rain');
    const [{ answers }] = await t.db.query('SELECT answers FROM registration WHERE event_id = $1', [event.id]);
    expect(answers[String(eat)]).toBe('Everything');
    expect((await press(t, `${ada}/answers`, [], 'cross-site')).status).toBe(403);
  });

  it('are asked for when new questions come up, until the meetup begins', async () => {
    const event = await t.a.event(group, { questions: [QUESTIONS[1]] });
    const [hope] = await questionIds(t, event);
    const ada = await heldBy(t, event, 'Ada');
    expect((await look(t, ada)).text).not.toContain('ask something new');
    await ask(t, group, event, [{ ...QUESTIONS[1], id: hope }, QUESTIONS[4]]);
    expect((await look(t, ada)).text).toContain('The organizers ask something new');
    await press(t, `${ada}/answers`, [['asked', String(hope)]]);
    expect((await look(t, ada)).text).not.toContain('ask something new');
    t.clock.moveTo('2026-03-17T16:30:00Z');
    expect((await look(t, ada)).text).not.toContain(`${ada}/answers`);
    expect((await press(t, `${ada}/answers`, [['asked', String(hope)]])).text).toContain('The meetup has begun');
  });

  it('are not spoken of where nothing is asked', async () => {
    const event = await t.a.event(group);
    const ada = await heldBy(t, event, 'Ada');
    expect((await look(t, ada)).text).not.toContain('Your answers');
    expect((await look(t, `${ada}/answers`)).location).toBe(ada);
  });
});

describe('switching', () => {
  it('moves somebody with their guests when there is room, and asks before it does', async () => {
    const event = await t.a.event(group, { ...HYBRID, guestLimit: 1, capacityInPerson: 2, capacityOnline: 2 });
    const ada = await heldBy(t, event, 'Ada', [...IN_PERSON, ['guest', 'Grace']]);
    expect((await look(t, ada)).text).toContain('Join online instead');
    const asked = await look(t, `${ada}/switch`);
    expect(asked.text).toContain('Your guests move with you.');
    expect((await press(t, `${ada}/switch`)).location).toBe(ada);
    const rows = await t.db.query('SELECT pool FROM registration WHERE event_id = $1', [event.id]);
    expect(rows).toEqual([{ pool: 'ONLINE' }, { pool: 'ONLINE' }]);
    expect((await look(t, ada)).text).toContain('Come in person instead');
  });

  it('says kindly that there is no room, and everything stays as it was', async () => {
    const event = await t.a.event(group, { ...HYBRID, capacityOnline: 1 });
    await heldBy(t, event, 'Ada', [['pool', 'ONLINE']]);
    const bob = await heldBy(t, event, 'Bob', IN_PERSON);
    const asked = await look(t, `${bob}/switch`);
    expect(asked.text).toContain('There is no room there at the moment');
    expect(asked.text).not.toContain('<form method="post" action="/manage/');
    const refused = await press(t, `${bob}/switch`);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('There is no room there at the moment. You keep the place you have.');
    expect(codesOn((await look(t, bob)).text)).toHaveLength(1);
  });

  it('is not offered where there is one way only', async () => {
    const event = await t.a.event(group);
    const ada = await heldBy(t, event, 'Ada');
    expect((await look(t, ada)).text).not.toContain('/switch');
    expect((await look(t, `${ada}/switch`)).location).toBe(ada);
  });
});

describe('whether somebody still comes', () => {
  it('is asked two days before, said once, and remembered', async () => {
    const event = await t.a.event(group, { askStillComing: true });
    const ada = await heldBy(t, event, 'Ada');
    expect((await look(t, ada)).text).not.toContain('Are you still coming?');
    t.clock.moveTo('2026-03-16T12:00:00Z');
    expect((await look(t, ada)).text).toContain('Are you still coming?');
    expect(await heading(`${ada}/coming`)).toBe('Still coming?');
    const [{ said }] = await t.db.query('SELECT still_coming_at AS said FROM registration WHERE event_id = $1', [
      event.id,
    ]);
    expect(said).toBeNull();
    expect((await press(t, `${ada}/coming`, [], 'cross-site')).status).toBe(403);
    expect((await press(t, `${ada}/coming`)).location).toBe(ada);
    expect((await look(t, ada)).text).toContain('You told us that you are coming.');
    expect((await look(t, `${ada}/coming`)).location).toBe(ada);
  });

  it('is nothing to say for somebody without a seat', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    await heldBy(t, event, 'Ada');
    const bob = await heldBy(t, event, 'Bob');
    expect((await look(t, `${bob}/coming`)).location).toBe(bob);
    expect((await press(t, `${bob}/coming`)).status).toBe(422);
  });
});

describe('a link that somebody else has seen', () => {
  it('is made useless, and the new one comes by mail', async () => {
    const event = await t.a.event(group);
    const ada = await heldBy(t, event, 'Ada');
    const joinLink = /href="(\/join\/[\w-]{43})"/.exec((await look(t, ada)).text)?.[1] ?? '';
    expect(await heading(`${ada}/new-link`)).toBe('A new link?');
    expect((await look(t, ada)).status).toBe(200); // asking changed nothing
    expect((await press(t, `${ada}/new-link`, [], 'cross-site')).status).toBe(403);
    const sent = await press(t, `${ada}/new-link`);
    expect(sent.text).toContain('A new link is on its way');
    expect((await look(t, ada)).status).toBe(404);
    expect((await press(t, `${ada}/cancel`)).status).toBe(404);
    expect((await look(t, joinLink)).status).toBe(404);
    await t.sendMail();
    const mails = await t.smtp.until(({ recipient }) => recipient === `ada-${event.slug}@example.org`, 2);
    const fresh = /\/manage\/[\w-]{43}/.exec(String(mails.at(-1)?.html))?.[0] ?? '';
    expect(fresh).not.toBe(ada);
    expect(await heading(fresh)).toBe('You are in');
  });
});

describe('the address of a step', () => {
  it.each(['accept', 'answers', 'switch', 'coming', 'new-link', 'cancel'])(
    '%s knows no link that is not ours',
    async (step) => {
      const path = `/manage/${'A'.repeat(43)}/${step}`;
      expect([(await look(t, path)).status, (await press(t, path)).status]).toEqual([404, 404]);
    },
  );

  it('that there is not leads nowhere', async () => {
    const event = await t.a.event(group);
    const ada = await heldBy(t, event, 'Ada');
    expect([(await look(t, `${ada}/fly`)).status, (await press(t, `${ada}/constructor`)).status]).toEqual([404, 404]);
  });

  it.each(['accept', 'answers', 'switch', 'coming', 'cancel'])(
    '%s asks for nothing once the meetup is called off',
    async (step) => {
      const event = await t.a.event(group, { ...HYBRID, questions: [QUESTIONS[1]] });
      const ada = await heldBy(t, event, 'Ada', IN_PERSON);
      await t.db.query(`UPDATE event SET state = 'CANCELLED' WHERE id = $1`, [event.id]);
      expect((await look(t, `${ada}/${step}`)).location).toBe(ada);
      expect((await look(t, ada)).text).toContain('This meetup was cancelled');
    },
  );
});
