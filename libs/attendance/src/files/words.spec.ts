import { describe, expect, it } from '@jest/globals';
import { actionOf, columnOf, folded, isOutsider, isTitle, roleOf, type Column } from './words.ts';

describe('the words of a file', () => {
  it('are compared without case, accents, spaces and signs', () => {
    expect(folded('  Durée (minutes) ')).toBe('dureeminutes');
    expect(folded('Imię i nazwisko')).toBe(folded('IMIE I NAZWISKO'));
    expect(folded('メール アドレス')).toBe(folded('メールアドレス'));
    expect(folded('Dołączył')).toBe('dolaczyl');
  });

  it.each<[string, Column]>([
    ['Name (Original Name)', 'name'],
    ['First Join (UTC)', 'firstJoin'],
    ['E-Mail-Adresse', 'email'],
    ['Participant ID (UPN)', 'signInName'],
    ['Dauer (Minuten)', 'minutes'],
    ["Action de l'utilisateur", 'action'],
    ['Action de l’utilisateur', 'action'],
    ['Última salida', 'lastLeave'],
    ['Função', 'role'],
    ['Czas udziału w spotkaniu', 'minutes'],
    ['初めての参加', 'firstJoin'],
    ['IN WAITING ROOM', 'waitingRoom'],
  ])('"%s" heads the column %s', (header, column) => {
    expect(columnOf(header)).toBe(column);
  });

  it.each(['', 'Guest', 'Recording Consent', 'Topic', 'Start Time', 'x'.repeat(1_000)])(
    '"%s" heads no column of ours',
    (header) => {
      expect(columnOf(header)).toBeNull();
    },
  );

  it('tell comings from goings', () => {
    expect(
      ['Joined before', 'Vorher beigetreten', 'Rejoint', 'Se unió', 'Ingressou', 'Dołączył(a)', '参加'].map(actionOf),
    ).toEqual(Array(7).fill('joined'));
    expect(['Left', 'Verlassen', "A quitté l'appel", 'Salió', 'Saiu', 'Opuścił(a)', '退出'].map(actionOf)).toEqual(
      Array(7).fill('left'),
    );
    expect(actionOf('Waved')).toBeNull();
  });

  it('tell roles, titles and guests', () => {
    expect(['Organisateur', 'Referent', 'Uczestnik', 'Boss'].map(roleOf)).toEqual([
      'organizer',
      'presenter',
      'attendee',
      null,
    ]);
    expect(isTitle('会議のタイトル')).toBe(true);
    expect(isOutsider('Gość')).toBe(true);
    expect(isOutsider('Joanna Smith')).toBe(false);
  });
});
