/** Every sentence our pages say, kept together so that it can be said in other languages too. */
export const TEXTS = {
  lang: 'en',
  /** How dates, times and numbers are written: the day first, and hours that need no a.m. or p.m. */
  locale: 'en-GB',

  brand: 'Goodturn',
  skip: 'Skip to the content',
  navigation: 'Site',
  meetups: 'Meetups',
  essentials: 'Essentials',
  signIn: 'Sign in',
  signOut: 'Sign out',
  signedIn: (name: string): string => `Signed in as ${name}`,
  footer: 'Made by and for people who bring people together.',

  home: {
    title: 'What is on',
    heading: 'Somebody saved you a seat.',
    lead: 'Meetups by local communities, and you are welcome as you are. No account needed: pick one, tell us your name, and you are in.',
    coming: 'Coming up',
    none: 'Nothing is planned at the moment. Subscribe to the calendar and you will know first.',
    calendar: 'All of these in your own calendar',
    essentials: 'New here, or thinking about a nomination?',
    essentialsLead: 'Once a quarter we explain live how recognition programmes work, and take your questions.',
    essentialsLink: 'See the next session',
  },

  group: {
    about: 'About the group',
    coming: 'Coming up',
    none: 'Nothing is planned at the moment. Subscribe, and the next date finds you.',
    links: 'Elsewhere',
    conduct: 'Code of conduct',
    where: (city: string | null, country: string | null): string => [city, country].filter(Boolean).join(', '),
  },

  essentialsPage: {
    title: 'Essentials',
    lead: 'A live session once a quarter: what recognition programmes look for, how nominations work, and your questions. Free, online, and for everybody.',
    next: 'Next session',
    none: 'The next session is being prepared. Subscribe to the calendar and you will know first.',
    past: 'Past sessions to watch',
    watch: (title: string, day: string): string => `Watch the recording of ${title}, ${day}`,
    recording: 'Watch the recording',
  },

  subscribe: {
    heading: 'Never miss a date',
    lead: 'Subscribe once, and new dates and changes come to your calendar by themselves.',
    open: 'Subscribe in my calendar',
    google: 'Google Calendar',
    outlook: 'Outlook',
    copy: 'A copy as it is today (.ics)',
    refresh: 'Calendars look for news every few hours, so a change may take a while to show.',
  },

  event: {
    when: 'When',
    where: 'Where',
    language: 'Language',
    online: 'Online',
    alsoOnline: 'and online',
    onlineLink: 'Once you have a seat, your own page shows the link to join.',
    map: 'See it on the map',
    zone: (zone: string): string => `Time zone: ${zone}`,
    save: 'Add to your calendar',
    ics: 'Calendar file (.ics)',
    google: 'Google Calendar',
    about: 'What to expect',
    people: 'With',
    access: 'Getting in and taking part',
    draft: 'Draft: only the people who prepare it see this page.',
    cancelled: 'Cancelled',
    cancelledLong: 'This meetup will not take place.',
    reason: 'The organizers write:',
    over: 'Over',
    overLong: 'This meetup is over. Thank you to everybody who came.',
    now: 'Happening now',
    recording: 'Watch the recording',
    more: (group: string): string => `See what ${group} does next`,
  },

  roles: { ORGANIZER: 'Organizer', HOST: 'Host', SPEAKER: 'Speaker' },

  access: {
    stepFree: { yes: 'No steps from the street to the seat', no: 'There are steps on the way in' },
    captions: { yes: 'Live captions', no: 'No live captions' },
    signLanguage: { yes: 'Sign language interpretation', no: 'No sign language interpretation' },
    quietRoom: { yes: 'A quiet room to withdraw to', no: 'No quiet room' },
  },

  seats: {
    unlimited: 'Room for everybody',
    left: (free: number): string => (free === 1 ? 'One seat left' : `${free} seats left`),
    full: 'Full',
    waiting: (waiting: number): string =>
      waiting === 1
        ? 'one person is waiting'
        : waiting === 0
          ? 'nobody is waiting yet'
          : `${waiting} people are waiting`,
    waitlist: 'Full, with a waitlist',
    IN_PERSON: 'In the room',
    ONLINE: 'Online',
  },

  register: {
    heading: 'Save your seat',
    headingFull: 'Join the waitlist',
    headingClosed: 'Registration',
    name: 'Your name',
    email: 'Your e-mail address',
    emailHint: 'For your ticket, and news about this meetup. Nothing else.',
    pool: 'How do you want to take part?',
    button: 'Save my seat',
    buttonFull: 'Join the waitlist',
    full: 'All seats are taken. When one comes free, whoever has waited longest gets it, and we write to you at once.',
    fixOne: 'One thing needs another look:',
    fix: 'A few things need another look:',
    elsewhere: 'Please start here',
    elsewhereLead: 'This request came from another site, so we did not follow it.',
    toEvent: 'Go to the meetup',
  },

  /** Refusals by code, where the API's sentence would puzzle somebody who has a form before them. */
  refusals: {
    POOL_NEEDED: 'Please choose whether you come to the room or join online.',
    BLOCKED: 'We cannot take this registration. Please write to the organizers of the group.',
    REGISTRATION_CLOSED: 'Registration has closed.',
    EVENT_OVER: 'This meetup is over.',
    EVENT_CANCELLED: 'This meetup was cancelled.',
    IDEMPOTENCY_KEY_REUSED: 'Something went wrong with the form. Please press the button once more.',
  } as Record<string, string | undefined>,
  opens: (when: string): string => `Registration opens on ${when}.`,

  registered: {
    CONFIRMED: 'You are in!',
    confirmed: (title: string): string => `Your seat at ${title} is yours.`,
    confirmedMail:
      'We wrote to you: the mail holds your ticket and a link of your own, by which you can cancel should plans change.',
    waitlisted: (position: number): string => `You are number ${position} on the waitlist`,
    waitlistedLead: (title: string): string =>
      `${title} is full at the moment. When a seat comes free, whoever has waited longest gets it.`,
    waitlistedMail: 'We wrote to you, and we write again at once when the seat is yours.',
    spam: 'Nothing there after a few minutes? Please look into the spam folder.',
    CANCELLED: 'This registration was cancelled',
    cancelledLead: 'You had registered and cancelled again, so this request was not repeated.',
    again: 'Register again',
    OTHER: 'We have your registration',
    otherLead: (title: string): string => `You will hear from us about ${title}.`,
    back: 'Back to the meetup',
  },

  manage: {
    title: 'Your registration',
    what: 'What',
    CONFIRMED: 'You are in',
    waitlisted: (position: number): string => `You are number ${position} on the waitlist`,
    WAITLISTED: 'You are on the waitlist',
    CANCELLED: 'You are not coming',
    cancelledLead: 'This registration was cancelled. If plans change again, you are welcome to register once more.',
    OTHER: 'We have your registration',
    eventCancelled: 'This meetup was cancelled',
    over: 'This meetup is over',
    overLead: 'Thank you for having been a part of it.',
    hello: (name: string): string => `Hello ${name},`,
    confirmedLead: 'Your seat is saved. We look forward to seeing you.',
    waitlistedLead:
      'All seats are taken. When one comes free, whoever has waited longest gets it, and we write to you at once.',
    ticket: 'Your ticket',
    ticketLead: 'Show or say this code at the door.',
    join: 'Join online',
    joinLead: 'This link is for you. Please do not pass it on.',
    plans: 'Plans changed?',
    plansLead: 'Cancel, and your seat goes to somebody who waits.',
    leaveLead: 'You can leave the waitlist at any time.',
    cancel: 'Cancel my registration',
    leave: 'Leave the waitlist',
    toEvent: 'Go to the meetup',
    again: 'Register again',
    keepSecret: 'The address of this page is your key to it. Keep it to yourself.',
  },

  cancel: {
    title: 'Cancel your registration?',
    leave: 'Leave the waitlist?',
    lead: (title: string): string => `You give up your seat at ${title}. Whoever has waited longest gets it.`,
    leaveLead: (title: string): string => `You give up your place in line for ${title}.`,
    yes: 'Yes, cancel it',
    yesLeave: 'Yes, leave the waitlist',
    no: 'No, keep it',
    refused: 'This could not be cancelled',
  },

  notFound: {
    title: 'This page does not exist',
    lead: 'The address may be mistyped, or what was here has gone.',
    link: 'We do not know this link',
    linkLead: 'Mail programs sometimes cut long links in two. Please copy the whole link from the newest mail.',
    home: 'See what is on',
  },
} as const;
