import { describe, expect, it } from '@jest/globals';
import { readAttendanceFile, type AttendanceFile, type Stay } from './attendance-file.ts';

describe('an early report of Teams', () => {
  it.each([
    [
      'English',
      'Full Name\tUser Action\tTimestamp',
      'Joined',
      'Left',
      '5/14/2026, 6:00:00 PM',
      '5/14/2026, 7:00:00 PM',
    ],
    [
      'German',
      'Vollständiger Name\tBenutzeraktion\tZeitstempel',
      'Beigetreten',
      'Verlassen',
      '14.5.2026, 18:00:00',
      '14.5.2026, 19:00:00',
    ],
    [
      'French',
      'Nom complet\tAction de l’utilisateur\tDate et heure',
      'Rejoint',
      "A quitté l'appel",
      '14/05/2026 à 18:00:00',
      '14/05/2026 à 19:00:00',
    ],
    [
      'Spanish',
      'Nombre completo\tAcción del usuario\tMarca de tiempo',
      'Se unió',
      'Salió',
      '14/5/2026, 18:00:00',
      '14/5/2026, 19:00:00',
    ],
    [
      'Portuguese',
      'Nome Completo\tAção do Usuário\tCarimbo de data/hora',
      'Ingressou',
      'Saiu',
      '14/05/2026 18:00:00',
      '14/05/2026 19:00:00',
    ],
    [
      'Polish',
      'Imię i nazwisko\tAkcja użytkownika\tSygnatura czasowa',
      'Dołączył',
      'Opuścił',
      '14.05.2026, 18:00:00',
      '14.05.2026, 19:00:00',
    ],
    [
      'Japanese',
      'フル ネーム\tユーザー アクション\tタイムスタンプ',
      '参加',
      '退出',
      '2026/5/14 18:00:00',
      '2026/5/14 19:00:00',
    ],
  ])('in %s pairs a coming with the next going', async (_language, header, joined, left, start, end) => {
    const lines = [header, `Zoë Almeida\t${joined}\t${start}`, `Zoë Almeida\t${left}\t${end}`];
    const { file, stays } = await read(Buffer.from(`\ufeff${lines.join('\r\n')}`, 'utf16le'));
    expect(file).toMatchObject({ format: 'TEAMS_JOINED_LEFT', problemCount: 0 });
    expect(stays).toEqual([stay(2, 'Zoë Almeida', '16:00:00', '17:00:00')]);
  });

  it('pairs per person, and leaves open what nobody ended', async () => {
    const { file, stays } = await csv([
      'Full Name,User Action,Timestamp',
      'Ana Silva,Joined before,"5/14/2026, 6:00:00 PM"',
      'Jo Park,Joined,"5/14/2026, 6:05:00 PM"',
      'Ana Silva,Left,"5/14/2026, 6:30:00 PM"',
      'Ana Silva,Joined,"5/14/2026, 6:40:00 PM"',
      'Jo Park,Joined,"5/14/2026, 6:50:00 PM"',
      'Jo Park,Left,"5/14/2026, 7:00:00 PM"',
    ]);
    expect(file.problemCount).toBe(0);
    expect(stays).toEqual([
      stay(2, 'Ana Silva', '16:00:00', '16:30:00'),
      stay(3, 'Jo Park', '16:05:00', null),
      stay(6, 'Jo Park', '16:50:00', '17:00:00'),
      stay(5, 'Ana Silva', '16:40:00', null),
    ]);
  });

  it('names the lines that tell no story', async () => {
    const { file, stays } = await csv([
      'Full Name,User Action,Timestamp',
      'Ana Silva,Joined,"5/14/2026, 6:00:00 PM"',
      'Jo Park,Left,"5/14/2026, 6:05:00 PM"',
      'Ana Silva,Waved,"5/14/2026, 6:06:00 PM"',
      'Ana Silva,Left,"5/14/2026, 5:59:00 PM"',
      ',Joined,"5/14/2026, 6:10:00 PM"',
      'Eve Adler,Joined,later',
    ]);
    expect(stays).toEqual([stay(2, 'Ana Silva', '16:00:00', null)]);
    expect(file.problems.map((problem) => problem.message)).toEqual([
      'Line 3 has somebody leaving who had not joined. We left it out.',
      'Line 4 tells neither a coming nor a going. We left it out.',
      'Line 5 has somebody leaving before they joined. We left it out.',
      'Line 6 has no name. We left it out.',
      'Line 7 has a time that we cannot read. We left it out.',
    ]);
  });

  it('with more people in the call at once than can be is refused', async () => {
    const people = Array.from({ length: 20_001 }, (_, at) => `Person ${at},Joined,2026-05-14 18:00:00`);
    await expect(csv(['Full Name,User Action,Timestamp', ...people])).rejects.toMatchObject({ code: 'FILE_TOO_LONG' });
  });
});

describe('a report of a Teams live event', () => {
  it('pairs by session, in UTC, and passes over people without a name', async () => {
    const { file, stays } = await csv([
      'SessionId,ParticipantId,FullName,UserAgent,UtcEventTimestamp,Action,Role',
      's1,p1,Ana Silva,Browser,5/14/2026 4:00:00 PM,Joined,Attendee',
      's2,p1,Ana Silva,Phone,5/14/2026 4:05:00 PM,Joined,Attendee',
      's3,p2,,Browser,5/14/2026 4:06:00 PM,Joined,Attendee',
      's1,p1,Ana Silva,Browser,5/14/2026 4:30:00 PM,Left,Attendee',
      's4,p3,Jo Park,Browser,5/14/2026 4:31:00 PM,Joined,Producer',
      's2,p1,Ana Silva,Phone,5/14/2026 4:45:00 PM,Left,Attendee',
    ]);
    expect(file).toMatchObject({ format: 'TEAMS_LIVE_EVENT', problemCount: 1 });
    expect(stays).toEqual([
      { ...stay(2, 'Ana Silva', '16:00:00', '16:30:00'), role: 'attendee' },
      { ...stay(3, 'Ana Silva', '16:05:00', '16:45:00'), role: 'attendee' },
      { ...stay(6, 'Jo Park', '16:31:00', null), role: 'organizer' },
    ]);
  });
});

function stay(line: number, name: string, joined: string, left: string | null): Stay {
  const joinedAt = new Date(`2026-05-14T${joined}Z`);
  const leftAt = left === null ? null : new Date(`2026-05-14T${left}Z`);
  return { line, name, email: null, joinedAt, leftAt, minutes: null, role: null };
}

async function csv(lines: string[]) {
  return read(Buffer.from(lines.join('\n')));
}

async function read(bytes: Buffer): Promise<{ file: AttendanceFile; stays: Stay[] }> {
  async function* whole() {
    yield bytes;
  }
  const around = new Date('2026-05-14T16:00:00Z');
  const file = await readAttendanceFile(whole(), { timeZone: 'Europe/Paris', around });
  const stays: Stay[] = [];
  for await (const batch of file.stays) stays.push(...batch);
  return { file, stays };
}
