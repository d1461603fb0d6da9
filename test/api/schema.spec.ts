import { expect, it } from '@jest/globals';
import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { readFileSync } from 'node:fs';

const schema = buildSchema(readFileSync('apps/api/src/schema.graphql', 'utf8'));
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const fields = types.flatMap((type) =>
  isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
    ? Object.values(type.getFields()).map((field) => ({ path: `${type.name}.${field.name}`, field }))
    : [],
);

it('describes every field', () => {
  expect(fields.length).toBeGreaterThan(300);
  expect(fields.filter(({ field }) => !field.description).map(({ path }) => path)).toEqual([]);
});

it('spells enum values in capitals', () => {
  const values = types.flatMap((type) => (isEnumType(type) ? type.getValues() : []));
  expect(values.filter(({ name }) => !/^[A-Z][A-Z_]*$/.test(name))).toEqual([]);
});

/** Nothing is to be said about what concerns the viewer alone, and all of it. */
const WITHOUT_INPUT = new Set(['endOtherSessions', 'createPersonalFeed', 'revokePersonalFeed']);

it('gives each mutation one input, and userErrors in its payload', () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  expect(mutations.length).toBeGreaterThan(20);
  for (const mutation of mutations) {
    expect(mutation.args.map(({ name }) => name)).toEqual(WITHOUT_INPUT.has(mutation.name) ? [] : ['input']);
    expect(String(schema.getType(String(mutation.type).replace('!', '')))).toMatch(/Payload$/);
    const payload = schema.getType(String(mutation.type).replace('!', ''));
    expect(isObjectType(payload) && String(payload.getFields().userErrors?.type)).toBe('[UserError!]!');
  }
});
