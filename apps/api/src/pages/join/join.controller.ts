import { Clock } from '#kernel';
import { JoinService } from '#attendance';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { show } from '../frame.ts';
import { notFoundPage } from '../not-found.filter.ts';
import { TEXTS } from '../texts.ts';
import { InAddress } from '../visitor.ts';
import { joinPage } from './join.page.ts';

/**
 * The personal link to the online session (rule R7). In the window it leads straight in, so that one press in a mail or a
 * calendar is enough; the address it leads to stands in no page, and no page is told as where somebody came from.
 */
@Controller('join/:token')
export class JoinController {
  constructor(
    private readonly joins: JoinService,
    private readonly clock: Clock,
  ) {}

  @Get()
  async join(
    @InAddress('token') token: string,
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const looks = isNobodyYet(request) || 'look' in query;
    const joining = await (looks ? this.joins.open(token) : this.joins.join(token));
    if (!joining) return show(reply, 404, notFoundPage(TEXTS.notFound.link, TEXTS.notFound.linkLead));
    if (!looks && joining.joinUrl) return goTo(reply, joining.joinUrl);
    show(reply, 200, joinPage(joining, { now: this.clock.now(), path: `/join/${token}`, still: 'still' in query }));
  }
}

/** Programs look ahead where somebody may go next, or whether a link is alive: that is nobody coming in. */
function isNobodyYet({ method, headers }: FastifyRequest): boolean {
  const purposes = [headers['sec-purpose'], headers.purpose].flat();
  return method === 'HEAD' || purposes.some((purpose) => purpose?.includes('prefetch'));
}

function goTo(reply: FastifyReply, url: string): void {
  void reply
    .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .redirect(new URL(url).href, 303);
}
