import type { Config } from '#kernel';
import { MailButton, MailFrame, mailText, type MailTemplate } from '#mail';

interface Row {
  task: string;
  due_on: string;
  event: string;
  slug: string;
}

/** What somebody is told on the day a task of the runbook is due. */
export function runbookMails(config: Config): MailTemplate[] {
  return [
    {
      kind: 'task',
      write: async ({ language, facts }, db) => {
        const [row]: Row[] = await db.query(
          `SELECT task.title AS task, to_char(due_on, 'YYYY-MM-DD') AS due_on, event.title AS event, event.slug
             FROM runbook_task AS task JOIN event ON event.id = task.event_id
            WHERE task.id = $1 AND done_at IS NULL AND event.state <> 'CANCELLED'`,
          [facts.taskId],
        );
        if (!row) return null; // done meanwhile, or the event was called off
        const text = mailText(language);
        const told = { task: row.task, event: row.event, due: dayIn(language, row.due_on) };
        return {
          subject: text('task.subject', told),
          element: (
            <MailFrame language={language} title={text('task.title', told)} footer={text('why.task', told)}>
              <p>{text('task.body', told)}</p>
              <MailButton href={`${config.publicUrl}/events/${row.slug}`}>{text('eventPage')}</MailButton>
            </MailFrame>
          ),
        };
      },
    },
  ];
}

/** The day in words. It has no zone: it is the day it says. */
function dayIn(language: string, day: string): string {
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    dateStyle: 'full',
    timeZone: 'UTC',
  });
  return format.format(new Date(`${day}T00:00Z`));
}
