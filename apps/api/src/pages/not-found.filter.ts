import { STRANGER, html } from '#kernel';
import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { show, type PublicPage } from './frame.ts';
import { TEXTS } from './texts.ts';

/** What is not there is said in a page to people, and in JSON to programs. */
@Catch(NotFoundException)
export class NotFoundFilter implements ExceptionFilter<NotFoundException> {
  catch(error: NotFoundException, host: ArgumentsHost): void {
    if (host.getType<string>() !== 'http') throw error;
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const { accept = '' } = http.getRequest<FastifyRequest>().headers;
    if (accept.includes('text/html')) show(reply, 404, notFoundPage(TEXTS.notFound.title, TEXTS.notFound.lead));
    else void reply.status(404).send(error.getResponse());
  }
}

export function notFoundPage(title: string, lead: string): PublicPage {
  return {
    title,
    visitor: STRANGER, // who it is does not matter here, and finding out may be what failed
    narrow: true,
    body: html`<h1>${title}</h1>
      <p class="lead">${lead}</p>
      <p class="actions"><a class="button" href="/">${TEXTS.notFound.home}</a></p>`,
  };
}
