import { DomainError, type Refusal } from '#kernel';
import { QuestionKind, type Question } from '#events';

/** What was answered, by the id of the question: words, chosen options, or yes and no. */
export type Answers = Record<string, string | string[] | boolean>;

/** One answer as the API takes it: whichever of the three fits the kind of the question. */
export interface GivenAnswer {
  questionId: string;
  text?: string | null;
  choices?: string[] | null;
  yes?: boolean | null;
}

const LONGEST = { [QuestionKind.SHORT_TEXT]: 200, [QuestionKind.LONG_TEXT]: 4000 } as const;

/**
 * The answers to the form, with those of `before` where nothing new was said. Refuses, all at once and each under
 * `answers.<question id>`, what is missing, too long or not among the options. Answers to questions that the event no
 * longer asks are kept as they were, and new ones are refused.
 */
export function answersTo(questions: Question[], given: GivenAnswer[], before: Answers = {}): Answers {
  const refusals: Refusal[] = [];
  const byQuestion = new Map(given.map((answer) => [answer.questionId, answer]));
  const answers = { ...before };
  for (const question of questions) {
    const said = byQuestion.get(question.id);
    byQuestion.delete(question.id);
    const answer = said ? valueOf(question, said) : before[question.id];
    const refusal = refusalOf(question, answer);
    if (refusal) refusals.push({ ...refusal, field: `answers.${question.id}` });
    else if (isEmpty(answer)) delete answers[question.id];
    else answers[question.id] = answer;
  }
  for (const questionId of byQuestion.keys())
    refusals.push({
      code: 'QUESTION_UNKNOWN',
      field: `answers.${questionId}`,
      message: 'This event does not ask that question (any more). Please load the form again.',
    });
  if (refusals.length > 0) throw DomainError.all(refusals);
  return answers;
}

/** Whether the form asks something that these answers leave open. */
export function lacksAnswers(questions: Question[], answers: Answers): boolean {
  return questions.some((question) => refusalOf(question, answers[question.id]) !== null);
}

type Answer = Answers[string] | undefined;

function valueOf({ kind }: Question, { text, choices, yes }: GivenAnswer): Answer {
  if (kind === QuestionKind.YES_NO || kind === QuestionKind.CONSENT) return yes ?? undefined;
  if (kind === QuestionKind.MANY_CHOICES) return choices ? [...new Set(choices)] : undefined;
  if (kind === QuestionKind.ONE_CHOICE) return choices?.[0] ?? text ?? undefined;
  return text?.trim() ?? undefined;
}

function isEmpty(answer: Answer): answer is undefined {
  return answer === undefined || answer.valueOf() === '' || (Array.isArray(answer) && answer.length === 0);
}

function refusalOf({ kind, required, options }: Question, answer: Answer): Omit<Refusal, 'field'> | null {
  if (isEmpty(answer)) return required ? NEEDED : null;
  // A form may have changed its kind of question since: what was answered then says nothing now.
  if (kind === QuestionKind.YES_NO) return typeof answer === 'boolean' ? null : NEEDED;
  if (kind === QuestionKind.CONSENT) return answer === true || !required ? null : CONSENT;
  if (kind === QuestionKind.ONE_CHOICE || kind === QuestionKind.MANY_CHOICES) {
    const chosen = Array.isArray(answer) ? answer : [answer];
    return chosen.every((choice) => options.some((option) => option === choice)) ? null : CHOICE;
  }
  const longest = LONGEST[kind];
  return String(answer).length <= longest ? null : { code: 'ANSWER_TOO_LONG', message: tooLong(longest) };
}

const NEEDED = { code: 'ANSWER_NEEDED', message: 'Please answer this question.' };
const CONSENT = { code: 'CONSENT_NEEDED', message: 'Please tick this box; nobody can take part without it.' };
const CHOICE = { code: 'CHOICE_UNKNOWN', message: 'Please choose from the options.' };

function tooLong(longest: number): string {
  return `Please keep this under ${longest.toLocaleString('en')} characters.`;
}
