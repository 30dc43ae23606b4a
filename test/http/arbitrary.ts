/** Values for a JSON schema: mostly valid, sometimes broken on purpose. */
import { fc } from '../seed.ts';
import type { Document, Schema } from './documented.ts';

const TEXTS = [
  '',
  'a',
  'boot-test',
  '0x0',
  '0x40000000',
  '0xffffffffffffffff',
  '12',
  'core',
  'pc',
  '../..',
  '%00',
  '\u0000',
  '\ud800',
  'ü',
  'x'.repeat(300),
];
const NUMBERS = [0, 1, -1, 2, 15, 16, 4095, 4096, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e300, 0.5];

/** Anything that JSON can say, and what breaks careless code. */
export const garbage: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...TEXTS,
    ...NUMBERS,
    null,
    true,
    {},
    [],
    [[]],
    { a: { b: [1] } },
    { __proto__: null },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

function integer(schema: Schema): fc.Arbitrary<number> {
  const min = Math.max(Number(schema['minimum'] ?? -(2 ** 31)), -(2 ** 53 - 1));
  const max = Math.min(Number(schema['maximum'] ?? 2 ** 31), 2 ** 53 - 1);
  const small = fc.integer({ min: Math.max(min, 0), max: Math.max(Math.min(max, 20), min, 0) });
  return fc.oneof(
    { weight: 4, arbitrary: small },
    { weight: 1, arbitrary: fc.maxSafeInteger().map((n) => min + (Math.abs(n) % (max - min + 1))) },
  );
}

function text(schema: Schema): fc.Arbitrary<string> {
  const pattern = schema['pattern'];
  const examples = (schema['examples'] as string[] | undefined) ?? [];
  const typical = examples.length > 0 ? fc.constantFrom(...examples) : fc.constantFrom(...TEXTS);
  if (pattern === undefined) return typical;
  return fc.oneof(
    { weight: 3, arbitrary: fc.stringMatching(new RegExp(String(pattern))) },
    { weight: 1, arbitrary: typical },
  );
}

function object(document: Document, schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const required = (schema['required'] ?? []) as string[];
  const members = Object.fromEntries(
    Object.entries(properties).map(([name, member]) => [name, fromSchema(document, member, depth + 1)]),
  );
  const known = fc.record(members, { requiredKeys: required });
  const more = schema['additionalProperties'];
  const keys = (
    schema['propertyNames']
      ? fc.constantFrom('0', '3', '15', '16')
      : fc.constantFrom('x0', 'pc', 'a', 'team', '', 'x'.repeat(300))
  ) as fc.Arbitrary<string>;
  if (typeof more !== 'object') return known;
  const others = fc.dictionary(keys, fromSchema(document, more as Schema, depth + 1), { maxKeys: 4 });
  return fc.tuple(known, others).map(([a, b]) => ({ ...b, ...a }));
}

/** A value that fits a schema nearly always; every member may also be garbage, seldom. */
export function fromSchema(document: Document, schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 30, arbitrary: fitting(document, schema, depth) },
    { weight: 1, arbitrary: garbage },
  );
}

function fitting(document: Document, schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const name = reference.split('/').at(-1) ?? '';
    return fitting(document, document.components.schemas[name] ?? {}, depth);
  }
  const alternatives = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;
  if (alternatives !== undefined)
    return fc.oneof(...alternatives.map((one) => fitting(document, one, depth)));
  if (schema['enum'] !== undefined) return fc.constantFrom(...(schema['enum'] as unknown[]));
  if ('const' in schema) return fc.constant(schema['const']);
  switch ([schema['type']].flat()[0]) {
    case 'integer':
      return integer(schema);
    case 'number':
      return fc.double({ min: 0, max: 0.02, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return text(schema);
    case 'array':
      return fc.array(fromSchema(document, (schema['items'] ?? {}) as Schema, depth + 1), {
        minLength: Number(schema['minItems'] ?? 0),
        maxLength: depth > 3 ? 1 : 4,
      });
    case 'object':
      return object(document, schema, depth);
    default:
      return garbage;
  }
}
