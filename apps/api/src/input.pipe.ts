import { DomainError, type Refusal } from '#kernel';
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

/** Types that carry no rules of their own. */
const PLAIN = new Set<unknown>([undefined, String, Number, Boolean, Date, Array, Object]);

/**
 * Checks the shape of every input against its class and tells all that is wrong at once, each under the path of its
 * field. Text that PostgreSQL cannot store is refused here, for all fields alike. At once and without promises, which
 * Nest's own pipe needs: this stands in the hot path.
 */
@Injectable()
export class InputPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom') return value;
    const unstorable = unstorableField(value, '');
    if (unstorable !== null)
      throw new DomainError(
        'TEXT',
        'This holds characters, or a date, that cannot be stored. Please type it again.',
        unstorable || null,
      );
    if (!metatype || PLAIN.has(metatype) || typeof value !== 'object' || value === null) return value;
    const input = plainToInstance(metatype, value) as object;
    const errors = validateSync(input, { stopAtFirstError: true, forbidUnknownValues: false });
    if (errors.length > 0) throw DomainError.all(errors.flatMap((error) => refusalsOf(error, '')));
    return input;
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
  for (const key of Object.keys(value)) {
    const found = unstorableField((value as Record<string, unknown>)[key], path ? `${path}.${key}` : key);
    if (found !== null) return found;
  }
  return null;
}
