import { DomainError } from '#kernel';
import { QuestionKind, type Question } from '#events';
import { describe, expect, it } from '@jest/globals';
import { answersTo, lacksAnswers, type GivenAnswer } from './answers.ts';

const question = (id: string, kind: QuestionKind, facts: Partial<Question> = {}): Question => ({
  id,
  kind,
  label: id,
  help: null,
  required: true,
  options: [],
  ...facts,
});
const FORM = [
  question('why', QuestionKind.LONG_TEXT),
  question('shirt', QuestionKind.ONE_CHOICE, { options: ['S', 'M', 'L'] }),
  question('topics', QuestionKind.MANY_CHOICES, { options: ['Cloud', 'Data'], required: false }),
  question('vegan', QuestionKind.YES_NO),
  question('conduct', QuestionKind.CONSENT),
];
const COMPLETE: GivenAnswer[] = [
  { questionId: 'why', text: ' To learn ' },
  { questionId: 'shirt', choices: ['M'] },
  { questionId: 'topics', choices: ['Data', 'Cloud', 'Data'] },
  { questionId: 'vegan', yes: false },
  { questionId: 'conduct', yes: true },
];

const refusalsOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.refusals.map(({ code, field }) => `${field}: ${code}`);
    throw error;
  }
  return [];
};

describe('answers to the form of an event', () => {
  it('are kept by question, each in its own kind', () => {
    expect(answersTo(FORM, COMPLETE)).toEqual({
      why: 'To learn',
      shirt: 'M',
      topics: ['Data', 'Cloud'],
      vegan: false,
      conduct: true,
    });
  });

  it('are asked for all at once where they are missing, each under its question', () => {
    expect(refusalsOf(() => answersTo(FORM, []))).toEqual([
      'answers.why: ANSWER_NEEDED',
      'answers.shirt: ANSWER_NEEDED',
      'answers.vegan: ANSWER_NEEDED',
      'answers.conduct: ANSWER_NEEDED',
    ]);
  });

  it.each<[string, GivenAnswer, string]>([
    ['blanks only', { questionId: 'why', text: '   ' }, 'answers.why: ANSWER_NEEDED'],
    ['a text that is too long', { questionId: 'why', text: 'x'.repeat(4001) }, 'answers.why: ANSWER_TOO_LONG'],
    ['an option that is not there', { questionId: 'shirt', choices: ['XXL'] }, 'answers.shirt: CHOICE_UNKNOWN'],
    [
      'one wrong option among right ones',
      { questionId: 'topics', choices: ['Data', '?'] },
      'answers.topics: CHOICE_UNKNOWN',
    ],
    ['a box that was not ticked', { questionId: 'conduct', yes: false }, 'answers.conduct: CONSENT_NEEDED'],
    ['the wrong kind of answer', { questionId: 'vegan', text: 'yes' }, 'answers.vegan: ANSWER_NEEDED'],
    ['a question nobody asked', { questionId: 'age', text: '30' }, 'answers.age: QUESTION_UNKNOWN'],
  ])('are refused for %s', (_, answer, refusal) => {
    const given = [...COMPLETE.filter(({ questionId }) => questionId !== answer.questionId), answer];
    expect(refusalsOf(() => answersTo(FORM, given))).toEqual([refusal]);
  });

  it('given before are kept where nothing new is said, also to questions no longer asked', () => {
    const before = { ...answersTo(FORM, COMPLETE), gone: 'once asked' };
    expect(answersTo(FORM, [{ questionId: 'shirt', choices: ['L'] }], before)).toEqual({ ...before, shirt: 'L' });
  });

  it('can be taken back where they are not required', () => {
    expect(answersTo(FORM, [{ questionId: 'topics', choices: [] }], answersTo(FORM, COMPLETE))).not.toHaveProperty(
      'topics',
    );
  });

  it('are lacking when the form asks something new that is required, and not when it is optional', () => {
    const answers = answersTo(FORM, COMPLETE);
    expect(lacksAnswers(FORM, answers)).toBe(false);
    expect(lacksAnswers([...FORM, question('new', QuestionKind.YES_NO)], answers)).toBe(true);
    expect(lacksAnswers([...FORM, question('new', QuestionKind.YES_NO, { required: false })], answers)).toBe(false);
  });
});
