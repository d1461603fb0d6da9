import { html, type Html } from '#kernel';

/** Asks for the address to which a link will go. */
export function askPage(returnTo: string): Html {
  return html`<h1>Sign in</h1>
    <p>No password needed: we send you a link that works once.</p>
    ${addressForm(returnTo, 'Send me a link')}`;
}

/** What a mailed link opens: nothing has happened yet. */
export function confirmPage(token: string, returnTo: string): Html {
  return html`<h1>Almost there</h1>
    <p>One more click and you are signed in on this device.</p>
    <form method="post" action="/sign-in/${encodeURIComponent(token)}?returnTo=${encodeURIComponent(returnTo)}">
      <button type="submit">Sign in</button>
    </form>
    <p class="soft">If you did not ask for this, just close the page. Nothing has happened.</p>`;
}

/** Says the same whoever asked, so that nobody learns who has an account. */
export const linkSentBody: Html = html`<h1>Look into your mail</h1>
  <p>If we can reach that address, a link is on its way. It works once, for 10 minutes.</p>
  <p class="soft">Nothing there after a minute? Please look into the spam folder.</p>
  <h2>Is your mail on another device?</h2>
  <p>The mail also holds a code of six digits. Type it here.</p>
  ${codeForm()}`;

export function wrongCodeBody(returnTo: string): Html {
  return html`<h1>That code is not right</h1>
    <p role="alert">Please type the six digits of the newest mail. After three wrong tries a code ends.</p>
    ${codeForm()}
    <h2>Or ask for a new one</h2>
    ${addressForm(returnTo, 'Send me a new link')}`;
}

export function goneBody(returnTo: string): Html {
  return html`<h1>This link no longer works</h1>
    <p>A link or code is good once and for 10 minutes, to keep your account safe. Shall we send you a new one?</p>
    ${addressForm(returnTo, 'Send me a new link')}`;
}

/** For a form that was sent from the page of somebody else. */
export const notFromHereBody: Html = html`<h1>Please start here</h1>
  <p>This request came from another site, so we did not follow it.</p>
  <p><a href="/sign-in">Sign in</a> or <a href="/">go to the front page</a>.</p>`;

function addressForm(returnTo: string, button: string): Html {
  return html`<form method="post" action="/sign-in">
    <label for="email">Your e-mail address</label>
    <input id="email" name="email" type="email" autocomplete="email" required maxlength="254" />
    <input name="returnTo" type="hidden" value="${returnTo}" />
    <button type="submit">${button}</button>
  </form>`;
}

function codeForm(): Html {
  return html`<form method="post" action="/sign-in/code">
    <label for="code">Six-digit code</label>
    <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="12" />
    <button type="submit" class="quiet">Use the code</button>
  </form>`;
}
