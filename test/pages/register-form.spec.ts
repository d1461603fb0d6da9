import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TestGroup } from '../support/builders.ts';
import { testSystem, type TestSystem } from '../support/system.ts';
import { QUESTIONS, look, questionIds, registerOn, satisfied } from './visit.ts';

const ADA: [string, string][] = [
  ['name', 'Ada'],
  ['email', 'ada@example.org'],
];

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

describe('a form with questions', () => {
  it('asks in the words of the organizers, and says in words what has to be answered', async () => {
    const event = await t.a.event(group, { questions: QUESTIONS });
    const { text } = await look(t, `/events/${event.slug}`);
    for (const { label, required } of QUESTIONS)
      expect(text).toMatch(
        new RegExp(
          `${label.replace('?', '\\?')}</span>\\s*<span class="need">\\(${required ? 'required' : 'optional'}\\)`,
        ),
      );
    const [eat, hope, , talks, laptop] = await questionIds(t, event);
    expect(text).toMatch(new RegExp(`<input[^>]*name="answer-${eat}"[^>]*required[^>]*answer-${eat}-hint`));
    expect(text).toContain('We cook for all.');
    expect(text).toMatch(new RegExp(`<textarea[^>]*name="answer-${hope}"`));
    expect(text.match(new RegExp(`type="checkbox"\\s*name="answer-${talks}"`, 'g'))).toHaveLength(3);
    expect(text).toContain('value="M &amp; L"');
    expect(text).toContain(`name="answer-${laptop}"`);
  });

  it('offers many options as a list that opens', async () => {
    const options = Array.from({ length: 20 }, (_, index) => `Table ${index + 1}`);
    const event = await t.a.event(group, {
      questions: [{ kind: 'ONE_CHOICE', label: 'Which table?', required: true, options }],
    });
    const { text } = await look(t, `/events/${event.slug}`);
    expect(text.match(/<option value="Table \d+"/g)).toHaveLength(20);
    const [table] = await questionIds(t, event);
    expect((await registerOn(t, event, [...ADA, [`answer-${table}`, 'Table 20']])).status).toBe(303);
  });

  it('keeps what was answered', async () => {
    const event = await t.a.event(group, { questions: QUESTIONS });
    const ids = await questionIds(t, event);
    expect((await registerOn(t, event, [...ADA, ...satisfied(ids)])).status).toBe(303);
    const [{ answers }] = await t.db.query('SELECT answers FROM registration WHERE event_id = $1', [event.id]);
    expect(ids.map((id) => answers[id])).toEqual([
      'Everything',
      'Friends,\nand <maps>',
      'M & L',
      ['Maps', 'Bread'],
      false,
      true,
    ]);
  });

  it('refused, comes back with all that was typed, and each fault beside its field and above', async () => {
    const event = await t.a.event(group, { questions: QUESTIONS, guestLimit: 2 });
    const [eat, hope, size, talks, laptop, conduct] = await questionIds(t, event);
    const { status, text } = await registerOn(t, event, [
      ...ADA,
      [`answer-${hope}`, 'Friends,\r\nand <maps>'],
      [`answer-${size}`, 'XXL'],
      [`answer-${talks}`, 'Bees'],
      [`answer-${laptop}`, 'yes'],
      ['guest', ''],
      ['guest', 'Grace "Amazing" Hopper'],
    ]);
    expect(status).toBe(422);
    for (const id of [eat, size, conduct]) {
      expect(text).toContain(`<a href="#answer-${id}">`);
      expect(text).toMatch(new RegExp(`<p class="error" id="answer-${id}-error">`));
    }
    expect(text).toMatch(/What do you eat\? Please answer this question\./);
    expect(text).toMatch(new RegExp(`aria-describedby="answer-${eat}-error answer-${eat}-hint"`));
    expect(text).toContain('Friends,\nand &lt;maps&gt;');
    expect(text).toMatch(/value="Bees"\s*checked/);
    expect(text).not.toMatch(/value="Maps"\s*checked/);
    expect(text).toMatch(/value="yes"\s*checked/);
    expect(text).toMatch(/id="guest-1"[^>]*value="Grace &quot;Amazing&quot; Hopper"/);
    expect(text).toContain('value="ada@example.org"');
  });

  it('says beside the question that an answer is too long, also where only its shape is wrong', async () => {
    const event = await t.a.event(group, { questions: QUESTIONS });
    const ids = await questionIds(t, event);
    const [, hope] = ids;
    const answers = satisfied(ids).filter(([name]) => name !== `answer-${hope}`);
    const { status, text } = await registerOn(t, event, [...ADA, ...answers, [`answer-${hope}`, 'x'.repeat(4001)]]);
    expect(status).toBe(422);
    expect(text).toMatch(new RegExp(`id="answer-${hope}-error">\\s*Please keep this under 4,000 characters`));
  });
});

describe('a form for people who bring others', () => {
  it('has a field for each guest, the first four at once', async () => {
    const event = await t.a.event(group, { guestLimit: 6 });
    const { text } = await look(t, `/events/${event.slug}`);
    expect(text).toContain('You can bring up to 6 guests.');
    expect(text).toContain('Who comes with you?');
    const [shown, rest] = text.split('<details >');
    expect(shown?.match(/name="guest"/g)).toHaveLength(4);
    expect(rest?.match(/name="guest"/g)).toHaveLength(2);
  });

  it('gives all of them seats, and leaves out fields left empty', async () => {
    const event = await t.a.event(group, { guestLimit: 3, capacityOnline: 3 });
    const sent = await registerOn(t, event, [...ADA, ['guest', 'Grace'], ['guest', '  '], ['guest', 'Linus']]);
    expect(sent.status).toBe(303);
    const rows = await t.db.query('SELECT name, state FROM registration WHERE event_id = $1 ORDER BY name', [event.id]);
    expect(rows).toEqual(['Ada', 'Grace', 'Linus'].map((name) => ({ name, state: 'CONFIRMED' })));
  });

  it('opens the rest of the fields where something stands in them, and names whose name is too long', async () => {
    const event = await t.a.event(group, { guestLimit: 6 });
    const guests = ['A', 'B', 'C', 'D', 'x'.repeat(121)].map((name): [string, string] => ['guest', name]);
    const { status, text } = await registerOn(t, event, [...ADA, ...guests]);
    expect(status).toBe(422);
    expect(text).toContain('<details open>');
    expect(text).toMatch(/href="#guest-5"/);
    expect(text).toMatch(/id="guest-5-error">\s*Please give a name/);
  });

  it('keeps the names of those that are too many, and says how many may come', async () => {
    const event = await t.a.event(group, { guestLimit: 1 });
    const { status, text } = await registerOn(t, event, [...ADA, ['guest', 'Grace'], ['guest', 'Linus']]);
    expect(status).toBe(422);
    expect(text).toMatch(/id="guests-error">\s*You can bring up to 1 guest to this event\./);
    expect(text).toMatch(/<fieldset\s+id="guests"[^>]*aria-describedby="guests-error guests-hint"/);
    expect(text).toContain('value="Linus"');
  });

  it('does not grow beyond reason, whatever is sent', async () => {
    const event = await t.a.event(group, { guestLimit: 1 });
    const many = Array.from({ length: 5000 }, (): [string, string] => ['guest', 'x']);
    const { status, text } = await registerOn(t, event, [...ADA, ...many]);
    expect(status).toBe(422);
    expect(text.match(/name="guest"/g)?.length).toBeLessThan(60);
  });
});

describe('a form that organizers look at first', () => {
  it('says so, asks for a seat, and promises an answer', async () => {
    const event = await t.a.event(group, { approvalRequired: true, guestLimit: 1 });
    const { text } = await look(t, `/events/${event.slug}`);
    expect(text).toContain('The organizers look at each registration first. You can bring a guest.');
    expect(text).toMatch(/<button type="submit">\s*Ask for a seat/);
    const { location } = await registerOn(t, event, ADA);
    const answer = await look(t, location);
    expect(answer.text).toContain('<h1>We have your request</h1>');
    expect(answer.text).toContain('as soon as they have decided');
  });

  it('is not mentioned where it is not so', async () => {
    const event = await t.a.event(group);
    const { text } = await look(t, `/events/${event.slug}`);
    expect(text).not.toContain('organizers look at');
    expect(text).not.toContain('Who comes with you?');
    expect(text).not.toContain('(required)');
  });
});
