import type { Calendar, CalendarEvent } from '../../libs/calendar/src/ics.ts';

/**
 * The feeds that golden files hold, by file name. Dates are past ones on purpose: what their clocks did is history, so
 * newer zone data cannot change a file.
 */
export const FEEDS: Record<string, Calendar> = {
  'dst-spring': feed({
    events: [
      ...aroundAChange('Europe/London', ['2025-03-29T18:00', '2025-03-30T17:00', '2025-03-31T17:00']),
      ...aroundAChange('America/New_York', ['2025-03-08T23:00', '2025-03-09T22:00', '2025-03-10T22:00']),
      ...aroundAChange('Australia/Lord_Howe', ['2025-10-04T07:30', '2025-10-05T07:00', '2025-10-06T07:00']),
    ],
  }),
  'dst-autumn': feed({
    events: [
      ...aroundAChange('Europe/London', ['2025-10-25T17:00', '2025-10-26T18:00', '2025-10-27T18:00']),
      ...aroundAChange('America/New_York', ['2025-11-01T22:00', '2025-11-02T23:00', '2025-11-03T23:00']),
      ...aroundAChange('Australia/Sydney', ['2025-04-05T07:00', '2025-04-06T08:00', '2025-04-07T08:00']),
      event({
        uid: 'night@goodturn.test',
        title: 'Ends in the hour that comes twice',
        startsAt: at('2025-10-25T22:00'),
        endsAt: at('2025-10-26T01:15'),
      }),
    ],
  }),
  'cancelled-occurrence': feed({
    name: 'Every second Tuesday',
    events: ['2025-05-13T17:00', '2025-06-10T17:00', '2025-07-08T17:00'].map((start, index) =>
      event({
        uid: `${index}@goodturn.test`,
        ...twoHoursFrom(start),
        cancelled: index === 1,
        sequence: index === 1 ? 1 : 0,
      }),
    ),
  }),
  'non-latin-text': feed({
    name: '東京の集まり 👩🏽‍💻',
    description: 'لقاءات البرمجة من أجل الخير',
    cancelledPrefix: '中止：',
    timeZone: 'Asia/Tokyo',
    events: [
      event({
        uid: 'ja@goodturn.test',
        ...twoHoursFrom('2025-06-12T09:30'),
        timeZone: 'Asia/Tokyo',
        language: 'ja',
        title: '子ども食堂のための地図づくりワークショップ、はじめての方も歓迎します',
        description:
          '持ち物：ノートパソコン、充電器。\n会場は３階です。エレベーターがあります。ご不明な点はお問い合わせください。',
        location: '東京都渋谷区神南１丁目１９−１１',
        tags: ['地図', '初心者歓迎'],
        cancelled: true,
      }),
      event({
        uid: 'ar@goodturn.test',
        ...twoHoursFrom('2025-06-13T15:00'),
        timeZone: 'Africa/Cairo',
        language: 'ar',
        title: 'ورشة عمل، لرسم خرائط الأحياء؛ من أجل بنك الطعام في المدينة',
        description: 'أحضروا حواسيبكم المحمولة وأصدقاءكم',
        location: 'مكتبة الإسكندرية',
      }),
      event({
        uid: 'emoji@goodturn.test',
        ...twoHoursFrom('2025-06-14T15:00'),
        title: `x${'👋'.repeat(20)}${'👩‍👩‍👧‍👦'.repeat(6)}${'🇫🇷'.repeat(9)}`,
        description: '💚'.repeat(60),
      }),
    ],
  }),
  folding: feed({
    name: 'A name that is long enough to be folded, because people like to say what their group is about',
    events: [
      event({
        title: 'x'.repeat(75 - 'SUMMARY;LANGUAGE=en:'.length),
        description: `${'Lorem ipsum; dolor sit amet, consectetur. '.repeat(12)}\n\nC:\\new\\folder`,
        url: `https://goodturn.test/e/1?from=feed,list;and=${'0123456789'.repeat(12)}`,
        tags: ['a tag, with a comma', ...'abcdefghijklmnopqrstuvwxyz'],
      }),
    ],
  }),
  personal: feed({
    name: 'My meetups',
    description: '',
    url: 'https://goodturn.test/me',
    source: null,
    events: [
      event({
        uid: 'confirmed@goodturn.test',
        own: { tentative: false, conference: { url: 'https://goodturn.test/join/abc', label: 'Join online' } },
        description: 'Bring a laptop',
        location: 'Online',
      }),
      event({ uid: 'waiting@goodturn.test', own: { tentative: true, conference: null }, latitude: 0, longitude: 0 }),
      event({
        uid: 'cancelled@goodturn.test',
        own: { tentative: false, conference: null },
        cancelled: true,
        sequence: 1,
      }),
    ],
  }),
  'zone-in-utc': feed({
    name: 'Rabat, where the clock follows the moon',
    timeZone: 'Africa/Casablanca',
    events: [
      '2024-02-01',
      '2024-03-05',
      '2024-03-20',
      '2024-05-02',
      '2025-02-06',
      '2025-03-05',
      '2025-04-03',
      '2025-05-08',
    ].map((day) =>
      event({ uid: `${day}@goodturn.test`, ...twoHoursFrom(`${day}T17:00`), timeZone: 'Africa/Casablanca' }),
    ),
  }),
};

function aroundAChange(timeZone: string, starts: string[]): CalendarEvent[] {
  return starts.map((start, index) =>
    event({ uid: `${timeZone.replace(/\W/g, '-')}-${index}@goodturn.test`, ...twoHoursFrom(start), timeZone }),
  );
}

function at(utc: string): Date {
  return new Date(`${utc}:00Z`);
}

function twoHoursFrom(utc: string): Pick<CalendarEvent, 'startsAt' | 'endsAt'> {
  return { startsAt: at(utc), endsAt: new Date(at(utc).getTime() + 2 * 3_600_000) };
}

function feed(changes: Partial<Calendar>): Calendar {
  return {
    name: 'Code for Good',
    description: 'Evenings on which people build what their town needs',
    url: 'https://goodturn.test/g/code-for-good',
    source: 'https://goodturn.test/g/code-for-good.ics',
    timeZone: 'Europe/London',
    cancelledPrefix: 'Cancelled: ',
    events: [],
    ...changes,
  };
}

function event(changes: Partial<CalendarEvent>): CalendarEvent {
  return {
    uid: '0@goodturn.test',
    sequence: 0,
    changedAt: at('2025-01-15T12:00'),
    createdAt: at('2025-01-01T09:00'),
    title: 'Maps for the food bank',
    description: '',
    ...twoHoursFrom('2025-06-12T17:00'),
    timeZone: 'Europe/London',
    cancelled: false,
    location: 'Town Hall, Main Street 1',
    latitude: null,
    longitude: null,
    url: 'https://goodturn.test/e/0',
    tags: ['mapping'],
    language: 'en',
    ...changes,
  };
}
