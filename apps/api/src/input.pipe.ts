import { DomainError, type Refusal } from '#kernel';
import { Injectable, ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';

/**
 * Checks the shape of every input against its class and tells all that is wrong at once, each under the path of its
 * field. What PostgreSQL cannot store is refused here, for all fields alike.
 */
@Injectable()
export class InputPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      stopAtFirstError: true,
      exceptionFactory: (errors) => DomainError.all(errors.flatMap((error) => refusalsOf(error, ''))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'custom') return value;
    const unstorable = unstorableField(value, '');
    if (unstorable !== null)
      throw new DomainError(
        'TEXT',
        'This holds characters, or a date, that cannot be stored. Please type it again.',
        unstorable || null,
      );
    return super.transform(value, metadata);
  }
}

function refusalsOf(error: ValidationError, path: string): Refusal[] {
  const field = path ? `${path}.${error.property}` : error.property;
  const messages = Object.values(error.constraints ?? {});
  return [
    ...messages.map((message) => ({ code: 'INPUT', field, message })),
    ...(error.children ?? []).flatMap((child) => refusalsOf(child, field)),
  ];
}

/** Path of the first value that PostgreSQL refuses: text with NUL or half a surrogate pair, a date before year 1 or of five digits. */
function unstorableField(value: unknown, path: string): string | null {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? path : null;
  if (value instanceof Date) return value.getUTCFullYear() < 1 || value.getUTCFullYear() > 9999 ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = unstorableField(inner, path ? `${path}.${key}` : key);
    if (found !== null) return found;
  }
  return null;
}
