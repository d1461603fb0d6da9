import { QuestionKind, type Question } from '#events';
import { lacksAnswers, type Answers } from '../admission/answers.ts';

/** An answer as it is told: with what was asked, as far as the event still asks it. */
export interface AnswerGiven {
  questionId: string;
  label: string | null;
  text: string | null;
  choices: string[] | null;
  yes: boolean | null;
}

/** What was answered, in the order of the form; then what the event asks no more. */
export function answersGiven(questions: Question[], answers: Answers): AnswerGiven[] {
  const asked = questions.filter(({ id }) => answers[id] !== undefined);
  const known = new Set(questions.map(({ id }) => id));
  return [
    ...asked.map(({ id, label, kind }) => told(id, label, answers[id], kind)),
    ...Object.keys(answers)
      .filter((id) => !known.has(id))
      .map((id) => told(id, null, answers[id])),
  ];
}

/** The questions that these answers leave open although the form requires them, or answer with what is no option now. */
export function questionsOpen(questions: Question[], answers: Answers): Question[] {
  return questions.filter((question) => lacksAnswers([question], answers));
}

/** An answer on one line of plain text; empty when there is none. */
export function answerInWords(answer: Answers[string] | undefined): string {
  if (Array.isArray(answer)) return answer.join('; ');
  if (typeof answer === 'boolean') return answer ? 'yes' : 'no';
  return answer ?? '';
}

function told(questionId: string, label: string | null, answer: Answers[string] | undefined, kind?: QuestionKind) {
  const chosen = typeof answer === 'string' && kind === QuestionKind.ONE_CHOICE ? [answer] : null;
  return {
    questionId,
    label,
    text: typeof answer === 'string' && !chosen ? answer : null,
    choices: Array.isArray(answer) ? answer : chosen,
    yes: typeof answer === 'boolean' ? answer : null,
  };
}
