import { CONFIG, Clock, type Config } from '#kernel';
import { JoinService } from '#attendance';
import { ActorService } from '#identity';
import { HoldersService, joinUrlOf, type Registration } from '#registration';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { show } from '../frame.ts';
import { InAddress, visitorOf } from '../visitor.ts';
import { findHeld, stands, type Held } from './held.ts';
import { managePage, type WayIn } from './manage.page.ts';

/** What the link in an attendee's mail opens. The link is the proof of who holds it, and opening it changes nothing. */
@Controller('manage/:token')
export class ManageController {
  constructor(
    private readonly holders: HoldersService,
    private readonly joins: JoinService,
    private readonly actors: ActorService,
    private readonly db: DataSource,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  async look(
    @InAddress('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const held = await findHeld(this.holders, this.db.manager, token, reply);
    if (!held) return;
    const [visitor, wayIn] = await Promise.all([visitorOf(this.actors, request, reply), this.wayIn(held)]);
    show(reply, 200, managePage(held, { visitor, wayIn, secret: this.config.secret, now: this.clock.now() }));
  }

  private async wayIn(held: Held): Promise<WayIn | null> {
    const path = stands(held) ? this.joinPath(held.registration) : null;
    const joining = path && (await this.joins.open(path.slice('/join/'.length)));
    if (!path || !joining) return null;
    const guests = held.guests.flatMap((guest) => {
      const own = this.joinPath(guest);
      return own ? [{ name: guest.name, path: own }] : [];
    });
    return { state: joining.state, opensAt: joining.opensAt, path, guests };
  }

  private joinPath(registration: Registration): string | null {
    const url = joinUrlOf(this.config, registration);
    return url && url.slice(this.config.publicUrl.length);
  }
}
