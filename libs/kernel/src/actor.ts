/** What an API key may be used for. A browser session holds all of them. */
export const SCOPES = ['read', 'events', 'attendees', 'impact'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who is acting: a signed-in person, a stranger, or Goodturn itself (timetable, worker). */
export interface Actor {
  kind: 'person' | 'stranger' | 'system';
  personId: string | null;
  name: string | null;
  email: string | null;
  administrator: boolean;
  scopes: ReadonlySet<Scope>;
}

export const STRANGER: Actor = {
  kind: 'stranger',
  personId: null,
  name: null,
  email: null,
  administrator: false,
  scopes: new Set<Scope>(SCOPES),
};

export const SYSTEM: Actor = { ...STRANGER, kind: 'system' };
