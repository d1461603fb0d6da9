import type { CSSProperties, ReactElement, ReactNode } from 'react';

const INK = '#23201d';
const ACCENT = '#b0431f';

const styles = {
  body: {
    margin: 0,
    padding: '24px 12px',
    backgroundColor: '#f6f3ee',
    color: INK,
    fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  },
  card: { width: '100%', maxWidth: 560, margin: '0 auto', backgroundColor: '#ffffff', borderRadius: 12 },
  cell: { padding: '28px 28px 24px', fontSize: 16, lineHeight: '24px' },
  title: { margin: '0 0 16px', fontSize: 22, lineHeight: '30px' },
  small: { fontSize: 13, lineHeight: '20px', color: '#6b635b', margin: '24px 0 0' },
  button: {
    display: 'inline-block',
    padding: '12px 20px',
    borderRadius: 8,
    backgroundColor: ACCENT,
    color: '#ffffff',
    textDecoration: 'none',
    fontWeight: 600,
  },
} satisfies Record<string, CSSProperties>;

/** The sheet every mail is written on. One title, the words, and at the foot why the person got it. */
export function MailFrame(props: {
  language: string;
  title: string;
  footer: string;
  children: ReactNode;
}): ReactElement {
  return (
    <html lang={props.language} dir="auto">
      <head>
        <meta name="color-scheme" content="light dark" />
        <title>{props.title}</title>
      </head>
      <body style={styles.body}>
        <table role="presentation" align="center" cellPadding={0} cellSpacing={0} style={styles.card}>
          <tbody>
            <tr>
              <td style={styles.cell}>
                <h1 style={styles.title}>{props.title}</h1>
                {props.children}
                <p style={styles.small}>{props.footer}</p>
              </td>
            </tr>
          </tbody>
        </table>
      </body>
    </html>
  );
}

/** The one thing a mail asks to be done. */
export function MailButton(props: { href: string; children: ReactNode }): ReactElement {
  return (
    <p style={{ margin: '20px 0' }}>
      <a href={props.href} style={styles.button}>
        {props.children}
      </a>
    </p>
  );
}
