import { describe, expect, it } from '@jest/globals';
import { readAttendanceFile, type AttendanceFile, type Stay } from './attendance-file.ts';

const BLOCK = [
  'Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants',
  '812 3456 7890,"Maps, for the food bank",05/04/2026 05:55:00 PM,05/04/2026 08:01:00 PM,host@example.org,126,3',
  '',
];
const HEADER =
  'Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent,In Waiting Room';
const ROWS = [
  'Zoë Almeida,zoe@example.org,05/04/2026 06:00:05 PM,05/04/2026 07:00:00 PM,60,No,,No',
  'Zoë Almeida,zoe@example.org,05/04/2026 07:10:00 PM,05/04/2026 08:00:00 PM,50,No,,No',
  'tom (Tomasz Lis),,05/04/2026 06:08:00 PM,05/04/2026 06:10:00 PM,2,Yes,,Yes',
  'tom (Tomasz Lis),,05/04/2026 06:10:00 PM,05/04/2026 07:00:00 PM,50,Yes,,No',
];

describe('a report of Zoom', () => {
  it.each([
    ['with the block about the meeting', BLOCK, 'Maps, for the food bank'],
    ['without it', [], null],
  ])('%s tells each stay, not the waiting in front of the door', async (_name, block, title) => {
    const { file, stays } = await read(`\ufeff${[...block, HEADER, ...ROWS].join('\r\n')}\r\n`);
    const above = block.length + 1;
    expect(file).toMatchObject({ format: 'ZOOM', title, problemCount: 0, headers: HEADER.split(',') });
    expect(stays).toEqual([
      { line: above + 1, name: 'Zoë Almeida', ...member, ...times('16:00:05', '17:00:00') },
      { line: above + 2, name: 'Zoë Almeida', ...member, ...times('17:10:00', '18:00:00') },
      { line: above + 4, name: 'tom', originalName: 'Tomasz Lis', ...guest, ...times('16:10:00', '17:00:00') },
    ]);
  });

  it('of one line per person tells minutes', async () => {
    const { file, stays } = await read(
      'Name (Original Name),User Email,Total Duration (Minutes),Guest\nZoë Almeida,zoe@example.org,110,No\n',
    );
    expect(file.format).toBe('ZOOM');
    expect(stays).toEqual([{ line: 2, name: 'Zoë Almeida', ...member, joinedAt: null, leftAt: null, minutes: 110 }]);
  });

  it('keeps brackets that only say somebody is a guest out of the name', async () => {
    const { stays } = await read(
      `${HEADER}\nPriya Rao (Guest),,05/04/2026 06:00:00 PM,05/04/2026 07:00:00 PM,60,Yes,,No`,
    );
    expect(stays).toEqual([expect.objectContaining({ name: 'Priya Rao' })]);
    expect(stays[0]).not.toHaveProperty('originalName');
  });
});

const member = { email: 'zoe@example.org', role: null };
const guest = { email: null, role: null };

function times(joined: string, left: string) {
  return { joinedAt: new Date(`2026-05-04T${joined}Z`), leftAt: new Date(`2026-05-04T${left}Z`), minutes: null };
}

async function read(text: string): Promise<{ file: AttendanceFile; stays: Stay[] }> {
  async function* whole() {
    yield Buffer.from(text);
  }
  const around = new Date('2026-05-04T16:00:00Z');
  const file = await readAttendanceFile(whole(), { timeZone: 'Europe/Paris', around });
  const stays: Stay[] = [];
  for await (const batch of file.stays) stays.push(...batch);
  return { file, stays };
}
