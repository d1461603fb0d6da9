import { isSignedTicket, ticketCodeOf } from '#registration';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { create } from 'qrcode';
import { QUESTIONS, ask, heldBy, press, questionIds, satisfied } from '../pages/visit.ts';
import { barriers, openBrowser } from '../support/browser.ts';
import type { TestEvent, TestGroup } from '../support/builders.ts';
import { linkIn } from '../support/smtp.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const VENUE = { name: 'The Old Mill', address: 'Mill Lane 3, Berlin' };
const GUESTS: [string, string][] = [
  ['guest', 'Grace Guest'],
  ['guest', 'Linus Guest'],
];

let t: TestSystem;
let browser: Browser;
let group: TestGroup;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  [t, browser] = await Promise.all([testSystem(), openBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await t.stop();
});

beforeEach(async () => {
  t.clock.moveTo('2026-03-01T12:00:00Z');
  group = await t.a.group();
  await t.db.query('UPDATE meetup_group SET offer_hours = 24 WHERE id = $1', [group.id]);
  context = await browser.newContext({ baseURL: t.url, javaScriptEnabled: false });
  page = await context.newPage();
});
afterEach(() => context.close());

const heading = () => page.getByRole('heading', { level: 1 }).textContent();
const click = (role: 'link' | 'button', name: string) => page.getByRole(role, { name, exact: true }).click();

async function hybrid(facts: Record<string, unknown> = {}): Promise<TestEvent> {
  return t.a.event(group, {
    title: 'Maps for the food bank',
    format: 'HYBRID',
    venue: VENUE,
    capacityInPerson: 3,
    capacityOnline: 3,
    guestLimit: 6,
    questions: QUESTIONS,
    ...facts,
  });
}

/** The path behind the link in the newest mail to this address. */
async function mailedLink(recipient: string, part: string): Promise<string> {
  await t.sendMail();
  const mail = (await t.smtp.until((one) => one.recipient === recipient)).at(-1);
  if (!mail) throw new Error('A mail was waited for');
  return new URL(linkIn(mail, part)).pathname;
}

async function fillIn(name: string, email: string): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Your e-mail address').fill(email);
  await page.getByRole('radio', { name: /In the room/ }).check();
  await page.getByLabel('What do you eat?').fill('Soup');
  await page.getByRole('radio', { name: 'M & L' }).check();
  await page.getByRole('checkbox', { name: 'Bees' }).check();
  await page.getByRole('checkbox', { name: /I keep to the code of conduct/ }).check();
}

/** The text of a ticket, from the API; that the picture holds the same is told by drawing it again. */
async function ticketOf(event: TestEvent, path: string): Promise<{ text: string; key: string }> {
  const { registration } = await t.graphql(
    'query($token: String!) { registration(manageToken: $token) { ticketQr event { ticketKey } } }',
    { token: path.slice('/manage/'.length) },
  );
  expect(isSignedTicket(registration.event.ticketKey, event.id, registration.ticketQr)).toBe(true);
  return { text: registration.ticketQr, key: registration.event.ticketKey };
}

describe('somebody with a browser that runs no script', () => {
  it('brings two guests, shows tickets at the door, joins online instead, and gives the seats back', async () => {
    const event = await hybrid();
    await page.goto(`/events/${event.slug}`);
    await fillIn('Ada Attendee', 'ada@localhost');
    await page.getByLabel('Name of guest 1').fill('Grace Guest');
    await page.getByLabel('Name of guest 3').fill('Linus Guest');
    await click('button', 'Save my seat');
    await page.getByRole('link', { name: 'Please give an e-mail address' }).click();
    expect(await page.getByLabel('What do you eat?').inputValue()).toBe('Soup');
    expect(await page.getByRole('checkbox', { name: 'Bees' }).isChecked()).toBe(true);
    expect(await page.getByLabel('Name of guest 2').inputValue()).toBe('Linus Guest');
    await page.getByLabel('Your e-mail address').fill('ada@example.org');
    await click('button', 'Save my seat');
    expect(await heading()).toBe('You are in!');

    const manage = await mailedLink('ada@example.org', '/manage/');
    await page.goto(manage);
    expect(await heading()).toBe('You are all in');
    const picture = page.getByRole('img', { name: 'QR code of the ticket of Ada Attendee' });
    const box = await picture.boundingBox();
    expect([box?.width, box?.height].every((side) => side !== undefined && side >= 240)).toBe(true);
    const { text } = await ticketOf(event, manage);
    const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
    const drawn = (await picture.locator('path').nth(1).getAttribute('d')) ?? '';
    const dark = [...drawn.matchAll(/h(\d+)v/g)].reduce((sum, [, width]) => sum + Number(width), 0);
    expect(dark).toBe(data.reduce((sum, module) => sum + module, 0));
    expect(await picture.getAttribute('viewBox')).toBe(`0 0 ${size + 8} ${size + 8}`);
    expect(await page.locator('.code').first().textContent()).toBe(ticketCodeOf(text));
    await page.getByText('Ticket of Linus Guest').click();
    expect(await page.getByRole('img', { name: 'QR code of the ticket of Linus Guest' }).isVisible()).toBe(true);

    await click('link', 'Change answers');
    await page.getByLabel('What do you eat?').fill('Bread');
    await click('button', 'Save my answers');
    expect(await page.getByText('Bread', { exact: true }).isVisible()).toBe(true);

    await click('link', 'Join online instead');
    await click('button', 'Yes, I join online');
    const join = await page.getByRole('link', { name: 'Join online', exact: true }).getAttribute('href');
    await page.goto(join ?? '');
    expect(await heading()).toBe('You are early, how nice');

    await page.goto(manage);
    await click('link', 'Cancel my registration');
    await click('button', 'Yes, cancel it');
    expect(await heading()).toBe('You are not coming');
  });

  it('takes a seat that was offered, once the new question is answered; another gives theirs back', async () => {
    const event = await hybrid({
      format: 'ONLINE',
      venue: null,
      capacityInPerson: null,
      capacityOnline: 1,
      questions: [],
    });
    const [ada, bob, cleo] = [
      await heldBy(t, event, 'Ada'),
      await heldBy(t, event, 'Bob'),
      await heldBy(t, event, 'Cleo'),
    ];
    await ask(t, group, event, [QUESTIONS[5]]);
    await press(t, `${ada}/cancel`);
    await page.goto(bob);
    expect(await heading()).toBe('A seat is free for you');
    await click('link', 'Give it back');
    await click('button', 'Yes, give it back');
    expect(await heading()).toBe('You are not coming');

    await page.goto(await mailedLink(`cleo-${event.slug}@example.org`, '/accept'));
    await page.getByRole('checkbox', { name: /I keep to the code of conduct/ }).check();
    await click('button', 'Take the seat');
    expect(await heading()).toBe('You are in');
    expect(new URL(page.url()).pathname).toBe(cleo);
  });
});

describe('every page of a registration', () => {
  it.each(['light', 'dark'] as const)(
    'is open to everybody, with %s colours and on a phone',
    async (colorScheme) => {
      const event = await hybrid({ capacityOnline: 5 });
      const ids = await questionIds(t, event);
      const answers = satisfied(ids);
      const room: [string, string][] = [['pool', 'IN_PERSON'], ...answers];
      const party = await heldBy(t, event, 'Ada', [...room, ...GUESTS]);
      const offered = await heldBy(t, event, 'Bob', [...room, ...GUESTS]);
      const waiting = await heldBy(t, event, 'Cleo', [...room, ...GUESTS]);
      const online = await heldBy(t, event, 'Dora', [['pool', 'ONLINE'], ...answers, ['guest', 'Grace Guest']]);
      const approval = await t.a.event(group, { approvalRequired: true });
      const pending = await heldBy(t, approval, 'Ada');

      const visit = await browser.newContext({ baseURL: t.url, colorScheme, viewport: { width: 390, height: 844 } });
      const phone = await visit.newPage();
      const complaints: string[] = [];
      phone.on('console', (message) => complaints.push(message.text()));
      const look = async (name: string, path: string) => {
        await phone.goto(path);
        const sideways = await phone.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect([name, sideways, await barriers(phone)]).toEqual([name, 0, []]);
      };
      await look('register', `/events/${event.slug}`);
      await look('confirmed', party);
      await look('switch', `${party}/switch`);
      await heldBy(t, event, 'Eve', [['pool', 'ONLINE'], ...answers]);
      await look('switch-full', `${waiting}/switch`);
      await press(t, `${party}/cancel`);
      const before = QUESTIONS.map((question, index) => ({ ...question, id: ids[index] }));
      await ask(t, group, event, [...before, { kind: 'YES_NO', label: 'Do you help us clean up?', required: true }]);
      await look('offered', offered);
      await look('accept', `${offered}/accept`);
      await look('decline', `${offered}/cancel`);
      await look('waitlisted', waiting);
      await look('online', online);
      await look('answers', `${online}/answers`);
      await look('pending', pending);
      await look('new-link', `${online}/new-link`);
      await look('cancelled', party);

      const link = await phone.goto(online).then(() => phone.getByRole('link', { name: 'Join online', exact: true }));
      const path = (await link.getAttribute('href')) ?? '';
      await look('waiting-still', `${path}?still`);
      await phone.goto(path);
      // A page that loads again by itself has to let people stop that first (WCAG 2.2.1); the rule cannot see that it does.
      expect((await barriers(phone)).join()).toMatch(/^meta-refresh:[^,]*$/);
      expect(await phone.getByRole('link', { name: 'Do not look again by itself' }).isVisible()).toBe(true);
      t.clock.moveTo('2026-03-17T15:50:00Z');
      await look('still-coming', online);
      await look('joined', `${path}?look`);
      t.clock.moveTo('2026-03-17T19:50:00Z');
      await look('over', path);
      expect(complaints).toEqual([]);

      t.clock.moveTo('2026-03-01T12:00:00Z');
      await phone.goto(`/events/${event.slug}`);
      await phone.getByLabel('Your name').fill('Fay');
      await phone.getByLabel('Your e-mail address').fill('fay@example.org');
      await phone.getByRole('radio', { name: /In the room/ }).check();
      await phone.evaluate("document.querySelector('form[action*=register]').noValidate = true");
      await phone.getByRole('button', { name: /Save my seat|Join the waitlist/ }).click();
      expect(await phone.getByRole('alert').getByRole('link').count()).toBeGreaterThan(1);
      expect(await barriers(phone)).toEqual([]);
      await visit.close();
    },
    60_000,
  );
});
