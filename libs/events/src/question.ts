import { newId, type Refusal } from '#kernel';
import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';

export enum QuestionKind {
  SHORT_TEXT = 'SHORT_TEXT',
  LONG_TEXT = 'LONG_TEXT',
  ONE_CHOICE = 'ONE_CHOICE',
  MANY_CHOICES = 'MANY_CHOICES',
  YES_NO = 'YES_NO',
  CONSENT = 'CONSENT',
}
registerEnumType(QuestionKind, {
  name: 'QuestionKind',
  description: 'How a question is answered.',
  valuesMap: {
    SHORT_TEXT: { description: 'One line, up to 200 characters.' },
    LONG_TEXT: { description: 'Several lines, up to 4,000 characters.' },
    ONE_CHOICE: { description: 'One of the options.' },
    MANY_CHOICES: { description: 'Any of the options; at least one if required.' },
    YES_NO: { description: 'Yes or no.' },
    CONSENT: { description: 'A box to tick; required means that nobody registers without ticking it.' },
  },
});

/** Something an event asks of those who register. */
@ObjectType({ description: 'Something an event asks of those who register.' })
export class Question {
  @Field(() => ID, { description: 'Opaque; answers name it. Never changes while the question stays.' })
  id: string;

  @Field(() => QuestionKind, { description: 'How it is answered.' })
  kind: QuestionKind;

  @Field({ description: 'What is asked. Plain text, up to 300 characters.' })
  label: string;

  @Field(() => String, { nullable: true, description: 'Why it is asked, or what to keep in mind.' })
  help: string | null;

  @Field({ description: 'Whether nobody registers without an answer.' })
  required: boolean;

  @Field(() => [String], { description: 'What to choose from; empty for other kinds.' })
  options: string[];
}

/** A question as an organizer writes it down. */
export interface WrittenQuestion {
  id?: string | null;
  kind: QuestionKind;
  label: string;
  help?: string | null;
  required: boolean;
  options?: string[] | null;
}

const CHOICES = new Set([QuestionKind.ONE_CHOICE, QuestionKind.MANY_CHOICES]);

/** Whether the question is answered by choosing from options. */
export function hasOptions({ kind }: { kind: QuestionKind }): boolean {
  return CHOICES.has(kind);
}

/** The questions with their ids: those that `before` knew keep theirs, and with them the answers given so far. */
export function questionsFrom(written: WrittenQuestion[], before: Question[]): Question[] {
  const known = new Map(before.map((question) => [question.id, question]));
  return written.map(({ id, kind, label, help, required, options }) => ({
    // An answer to a question of another kind answers nothing: it becomes a new question.
    id: id && known.get(id)?.kind === kind ? id : newId(),
    kind,
    label: label.trim(),
    help: help?.trim() ? help.trim() : null,
    required,
    options: CHOICES.has(kind) ? (options ?? []).map((option) => option.trim()) : [],
  }));
}

/** What is wrong with a form, by question; empty when people can answer it. */
export function faultsOf(questions: Question[]): Refusal[] {
  const ids = new Set<string>();
  return questions.flatMap(({ id, kind, options }, index) => {
    const field = `questions.${index}`;
    const faults: Refusal[] = [];
    if (ids.has(id))
      faults.push({ code: 'QUESTION_TWICE', field: `${field}.id`, message: 'Two questions have the same id.' });
    ids.add(id);
    if (!CHOICES.has(kind)) return faults;
    if (options.length < 2)
      faults.push({
        code: 'OPTIONS_NEEDED',
        field: `${field}.options`,
        message: 'Please give at least two options to choose from.',
      });
    if (new Set(options).size < options.length)
      faults.push({
        code: 'OPTION_TWICE',
        field: `${field}.options`,
        message: 'An option stands there twice. Please give each its own words.',
      });
    return faults;
  });
}

/** Whether people who answered `before` have to be asked again: a question is new, or asks something else. */
export function asksAnew(before: Question[], after: Question[]): boolean {
  const asked = new Map(
    before.map(({ id, label, required, options }) => [id, JSON.stringify([label, required, options])]),
  );
  return after.some(({ id, label, required, options }) => asked.get(id) !== JSON.stringify([label, required, options]));
}
