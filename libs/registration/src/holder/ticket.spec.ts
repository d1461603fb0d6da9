import { newId } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesOf, lettersOf, newTicketCode } from './ticket-code.ts';
import { isSignedTicket, signedTicket, ticketCodeOf, ticketKeyOf } from './ticket.ts';

const SECRET = 'a secret for tests that is long enough';
const EVENT = '01234567-89ab-7cde-8f01-23456789abcd';

describe('a ticket’s QR code', () => {
  it('holds letters of the alphanumeric mode only, few enough for a coarse code', () => {
    const text = signedTicket(SECRET, EVENT, '7K2MX-Q9RTA');
    expect(text).toMatch(/^GT1-7K2MXQ9RTA-[0-9A-Z]{103}$/);
    expect(text.length).toBeLessThanOrEqual(122); // version 5 with error correction M
  });

  it('is told from an invented one by the event’s public key alone', () => {
    const key = ticketKeyOf(SECRET, EVENT);
    const text = signedTicket(SECRET, EVENT, '7K2MX-Q9RTA');
    expect(isSignedTicket(key, EVENT, text)).toBe(true);
    expect(isSignedTicket(key, EVENT, ` ${text.toLowerCase()} `)).toBe(true);
    expect(isSignedTicket(key, EVENT, text.replace('7K2MX', '7K2MY'))).toBe(false);
    expect(isSignedTicket(key, newId(), text)).toBe(false);
    expect(isSignedTicket(ticketKeyOf(SECRET, newId()), EVENT, text)).toBe(false);
    expect(isSignedTicket(ticketKeyOf('another secret', EVENT), EVENT, text)).toBe(false);
    expect(isSignedTicket('', EVENT, text)).toBe(false);
    expect(isSignedTicket(key, EVENT, '7K2MX-Q9RTA')).toBe(false);
  });

  it('leads to the same code as typing it', () => {
    const code = newTicketCode();
    expect(ticketCodeOf(signedTicket(SECRET, EVENT, code))).toBe(code);
    expect(ticketCodeOf(code.toLowerCase().replace('-', ' '))).toBe(code);
  });

  it('writes any bytes so that they can be read again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect([...bytesOf(lettersOf(bytes)).subarray(0, bytes.length)]).toEqual([...bytes]);
      }),
    );
  });
});
