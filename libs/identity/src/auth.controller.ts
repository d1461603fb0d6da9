import { CONFIG, type Config } from '#kernel';
import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AUTH, AUTH_PATH, type Auth } from './auth.ts';
import { clientHeaders } from './client.ts';

/** Hands `/auth/*` to better-auth, which answers at the few paths that `createAuth` leaves open. */
@Controller(AUTH_PATH)
export class AuthController {
  constructor(
    @Inject(AUTH) private readonly auth: Auth,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @All('*')
  async answer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const headers = clientHeaders(request);
    headers.delete('content-length'); // the body is written again below
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD' && request.body !== undefined;
    const answer = await this.auth.handler(
      new Request(new URL(request.url, this.config.publicUrl), {
        method: request.method,
        headers,
        body: hasBody ? JSON.stringify(request.body) : undefined,
      }),
    );
    reply.status(answer.status);
    for (const [name, value] of answer.headers) if (name !== 'set-cookie') reply.header(name, value);
    const cookies = answer.headers.getSetCookie();
    if (cookies.length > 0) reply.header('set-cookie', cookies);
    reply.send(await answer.text());
  }
}
