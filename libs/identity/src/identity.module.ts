import { CONFIG, Clock, type Config } from '#kernel';
import { inTransaction, poolOf } from '#database';
import { MailModule, Outbox } from '#mail';
import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ActorService } from './actor.service.ts';
import { ApiKeyService } from './api-key.service.ts';
import { AUTH, createAuth, type Auth } from './auth.ts';
import { signInMail } from './identity.mails.tsx';
import { ProfileService } from './profile.service.ts';
import { SignInService } from './sign-in.service.ts';

/** Who people are and how they prove it. The app provides `CONFIG`, `Clock` and the `DataSource`. */
@Module({
  imports: [MailModule],
  providers: [
    {
      provide: AUTH,
      inject: [CONFIG, DataSource, Outbox, Clock],
      useFactory: (config: Config, db: DataSource, outbox: Outbox, clock: Clock): Auth =>
        createAuth({
          config,
          pool: poolOf(db),
          sendSignInMail: (letter) =>
            inTransaction(db, async (tx) => outbox.add(tx, [await signInMail(tx, config, letter, clock.now())])),
        }),
    },
    ActorService,
    ApiKeyService,
    ProfileService,
    SignInService,
  ],
  exports: [AUTH, ActorService, ApiKeyService, ProfileService, SignInService],
})
export class IdentityModule {}
