/** The people somebody brings, as they are told: “you and your 2 guests”. */
function party(guests: number): string {
  return guests === 1 ? 'you and your guest' : `you and your ${guests} guests`;
}

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

  agenda: {
    heading: 'Agenda',
    minutes: (minutes: number): string => (minutes === 1 ? '1 minute' : `${minutes} minutes`),
    resources: 'To read and watch',
    before: 'Beforehand',
    after: 'From the session',
  },

  subscribe: {
    heading: 'Never miss a date',
    lead: 'Subscribe once, and new dates and changes come to your calendar by themselves.',
    open: 'Subscribe in Apple Calendar, Thunderbird and others',
    google: 'Google Calendar',
    outlook: 'Outlook on the web',
    copy: 'A copy as it is today (.ics)',
    news: 'News for feed readers (Atom)',
    address: 'Or copy this address into any calendar:',
    refresh:
      'Calendars look for changes in their own time: Google every 8 to 24 hours, Outlook every 3 hours or more, Apple as often as you tell it. What changes at short notice also comes by mail to everybody who has a seat.',
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
    ics: 'Apple and others (.ics)',
    google: 'Google Calendar',
    outlook: 'Outlook on the web',
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
    headingAsk: 'Ask for a seat',
    buttonAsk: 'Ask for a seat',
    approval: 'The organizers look at each registration first.',
    guestsUpTo: (guests: number): string =>
      guests === 1 ? 'You can bring a guest.' : `You can bring up to ${guests} guests.`,
    required: '(required)',
    optional: '(optional)',
    choose: 'Please choose',
    noAnswer: 'No answer',
    yes: 'Yes',
    no: 'No',
    guests: 'Who comes with you?',
    guestsHint: 'Leave empty what you do not need. All of you get seats, or all of you wait.',
    guest: (number: number): string => `Name of guest ${number}`,
    moreGuests: (more: number): string => (more === 1 ? 'One more guest' : `Up to ${more} more guests`),
  },

  /** Refusals by code, where the API's sentence would puzzle somebody who has a form before them. */
  refusals: {
    POOL_NEEDED: 'Please choose whether you come to the room or join online.',
    BLOCKED: 'We cannot take this registration. Please write to the organizers of the group.',
    REGISTRATION_CLOSED: 'Registration has closed.',
    EVENT_OVER: 'This meetup is over.',
    EVENT_CANCELLED: 'This meetup was cancelled.',
    TOO_LATE: 'The meetup has begun, so this can no longer be changed here. Please ask at the door.',
    ALREADY_IN: 'You are at the meetup already, so there is nothing to change any more.',
    POOL_FULL: 'There is no room there at the moment. You keep the place you have.',
    NO_OFFER: 'The offer has run out, or the seat was given back. You are welcome to ask again.',
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
    PENDING: 'We have your request',
    pendingLead: (title: string): string => `The organizers of ${title} look at each registration first.`,
    pendingMail: 'We wrote to you, and we write again as soon as they have decided.',
    OTHER: 'We have your registration',
    otherLead: (title: string): string => `You will hear from us about ${title}.`,
    back: 'Back to the meetup',
  },

  manage: {
    title: 'Your registration',
    what: 'What',
    withYou: 'With you',
    CONFIRMED: 'You are in',
    confirmedParty: 'You are all in',
    waitlisted: (position: number): string => `You are number ${position} on the waitlist`,
    WAITLISTED: 'You are on the waitlist',
    CANCELLED: 'You are not coming',
    cancelledLead: 'This registration was cancelled. If plans change again, you are welcome to register once more.',
    PENDING: 'We have your request',
    pendingLead: 'The organizers look at each registration first. We write to you as soon as they have decided.',
    offered: (guests: number): string =>
      guests === 0 ? 'A seat is free for you' : `There are seats for ${party(guests)}`,
    offeredLead: (until: string | null, guests: number): string =>
      `We hold ${guests === 0 ? 'it' : 'them'} for you${until === null ? '' : ` until ${until}`}. If you cannot come after all, please give ${guests === 0 ? 'it' : 'them'} back: somebody is waiting.`,
    accept: 'Take the seat',
    acceptParty: 'Take the seats',
    decline: 'Give it back',
    declineParty: 'Give them back',
    eventCancelled: 'This meetup was cancelled',
    over: 'This meetup is over',
    overLead: 'Thank you for having been a part of it.',
    hello: (name: string): string => `Hello ${name},`,
    confirmedLead: (guests: number): string =>
      guests === 0
        ? 'Your seat is saved. We look forward to seeing you.'
        : `Seats for ${party(guests)} are saved. We look forward to seeing all of you.`,
    waitlistedLead: (ahead: number, guests: number): string => {
      const line =
        ahead === 0
          ? 'Nobody is ahead of you'
          : ahead === 1
            ? 'One person is ahead of you'
            : `${ahead} people are ahead of you`;
      return guests === 0
        ? `${line}: whoever has waited longest gets the next free seat. We write to you the moment it is yours.`
        : `${line}, and ${party(guests)} get seats together, as soon as enough are free. We write to you the moment they are yours.`;
    },
    ticket: 'Your ticket',
    ticketLead: 'Show this at the door. The letters do as well.',
    ticketCode: 'Ticket code',
    ticketOf: (name: string): string => `Ticket of ${name}`,
    qrOf: (name: string): string => `QR code of the ticket of ${name}`,
    guestTickets: 'Tickets of your guests',
    join: 'Join online',
    joinLead: 'This link is for you. Please do not pass it on.',
    joinOpens: (when: string): string => `It opens on ${when}.`,
    joinOpen: 'It is open now. Come in!',
    joinOver: 'The online session is over.',
    guestLinks: 'Links for your guests',
    guestLinksLead: 'Each guest has a link of their own. Please pass it on to them.',
    joinAs: (name: string): string => `Join as ${name}`,
    coming: 'Are you still coming?',
    comingLead: 'A short yes helps the organizers. If not, your seat makes somebody else happy.',
    comingYes: 'Yes, I am coming',
    comingSaid: 'You told us that you are coming. See you there!',
    answers: 'Your answers',
    answersChange: 'Change answers',
    answersNew: 'The organizers ask something new since you answered. Please have a look.',
    answersGive: 'Answer the questions',
    noAnswer: 'Not answered',
    plans: 'Plans changed?',
    plansLead: (guests: number): string =>
      guests === 0
        ? 'Cancel, and your seat goes to somebody who waits.'
        : `Cancel for ${party(guests)}, and your seats go to people who wait.`,
    leaveLead: 'You can leave the waitlist at any time.',
    takeBackLead: 'You can take your request back at any time.',
    cancel: 'Cancel my registration',
    leave: 'Leave the waitlist',
    takeBack: 'Take my request back',
    switchTo: { IN_PERSON: 'Come in person instead', ONLINE: 'Join online instead' },
    toEvent: 'Go to the meetup',
    again: 'Register again',
    link: 'Your link',
    keepSecret: 'The address of this page is your key to it. Keep it to yourself.',
    newLink: 'Make this link useless and mail me a new one',
    back: 'Back to your registration',
  },

  cancel: {
    title: 'Cancel your registration?',
    leave: 'Leave the waitlist?',
    takeBack: 'Take your request back?',
    decline: 'Give it back?',
    lead: (title: string, guests: number): string =>
      guests === 0
        ? `You give up your seat at ${title}. Whoever has waited longest gets it.`
        : `You give up the seats at ${title} for ${party(guests)}. Whoever has waited longest gets them.`,
    leaveLead: (title: string): string => `You give up your place in line for ${title}.`,
    takeBackLead: (title: string): string => `The organizers of ${title} then need not decide any more.`,
    yes: 'Yes, cancel it',
    yesLeave: 'Yes, leave the waitlist',
    yesTakeBack: 'Yes, take it back',
    yesDecline: 'Yes, give it back',
    no: 'No, keep it',
  },

  steps: {
    refused: 'This did not work out',
    acceptLead: (title: string): string => `${title} looks forward to you.`,
    acceptAnswers: 'Before that, the organizers would like to know:',
    answers: 'Your answers',
    save: 'Save my answers',
    switchTo: { IN_PERSON: 'Come in person instead?', ONLINE: 'Join online instead?' },
    switchLead: {
      IN_PERSON: 'You come to the room instead of joining online.',
      ONLINE: 'You take part online instead of in the room.',
    },
    switchSeat: (guests: number): string =>
      guests === 0
        ? 'The seat that you leave goes to whoever has waited longest.'
        : 'Your guests move with you. The seats that you leave go to whoever has waited longest.',
    switchWaiting: 'You give up your place in line, and have a seat at once.',
    switchFull: 'There is no room there at the moment, so you keep the place you have. Please look in again.',
    switchYes: { IN_PERSON: 'Yes, I come in person', ONLINE: 'Yes, I join online' },
    coming: 'Still coming?',
    comingLead: (title: string): string => `${title} is about to begin, and your seat is kept for you.`,
    comingNo: 'No, I cannot come',
    newLink: 'A new link?',
    newLinkLead:
      'Did somebody else see your link? Then make it useless. We mail a new one to the address that you registered with. Your seat or place in line stays yours.',
    newLinkYes: 'Yes, mail me a new link',
    newLinkSent: 'A new link is on its way',
    newLinkSentLead:
      'We mailed it to the address that you registered with. From now on, the old link opens nothing, and neither does an old link to the online session.',
    no: 'No, keep things as they are',
  },

  join: {
    waiting: 'You are early, how nice',
    waitingLead: (when: string): string => `The online session opens on ${when}.`,
    waitingHint: 'Keep this page open: it looks again by itself, and shows the way in.',
    still: 'Do not look again by itself',
    again: 'Look again now',
    open: 'Come in',
    openLead: 'The online session is open.',
    openButton: 'Join now',
    noUrl: 'One moment, please',
    noUrlLead: 'The organizers have not told us yet where the session takes place.',
    over: 'This session is over',
    overLead: 'Thank you for having been a part of it.',
    noSeat: 'This link has no seat online',
    noSeatLead:
      'Perhaps you come in person now, wait for a seat, or gave yours back. The link in our first mail to you shows how things stand.',
  },

  notFound: {
    title: 'This page does not exist',
    lead: 'The address may be mistyped, or what was here has gone.',
    link: 'We do not know this link',
    linkLead: 'Mail programs sometimes cut long links in two. Please copy the whole link from the newest mail.',
    home: 'See what is on',
  },
} as const;
