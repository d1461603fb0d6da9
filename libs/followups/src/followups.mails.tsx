import type { Config } from '#kernel';
import { MailButton, type MailTemplate } from '#mail';
import { RegistrationState, Seat, registrationMail, type RegistrationFacts } from '#registration';
import type { ReactElement } from 'react';

/** How reminders and follow-ups are written. */
export function followupMails(config: Config): MailTemplate[] {
  return [
    registrationMail(
      'reminder',
      config,
      ({ text, ...facts }) =>
        facts.state === RegistrationState.CONFIRMED && facts.eventState === 'PUBLISHED'
          ? {
              subject: text('reminder.subject', facts),
              title: text('reminder.title'),
              body: (
                <>
                  <p>{text('reminder.body', facts)}</p>
                  <Seat text={text} {...facts} />
                  <p>{text('reminder.plans')}</p>
                </>
              ),
            }
          : null, // cancelled meanwhile
    ),
    registrationMail('attended', config, ({ text, ...facts }) => ({
      subject: text('attended.subject', facts),
      title: text('attended.title'),
      body: (
        <>
          <p>{text('attended.body', facts)}</p>
          {facts.recordingUrl && <MailButton href={facts.recordingUrl}>{text('attended.recording')}</MailButton>}
          {facts.essentials && <p>{text('attended.essentials')}</p>}
          <Next text={text} {...facts} />
        </>
      ),
    })),
    registrationMail('no-show', config, ({ text, ...facts }) => ({
      subject: text('noShow.subject', facts),
      title: text('noShow.title'),
      body: (
        <>
          <p>{text('noShow.body', facts)}</p>
          {facts.recordingUrl && <MailButton href={facts.recordingUrl}>{text('noShow.recording')}</MailButton>}
          <Next text={text} {...facts} />
        </>
      ),
    })),
    registrationMail('ended', config, ({ text, ...facts }) => ({
      subject: text('ended.subject', facts),
      title: text('ended.title', facts),
      body: (
        <>
          <p>{text('ended.body')}</p>
          {facts.recordingUrl && <MailButton href={facts.recordingUrl}>{text('attended.recording')}</MailButton>}
          <Next text={text} {...facts} />
        </>
      ),
    })),
    registrationMail('never-in', config, ({ text, ...facts }) => ({
      subject: text('neverIn.subject', facts),
      title: text('neverIn.title'),
      body: (
        <>
          <p>{text('neverIn.body', facts)}</p>
          <Next text={text} {...facts} />
        </>
      ),
    })),
  ];
}

/** The next date, or the group's page where none is planned yet. */
function Next({
  text,
  next,
  group,
  groupUrl,
}: Pick<RegistrationFacts, 'text' | 'next' | 'group' | 'groupUrl'>): ReactElement {
  return next ? (
    <p>
      <a href={next.url}>{text('noShow.nextDate', { event: next.title, when: next.when })}</a>
    </p>
  ) : (
    <p>
      <a href={groupUrl}>{text('attended.next', { group })}</a>
    </p>
  );
}
