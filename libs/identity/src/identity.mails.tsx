import { newId, seal, unseal, type Config } from '#kernel';
import { MailButton, MailFrame, mailText, type MailTemplate, type NewMail } from '#mail';
import type { EntityManager } from 'typeorm';
import { SIGN_IN_MINUTES, type SignInLetter } from './auth.ts';

const SIGN_IN = 'sign-in';

type Sealed = Pick<SignInLetter, 'token' | 'code' | 'returnTo'>;

/** The mail with a link and a code to sign in by. Both rest sealed in the outbox, so the database opens no door. */
export async function signInMail(tx: EntityManager, config: Config, letter: SignInLetter, now: Date): Promise<NewMail> {
  const [known] = await tx.query<{ id: string; language: string }[]>(
    `SELECT id, language FROM person WHERE email = $1`,
    [letter.email],
  );
  const { token, code, returnTo } = letter;
  return {
    kind: SIGN_IN,
    intentKey: `${SIGN_IN}:${newId()}`, // each request is an intent of its own
    personId: known?.id ?? null,
    toAddress: letter.email,
    language: known?.language ?? letter.language,
    facts: { sealed: seal(config.secret, JSON.stringify({ token, code, returnTo } satisfies Sealed)) },
    notAfter: new Date(now.getTime() + SIGN_IN_MINUTES * 60_000),
  };
}

/** How the mails of this lib are written. */
export function identityMails(config: Config): MailTemplate[] {
  return [
    {
      kind: SIGN_IN,
      write: async ({ language, facts }) => {
        const opened = unseal(config.secret, String(facts.sealed));
        if (opened === null) return null; // SECRET has changed since: the link would not work either
        const { token, code, returnTo } = JSON.parse(opened) as Sealed;
        const text = mailText(language);
        return {
          subject: text('signIn.subject'),
          element: (
            <MailFrame language={language} title={text('signIn.title')} footer={text('why.signIn')}>
              <p>{text('signIn.body')}</p>
              <MailButton href={signInAddress(config, token, returnTo)}>{text('signIn.button')}</MailButton>
              <p>{text('signIn.code', { code })}</p>
            </MailFrame>
          ),
        };
      },
    },
  ];
}

/** Our page that asks to confirm signing in. */
export function signInAddress(config: Config, token: string, returnTo: string): string {
  const query = returnTo === '/' ? '' : `?${new URLSearchParams({ returnTo }).toString()}`;
  return `${config.publicUrl}/sign-in/${token}${query}`;
}
