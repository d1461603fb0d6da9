import type { Config } from '#kernel';
import { MailButton, MailFrame, mailDate, type MailTemplate, type Message } from '#mail';
import type { ReactElement, ReactNode } from 'react';
import { registrationFacts, type RegistrationFacts } from './mail-facts.queries.ts';

/** A mail about one registration: what it says beyond its subject, given the facts. Null when it no longer holds. */
type Letter = (
  facts: RegistrationFacts,
  message: Message,
) => { subject: string; title: string; body: ReactNode } | null;

/** How the mails about registrations are written. */
export function registrationMails(config: Config): MailTemplate[] {
  return Object.entries(LETTERS).map(([kind, letter]) => registrationMail(kind, config, letter));
}

/** A template for a mail about one registration. Also used by the follow-ups. */
export function registrationMail(kind: string, config: Config, letter: Letter): MailTemplate {
  return {
    kind,
    write: async (message, db, now) => {
      const facts = await registrationFacts(db, config, message, now);
      const written = facts && letter(facts, message);
      if (!facts || !written) return null;
      const { language, text, name, event } = facts;
      return {
        subject: written.subject,
        element: (
          <MailFrame language={language} title={written.title} footer={text('why.registered', { event })}>
            <p>{text('greeting', { name })}</p>
            {written.body}
          </MailFrame>
        ),
      };
    },
  };
}

const LETTERS: Record<string, Letter> = {
  registered: ({ text, ...facts }) => ({
    subject: text('registered.subject', facts),
    title: text('registered.title'),
    body: (
      <>
        <p>{text('registered.body', facts)}</p>
        <Facts text={text} {...facts} />
        <p>{text('registered.ticket', { code: facts.ticketCode })}</p>
        <MailButton href={facts.manageUrl}>{text('manage')}</MailButton>
        <p>{text('registered.plans')}</p>
      </>
    ),
  }),
  waitlisted: ({ text, ...facts }, message) => ({
    subject: text('waitlisted.subject', facts),
    title: text('waitlisted.title'),
    body: (
      <>
        <p>{text('waitlisted.body', { ...facts, position: String(Number(message.facts.position)) })}</p>
        <Facts text={text} {...facts} />
        <MailButton href={facts.manageUrl}>{text('manage')}</MailButton>
        <p>{text('waitlisted.leave')}</p>
      </>
    ),
  }),
  promoted: ({ text, ...facts }) =>
    facts.state === 'CONFIRMED'
      ? {
          subject: text('promoted.subject', facts),
          title: text('promoted.title'),
          body: (
            <>
              <p>{text('promoted.body', facts)}</p>
              <Facts text={text} {...facts} />
              <p>{text('registered.ticket', { code: facts.ticketCode })}</p>
              <MailButton href={facts.manageUrl}>{text('manage')}</MailButton>
              <p>{text('promoted.plans')}</p>
            </>
          ),
        }
      : null, // cancelled again before this could be sent
  changed: ({ text, ...facts }, message) =>
    facts.eventState === 'CANCELLED' || facts.state === 'CANCELLED'
      ? null // the mail about that says all
      : {
          subject: text('changed.subject', facts),
          title: text('changed.title'),
          body: (
            <>
              <p>{text('changed.body', facts)}</p>
              <Facts text={text} {...facts} />
              <p>{text('changed.before', { when: before(message) })}</p>
              <MailButton href={facts.manageUrl}>{text('manage')}</MailButton>
              <p>{text('changed.plans')}</p>
            </>
          ),
        },
  'event-cancelled': ({ text, ...facts }) => ({
    subject: text('cancelled.subject', facts),
    title: text('cancelled.title', facts),
    body: (
      <>
        <p>{text('cancelled.body', facts)}</p>
        {facts.cancelReason && <p>{text('cancelled.reason', { reason: facts.cancelReason })}</p>}
        <MailButton href={facts.groupUrl}>{text('cancelled.next', facts)}</MailButton>
      </>
    ),
  }),
  left: ({ text, ...facts }) => ({
    subject: text('left.subject', facts),
    title: text('left.title'),
    body: (
      <>
        <p>{text('left.body', facts)}</p>
        <MailButton href={facts.eventUrl}>{text('eventPage')}</MailButton>
      </>
    ),
  }),
  removed: ({ text, ...facts }) => ({
    subject: text('removed.subject', facts),
    title: text('removed.title'),
    body: <p>{text('removed.body', facts)}</p>,
  }),
};

/** When and where, as every mail before an event tells it. */
export function Facts({
  text,
  when,
  where,
  eventUrl,
}: Pick<RegistrationFacts, 'text' | 'when' | 'where' | 'eventUrl'>): ReactElement {
  return (
    <p>
      {text('when', { when })}
      <br />
      {text('where', { where: where ?? text('online') })}
      <br />
      <a href={eventUrl}>{text('eventPage')}</a>
    </p>
  );
}

function before({ facts, language }: Message): string {
  return mailDate(new Date(String(facts.startsAt)), String(facts.timeZone), language);
}
