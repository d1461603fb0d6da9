/**
 * The path of ours that somebody wants to return to, or `/` when the wish leads anywhere else (ASVS 3.7.2: no open
 * redirect). `//host` and `/\host` are other sites to a browser, and so is what holds tabs or line breaks.
 */
export function returnPath(wish: unknown): string {
  if (typeof wish !== 'string' || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(wish) || wish.length > 500) return '/';
  const here = 'https://here.invalid';
  const url = new URL(wish, here);
  return url.origin === here ? `${url.pathname}${url.search}${url.hash}` : '/';
}
