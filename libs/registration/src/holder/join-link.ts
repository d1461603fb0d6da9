import { personalToken, type Config } from '#kernel';
import { Pool } from '#events';
import { RegistrationState, type Registration } from '../registration.entity.ts';

/** The purpose that links to the online session are signed for; see `personalToken`. */
export const JOIN = 'join';

/** Somebody's own way into the online session; null for those without a seat there. A new manage link renews it too. */
export function joinUrlOf(
  { publicUrl, secret }: Config,
  { id, state, pool, manageVersion }: Pick<Registration, 'id' | 'state' | 'pool' | 'manageVersion'>,
): string | null {
  if (state !== RegistrationState.CONFIRMED || pool !== Pool.ONLINE) return null;
  return `${publicUrl}/join/${personalToken(secret, JOIN, id, manageVersion)}`;
}
