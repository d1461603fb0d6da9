import { CONFIG, Clock, PAGE_HEADERS, page, seal, unseal, type Config, type Html } from '#kernel';
import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SIGN_IN_MINUTES } from './auth.ts';
import { returnPath } from './return-path.ts';
import { isSameOrigin } from './same-origin.ts';
import { askPage, confirmPage, goneBody, linkSentBody, notFromHereBody, wrongCodeBody } from './sign-in.pages.ts';
import { SignInService } from './sign-in.service.ts';

/** Who asked for a code in this browser; only this browser can redeem it (ASVS 6.6.2). */
interface Asked {
  email: string;
  returnTo: string;
  until: number;
}

type Form = Record<string, unknown> | undefined;

/**
 * The pages of signing in. They work without script. A link is opened with GET, which changes nothing, because mail
 * scanners open links; the button on its page sends the POST that signs in.
 */
@Controller()
export class SignInController {
  private readonly askedCookie: string;

  constructor(
    private readonly signIn: SignInService,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.askedCookie = config.publicUrl.startsWith('https:') ? '__Host-goodturn.asked' : 'goodturn.asked';
  }

  @Get('sign-in')
  ask(@Query('returnTo') wish: unknown, @Res() reply: FastifyReply): void {
    show(reply, 200, 'Sign in', askPage(returnPath(wish)));
  }

  @Post('sign-in')
  async send(@Body() form: Form, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!this.fromHere(request, reply)) return;
    const email = field(form, 'email').trim().toLowerCase();
    const returnTo = returnPath(form?.returnTo);
    await this.signIn.requestLink(request, email, returnTo);
    const until = this.clock.now().getTime() + SIGN_IN_MINUTES * 60_000;
    const asked = seal(this.config.secret, JSON.stringify({ email, returnTo, until } satisfies Asked));
    reply.header('set-cookie', this.cookie(asked, SIGN_IN_MINUTES * 60));
    show(reply, 200, 'Look into your mail', linkSentBody);
  }

  @Post('sign-in/code')
  async redeemCode(@Body() form: Form, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!this.fromHere(request, reply)) return;
    const asked = this.askedBy(request);
    if (!asked) return show(reply, 410, 'This code no longer works', goneBody('/'));
    const cookies = await this.signIn.redeemCode(request, asked.email, field(form, 'code'));
    if (!cookies) return show(reply, 422, 'That code is not right', wrongCodeBody(asked.returnTo));
    this.enter(reply, cookies, asked.returnTo);
  }

  @Get('sign-in/:token')
  confirm(@Param('token') token: string, @Query('returnTo') wish: unknown, @Res() reply: FastifyReply): void {
    show(reply, 200, 'Sign in', confirmPage(token, returnPath(wish)));
  }

  @Post('sign-in/:token')
  async redeemLink(
    @Param('token') token: string,
    @Query('returnTo') wish: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!this.fromHere(request, reply)) return;
    const returnTo = returnPath(wish);
    const cookies = await this.signIn.redeemLink(request, token);
    if (!cookies) return show(reply, 410, 'This link no longer works', goneBody(returnTo));
    this.enter(reply, cookies, returnTo);
  }

  @Post('sign-out')
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!this.fromHere(request, reply)) return;
    reply.header('set-cookie', await this.signIn.signOut(request));
    reply.header('cache-control', 'no-store').redirect('/', 303);
  }

  private enter(reply: FastifyReply, cookies: string[], returnTo: string): void {
    reply.header('set-cookie', [...cookies, this.cookie('', 0)]);
    reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').redirect(returnTo, 303);
  }

  private fromHere(request: FastifyRequest, reply: FastifyReply): boolean {
    const here = isSameOrigin(request.headers, this.config.publicUrl);
    if (!here) show(reply, 403, 'Please start here', notFromHereBody);
    return here;
  }

  private askedBy(request: FastifyRequest): Asked | null {
    const cookies = request.headers.cookie?.split(/; */) ?? [];
    const sealed = cookies
      .find((cookie) => cookie.startsWith(`${this.askedCookie}=`))
      ?.slice(this.askedCookie.length + 1);
    const opened = sealed && unseal(this.config.secret, sealed);
    const asked = opened ? (JSON.parse(opened) as Asked) : null;
    return asked && asked.until > this.clock.now().getTime() ? asked : null;
  }

  private cookie(value: string, maxAgeSeconds: number): string {
    const secure = this.config.publicUrl.startsWith('https:') ? '; Secure' : '';
    return `${this.askedCookie}=${value}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure}`;
  }
}

function show(reply: FastifyReply, status: number, title: string, body: Html): void {
  reply
    .status(status)
    .headers(PAGE_HEADERS)
    .send(page({ lang: 'en', title, body }));
}

function field(form: Form, name: string): string {
  const value = form?.[name];
  return typeof value === 'string' ? value : '';
}
