import { CONFIG, DomainError, type Config, type GraphqlContext } from '#kernel';
import { ActorService, IdentityModule } from '#identity';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { Logger, Module } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, specifiedRules, type GraphQLFormattedError } from 'graphql';

const log = new Logger('GraphQL');

/** What a document may ask for at most. Field-walking limits count fragments too (they are armour's). */
const armor = new ApolloArmor({
  maxTokens: { enabled: false }, // it answers syntax errors with 500; Apollo's own `parseOptions.maxTokens` does not
  maxDepth: { n: 10 },
  maxAliases: { n: 30, allowList: [] },
  costLimit: { maxCost: 5000 },
}).protect();

/** Told to the parser, whichever way a document comes in. */
export const PARSE_OPTIONS = { maxTokens: 1000 };
export const VALIDATION_RULES = [...specifiedRules, ...armor.validationRules];

/** Gives the options below what they inject. */
@Module({ imports: [IdentityModule], exports: [IdentityModule] })
export class GraphqlOptionsModule {}

export const graphqlOptions = {
  inject: [CONFIG, ActorService],
  useFactory: (config: Config, actors: ActorService): Omit<ApolloDriverConfig, 'driver'> => ({
    path: '/graphql',
    autoSchemaFile: true,
    fieldResolverEnhancers: ['filters'], // a refusal inside an answer, as of `Event.attendees`, is told like any other
    introspection: !config.production,
    graphiql: false, // it would load its scripts from somebody else's server
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    plugins: [ApolloServerPluginCacheControlDisabled()], // looks at every field, and we send no such hints
    validationRules: [...armor.validationRules],
    parseOptions: PARSE_OPTIONS,
    context: async (request: FastifyRequest, reply: FastifyReply): Promise<GraphqlContext> => ({
      actor: await actors
        .actorOf(request.headers, (cookies) => void reply.header('set-cookie', cookies))
        .catch(refuseKey),
      loaders: new Map(),
      request,
      reply,
    }),
    formatError: (formatted, error) => spokenError(formatted, error, config),
  }),
};

/** A key that does not work is refused before anything runs, and in Apollo's way: 401 with a code. */
function refuseKey(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  throw new GraphQLError(error.message, { extensions: { code: error.code, http: { status: 401 } } });
}

/** Expected errors keep their words; anything else tells nothing about the inside (rule A3). */
export function spokenError(formatted: GraphQLFormattedError, error: unknown, config: Config): GraphQLFormattedError {
  const { code = 'INTERNAL_SERVER_ERROR' } = (formatted.extensions ?? {}) as { code?: string };
  if (code !== 'INTERNAL_SERVER_ERROR') {
    // In production a stranger does not get the schema spelled out by guessing names.
    const message = config.production ? formatted.message.replace(/ Did you mean .*$/s, '') : formatted.message;
    const { field } = formatted.extensions ?? {};
    return { message, path: formatted.path, locations: formatted.locations, extensions: { code, field } };
  }
  const cause = (error as { originalError?: Error }).originalError ?? (error as Error);
  log.error(cause.stack ?? cause.message);
  return {
    message: 'Something went wrong on our side. It was noted; please try again in a moment.',
    path: formatted.path,
    extensions: { code },
  };
}
