import { CONFIG, Clock, DomainError, newId, type Actor, type Config } from '#kernel';
import { EventsService, Pool, type Event } from '#events';
import { ActorService, isSameOrigin } from '#identity';
import { AdmissionService, RegistrationState, positionsOf } from '#registration';
import { Controller, Get, Inject, NotFoundException, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { show, showOpenly, type PublicPage } from '../frame.ts';
import { factsOf } from '../pages.queries.ts';
import { InAddress, visitorOf } from '../visitor.ts';
import { eventPage } from './event.page.ts';
import { elsewherePage } from './elsewhere.page.ts';
import { SentForm, answersIn, checked } from './filled.ts';
import type { Filled } from './register.form.ts';
import { answerOf, registeredPage, sealedAnswer, type Answer } from './registered.page.ts';

/** An event's page and the way to a seat, without an account and without script. */
@Controller('events/:slug')
export class EventController {
  constructor(
    private readonly events: EventsService,
    private readonly admission: AdmissionService,
    private readonly actors: ActorService,
    private readonly db: DataSource,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  async look(
    @InAddress('slug') slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { visitor, event } = await this.find(slug, request, reply);
    const { name, email } = visitor;
    const filled = { ...EMPTY, name: name ?? '', email: email ?? '', idempotencyKey: newId() };
    showOpenly(reply, await this.pageOf(event, visitor, filled), 'fresh');
  }

  @Post('register')
  async register(
    @InAddress('slug') slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { visitor, event } = await this.find(slug, request, reply);
    if (!isSameOrigin(request.headers, this.config.publicUrl)) return show(reply, 403, elsewherePage(event, visitor));
    const filled = filledIn(request.body, event);
    try {
      const answer = sealedAnswer(this.config.secret, await this.ask(visitor, event, filled));
      const query = new URLSearchParams({ answer }).toString();
      void reply
        .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
        .redirect(`/events/${encodeURIComponent(event.slug)}/registered?${query}`, 303);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // The key of a form that was refused is used up where it was somebody else's; a new one is right in any case.
      const again = { ...filled, idempotencyKey: newId(), refusals: error.refusals };
      const { event: now } = await this.find(slug, request, reply);
      show(reply, 422, await this.pageOf(now, visitor, again));
    }
  }

  /** Where a refused form stands when it is loaded again: back to the empty one. */
  @Get('register')
  backToForm(@InAddress('slug') slug: string, @Res() reply: FastifyReply): void {
    void reply.redirect(`/events/${encodeURIComponent(slug)}`, 303);
  }

  @Get('registered')
  async registered(
    @InAddress('slug') slug: string,
    @Query('answer') sealed: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { visitor, event } = await this.find(slug, request, reply);
    const answer = answerOf(this.config.secret, sealed, event.id);
    if (!answer) throw new NotFoundException();
    const { venue } = await factsOf(this.db.manager, event);
    show(reply, 200, registeredPage(answer, event, venue, visitor));
  }

  private async ask(visitor: Actor, event: Event, filled: Filled): Promise<Answer> {
    const { name, email, pool, idempotencyKey } = filled;
    const input = checked({
      eventId: event.id,
      name,
      email,
      idempotencyKey,
      ...(pool && { pool }),
      guests: filled.guests.map((guest) => ({ name: guest })),
      answers: answersIn(event.questions, filled.typed),
    });
    const { id, state } = await this.admission.register(visitor, input);
    const waits = state === RegistrationState.WAITLISTED;
    const position = waits ? ((await positionsOf(this.db.manager, [id])).get(id) ?? null) : null;
    return { eventId: event.id, state, position };
  }

  private async find(
    slug: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<{ visitor: Actor; event: Event }> {
    const visitor = await visitorOf(this.actors, request, reply);
    const event = await this.events.find(visitor, slug);
    if (!event) throw new NotFoundException();
    return { visitor, event };
  }

  private async pageOf(event: Event, visitor: Actor, filled: Filled): Promise<PublicPage> {
    const about = { visitor, publicUrl: this.config.publicUrl, now: this.clock.now() };
    return eventPage(await factsOf(this.db.manager, event), about, filled);
  }
}

const POOLS = new Map<string, Pool>(Object.values(Pool).map((pool) => [pool, pool]));

/** The form as it is first shown. */
const EMPTY = { pool: null, guests: [], typed: new Map<string, string[]>(), refusals: [] };

function filledIn(body: unknown, { questions }: Event): Filled {
  const form = new SentForm(body);
  return {
    name: form.one('name'),
    email: form.one('email'),
    pool: POOLS.get(form.one('pool')) ?? null,
    guests: form.all('guest'),
    typed: form.typed(questions),
    idempotencyKey: form.one('idempotencyKey'),
    refusals: [],
  };
}
