import { CONFIG, CurrentActor, type Actor, type Config } from '#kernel';
import { Event } from '#events';
import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { isHolder } from '../registration-sight.ts';
import { Registration, RegistrationState } from '../registration.entity.ts';
import { signedTicket, ticketKeyOf } from './ticket.ts';

/** What goes into a ticket's QR code. */
@Resolver(() => Registration)
export class TicketResolver {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @ResolveField(() => String, {
    nullable: true,
    description:
      "The text of the ticket's QR code, signed by the event: `GT1-<code>-<Ed25519 signature, Crockford base 32>` over `goodturn-ticket:1:<event id>:<code>`. For its holder while confirmed.",
  })
  ticketQr(@Parent() registration: Registration, @CurrentActor() actor: Actor): string | null {
    const { state, eventId, ticketCode } = registration;
    const shown = state === RegistrationState.CONFIRMED && isHolder(actor, registration);
    return shown ? signedTicket(this.config.secret, eventId, ticketCode) : null;
  }
}

/** What a scanner needs to know a true ticket without asking. */
@Resolver(() => Event)
export class TicketKeyResolver {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @ResolveField(() => String, {
    description: 'Ed25519 public key (RFC 8032) that tickets are verified with offline: 32 bytes, base64url.',
  })
  ticketKey(@Parent() event: Event): string {
    return ticketKeyOf(this.config.secret, event.id);
  }
}
