import { CONFIG, DomainError, notFound, type Actor, type Config } from '#kernel';
import { AttendanceFileInput, AttendanceImportService, type Preview } from '#attendance';
import { EventsService, type Event } from '#events';
import { ActorService, isSameOrigin } from '#identity';
import { Catch, Controller, HttpCode, Inject, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { InputPipe } from './input.pipe.ts';
import { InAddress, visitorOf } from './pages/visitor.ts';
import { FILE_AND_DECISIONS, bytesOf, lineAndRest, passOver } from './upload.ts';

const STATUS: Record<string, number> = {
  SIGN_IN: 401,
  KEY_UNKNOWN: 401,
  FORBIDDEN: 403,
  SCOPE: 403,
  NOT_FOUND: 404,
  BUSY: 503,
};
const COLUMNS = ['name', 'email', 'minutes', 'joinedAt', 'leftAt'];

/** A refused upload is told as a refused mutation is, whoever sends it. */
@Catch(DomainError)
export class UploadRefusedFilter implements ExceptionFilter<DomainError> {
  catch(error: DomainError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply
      .status(STATUS[error.code] ?? 422)
      .header('cache-control', 'no-store')
      .send({ userErrors: error.refusals });
  }
}

/** Takes files of calls of any size, as they arrive: to show who was there, and to keep it. */
@Controller('events/:slug/attendance')
@UseFilters(UploadRefusedFilter)
export class AttendanceFileController {
  private readonly pipe = new InputPipe();

  constructor(
    private readonly events: EventsService,
    private readonly imports: AttendanceImportService,
    private readonly actors: ActorService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post('preview')
  @HttpCode(200)
  async preview(
    @InAddress('slug') slug: string,
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, event } = await this.addressed(slug, request, reply);
    await this.uploaded(query, request, (bytes, options) =>
      this.imports.preview(actor, event.id, bytes, options, (preview) => sendPreview(reply, preview)),
    );
  }

  @Post()
  @HttpCode(200)
  async apply(
    @InAddress('slug') slug: string,
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, event } = await this.addressed(slug, request, reply);
    const applied = await this.uploaded(query, request, (bytes, options) =>
      this.imports.apply(actor, event.id, bytes, options),
    );
    void reply.header('cache-control', 'no-store').send(applied);
  }

  /** A session is believed only from our own pages; a key is nothing that a browser sends by itself. */
  private async addressed(
    slug: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<{ actor: Actor; event: Event }> {
    const actor = await visitorOf(this.actors, request, reply);
    if (!request.headers.authorization && !isSameOrigin(request.headers, this.config.publicUrl))
      throw new DomainError('FORBIDDEN', 'This was not sent from our own pages. Please open the event and try again.');
    const event = await this.events.find(actor, slug);
    if (!event) throw notFound('event');
    return { actor, event };
  }

  /** Reads an upload with `work`, which may stop early. */
  private async uploaded<T>(
    query: Record<string, unknown>,
    { body, headers }: FastifyRequest,
    work: (bytes: AsyncIterable<Uint8Array>, options: AttendanceFileInput) => Promise<T>,
  ): Promise<T> {
    if (!(body instanceof Readable))
      throw new DomainError(
        'FILE_TYPE',
        'Please send the bytes of the file, with a Content-Type of application/octet-stream.',
        'file',
      );
    try {
      const bytes = bytesOf(body);
      if (!headers['content-type']?.startsWith(FILE_AND_DECISIONS)) return await work(bytes, this.optionsIn(query));
      const { line, rest } = await lineAndRest(bytes);
      return await work(rest, this.optionsIn(query, line));
    } finally {
      await passOver(body);
    }
  }

  /** `?timeZone=Europe/Berlin&dateOrder=DMY&fileName=call.csv&nameColumn=Wer`, checked as in GraphQL. */
  private optionsIn(query: Record<string, unknown>, decisions?: unknown): AttendanceFileInput {
    const { timeZone, dateOrder, fileName } = query;
    const columns = COLUMNS.flatMap((column) => {
      const header = query[`${column}Column`];
      return header === undefined ? [] : [[column, header]];
    });
    const given = {
      timeZone,
      dateOrder,
      fileName,
      ...(columns.length > 0 && { columns: Object.fromEntries(columns) as unknown }),
      ...(decisions !== undefined && { decisions }),
    };
    return this.pipe.transform(given, { type: 'body', metatype: AttendanceFileInput }) as AttendanceFileInput;
  }
}

/** Sends the people as they are read. Ends when the answer is out, or nobody waits for it any more. */
async function sendPreview(reply: FastifyReply, preview: Preview): Promise<void> {
  const answer = Readable.from(inJson(preview), { objectMode: false });
  void reply.headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).send(answer);
  try {
    await finished(answer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

async function* inJson({ summary, people }: Preview): AsyncGenerator<string> {
  let before = `{"summary":${JSON.stringify(summary)},"people":[`;
  for await (const page of people) {
    yield before + page.map((person) => JSON.stringify(person)).join(',');
    before = ',';
  }
  yield before === ',' ? ']}' : `${before}]}`;
}
