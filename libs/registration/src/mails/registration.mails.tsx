import type { Config } from '#kernel';
import { MailButton, MailFrame, mailDate, type MailTemplate, type Message } from '#mail';
import type { ReactElement, ReactNode } from 'react';
import { calendarPart } from './invitation.ts';
import { registrationFacts, type RegistrationFacts } from './mail-facts.queries.ts';
import { RegistrationState } from '../registration.entity.ts';

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
        calendar: await calendarPart(db, config, message, facts),
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
        <Seat text={text} {...facts} />
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
  requested: ({ text, ...facts }) => ({
    subject: text('requested.subject', facts),
    title: text('requested.title'),
    body: (
      <>
        <p>{text('requested.body', facts)}</p>
        <Facts text={text} {...facts} />
        <MailButton href={facts.manageUrl}>{text('manage')}</MailButton>
      </>
    ),
  }),
  refused: ({ text, ...facts }, message) => ({
    subject: text('refused.subject', facts),
    title: text('refused.title'),
    body: (
      <>
        <p>{text('refused.body', facts)}</p>
        {typeof message.facts.reason === 'string' && <p>{text('refused.reason', { reason: message.facts.reason })}</p>}
        <MailButton href={facts.groupUrl}>{text('cancelled.next', facts)}</MailButton>
      </>
    ),
  }),
  promoted: ({ text, ...facts }, message) =>
    facts.state === RegistrationState.CONFIRMED
      ? {
          subject: text('promoted.subject', facts),
          title: text('promoted.title'),
          body: (
            <>
              <p>{text('promoted.body', facts)}</p>
              <Seat text={text} {...facts} />
              <AskedAgain text={text} manageUrl={facts.manageUrl} message={message} />
              <p>{text('promoted.plans')}</p>
            </>
          ),
        }
      : null, // cancelled again before this could be sent
  offered: ({ text, ...facts }, message) =>
    facts.offeredUntil !== null
      ? {
          subject: text('offered.subject', facts),
          title: text('offered.title'),
          body: (
            <>
              <p>{text('offered.body', { ...facts, until: facts.offeredUntil })}</p>
              <Facts text={text} {...facts} />
              <AskedAgain text={text} manageUrl={null} message={message} />
              <MailButton href={`${facts.manageUrl}/accept`}>{text('offered.accept')}</MailButton>
              <p>
                <a href={`${facts.manageUrl}/cancel`}>{text('offered.decline')}</a>
              </p>
            </>
          ),
        }
      : null, // accepted, declined or over before this could be sent
  'offer-expired': ({ text, ...facts }) => ({
    subject: text('offerExpired.subject', facts),
    title: text('offerExpired.title'),
    body: (
      <>
        <p>{text('offerExpired.body', facts)}</p>
        <MailButton href={facts.eventUrl}>{text('eventPage')}</MailButton>
      </>
    ),
  }),
  switched: ({ text, ...facts }) =>
    facts.state === RegistrationState.CONFIRMED
      ? {
          subject: text('switched.subject', facts),
          title: text(facts.joinUrl ? 'switched.online' : 'switched.inPerson'),
          body: (
            <>
              <p>{text('switched.body', facts)}</p>
              <Seat text={text} {...facts} />
            </>
          ),
        }
      : null,
  'still-coming': ({ text, ...facts }) =>
    facts.state === RegistrationState.CONFIRMED && facts.eventState === 'PUBLISHED'
      ? {
          subject: text('stillComing.subject', facts),
          title: text('stillComing.title'),
          body: (
            <>
              <p>{text('stillComing.body', facts)}</p>
              <Facts text={text} {...facts} />
              <MailButton href={`${facts.manageUrl}/coming`}>{text('stillComing.yes')}</MailButton>
              <p>
                <a href={`${facts.manageUrl}/cancel`}>{text('stillComing.no')}</a>
              </p>
            </>
          ),
        }
      : null,
  'new-link': ({ text, ...facts }) => ({
    subject: text('newLink.subject', facts),
    title: text('newLink.title'),
    body: (
      <>
        <p>{text('newLink.body', facts)}</p>
        <MailButton href={facts.manageUrl}>{text('manage')}</MailButton>
      </>
    ),
  }),
  changed: ({ text, ...facts }, message) =>
    facts.eventState === 'CANCELLED' || facts.state === RegistrationState.CANCELLED
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

/** What somebody with a seat needs: when, where, the ticket, the way in. */
export function Seat({ text, ...facts }: RegistrationFacts): ReactElement {
  return (
    <>
      <Facts text={text} {...facts} />
      {facts.guests && <p>{text('registered.guests', { guests: facts.guests })}</p>}
      <p>{text('registered.ticket', { code: facts.ticketCode })}</p>
      {facts.joinUrl && (
        <p>
          <a href={facts.joinUrl}>{text('registered.join')}</a>
        </p>
      )}
      <MailButton href={facts.manageUrl}>{text('manage')}</MailButton>
    </>
  );
}

/** For those who wait since before the form changed: their answers may no longer be all that is asked. */
function AskedAgain({
  text,
  manageUrl,
  message,
}: {
  text: RegistrationFacts['text'];
  manageUrl: string | null;
  message: Message;
}): ReactElement | null {
  if (message.facts.formChanged !== true) return null;
  return <p>{manageUrl ? <a href={`${manageUrl}/answers`}>{text('askedAgain')}</a> : text('askedAgain')}</p>;
}

/** When and where. */
function Facts({
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
