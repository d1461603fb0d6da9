import type { Actor } from '#kernel';
import type { ActorService } from '#identity';
import { NotFoundException, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Who looks at a page: a person who signed in, or a stranger. */
export function visitorOf(actors: ActorService, request: FastifyRequest, reply: FastifyReply): Promise<Actor> {
  return actors.actorOf(request.headers, (cookies) => void reply.header('set-cookie', cookies));
}

/** A part of the address. Nothing is called by control characters, and PostgreSQL refuses to look for some of them. */
export const InAddress = createParamDecorator((part: string, context: ExecutionContext): string => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest<{ Params: Record<string, string> }>>();
  const name = params[part] ?? '';
  if (!/^\P{Cc}{1,200}$/u.test(name)) throw new NotFoundException();
  return name;
});
