import { CurrentActor, Payload, connectionOf, done, type Actor, type Page } from '#kernel';
import { Event } from '#events';
import { Args, Field, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { SessionQuestion } from './session-question.ts';
import {
  AnswerQuestionInput,
  AskQuestionInput,
  HideQuestionInput,
  SessionQuestionsArgs,
  VoteForQuestionInput,
} from './session-questions.inputs.ts';
import { SessionQuestionsService } from './session-questions.service.ts';

@ObjectType()
export class SessionQuestionConnection extends connectionOf(SessionQuestion, 'SessionQuestion') {}

@ObjectType()
export class SessionQuestionPayload extends Payload {
  @Field(() => SessionQuestion, { nullable: true, description: 'The question as it is now.' })
  question?: SessionQuestion;
}

/** What people want to know from a session. */
@Resolver(() => Event)
export class SessionQuestionsResolver {
  constructor(private readonly questions: SessionQuestionsService) {}

  @ResolveField(() => SessionQuestionConnection, {
    name: 'sessionQuestions',
    description: 'What people who registered want to know, most wanted first.',
  })
  list(
    @Parent() event: Event,
    @CurrentActor() actor: Actor,
    @Args() wanted: SessionQuestionsArgs,
  ): Promise<Page<SessionQuestion>> {
    return this.questions.page(actor, event, wanted);
  }

  @Mutation(() => SessionQuestionPayload, {
    description: 'Asks something for a session, before it or after. For people who registered.',
  })
  async askQuestion(
    @CurrentActor() actor: Actor,
    @Args('input') input: AskQuestionInput,
  ): Promise<SessionQuestionPayload> {
    return done({ question: await this.questions.ask(actor, input) });
  }

  @Mutation(() => SessionQuestionPayload, {
    description: 'Says that one wants to know it too; once per registration. For people who registered.',
  })
  async voteForQuestion(
    @CurrentActor() actor: Actor,
    @Args('input') input: VoteForQuestionInput,
  ): Promise<SessionQuestionPayload> {
    return done({ question: await this.questions.vote(actor, input) });
  }

  @Mutation(() => SessionQuestionPayload, {
    description: 'Answers a question in writing, or takes the answer back. For hosts and organizers.',
  })
  async answerQuestion(
    @CurrentActor() actor: Actor,
    @Args('input') input: AnswerQuestionInput,
  ): Promise<SessionQuestionPayload> {
    return done({ question: await this.questions.answer(actor, input) });
  }

  @Mutation(() => SessionQuestionPayload, {
    description: 'Takes a question from the list, or puts it back. For hosts and organizers.',
  })
  async hideQuestion(
    @CurrentActor() actor: Actor,
    @Args('input') input: HideQuestionInput,
  ): Promise<SessionQuestionPayload> {
    return done({ question: await this.questions.hide(actor, input) });
  }
}
