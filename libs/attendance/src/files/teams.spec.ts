import { describe, expect, it } from '@jest/globals';
import { readAttendanceFile, type AttendanceFile, type ReadOptions, type Stay } from './attendance-file.ts';

/** One call of 14 May 2026 in Paris, as each language exports it: Zoë is there twice, Tomasz once. */
const REPORTS: Record<string, string[]> = {
  English: [
    '1. Summary',
    'Meeting title\tMaps for the food bank',
    'Attended participants\t2',
    'Start time\t5/14/26, 5:58:00 PM',
    '',
    '2. Participants',
    'Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole',
    'Zoë Almeida\t5/14/26, 6:00:05 PM\t5/14/26, 8:00:00 PM\t1h 50m 5s\tzoe@example.org\tzoe@example.org\tOrganizer',
    'Tomasz Lis (Guest)\t5/14/26, 6:10:00 PM\t5/14/26, 7:00:00 PM\t50m\t\t\tAttendee',
    '',
    '3. In-Meeting Activities',
    'Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole',
    'Zoë Almeida\t5/14/26, 6:00:05 PM\t5/14/26, 7:00:00 PM\t59m 55s\tzoe@example.org\tOrganizer',
    'Zoë Almeida\t5/14/26, 7:09:50 PM\t5/14/26, 8:00:00 PM\t50m 10s\tzoe@example.org\tOrganizer',
    'Tomasz Lis (Guest)\t5/14/26, 6:10:00 PM\t5/14/26, 7:00:00 PM\t50m\t\tAttendee',
  ],
  German: [
    '1. Zusammenfassung',
    'Besprechungstitel\tMaps for the food bank',
    'Teilnehmer\t2',
    '',
    '2. Teilnehmer',
    'Name\tErster Beitritt\tLetztes Verlassen\tDauer der Besprechung\tE-Mail\tTeilnehmer-ID (UPN)\tRolle',
    'Zoë Almeida\t14.05.26, 18:00:05\t14.05.26, 20:00:00\t1 Std. 50 Min. 5 Sek.\tzoe@example.org\tzoe@example.org\tOrganisator',
    'Tomasz Lis (Gast)\t14.05.26, 18:10:00\t14.05.26, 19:00:00\t50 Min.\t\t\tTeilnehmer',
    '',
    '3. Aktivitäten in der Besprechung',
    'Name\tBeitreten\tVerlassen\tDauer\tE-Mail\tRolle',
    'Zoë Almeida\t14.05.26, 18:00:05\t14.05.26, 19:00:00\t59 Min. 55 Sek.\tzoe@example.org\tOrganisator',
    'Zoë Almeida\t14.05.26, 19:09:50\t14.05.26, 20:00:00\t50 Min. 10 Sek.\tzoe@example.org\tOrganisator',
    'Tomasz Lis (Gast)\t14.05.26, 18:10:00\t14.05.26, 19:00:00\t50 Min.\t\tTeilnehmer',
  ],
  French: [
    '1. Résumé',
    'Titre de la réunion\tMaps for the food bank',
    '',
    '2. Participants',
    'Nom\tPremière participation\tDernier départ\tDurée en réunion\tE-mail\tID du participant (UPN)\tRôle',
    'Zoë Almeida\t14/05/2026 18:00:05\t14/05/2026 20:00:00\t1 h 50 min 5 s\tzoe@example.org\tzoe@example.org\tOrganisateur',
    'Tomasz Lis (Invité)\t14/05/2026 18:10:00\t14/05/2026 19:00:00\t50 min\t\t\tParticipant',
    '',
    '3. Activités en réunion',
    'Nom\tType de salle\tNom de la salle\tHeure de participation\tHeure de départ\tDurée\tE-mail\tRôle',
    'Zoë Almeida\tGénérale\tGénérale\t14/05/2026 18:00:05\t14/05/2026 19:00:00\t59 min 55 s\tzoe@example.org\tOrganisateur',
    'Zoë Almeida\tGénérale\tGénérale\t14/05/2026 19:09:50\t14/05/2026 20:00:00\t50 min 10 s\tzoe@example.org\tOrganisateur',
    'Tomasz Lis (Invité)\tGénérale\tGénérale\t14/05/2026 18:10:00\t14/05/2026 19:00:00\t50 min\t\tParticipant',
  ],
  Spanish: [
    '1. Resumen',
    'Título de la reunión\tMaps for the food bank',
    '',
    '2. Participantes',
    'Nombre\tPrimera unión\tÚltima salida\tDuración de la reunión\tCorreo electrónico\tId. de participante (UPN)\tRol',
    'Zoë Almeida\t14/5/26, 18:00:05\t14/5/26, 20:00:00\t1 h 50 min 5 s\tzoe@example.org\tzoe@example.org\tOrganizador',
    'Tomasz Lis (Invitado)\t14/5/26, 6:10:00 p. m.\t14/5/26, 7:00:00 p. m.\t50 min\t\t\tAsistente',
    '',
    '3. Actividades en la reunión',
    'Nombre\tHora de unión\tHora de salida\tDuración\tCorreo electrónico\tRol',
    'Zoë Almeida\t14/5/26, 18:00:05\t14/5/26, 19:00:00\t59 min 55 s\tzoe@example.org\tOrganizador',
    'Zoë Almeida\t14/5/26, 19:09:50\t14/5/26, 20:00:00\t50 min 10 s\tzoe@example.org\tOrganizador',
    'Tomasz Lis (Invitado)\t14/5/26, 6:10:00 p. m.\t14/5/26, 7:00:00 p. m.\t50 min\t\tAsistente',
  ],
  Portuguese: [
    '1. Resumo',
    'Título da reunião\tMaps for the food bank',
    '',
    '2. Participantes',
    'Nome\tPrimeira entrada\tÚltima saída\tDuração da reunião\tE-mail\tID do participante (UPN)\tFunção',
    'Zoë Almeida\t14/05/26, 18:00:05\t14/05/26, 20:00:00\t1h 50min 5s\tzoe@example.org\tzoe@example.org\tOrganizador',
    'Tomasz Lis (Convidado)\t14/05/26, 18:10:00\t14/05/26, 19:00:00\t50min\t\t\tParticipante',
    '',
    '3. Atividades na reunião',
    'Nome\tHora de entrada\tHora de saída\tDuração\tE-mail\tFunção',
    'Zoë Almeida\t14/05/26, 18:00:05\t14/05/26, 19:00:00\t59min 55s\tzoe@example.org\tOrganizador',
    'Zoë Almeida\t14/05/26, 19:09:50\t14/05/26, 20:00:00\t50min 10s\tzoe@example.org\tOrganizador',
    'Tomasz Lis (Convidado)\t14/05/26, 18:10:00\t14/05/26, 19:00:00\t50min\t\tParticipante',
  ],
  Polish: [
    '1. Podsumowanie',
    'Tytuł spotkania\tMaps for the food bank',
    '',
    '2. Uczestnicy',
    'Imię i nazwisko\tPierwsze dołączenie\tOstatnie wyjście\tCzas udziału w spotkaniu\tAdres e-mail\tIdentyfikator uczestnika (UPN)\tRola',
    'Zoë Almeida\t14.05.2026, 18:00:05\t14.05.2026, 20:00:00\t1 godz. 50 min 5 sek.\tzoe@example.org\tzoe@example.org\tOrganizator',
    'Tomasz Lis (Gość)\t14.05.2026, 18:10:00\t14.05.2026, 19:00:00\t50 min\t\t\tUczestnik',
    '',
    '3. Działania podczas spotkania',
    'Imię i nazwisko\tCzas dołączenia\tCzas opuszczenia\tCzas trwania\tAdres e-mail\tRola',
    'Zoë Almeida\t14.05.2026, 18:00:05\t14.05.2026, 19:00:00\t59 min 55 sek.\tzoe@example.org\tOrganizator',
    'Zoë Almeida\t14.05.2026, 19:09:50\t14.05.2026, 20:00:00\t50 min 10 sek.\tzoe@example.org\tOrganizator',
    'Tomasz Lis (Gość)\t14.05.2026, 18:10:00\t14.05.2026, 19:00:00\t50 min\t\tUczestnik',
  ],
  Japanese: [
    '1. 要約',
    '会議のタイトル\tMaps for the food bank',
    '',
    '2. 参加者',
    '名前\t初めての参加\t最終退出\t会議の長さ\tメール\t参加者 ID (UPN)\t役割',
    'Zoë Almeida\t2026/5/14 18:00:05\t2026/5/14 20:00:00\t1 時間 50 分 5 秒\tzoe@example.org\tzoe@example.org\t開催者',
    'Tomasz Lis (ゲスト)\t2026/5/14 午後6:10:00\t2026/5/14 午後7:00:00\t50 分\t\t\t出席者',
    '',
    '3. 会議中のアクティビティ',
    '名前\t参加時刻\t退出時刻\t期間\tメール\t役割',
    'Zoë Almeida\t2026/5/14 18:00:05\t2026/5/14 19:00:00\t59 分 55 秒\tzoe@example.org\t開催者',
    'Zoë Almeida\t2026/5/14 19:09:50\t2026/5/14 20:00:00\t50 分 10 秒\tzoe@example.org\t開催者',
    'Tomasz Lis (ゲスト)\t2026/5/14 午後6:10:00\t2026/5/14 午後7:00:00\t50 分\t\t出席者',
  ],
};

const STAYS: Omit<Stay, 'line'>[] = [
  { ...person('Zoë Almeida', 'zoe@example.org', 'organizer'), ...times('16:00:05', '17:00:00') },
  { ...person('Zoë Almeida', 'zoe@example.org', 'organizer'), ...times('17:09:50', '18:00:00') },
  { ...person('Tomasz Lis', null, 'attendee'), ...times('16:10:00', '17:00:00') },
];

const OVERALL: Omit<Stay, 'line'>[] = [
  { ...person('Zoë Almeida', 'zoe@example.org', 'organizer'), ...times('16:00:05', '18:00:00'), minutes: 110 + 5 / 60 },
  { ...person('Tomasz Lis', null, 'attendee'), ...times('16:10:00', '17:00:00'), minutes: 50 },
];

describe('a report of Teams', () => {
  it.each(Object.entries(REPORTS))('in %s tells each stay, in UTF-16 and in UTF-8', async (_language, lines) => {
    for (const bytes of [utf16(lines), Buffer.from(lines.join('\n'))]) {
      const { file, stays } = await read(bytes);
      expect(file).toMatchObject({ format: 'TEAMS', title: 'Maps for the food bank', problemCount: 0 });
      expect(stays.map(({ line: _line, ...stay }) => stay)).toEqual(STAYS);
      expect(stays.map((stay) => stay.line)).toEqual([-3, -2, -1].map((back) => lines.length + back + 1));
    }
  });

  it.each(Object.entries(REPORTS))(
    'in %s tells first and last times when it lists no stays',
    async (_language, lines) => {
      const end = lines.findIndex((line) => line.startsWith('3. '));
      for (const shorter of [lines.slice(0, end), lines.slice(0, end + 2), [...lines.slice(0, end + 1), '—']]) {
        const { file, stays } = await read(utf16(shorter));
        expect(file).toMatchObject({ format: 'TEAMS', problemCount: 0 });
        expect(stays.map(({ line: _line, ...stay }) => stay)).toEqual(OVERALL);
      }
    },
  );

  it('gives a stay the address and role that only the list of participants tells', async () => {
    const lines = english((line) =>
      line.replace('\tEmail\tRole', '').replace(/(s|50m)\t(zoe@example.org)?\t(Organizer|Attendee)$/, '$1'),
    );
    const { stays } = await read(utf16(lines));
    expect(stays.map(({ email, role }) => [email, role])).toEqual([
      ['zoe@example.org', 'organizer'],
      ['zoe@example.org', 'organizer'],
      [null, 'attendee'],
    ]);
  });

  it('gives the address of neither to two people of one name', async () => {
    const lines = [
      '1. Summary',
      '2. Participants',
      'Name\tFirst Join\tLast Leave\tEmail',
      'Ana Silva\t5/14/26, 6:00 PM\t5/14/26, 7:00 PM\tana@example.org',
      'Ana Silva\t5/14/26, 6:00 PM\t5/14/26, 7:00 PM\tsilva@example.org',
      '3. In-Meeting Activities',
      'Name\tJoin Time\tLeave Time',
      'Ana Silva\t5/14/26, 6:00 PM\t5/14/26, 7:00 PM',
    ];
    expect((await read(utf16(lines))).stays).toEqual([expect.objectContaining({ name: 'Ana Silva', email: null })]);
  });

  it('takes the sign-in name of a member for an address, of a guest not', async () => {
    const lines = [
      '1. Summary',
      '2. Participants',
      'Name\tFirst Join\tLast Leave\tParticipant ID (UPN)',
      'Ana Silva\t5/14/26, 6:00 PM\t5/14/26, 7:00 PM\tana@example.org',
      'Jo Park\t5/14/26, 6:00 PM\t5/14/26, 7:00 PM\tjo_mail.test#EXT#@example.org',
    ];
    expect((await read(utf16(lines))).stays.map((stay) => stay.email)).toEqual(['ana@example.org', null]);
  });

  it('reads times that its headers call UTC as such', async () => {
    const lines = english((line) => line.replace('Join Time\tLeave Time', 'Join Time (UTC)\tLeave Time (UTC)'));
    expect((await read(utf16(lines))).stays[0]?.joinedAt).toEqual(new Date('2026-05-14T18:00:05Z'));
  });

  it('passes over sections about other things', async () => {
    const lines = english((line) => line.replace('3. In', '4. In'));
    const polls = ['3. Registration', 'Name\tEmail', 'Eve Adler\teve@example.org', ''];
    lines.splice(lines.indexOf('4. In-Meeting Activities'), 0, ...polls);
    const { stays } = await read(utf16([...lines, '5. Polls', 'Name\tAnswer', 'Eve Adler\tYes']));
    expect(stays.map(({ line: _line, ...stay }) => stay)).toEqual(STAYS);
  });

  it('of the year without numbered sections is read too', async () => {
    const lines = [
      'Meeting Summary',
      'Total Number of Participants\t1',
      'Meeting Title\tMaps for the food bank',
      '',
      'Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)',
      'Zoë Almeida\t5/14/2026, 6:00:05 PM\t5/14/2026, 7:00:00 PM\t59m 55s\tzoe@example.org\tOrganizer\tzoe@example.org',
    ];
    const { file, stays } = await read(utf16(lines));
    expect(file).toMatchObject({ format: 'TEAMS', title: 'Maps for the food bank' });
    expect(stays).toEqual([{ line: 6, ...STAYS[0] }]);
  });

  it('in a language we do not speak lists its columns and asks', async () => {
    const lines = ['1. Samenvatting', '2. Deelnemers', 'Weergave\tEerste deelname\tLaatste vertrek', 'Zoë\tx\ty'];
    await expect(read(utf16(lines))).rejects.toMatchObject({
      code: 'COLUMNS_NEEDED',
      message: expect.stringContaining('"Weergave", "Eerste deelname", "Laatste vertrek"'),
      refusals: [expect.objectContaining({ field: 'columns' })],
    });
    lines[3] = 'Zoë\t14-5-2026 18:00:05\t14-5-2026 19:00:00';
    const columns = { name: 'Weergave', joinedAt: 'Eerste deelname', leftAt: 'Laatste vertrek' };
    const { stays } = await read(utf16(lines), { columns });
    expect(stays).toEqual([{ line: 4, ...person('Zoë', null, null), ...times('16:00:05', '17:00:00') }]);
  });

  it('asks which comes first when day and month could be either', async () => {
    const lines = english((line) => line.replaceAll('5/14/26', '7/8/26'));
    await expect(read(utf16(lines))).rejects.toMatchObject({ code: 'DATE_ORDER_NEEDED' });
    const { stays } = await read(utf16(lines), { dateOrder: 'DMY' });
    expect(stays[0]?.joinedAt).toEqual(new Date('2026-08-07T16:00:05Z'));
  });

  it('with more participants than Teams admits is refused', async () => {
    const people = Array.from({ length: 20_001 }, (_, at) => `Person ${at}\t5m`);
    const lines = ['1. Summary', '2. Participants', 'Name\tDuration', ...people];
    await expect(read(utf16(lines))).rejects.toMatchObject({ code: 'FILE_TOO_LONG' });
  });
});

function english(change: (line: string) => string): string[] {
  return (REPORTS['English'] ?? []).map(change);
}

function person(name: string, email: string | null, role: Stay['role']) {
  return { name, email, role, minutes: null };
}

function times(joined: string, left: string) {
  return { joinedAt: new Date(`2026-05-14T${joined}Z`), leftAt: new Date(`2026-05-14T${left}Z`) };
}

function utf16(lines: string[]): Buffer {
  return Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`, 'utf16le');
}

async function read(
  bytes: Buffer,
  options: Partial<ReadOptions> = {},
): Promise<{ file: AttendanceFile; stays: Stay[] }> {
  async function* whole() {
    yield bytes;
  }
  const around = new Date('2026-05-14T16:00:00Z');
  const file = await readAttendanceFile(whole(), { timeZone: 'Europe/Paris', around, ...options });
  const stays: Stay[] = [];
  for await (const batch of file.stays) stays.push(...batch);
  return { file, stays };
}
