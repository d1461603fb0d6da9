/** One thing that has to be changed before a request can go through. */
export interface Refusal {
  /** Stable, SCREAMING_SNAKE: what programs decide by. */
  code: string;
  /** Path of the input field, as the API names it (`event.startsAt`), or null when no field is at fault. */
  field: string | null;
  /** A plain sentence for a person: what is wrong and what to do. */
  message: string;
}

/** A refusal that was foreseen. The API hands it to people as `userErrors`; any other error stays inside. */
export class DomainError extends Error {
  readonly refusals: Refusal[];

  constructor(code: string, message: string, field: string | null = null) {
    super(message);
    this.name = 'DomainError';
    this.refusals = [{ code, field, message }];
  }

  /** Several refusals told at once, so that a form is corrected in one go. */
  static all(refusals: Refusal[]): DomainError {
    const [first] = refusals;
    if (!first) throw new Error('A refusal needs a reason');
    const error = new DomainError(first.code, first.message, first.field);
    error.refusals.splice(0, 1, ...refusals);
    return error;
  }

  get code(): string {
    return this.refusals[0]?.code ?? 'REFUSED';
  }
}

/** "Not there" and "not yours to see" read the same, so that nobody learns what exists by asking. */
export function notFound(noun: string, field: string | null = null): DomainError {
  return new DomainError('NOT_FOUND', `We could not find that ${noun}. Please check the link or the id.`, field);
}
