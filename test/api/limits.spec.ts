import { readConfig } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApi, type RunningApi } from '../../apps/api/src/api.ts';
import { testEnvironment } from '../support/config.ts';
import { post } from '../support/graphql.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let production: RunningApi;
beforeAll(async () => {
  t = await testSystem();
  const config = readConfig({ ...testEnvironment(t.databaseUrl, t.smtp.url), NODE_ENV: 'production' });
  production = await startApi({ config, clock: t.clock });
});
afterAll(async () => {
  await production.stop();
  await t.stop();
});

const SIGN_IN = 'mutation { requestSignIn(input: { email: "ada@example.org" }) { userErrors { code } } }';

/** The status and the codes of an answer to a request as a browser or a program may send it. */
const sent = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${t.url}/graphql${path}`, init);
  const { errors } = (await response.json()) as { errors?: { message: string; extensions: { code: string } }[] };
  return { status: response.status, codes: errors?.map(({ extensions }) => extensions.code) ?? [] };
};
const refused = async (query: string) => {
  const { data, errors } = await post(t.url, query);
  expect(data).toBeUndefined();
  return errors[0].message as string;
};
/** An event in an attendee of an event and so on: three levels of the document each. */
const levels = (times: number): string =>
  times === 0 ? 'id' : `attendees(first: 1) { nodes { event { ${levels(times - 1)} } } }`;
const mailsQueued = async () => (await t.db.query('SELECT count(*)::int FROM message'))[0].count as number;

describe('a document that asks for too much is refused before anything runs:', () => {
  it('too deep', async () => {
    expect((await post(t.url, `{ event(slug: "x") { ${levels(2)} } }`)).errors).toBeUndefined();
    expect(await refused(`{ event(slug: "x") { ${levels(3)} } }`)).toMatch(/depth limit of 10/);
  });

  it('too many names for the same thing', async () => {
    const fields = (count: number) =>
      `{ ${Array.from({ length: count }, (_, index) => `v${index}: viewer { id }`).join(' ')} }`;
    expect((await post(t.url, fields(30))).errors).toBeUndefined();
    expect(await refused(fields(31))).toMatch(/aliases/i);
  });

  it('too long', async () => {
    expect(await refused(`{ ${'viewer { id } '.repeat(300)} }`)).toMatch(/token/i);
  });

  it('too costly, also when its parts are hidden in a fragment', async () => {
    const names = (count: number) =>
      Array.from({ length: count }, (_, index) => `e${index}: event(slug: "x") { ...Part }`).join(' ');
    const asking = (count: number) => `{ ${names(count)} } fragment Part on Event { ${levels(2)} }`;
    expect((await post(t.url, asking(1))).errors).toBeUndefined();
    expect(await refused(asking(30))).toMatch(/cost limit of 5000/i);
  });

  it('many documents in one request', async () => {
    const body = JSON.stringify([{ query: '{ viewer { id } }' }, { query: '{ viewer { id } }' }]);
    expect(await sent('', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).toMatchObject({
      status: 400,
    });
  });

  it('a body of more than 256 KB', async () => {
    const response = await fetch(`${t.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ viewer { id } } # ${'x'.repeat(260 * 1024)}` }),
    });
    expect(response.status).toBe(413);
  });
});

describe('another site cannot make a browser ask for us:', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'not as %s',
    async (type) => {
      const before = await mailsQueued();
      const response = await fetch(`${t.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify({ query: SIGN_IN }),
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      expect(await mailsQueued()).toBe(before);
    },
  );

  it('not by a link', async () => {
    const before = await mailsQueued();
    expect(await sent(`?query=${encodeURIComponent(SIGN_IN)}`)).toEqual({ status: 400, codes: ['BAD_REQUEST'] });
    const preflighted = { headers: { 'apollo-require-preflight': '1' } };
    expect(await sent(`?query=${encodeURIComponent(SIGN_IN)}`, preflighted)).toMatchObject({ status: 405 });
    expect(await mailsQueued()).toBe(before);
    expect(await sent(`?query=${encodeURIComponent('{ viewer { id } }')}`, preflighted)).toEqual({
      status: 200,
      codes: [],
    });
  });
});

describe('in production', () => {
  it('the schema is not told', async () => {
    expect((await post(production.url, '{ __schema { types { name } } }')).errors[0].message).toMatch(/introspection/i);
    expect((await post(t.url, '{ told: __schema { queryType { name } } }')).data.told.queryType.name).toBe('Query');
  });

  it('names are not suggested to those who guess', async () => {
    const guess = async (url: string) => (await post(url, '{ viewr { id } }')).errors[0].message as string;
    expect(await guess(t.url)).toContain('Did you mean');
    expect(await guess(production.url)).toBe('Cannot query field "viewr" on type "Query".');
    const argument = await post(production.url, '{ event(slog: "x") { id } }');
    expect(JSON.stringify(argument)).not.toContain('Did you mean');
  });

  it('no answer holds where in the program something happened', async () => {
    const { errors } = await post(production.url, '{ events(first: 0) { nodes { id } } }');
    expect(errors[0].extensions).toEqual({ code: 'PAGE_SIZE', field: 'first' });
  });
});

it('a key that does not work is refused before anything runs', async () => {
  const response = await fetch(`${t.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer gt_nonsense' },
    body: JSON.stringify({ query: '{ viewer { id } }' }),
  });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'KEY_UNKNOWN' } }] });
});
