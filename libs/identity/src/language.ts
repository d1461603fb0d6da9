/** The language somebody's browser asks for first (RFC 9110 §12.5.4), as BCP 47; English when it does not say. */
export function preferredLanguage(acceptLanguage: string | null | undefined): string {
  const first = acceptLanguage?.split(',', 1)[0]?.split(';', 1)[0]?.trim() ?? '';
  return canonicalLanguage(first) ?? 'en';
}

/** A language tag in its canonical form (`pt-BR`), or null when it is none. */
export function canonicalLanguage(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}
