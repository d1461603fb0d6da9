import { CONFIG, Clock, type Actor, type Config } from '#kernel';
import { EventsListService } from '#events';
import { GroupsService } from '#groups';
import { ActorService } from '#identity';
import { Controller, Get, Inject, NotFoundException, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { essentialsPage } from './essentials.page.ts';
import { showOpenly } from './frame.ts';
import { groupPage } from './group.page.ts';
import { homePage } from './home.page.ts';
import { essentialsSessions, listed } from './pages.queries.ts';
import { InAddress, visitorOf } from './visitor.ts';

/** Pages to look around on. They need no script, as all that attendees do (rule W1). */
@Controller()
export class PagesController {
  constructor(
    private readonly groups: GroupsService,
    private readonly events: EventsListService,
    private readonly actors: ActorService,
    private readonly db: DataSource,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  async home(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { nodes } = await this.events.page({}, 20, null);
    showOpenly(reply, homePage(await listed(this.db.manager, nodes), await this.about(request, reply)), 'shared');
  }

  @Get('groups/:slug')
  async group(
    @InAddress('slug') slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const group = await this.groups.find(slug);
    if (!group) throw new NotFoundException();
    const { nodes } = await this.events.page({ group: slug }, 20, null);
    const events = await listed(this.db.manager, nodes);
    showOpenly(reply, groupPage(group, events, await this.about(request, reply)), 'shared');
  }

  @Get('essentials')
  async essentials(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { series, coming, recorded } = await essentialsSessions(this.db.manager, this.clock.now());
    const sessions = { series, coming: await listed(this.db.manager, coming), recorded };
    showOpenly(reply, essentialsPage(sessions, await this.about(request, reply)), 'shared');
  }

  private async about(
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<{ visitor: Actor; publicUrl: string; now: Date }> {
    const visitor = await visitorOf(this.actors, request, reply);
    return { visitor, publicUrl: this.config.publicUrl, now: this.clock.now() };
  }
}
