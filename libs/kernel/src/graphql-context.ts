import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from './actor.ts';

/** What one GraphQL request carries. */
export interface GraphqlContext {
  actor: Actor;
  /** The loaders of this request, made when first asked for; see `loaderOf`. */
  loaders: Map<unknown, unknown>;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** The person (or stranger) who sent the request: `register(@CurrentActor() actor: Actor, …)`. */
export const CurrentActor = createParamDecorator(
  (_: unknown, context: ExecutionContext): Actor =>
    GqlExecutionContext.create(context).getContext<GraphqlContext>().actor,
);
