import { AttendanceModule, AttendanceResolver, CountsResolver, ImportResolver } from '#attendance';
import { CalendarModule } from '#calendar';
import {
  CopyEventResolver,
  EssentialsResolver,
  EventPersonResolver,
  EventsModule,
  EventsResolver,
  RunbookResolver,
  SeriesResolver,
} from '#events';
import { GroupsModule, GroupsResolver } from '#groups';
import { AuthController, IdentityModule, IdentityResolver, SignInController } from '#identity';
import { ImpactModule, ImpactResolver } from '#impact';
import {
  AttendeeFieldsResolver,
  AttendeesResolver,
  EventChangesResolver,
  PersonalFeedModule,
  PersonalFeedResolver,
  RegistrationFieldsResolver,
  RegistrationModule,
  RegistrationResolver,
  SeriesChangesResolver,
  SessionQuestionsResolver,
  TicketKeyResolver,
  TicketResolver,
} from '#registration';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { AttendanceFileController } from './attendance-file.controller.ts';
import { AttendeesController } from './attendees.controller.ts';
import { graphqlOptions, GraphqlOptionsModule } from './graphql.options.ts';
import { HealthController } from './health.controller.ts';
import { InputPipe } from './input.pipe.ts';
import { EventController } from './pages/event/event.controller.ts';
import { ManageController } from './pages/event/manage.controller.ts';
import { OwnRegistrationController } from './pages/event/own-registration.controller.ts';
import { JoinController } from './pages/join/join.controller.ts';
import { NotFoundFilter } from './pages/not-found.filter.ts';
import { PagesController } from './pages/pages.controller.ts';
import { RefusalFilter } from './refusal.filter.ts';
import { Subscriptions } from './subscriptions.ts';

export const RESOLVERS = [
  IdentityResolver,
  GroupsResolver,
  EventsResolver,
  CopyEventResolver,
  EventPersonResolver,
  SeriesResolver,
  RunbookResolver,
  EssentialsResolver,
  RegistrationResolver,
  RegistrationFieldsResolver,
  TicketResolver,
  TicketKeyResolver,
  AttendeeFieldsResolver,
  AttendeesResolver,
  EventChangesResolver,
  SeriesChangesResolver,
  SessionQuestionsResolver,
  PersonalFeedResolver,
  AttendanceResolver,
  CountsResolver,
  ImportResolver,
  ImpactResolver,
];

/** The surface of the API: every resolver and every controller there is. */
@Module({
  imports: [
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      imports: [GraphqlOptionsModule],
      ...graphqlOptions,
    }),
    IdentityModule,
    GroupsModule,
    EventsModule,
    CalendarModule,
    RegistrationModule,
    PersonalFeedModule,
    AttendanceModule,
    ImpactModule,
  ],
  providers: [
    ...RESOLVERS,
    Subscriptions,
    { provide: APP_PIPE, useClass: InputPipe },
    { provide: APP_FILTER, useClass: RefusalFilter },
    { provide: APP_FILTER, useClass: NotFoundFilter },
  ],
  controllers: [
    HealthController,
    AuthController,
    SignInController,
    PagesController,
    EventController,
    AttendanceFileController,
    AttendeesController,
    ManageController,
    OwnRegistrationController,
    JoinController,
  ],
})
export class ApiModule {}
