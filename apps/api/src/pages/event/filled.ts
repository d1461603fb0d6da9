import { DomainError, type Refusal } from '#kernel';
import { QuestionKind, hasOptions, type Question } from '#events';
import { RegisterForEventInput, type Registration } from '#registration';
import { InputPipe } from '../../input.pipe.ts';

/** Answers as they stand in a form: what was typed or chosen, by the id of the question. */
type Typed = ReadonlyMap<string, readonly string[]>;

/** A form with questions: what stands in it, and what has to be changed about it. */
export interface Answering {
  typed: Typed;
  refusals: Refusal[];
}

/** Answers as the API takes them. */
export type GivenAnswers = NonNullable<RegisterForEventInput['answers']>;

/** More values than any field may have are not looked at; one more is kept, so that they are refused. */
const MOST_VALUES = 51;

/** A sent form, whatever was sent: what is missing is empty, and what is no text is left out. */
export class SentForm {
  constructor(private readonly body: unknown) {}

  /** The only value of a field; empty where it is missing or was sent twice. */
  one(name: string): string {
    const [only, ...more] = this.all(name);
    return more.length === 0 ? (only ?? '') : '';
  }

  /** All values of a field, without those left empty. */
  all(name: string): string[] {
    const sent = (this.body as Record<string, unknown> | null | undefined)?.[name];
    return (Array.isArray(sent) ? (sent as unknown[]) : [sent])
      .filter((value) => typeof value === 'string')
      .map((value) => value.replaceAll('\r\n', '\n').trim())
      .filter((value) => value !== '')
      .slice(0, MOST_VALUES);
  }

  /** What was typed or chosen, by question. */
  typed(questions: Question[]): Typed {
    return new Map(questions.map(({ id }) => [id, this.all(`answer-${id}`)]));
  }

  /** The questions that stood in the form. Boxes left empty are not sent, so the form names what it asked. */
  asked(questions: Question[]): Question[] {
    const asked = this.body as Record<string, unknown> | null | undefined;
    const named = new Set([asked?.asked].flat());
    return questions.filter(({ id }) => named.has(id) || asked?.[`answer-${id}`] !== undefined);
  }
}

/** Stored answers as they stand in a form. */
export function typedFrom({ answers }: Registration): Typed {
  return new Map(Object.entries(answers).map(([id, answer]) => [id, wordsOf(answer)]));
}

/** What the form says to these questions; nothing typed takes an answer back. */
export function answersIn(questions: Question[], typed: Typed): GivenAnswers {
  return questions.map((question) => given(question, typed.get(question.id) ?? []));
}

const shape = new InputPipe();

/** A request as the API takes it, refused with the fields that a page shows. */
export function checked(input: Partial<RegisterForEventInput>): RegisterForEventInput {
  try {
    return shape.transform(input, { type: 'body', metatype: RegisterForEventInput }) as RegisterForEventInput;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw DomainError.all(
      error.refusals.map((refusal) => ({ ...refusal, field: byQuestion(refusal.field, input.answers) })),
    );
  }
}

/** Shape is refused by the place of an answer in the list, a rule by its question: a form knows questions only. */
function byQuestion(field: string | null, answers: GivenAnswers = []): string | null {
  const [, place] = /^answers\.(\d+)\./.exec(field ?? '') ?? [];
  const answer = place && answers[Number(place)];
  return answer ? `answers.${answer.questionId}` : field;
}

function given({ id: questionId, kind }: Question, typed: readonly string[]): GivenAnswers[number] {
  const [first] = typed;
  if (kind === QuestionKind.CONSENT) return { questionId, yes: first === 'yes' };
  if (kind === QuestionKind.YES_NO) return { questionId, yes: first === undefined ? null : first === 'yes' };
  return hasOptions({ kind }) ? { questionId, choices: [...typed] } : { questionId, text: first ?? '' };
}

function wordsOf(answer: Registration['answers'][string]): string[] {
  if (typeof answer === 'boolean') return [answer ? 'yes' : 'no'];
  return Array.isArray(answer) ? answer : [answer];
}
