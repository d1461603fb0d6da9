import { DomainError, type Payload } from '#kernel';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { GqlArgumentsHost, type GqlContextType } from '@nestjs/graphql';
import type { FastifyReply } from 'fastify';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';

/** What a refusal is over plain HTTP; any other is the request's own fault. */
const STATUS: Record<string, number> = { SIGN_IN: 401, KEY_UNKNOWN: 401, FORBIDDEN: 403, SCOPE: 403, NOT_FOUND: 404 };

/**
 * The one place where a refusal becomes an answer: `userErrors` of a mutation's payload, an error with a code in a
 * query, a status and a sentence over plain HTTP.
 */
@Catch(DomainError)
export class RefusalFilter implements ExceptionFilter<DomainError> {
  catch(error: DomainError, host: ArgumentsHost): Payload | undefined {
    if (host.getType<GqlContextType>() !== 'graphql') {
      const reply = host.switchToHttp().getResponse<FastifyReply>();
      void reply.status(STATUS[error.code] ?? 400).send({ code: error.code, message: error.message });
      return undefined;
    }
    const info = GqlArgumentsHost.create(host).getInfo<GraphQLResolveInfo>();
    if (info.parentType.name === 'Mutation') return { userErrors: error.refusals };
    throw new GraphQLError(error.message, { extensions: { code: error.code, field: error.refusals[0]?.field } });
  }
}
