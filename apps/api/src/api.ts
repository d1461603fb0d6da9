import 'reflect-metadata';
import { Clock, type Config } from '#kernel';
import { FeedHandler } from '#calendar';
import { CoreModule, goodturnDataSource } from '#schema';
import helmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createServer, type RequestListener } from 'node:http';
import { ApiModule } from './api.module.ts';
import { takeUploads } from './upload.ts';
import { Subscriptions } from './subscriptions.ts';

export interface ApiOptions {
  config: Config;
  clock?: Clock;
  /** Connections to PostgreSQL; see `POOL_SIZE`. */
  poolSize?: number;
}

export interface RunningApi {
  app: NestFastifyApplication;
  /** Where it listens, without a slash at the end. */
  url: string;
  /** Finishes the requests in hand, then lets go of everything. */
  stop(): Promise<void>;
}

/** The largest GraphQL request, 500 scans of whole tickets, is half of this; what is larger is a mistake or an attack. */
const LARGEST_BODY_BYTES = 256 * 1024;

/** A name of 200 characters in any script, written with `%`: at most 9 characters for each. */
const LONGEST_NAME_IN_ADDRESS = 1800;

/** Starts the API: GraphQL, sign-in, feeds and health on one port. The tables must be up to date. */
export async function startApi({ config, clock = new Clock(), poolSize }: ApiOptions): Promise<RunningApi> {
  const db = await goodturnDataSource(config.databaseUrl, poolSize).initialize();
  let feeds: FeedHandler | null = null;
  const adapter = new FastifyAdapter({
    bodyLimit: LARGEST_BODY_BYTES,
    routerOptions: { maxParamLength: LONGEST_NAME_IN_ADDRESS },
    trustProxy: config.production ? 'loopback,uniquelocal' : false,
    forceCloseConnections: 'idle',
    // Calendar programs poll: a feed is answered before routing and everything behind it.
    serverFactory: (route: RequestListener) =>
      createServer((request, response) => {
        if (!feeds?.handle(request, response)) route(request, response);
      }),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: ApiModule, imports: [CoreModule.with(config, db, clock)] },
    adapter,
    { logger: ['error', 'warn'], abortOnError: false },
  );
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    hsts: config.publicUrl.startsWith('https:') ? { maxAge: 31_536_000, includeSubDomains: true } : false,
  });
  takeUploads(adapter.getInstance());
  await app.init();
  feeds = app.get(FeedHandler);
  const subscriptions = app.get(Subscriptions);
  subscriptions.open(app.getHttpServer());
  await app.listen(config.port, config.host);
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  return {
    app,
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    stop: async () => {
      subscriptions.close();
      await app.close();
      await db.destroy();
    },
  };
}
