import { ValidateBy } from 'class-validator';

const LONGEST_TAG = 35; // RFC 5646 §4.4.1

/** A language tag (BCP 47) that `Intl` can write dates in, such as `pt-PT`; for the fields of inputs. */
export function IsLanguage(): PropertyDecorator {
  return ValidateBy({
    name: 'isLanguage',
    validator: {
      validate: isLanguage,
      defaultMessage: () => 'Please give the language as a tag, such as en or pt-PT.',
    },
  });
}

function isLanguage(tag: unknown): boolean {
  if (typeof tag !== 'string' || tag.length > LONGEST_TAG || !/^[a-z]{2,3}(-|$)/i.test(tag)) return false;
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
