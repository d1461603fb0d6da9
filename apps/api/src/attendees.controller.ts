import { DomainError, notFound } from '#kernel';
import { EventsService, Pool } from '#events';
import { ActorService } from '#identity';
import { Attendance, AttendeesCsvService, RegistrationState, type ExportFilter } from '#registration';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InAddress, visitorOf } from './pages/visitor.ts';

/** The attendees of an event as a file, for organizers who work in a spreadsheet. */
@Controller('events/:slug/attendees.csv')
export class AttendeesController {
  constructor(
    private readonly events: EventsService,
    private readonly attendees: AttendeesCsvService,
    private readonly actors: ActorService,
  ) {}

  @Get()
  async download(
    @InAddress('slug') slug: string,
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const actor = await visitorOf(this.actors, request, reply);
    const event = await this.events.find(actor, slug);
    if (!event) throw notFound('event');
    const file = await this.attendees.export(actor, event, filterIn(query));
    void reply
      .headers({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${event.slug}-attendees.csv"`,
        'cache-control': 'no-store',
      })
      .send(file);
  }
}

/** The filter as the address names it: `?state=CONFIRMED&state=OFFERED&pool=ONLINE&attendance=ATTENDED`. */
function filterIn({ state, pool, attendance }: Record<string, unknown>): ExportFilter {
  const states = [state ?? []].flat().map((one) => oneOf(RegistrationState, 'state', one));
  return {
    ...(states.length > 0 && { states }),
    ...(pool !== undefined && { pool: oneOf(Pool, 'pool', pool) }),
    ...(attendance !== undefined && { attendance: oneOf(Attendance, 'attendance', attendance) }),
  };
}

function oneOf<Name extends string>(names: Record<string, Name>, field: string, given: unknown): Name {
  const name = Object.values(names).find((known) => known === given);
  if (name) return name;
  throw new DomainError('FILTER', `Please give the ${field} as ${Object.values(names).join(', ')}.`, field);
}
