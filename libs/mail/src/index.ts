export { spokenDate as mailDate } from '#kernel';
export { MailButton, MailFrame } from './frame.tsx';
export { MailModule } from './mail.module.ts';
export { MailerTask } from './mailer.task.ts';
export { Message } from './message.entity.ts';
export { Outbox, SEND_MAIL, type NewMail } from './outbox.service.ts';
export { SmtpTransport } from './smtp.transport.ts';
export { MAIL_TEMPLATES, type MailTemplate, type WrittenMail } from './template.ts';
export { mailText, type MailText } from './texts.ts';
