import { CONFIG, DomainError, type Actor, type Config, type GraphqlContext } from '#kernel';
import { ActorService, isSameOrigin } from '#identity';
import { Inject, Injectable } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  GraphQLError,
  OperationTypeNode,
  getOperationAST,
  parse,
  validate,
  type ExecutionArgs,
  type GraphQLFormattedError,
} from 'graphql';
import type { Context, SubscribePayload } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { PARSE_OPTIONS, VALIDATION_RULES, spokenError } from './graphql.options.ts';

/** A subscription is small; what is larger is a mistake or an attack. */
const LARGEST_MESSAGE_BYTES = 16 * 1024;

/** What a connection carries: who opened it. */
interface Opened extends Record<PropertyKey, unknown> {
  actor?: Actor;
}

/**
 * GraphQL subscriptions over WebSocket (protocol graphql-transport-ws), under the same limits as over HTTP. Nest could
 * open the socket itself, but would take messages of 100 MB and check no limits. Queries and mutations stay on HTTP.
 */
@Injectable()
export class Subscriptions {
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE_BYTES,
    handleProtocols: (protocols) => (protocols.has('graphql-transport-ws') ? 'graphql-transport-ws' : false),
  });

  constructor(
    private readonly schemas: GraphQLSchemaHost,
    private readonly actors: ActorService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Answers upgrades of `/graphql`; all others are turned away. */
  open(server: Server): void {
    useServer<Record<string, unknown>, Opened>(
      {
        schema: this.schemas.schema,
        connectionInitWaitTimeout: 10_000,
        onConnect: async (context) => {
          context.extra.actor = await this.actorOf(context);
          return context.extra.actor !== undefined; // a key that does not work opens nothing
        },
        onSubscribe: (context, _id, payload) => this.prepare(context, payload),
        onNext: (_context, _id, _payload, _args, result) =>
          result.errors && { ...result, errors: this.spoken(result.errors) },
        onError: (_context, _id, _payload, errors) => this.spoken(errors),
      },
      this.sockets,
    );
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (new URL(request.url ?? '/', 'http://here').pathname === '/graphql')
        this.sockets.handleUpgrade(request, socket, head, (opened) => this.sockets.emit('connection', opened, request));
      else socket.destroy();
    });
  }

  /** To be called before the server closes, which waits for open lines. Clients come back by themselves, elsewhere. */
  close(): void {
    for (const socket of this.sockets.clients) {
      socket.close(1001, 'Going away');
      setTimeout(() => socket.terminate(), 1000).unref(); // one that does not answer is not waited for
    }
    this.sockets.close();
  }

  /** By the key in `connectionParams.authorization`, or by the session cookie of our own pages, and of no others. */
  private async actorOf({
    connectionParams,
    extra,
  }: Context<Record<string, unknown>, Extra & Opened>): Promise<Actor | undefined> {
    const { authorization } = connectionParams ?? {};
    const { headers } = extra.request;
    const cookie = isSameOrigin(headers, this.config.publicUrl) ? headers.cookie : undefined;
    try {
      return await this.actors.actorOf({ ...(typeof authorization === 'string' ? { authorization } : {}), cookie });
    } catch (error) {
      if (error instanceof DomainError) return undefined;
      throw error;
    }
  }

  private spoken(errors: readonly (GraphQLError | GraphQLFormattedError)[]): GraphQLFormattedError[] {
    return errors.map((error) => spokenError('toJSON' in error ? error.toJSON() : error, error, this.config));
  }

  /** The operation, ready to run, or why it is not. */
  private prepare(
    { extra }: Context<Record<string, unknown>, Extra & Opened>,
    { query, variables, operationName }: SubscribePayload,
  ): ExecutionArgs | readonly GraphQLError[] {
    try {
      const document = parse(query, PARSE_OPTIONS);
      const faults = validate(this.schemas.schema, document, VALIDATION_RULES);
      if (faults.length > 0) return faults.map(refused);
      if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.SUBSCRIPTION)
        return [
          refused(new GraphQLError('Only subscriptions are taken here. Please send queries and mutations by POST.')),
        ];
      const contextValue = {
        actor: extra.actor,
        loaders: new Map(),
        request: extra.request,
      } as unknown as GraphqlContext;
      return { schema: this.schemas.schema, document, variableValues: variables, operationName, contextValue };
    } catch (error) {
      if (error instanceof GraphQLError) return [refused(error)];
      throw error;
    }
  }
}

/** What the client got wrong, told as Apollo tells it over HTTP. */
function refused({ message, nodes, source, positions, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, {
    nodes,
    source,
    positions,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', ...extensions },
  });
}
