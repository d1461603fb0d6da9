/** What a column of an attendance file holds. */
export type Column =
  | 'name'
  | 'firstName'
  | 'lastName'
  | 'email'
  | 'signInName'
  | 'joinedAt'
  | 'leftAt'
  | 'firstJoin'
  | 'lastLeave'
  | 'minutes'
  | 'role'
  | 'action'
  | 'timestamp'
  | 'waitingRoom';

export type Role = 'organizer' | 'presenter' | 'attendee';
type Action = 'joined' | 'left';

/** The words of one language, as people find them in their files; case, accents and spaces do not matter. */
interface Language {
  columns: Partial<Record<Column, string[]>>;
  /** The line of the summary that names the call. */
  title: string[];
  actions: Record<Action, string[]>;
  roles: Record<Role, string[]>;
  /** What stands in brackets behind the name of somebody from outside. */
  outsiders: string[];
}

const ENGLISH: Language = {
  columns: {
    name: [
      'Name',
      'Full Name',
      'Name (Original Name)',
      'Display Name',
      'Participant',
      'Participant Name',
      'Attendee',
      'Attendee Name',
      'User Name',
    ],
    firstName: ['First Name', 'Given Name'],
    lastName: ['Last Name', 'Surname', 'Family Name'],
    email: ['Email', 'E-mail', 'User Email', 'Email Address', 'Participant Email', 'Mail'],
    signInName: ['Participant ID (UPN)', 'UPN', 'User Principal Name'],
    joinedAt: ['Join Time', 'Joined', 'Joined At', 'Time Joined', 'Join', 'Entered', 'Arrived', 'Check-in'],
    leftAt: ['Leave Time', 'Left', 'Left At', 'Time Exited', 'Time Left', 'Leave', 'Exited', 'Check-out'],
    firstJoin: ['First Join', 'First Join Time', 'First Seen'],
    lastLeave: ['Last Leave', 'Last Leave Time', 'Last Seen'],
    minutes: [
      'Duration',
      'Duration (Minutes)',
      'Total Duration (Minutes)',
      'Total Duration',
      'In-Meeting Duration',
      'Meeting Duration',
      'Attendance Duration',
      'Time in Session (Minutes)',
      'Time in Call',
      'Minutes',
    ],
    role: ['Role'],
    action: ['User Action', 'Action'],
    timestamp: ['Timestamp', 'Time Stamp', 'UtcEventTimestamp'],
    waitingRoom: ['In Waiting Room', 'Waiting Room'],
  },
  title: ['Meeting Title', 'Title', 'Webinar Title', 'Event Title'],
  actions: { joined: ['Joined', 'Joined before', 'Join'], left: ['Left', 'Leave'] },
  roles: {
    organizer: ['Organizer', 'Organiser', 'Co-organizer', 'Co-organiser', 'Host', 'Producer'],
    presenter: ['Presenter', 'Speaker', 'Panelist'],
    attendee: ['Attendee', 'Participant'],
  },
  outsiders: ['Guest', 'External', 'Unverified', 'Anonymous'],
};

const GERMAN: Language = {
  columns: {
    name: [
      'Name',
      'Vollständiger Name',
      'Voller Name',
      'Anzeigename',
      'Teilnehmer',
      'Teilnehmername',
      'Teilnehmende',
      'Vor- und Nachname',
    ],
    firstName: ['Vorname'],
    lastName: ['Nachname', 'Familienname'],
    email: ['E-Mail', 'E-Mail-Adresse', 'E-Mail des Benutzers', 'Mailadresse'],
    signInName: ['Teilnehmer-ID (UPN)', 'Benutzerprinzipalname'],
    joinedAt: [
      'Beitrittszeit',
      'Beitrittszeitpunkt',
      'Beitreten',
      'Beitritt',
      'Beitritt um',
      'Beigetreten',
      'Teilnahmezeit',
    ],
    leftAt: ['Austrittszeit', 'Verlassenszeit', 'Verlassen', 'Verlassen um', 'Zeitpunkt des Verlassens', 'Austritt'],
    firstJoin: ['Erster Beitritt', 'Erste Teilnahme', 'Zuerst beigetreten'],
    lastLeave: ['Letztes Verlassen', 'Letzter Austritt', 'Zuletzt verlassen'],
    minutes: [
      'Dauer',
      'Dauer (Minuten)',
      'Dauer in Minuten',
      'Dauer der Besprechung',
      'Dauer in der Besprechung',
      'Besprechungsdauer',
      'Dauer der Teilnahme',
      'Minuten',
    ],
    role: ['Rolle'],
    action: ['Benutzeraktion', 'Aktion'],
    timestamp: ['Zeitstempel'],
    waitingRoom: ['Im Warteraum'],
  },
  title: ['Besprechungstitel', 'Titel der Besprechung', 'Titel'],
  actions: {
    joined: ['Beigetreten', 'Vorher beigetreten', 'Zuvor beigetreten', 'Ist beigetreten', 'Teilgenommen'],
    left: ['Verlassen', 'Hat verlassen', 'Hat den Anruf verlassen'],
  },
  roles: {
    organizer: ['Organisator', 'Organisatorin', 'Mitorganisator', 'Mitorganisatorin'],
    presenter: ['Referent', 'Referentin', 'Moderator', 'Moderatorin', 'Vortragender', 'Vortragende'],
    attendee: ['Teilnehmer', 'Teilnehmerin', 'Teilnehmende'],
  },
  outsiders: ['Gast', 'Extern', 'Nicht überprüft', 'Nicht verifiziert'],
};

const FRENCH: Language = {
  columns: {
    name: [
      'Nom',
      'Nom complet',
      'Nom et prénom',
      'Prénom et nom',
      "Nom d'affichage",
      'Participant',
      'Nom du participant',
    ],
    firstName: ['Prénom'],
    lastName: ['Nom de famille'],
    email: [
      'E-mail',
      'Adresse e-mail',
      'Courriel',
      'Adresse de courriel',
      'Adresse électronique',
      'Adresse de messagerie',
    ],
    signInName: ['ID du participant (UPN)', 'Identifiant du participant (UPN)', 'ID de participant (UPN)'],
    joinedAt: [
      "Heure d'arrivée",
      'Heure de connexion',
      'Heure de participation',
      "Heure d'entrée",
      'Heure à laquelle vous avez rejoint',
      'Arrivée',
    ],
    leftAt: ['Heure de départ', 'Heure de déconnexion', 'Heure de sortie', 'Départ'],
    firstJoin: [
      'Première participation',
      'Première arrivée',
      'Première connexion',
      'Premier accès',
      'Première jonction',
    ],
    lastLeave: ['Dernier départ', 'Dernière sortie', 'Dernière déconnexion'],
    minutes: [
      'Durée',
      'Durée (minutes)',
      'Durée de la réunion',
      'Durée en réunion',
      'Durée de participation',
      'Durée de participation à la réunion',
      'Durée dans la réunion',
      'Minutes',
    ],
    role: ['Rôle'],
    action: ["Action de l'utilisateur", 'Action utilisateur'],
    timestamp: ['Date et heure', 'Horodatage', 'Horodateur'],
    waitingRoom: ["Dans la salle d'attente", "En salle d'attente"],
  },
  title: ['Titre de la réunion', 'Titre'],
  actions: {
    joined: ['Rejoint', 'A rejoint', "A rejoint l'appel", 'Rejoint avant', 'A rejoint avant', 'Rejoint auparavant'],
    left: ['A quitté', "A quitté l'appel", 'Quitté', 'Parti', 'Sorti'],
  },
  roles: {
    organizer: ['Organisateur', 'Organisatrice', 'Co-organisateur', 'Co-organisatrice', 'Coorganisateur'],
    presenter: ['Présentateur', 'Présentatrice', 'Intervenant', 'Intervenante'],
    attendee: ['Participant', 'Participante'],
  },
  outsiders: ['Invité', 'Invitée', 'Externe', 'Non vérifié'],
};

const SPANISH: Language = {
  columns: {
    name: ['Nombre', 'Nombre completo', 'Nombre y apellidos', 'Nombre para mostrar', 'Participante', 'Asistente'],
    firstName: ['Nombre de pila'],
    lastName: ['Apellido', 'Apellidos'],
    email: ['Correo', 'Correo electrónico', 'Dirección de correo electrónico', 'Dirección de correo', 'E-mail'],
    signInName: ['Id. de participante (UPN)', 'Id. del participante (UPN)', 'Identificador de participante (UPN)'],
    joinedAt: ['Hora de unión', 'Hora de entrada', 'Hora de ingreso', 'Hora de incorporación', 'Entrada'],
    leftAt: ['Hora de salida', 'Hora de abandono', 'Hora de partida', 'Salida'],
    firstJoin: ['Primera unión', 'Primera entrada', 'Primer ingreso', 'Primera incorporación', 'Primer acceso'],
    lastLeave: ['Última salida', 'Último abandono'],
    minutes: [
      'Duración',
      'Duración (minutos)',
      'Duración de la reunión',
      'Duración en la reunión',
      'Duración de asistencia',
      'Minutos',
    ],
    role: ['Rol', 'Función'],
    action: ['Acción del usuario', 'Acción de usuario'],
    timestamp: ['Marca de tiempo', 'Fecha y hora'],
    waitingRoom: ['En la sala de espera', 'En sala de espera'],
  },
  title: ['Título de la reunión', 'Título'],
  actions: {
    joined: ['Se unió', 'Unido', 'Se ha unido', 'Se unió antes', 'Se unió anteriormente', 'Unido antes'],
    left: ['Salió', 'Abandonó', 'Se fue', 'Ha salido', 'Ha abandonado'],
  },
  roles: {
    organizer: ['Organizador', 'Organizadora', 'Coorganizador', 'Coorganizadora'],
    presenter: ['Moderador', 'Moderadora', 'Presentador', 'Presentadora', 'Ponente'],
    attendee: ['Asistente', 'Participante'],
  },
  outsiders: ['Invitado', 'Invitada', 'Externo', 'Externa', 'No comprobado', 'Sin verificar'],
};

const PORTUGUESE: Language = {
  columns: {
    name: ['Nome', 'Nome completo', 'Nome de exibição', 'Participante', 'Nome do participante'],
    firstName: ['Primeiro nome', 'Nome próprio'],
    lastName: ['Sobrenome', 'Apelido', 'Último nome'],
    email: ['E-mail', 'Endereço de e-mail', 'Correio eletrónico', 'Endereço de correio eletrónico'],
    signInName: ['ID do participante (UPN)', 'ID de participante (UPN)'],
    joinedAt: ['Hora de entrada', 'Horário de entrada', 'Hora de ingresso', 'Horário de ingresso', 'Entrada'],
    leftAt: ['Hora de saída', 'Horário de saída', 'Saída'],
    firstJoin: ['Primeira entrada', 'Primeiro ingresso', 'Primeira adesão'],
    lastLeave: ['Última saída'],
    minutes: [
      'Duração',
      'Duração (minutos)',
      'Duração da reunião',
      'Duração na reunião',
      'Tempo de participação',
      'Minutos',
    ],
    role: ['Função', 'Papel'],
    action: ['Ação do usuário', 'Ação do utilizador'],
    timestamp: ['Carimbo de data/hora', 'Data e hora'],
    waitingRoom: ['Na sala de espera', 'Em sala de espera'],
  },
  title: ['Título da reunião', 'Título'],
  actions: {
    joined: ['Ingressou', 'Entrou', 'Aderiu', 'Juntou-se', 'Ingressou antes', 'Entrou antes', 'Aderiu antes'],
    left: ['Saiu', 'Deixou'],
  },
  roles: {
    organizer: ['Organizador', 'Organizadora', 'Coorganizador', 'Coorganizadora'],
    presenter: ['Apresentador', 'Apresentadora'],
    attendee: ['Participante'],
  },
  outsiders: ['Convidado', 'Convidada', 'Externo', 'Externa', 'Não verificado'],
};

const POLISH: Language = {
  columns: {
    name: ['Imię i nazwisko', 'Nazwa', 'Pełna nazwa', 'Pełne imię i nazwisko', 'Nazwa wyświetlana', 'Uczestnik'],
    firstName: ['Imię'],
    lastName: ['Nazwisko'],
    email: ['E-mail', 'Adres e-mail', 'Poczta e-mail', 'Adres email'],
    signInName: ['Identyfikator uczestnika (UPN)', 'Nazwa UPN'],
    joinedAt: ['Czas dołączenia', 'Godzina dołączenia', 'Dołączenie', 'Wejście'],
    leftAt: ['Czas opuszczenia', 'Godzina opuszczenia', 'Czas wyjścia', 'Godzina wyjścia', 'Wyjście'],
    firstJoin: ['Pierwsze dołączenie'],
    lastLeave: ['Ostatnie wyjście', 'Ostatnie opuszczenie'],
    minutes: [
      'Czas trwania',
      'Czas trwania (minuty)',
      'Czas udziału w spotkaniu',
      'Czas trwania spotkania',
      'Czas trwania w spotkaniu',
      'Minuty',
    ],
    role: ['Rola'],
    action: ['Akcja użytkownika', 'Działanie użytkownika'],
    timestamp: ['Sygnatura czasowa', 'Znacznik czasu', 'Data i godzina'],
    waitingRoom: ['W poczekalni'],
  },
  title: ['Tytuł spotkania', 'Tytuł'],
  actions: {
    joined: ['Dołączył', 'Dołączyła', 'Dołączył(a)', 'Dołączono', 'Dołączono wcześniej', 'Dołączył wcześniej'],
    left: ['Opuścił', 'Opuściła', 'Opuścił(a)', 'Opuszczono', 'Wyszedł', 'Wyszła'],
  },
  roles: {
    organizer: ['Organizator', 'Organizatorka', 'Współorganizator', 'Współorganizatorka'],
    presenter: ['Prezenter', 'Prezenterka', 'Osoba prowadząca', 'Prowadzący'],
    attendee: ['Uczestnik', 'Uczestniczka'],
  },
  outsiders: ['Gość', 'Zewnętrzny', 'Niezweryfikowany'],
};

const JAPANESE: Language = {
  columns: {
    name: ['名前', '氏名', 'フル ネーム', 'フルネーム', '表示名', '参加者', '参加者名'],
    firstName: ['名'],
    lastName: ['姓'],
    email: ['メール', 'メール アドレス', '電子メール', '電子メール アドレス', 'Eメール'],
    signInName: ['参加者 ID (UPN)'],
    joinedAt: ['参加時刻', '参加時間', '参加日時', '入室時刻', '参加した時刻'],
    leftAt: ['退出時刻', '退出時間', '退出日時', '退室時刻', '退出した時刻'],
    firstJoin: ['初めての参加', '最初の参加', '初回参加', '最初の参加時刻'],
    lastLeave: ['最終退出', '最後の退出', '最後の退出時刻'],
    minutes: [
      '会議の長さ',
      '期間',
      '会議の期間',
      '会議中の期間',
      '会議時間',
      '参加時間(分)',
      '所要時間',
      '時間(分)',
      '分',
    ],
    role: ['役割', 'ロール'],
    action: ['ユーザー アクション', 'ユーザー操作', 'ユーザーの操作'],
    timestamp: ['タイムスタンプ', 'タイム スタンプ', '日時'],
    waitingRoom: ['待機室'],
  },
  title: ['会議のタイトル', '会議タイトル', 'タイトル'],
  actions: {
    joined: ['参加', '参加済み', '参加しました', '以前に参加', '以前に参加済み'],
    left: ['退出', '退出済み', '退出しました', '退席'],
  },
  roles: {
    organizer: ['開催者', '主催者', '共同開催者'],
    presenter: ['発表者', 'プレゼンター'],
    attendee: ['出席者', '参加者'],
  },
  outsiders: ['ゲスト', '外部', '未確認'],
};

const LANGUAGES = [ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, POLISH, JAPANESE];

/** `text` as it is compared: without case, accents, spaces and signs. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ł', 'l') // a letter of its own for Unicode, an accent for people
    .replaceAll('ß', 'ss')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

const COLUMNS = lookup<Column>((language) => language.columns);
const ACTIONS = lookup<Action>((language) => language.actions);
const ROLES = lookup<Role>((language) => language.roles);
const TITLES = new Set(LANGUAGES.flatMap((language) => language.title).map(folded));
const OUTSIDERS = new Set(LANGUAGES.flatMap((language) => language.outsiders).map(folded));

/** What the column under `header` holds, or null when the header says nothing to us. */
export function columnOf(header: string): Column | null {
  if (header.length > 100) return null;
  const plain = header.replace(/\(?\bUTC\b\)?/i, '');
  return COLUMNS.get(folded(plain)) ?? COLUMNS.get(folded(plain.replace(/\(.*\)/, ''))) ?? null;
}

/** Whether a line says that somebody came into the call or went; null for a word we do not know. */
export function actionOf(word: string): Action | null {
  return ACTIONS.get(folded(word)) ?? null;
}

/** The role that a file gives to a person, or null when it gives none that we know. */
export function roleOf(word: string): Role | null {
  return ROLES.get(folded(word)) ?? null;
}

/** Whether a line of the summary names the call. */
export function isTitle(label: string): boolean {
  return TITLES.has(folded(label));
}

/** Whether `words`, in brackets behind a name, only say that the person is from outside. */
export function isOutsider(words: string): boolean {
  return OUTSIDERS.has(folded(words));
}

/** Earlier languages win where two share a word, so that "Participant" means one thing. */
function lookup<Meaning extends string>(wordsOf: (language: Language) => Partial<Record<Meaning, string[]>>) {
  const meanings = new Map<string, Meaning>();
  for (const language of LANGUAGES) {
    for (const [meaning, words] of Object.entries<string[] | undefined>(wordsOf(language))) {
      for (const word of words ?? []) {
        if (!meanings.has(folded(word))) meanings.set(folded(word), meaning as Meaning);
      }
    }
  }
  return meanings;
}
