import { DomainError, type Refusal } from '#kernel';
import type { AttendanceDecisionInput } from './import.inputs.ts';
import type { Decision } from './matching.queries.ts';

/** Decisions as they were sent, each of which says one thing about one person. Throws `DECISION` otherwise. */
export function decisionsIn(sent: readonly AttendanceDecisionInput[]): Decision[] {
  const seen = new Set<string>();
  return sent.map(({ key, registrationId, walkIn, ignore }, index) => {
    const acts = [
      ...(registrationId ? (['REGISTRATION'] as const) : []),
      ...(walkIn ? (['WALK_IN'] as const) : []),
      ...(ignore ? (['IGNORE'] as const) : []),
    ];
    const [act, another] = acts;
    if (!act || another)
      throw refusal(index, 'Please say one thing about each person: registrationId, walkIn or ignore.');
    if (seen.has(key)) throw refusal(index, `Please decide about "${key}" once.`, '.key');
    seen.add(key);
    return { key, act, registrationId: registrationId ?? null };
  });
}

/** Why decisions cannot be taken: they are about somebody who is not in the file, or a registration that is not there. */
export function unknownIn(
  decisions: readonly Decision[],
  unknown: { keys: string[]; registrationIds: string[] },
): Refusal[] {
  const keys = new Set(unknown.keys);
  const ids = new Set(unknown.registrationIds);
  return decisions.flatMap(({ key, registrationId }, index) => [
    ...(keys.has(key)
      ? refusal(index, `Nobody in this file is called "${key}". Please take the key from the preview.`, '.key').refusals
      : []),
    ...(registrationId && ids.has(registrationId)
      ? refusal(
          index,
          'This event has no such registration. Please take one from its list of attendees.',
          '.registrationId',
        ).refusals
      : []),
  ]);
}

function refusal(index: number, message: string, of = ''): DomainError {
  return new DomainError('DECISION', message, `decisions.${index}${of}`);
}
