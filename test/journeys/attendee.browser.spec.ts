import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { barriers, openBrowser } from '../support/browser.ts';
import type { TestEvent, TestGroup } from '../support/builders.ts';
import { linkIn } from '../support/smtp.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let browser: Browser;
let group: TestGroup;
let event: TestEvent;
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
  group = await t.a.group();
  event = await t.a.event(group, { capacityOnline: 1, title: 'Maps for the food bank' });
  context = await browser.newContext({ baseURL: t.url, javaScriptEnabled: false });
  page = await context.newPage();
});
afterEach(() => context.close());

const heading = () => page.getByRole('heading', { level: 1 }).textContent();

/** The path behind the link in the newest mail to this address. */
async function mailedLink(recipient: string, part: string): Promise<string> {
  await t.sendMail();
  const mail = (await t.smtp.until((one) => one.recipient === recipient)).at(-1);
  if (!mail) throw new Error('A mail was waited for');
  const { pathname, search } = new URL(linkIn(mail, part));
  return pathname + search;
}

async function register(name: string, email: string): Promise<void> {
  await page.goto(`/events/${event.slug}`);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Your e-mail address').fill(email);
  await page.getByRole('button', { name: /Save my seat|Join the waitlist/ }).click();
}

describe('somebody with a browser that runs no script', () => {
  it('finds a meetup, gets a seat, opens the mailed link, and gives the seat back', async () => {
    await page.goto(`/groups/${group.slug}`);
    await page.getByRole('link', { name: 'Maps for the food bank' }).click();
    await register('Ada Attendee', 'ada@example.org');
    expect(await heading()).toBe('You are in!');
    await register('Bob Behind', 'bob@example.org');
    expect(await heading()).toBe('You are number 1 on the waitlist');

    const link = await mailedLink('ada@example.org', '/manage/');
    await page.goto(link);
    expect(await heading()).toBe('You are in');
    await page.getByRole('link', { name: 'Cancel my registration' }).click();
    await page.getByRole('link', { name: 'No, keep it' }).click();
    expect(await heading()).toBe('You are in');
    await page.getByRole('link', { name: 'Cancel my registration' }).click();
    await page.getByRole('button', { name: 'Yes, cancel it' }).click();
    expect(await heading()).toBe('You are not coming');

    await page.goto(await mailedLink('bob@example.org', '/manage/'));
    expect(await heading()).toBe('You are in');
    expect(await page.getByRole('link', { name: 'Join online' }).getAttribute('href')).toMatch(/^\/join\/[\w-]{43}$/);
  });

  it('sees beside the field what the browser let pass and we did not', async () => {
    await register('Ada', 'ada@localhost');
    expect(await page.getByRole('alert').textContent()).toContain('Please give an e-mail address');
    expect(await page.getByLabel('Your name').inputValue()).toBe('Ada');
    expect(await page.getByLabel('Your e-mail address').getAttribute('aria-invalid')).toBe('true');
    expect(new URL(page.url()).hash).toBe('#register'); // where the form is, on a phone too
    await page.getByLabel('Your e-mail address').fill('ada-corrected@example.org');
    await page.getByRole('button', { name: 'Save my seat' }).click();
    expect(await heading()).toBe('You are in!');
  });

  it('signs in by a link that may be opened twice, because opening it does nothing', async () => {
    await page.goto(`/events/${event.slug}`);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Your e-mail address').fill(group.member.email);
    await page.getByRole('button', { name: 'Send me a link' }).click();
    const link = await mailedLink(group.member.email, '/sign-in/');

    await page.goto(link); // a mail scanner
    await page.goto(link);
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(new URL(page.url()).pathname).toBe(`/events/${event.slug}`);
    expect(await page.getByText('Signed in as Member').isVisible()).toBe(true);
    expect(await page.getByLabel('Your e-mail address').inputValue()).toBe(group.member.email);

    await page.goto(link);
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await heading()).toBe('This link no longer works');
    await page.goto('/');
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await page.getByRole('link', { name: 'Sign in' }).isVisible()).toBe(true);
  });

  it('gets around with the keyboard alone', async () => {
    await page.goto(`/events/${event.slug}`);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
    await page.getByLabel('Your name').focus();
    await page.keyboard.type('Ada');
    await page.keyboard.press('Tab');
    await page.keyboard.type('ada-keys@example.org');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/registered?**');
    expect(await heading()).toBe('You are in!');
  });
});

describe('every page', () => {
  it.each(['light', 'dark'] as const)(
    'is open to everybody, with %s colours and on a phone',
    async (colorScheme) => {
      await register('Ada Attendee', `ada-${colorScheme}@example.org`);
      const manage = await mailedLink(`ada-${colorScheme}@example.org`, '/manage/');
      const hybrid = await t.a.event(group, {
        format: 'HYBRID',
        venue: { name: 'The Old Mill', address: 'Mill Lane 3, Berlin' },
        capacityInPerson: 2,
        accessibility: { stepFree: true, notes: 'Ring the bell.' },
        description: '# Agenda\n- Talks\n- [Questions](https://example.org)',
      });
      const called = await t.a.event(group, { title: 'Called off' });
      await t.db.query(`UPDATE event SET state = 'CANCELLED', cancel_reason = 'The roof leaks.' WHERE id = $1`, [
        called.id,
      ]);

      const visit = await browser.newContext({ baseURL: t.url, colorScheme, viewport: { width: 390, height: 844 } });
      const phone = await visit.newPage();
      const complaints: string[] = [];
      phone.on('console', (message) => complaints.push(message.text()));
      const look = async (what: string) => {
        const sideways = await phone.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect([what, sideways, await barriers(phone)]).toEqual([what, 0, []]);
      };
      for (const path of [
        '/',
        '/essentials',
        `/groups/${group.slug}`,
        `/events/${event.slug}`,
        `/events/${hybrid.slug}`,
        `/events/${called.slug}`,
        manage,
        `${manage}/cancel`,
        '/sign-in',
      ]) {
        await phone.goto(path);
        await look(path);
      }
      expect(complaints).toEqual([]); // such as of the content security policy
      await phone.goto('/nowhere');
      await look('the page that is not there');

      await phone.goto(`/events/${event.slug}`);
      await phone.getByLabel('Your name').fill('Bob');
      await phone.getByLabel('Your e-mail address').fill('bob@localhost');
      await phone.getByRole('button', { name: 'Join the waitlist' }).click();
      await look('the form that was refused');
      await phone.getByLabel('Your e-mail address').fill(`bob-${colorScheme}@example.org`);
      await phone.getByRole('button', { name: 'Join the waitlist' }).click();
      await look('the answer to the form');
      await visit.close();
    },
    60_000,
  );

  it('is checked by rules that would notice', async () => {
    const visit = await browser.newContext();
    const bare = await visit.newPage();
    await bare.setContent('<img src="data:,"><p style="color: #ccc">Hard to read</p>');
    expect((await barriers(bare)).join()).toMatch(/color-contrast.*image-alt/);
    await visit.close();
  });
});
