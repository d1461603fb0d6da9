import { html, type Html } from '#kernel';
import { signedTicket, type Registration } from '#registration';
import { TEXTS } from '../texts.ts';
import type { Held } from './held.ts';
import { qrCode } from './qr-code.ts';

/** The ticket of whoever holds the page, and one for each guest to be shown one after the other. */
export function tickets({ registration, guests }: Held, secret: string): Html {
  const text = TEXTS.manage;
  return html`<section class="ticket" aria-labelledby="ticket">
    <h2 id="ticket">${text.ticket}</h2>
    ${ticket(registration, secret)}
    <p class="soft">${text.ticketLead}</p>
    ${
      guests.length > 0 &&
      html`<h3>${text.guestTickets}</h3>
        ${guests.map(
          (guest) =>
            html`<details>
              <summary dir="auto">${text.ticketOf(guest.name)}</summary>
              ${ticket(guest, secret)}
            </details>`,
        )}`
    }
  </section>`;
}

function ticket({ eventId, ticketCode, name }: Registration, secret: string): Html {
  return html`${qrCode(signedTicket(secret, eventId, ticketCode), TEXTS.manage.qrOf(name))}
    <p class="code">${ticketCode}</p>`;
}
