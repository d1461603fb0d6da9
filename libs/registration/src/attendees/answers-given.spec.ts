import { QuestionKind, type Question } from '#events';
import { describe, expect, it } from '@jest/globals';
import { answerInWords, answersGiven, questionsOpen } from './answers-given.ts';

const question = (id: string, kind: QuestionKind, facts: Partial<Question> = {}): Question => ({
  id,
  kind,
  label: `What about ${id}?`,
  help: null,
  required: true,
  options: [],
  ...facts,
});
const NONE = { text: null, choices: null, yes: null };

describe('answers as they are told', () => {
  const form = [
    question('diet', QuestionKind.ONE_CHOICE, { options: ['Vegan', 'Any'] }),
    question('why', QuestionKind.LONG_TEXT),
    question('topics', QuestionKind.MANY_CHOICES, { options: ['Maps', 'Food'] }),
    question('first', QuestionKind.YES_NO),
  ];

  it('stand in the order of the form, each in the field that fits its question', () => {
    const answers = { first: false, topics: ['Maps', 'Food'], diet: 'Vegan', why: 'To learn' };
    expect(answersGiven(form, answers)).toEqual([
      { ...NONE, questionId: 'diet', label: 'What about diet?', choices: ['Vegan'] },
      { ...NONE, questionId: 'why', label: 'What about why?', text: 'To learn' },
      { ...NONE, questionId: 'topics', label: 'What about topics?', choices: ['Maps', 'Food'] },
      { ...NONE, questionId: 'first', label: 'What about first?', yes: false },
    ]);
  });

  it('end with those to questions that are gone, whose words nobody knows any more', () => {
    expect(
      answersGiven(form, { gone: 'Blue', why: 'To learn' }).map(({ questionId, label }) => [questionId, label]),
    ).toEqual([
      ['why', 'What about why?'],
      ['gone', null],
    ]);
  });

  it('leave open what is required and missing, and nothing else', () => {
    const optional = question('else', QuestionKind.SHORT_TEXT, { required: false });
    const open = questionsOpen([...form, optional], { why: 'To learn', diet: 'Meat', first: true });
    expect(open.map(({ id }) => id)).toEqual(['diet', 'topics']); // “Meat” is no option any more
  });

  it('fit into a cell of a table', () => {
    expect([['Maps', 'Food'], true, false, 'Blue', undefined].map(answerInWords)).toEqual([
      'Maps; Food',
      'yes',
      'no',
      'Blue',
      '',
    ]);
  });
});
