import { CONFIG, DomainError, type Config } from '#kernel';
import { ActorService, isSameOrigin } from '#identity';
import { HoldersService, OwnRegistrationService, RegistrationService } from '#registration';
import { Controller, Get, Inject, NotFoundException, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { show } from '../frame.ts';
import { InAddress, visitorOf } from '../visitor.ts';
import { elsewherePage } from './elsewhere.page.ts';
import { SentForm, answersIn, checked, typedFrom, type Answering } from './filled.ts';
import { backToHeld, findHeld, type Held } from './held.ts';
import { blamesFields, newLinkPage, refusedPage, stepPage } from './step.page.ts';
import { STEPS, type Step } from './steps.ts';

/** What the holder of a manage link does with their registration. Opening a page asks; only its button does anything. */
@Controller('manage/:token/:step')
export class OwnRegistrationController {
  constructor(
    private readonly holders: HoldersService,
    private readonly own: OwnRegistrationService,
    private readonly registrations: RegistrationService,
    private readonly actors: ActorService,
    private readonly db: DataSource,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  async ask(
    @InAddress('token') token: string,
    @InAddress('step') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const held = await findHeld(this.holders, this.db.manager, token, reply);
    if (!held) return;
    const answering = { typed: typedFrom(held.registration), refusals: [] };
    const asking = stepNamed(name).ask(held, answering);
    if (!asking) return backToHeld(reply, token);
    const visitor = await visitorOf(this.actors, request, reply);
    show(reply, 200, stepPage(asking, { held, step: name, visitor, refusals: [] }));
  }

  @Post()
  async act(
    @InAddress('token') token: string,
    @InAddress('step') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const held = await findHeld(this.holders, this.db.manager, token, reply);
    if (!held) return;
    const step = stepNamed(name);
    const visitor = await visitorOf(this.actors, request, reply);
    if (!isSameOrigin(request.headers, this.config.publicUrl))
      return show(reply, 403, elsewherePage(held.event, visitor));
    const form = new SentForm(request.body);
    try {
      const typed = form.typed(held.event.questions);
      const { answers = [] } = checked({ answers: answersIn(form.asked(held.event.questions), typed) });
      await step.act({ own: this.own, registrations: this.registrations }, visitor, held, answers);
      if (name === 'new-link') show(reply, 200, newLinkPage(held, visitor));
      else backToHeld(reply, token);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const { refusals } = error;
      const asking = blamesFields(refusals) ? askAgain(step, held, form, refusals) : null;
      const page = asking && stepPage(asking, { held, step: name, visitor, refusals });
      show(reply, 422, page ?? refusedPage(held, refusals, visitor));
    }
  }
}

function stepNamed(name: string): Step {
  const step = STEPS.get(name);
  if (!step) throw new NotFoundException();
  return step;
}

/** The same form with all that was typed; what it did not ask yet stands there as it was answered before. */
function askAgain(step: Step, held: Held, form: SentForm, refusals: Answering['refusals']) {
  const { questions } = held.event;
  const asked = new Set(form.asked(questions).map(({ id }) => id));
  const typed = new Map([
    ...typedFrom(held.registration),
    ...[...form.typed(questions)].filter(([id]) => asked.has(id)),
  ]);
  return step.ask(held, { typed, refusals });
}
