import { CONFIG, DomainError, type Config } from '#kernel';
import { eventsById } from '#events';
import { ActorService, isSameOrigin } from '#identity';
import { HoldersService, RegistrationService, RegistrationState, positionsOf } from '#registration';
import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { show } from '../frame.ts';
import { notFoundPage } from '../not-found.filter.ts';
import { factsOf } from '../pages.queries.ts';
import { TEXTS } from '../texts.ts';
import { InAddress, visitorOf } from '../visitor.ts';
import { elsewherePage } from './elsewhere.page.ts';
import { cancelPage, managePage, notCancelledPage, type Held } from './manage.page.ts';
import { spoken } from './refusals.ts';

/** What the link in an attendee's mail opens. The link is the proof of who holds it, and opening it changes nothing. */
@Controller('manage/:token')
export class ManageController {
  constructor(
    private readonly registrations: RegistrationService,
    private readonly holders: HoldersService,
    private readonly actors: ActorService,
    private readonly db: DataSource,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  async look(
    @InAddress('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const held = await this.find(token, reply);
    if (held) show(reply, 200, managePage(held, await visitorOf(this.actors, request, reply)));
  }

  @Get('cancel')
  async ask(
    @InAddress('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const held = await this.find(token, reply);
    if (!held) return;
    if (held.registration.state === RegistrationState.CANCELLED) return back(reply, token);
    show(reply, 200, cancelPage(held, await visitorOf(this.actors, request, reply)));
  }

  @Post('cancel')
  async cancel(
    @InAddress('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const held = await this.find(token, reply);
    if (!held) return;
    const visitor = await visitorOf(this.actors, request, reply);
    if (!isSameOrigin(request.headers, this.config.publicUrl))
      return show(reply, 403, elsewherePage(held.event, visitor));
    try {
      await this.registrations.cancel(visitor, { manageToken: token });
      back(reply, token);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      show(reply, 422, notCancelledPage(held, spoken(error.code, error.message, held.event), visitor));
    }
  }

  /** The registration of this link; for any other link the page that says so is shown. */
  private async find(token: string, reply: FastifyReply): Promise<Held | null> {
    const registration = await this.holders.findByToken(token);
    const event = registration && (await eventsById(this.db.manager, [registration.eventId])).get(registration.eventId);
    if (!registration || !event) {
      show(reply, 404, notFoundPage(TEXTS.notFound.link, TEXTS.notFound.linkLead));
      return null;
    }
    const [{ venue }, positions] = await Promise.all([
      factsOf(this.db.manager, event),
      positionsOf(this.db.manager, [registration.id]),
    ]);
    return {
      registration,
      event,
      venue,
      position: positions.get(registration.id) ?? null,
      token,
    };
  }
}

function back(reply: FastifyReply, token: string): void {
  void reply
    .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .redirect(`/manage/${token}`, 303);
}
