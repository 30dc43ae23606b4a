/**
 * Every operation of the document with a hundred requests, fitting and broken: no fault of the service, no status, code,
 * media type or body that the document does not know.
 */
import { fc } from '../seed.ts';
import type { InjectOptions } from 'fastify';
import { afterEach, beforeAll, beforeEach, describe, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { OPENAPI_FILE } from '../../scripts/generate-openapi.ts';
import { fromSchema, garbage } from './arbitrary.ts';
import { type Described, type Document, operationsOf, type ParameterObject } from './documented.ts';
import { load, WORDS } from './guests.ts';
import { useServer } from './server.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const document = JSON.parse(readFileSync(OPENAPI_FILE, 'utf8')) as Document;

/** No stream is open for long, no wait takes long, no VM is large. */
const { send } = useServer({
  limits: { streams: 0, waitMilliseconds: 5, memoryPerVm: 1 << 20, vms: 20, imageBytes: 4096, vcpusPerVm: 3 },
});

let known: Readonly<Record<string, readonly string[]>>;

beforeAll(async () => {
  await send({
    method: 'POST',
    url: '/v1/vms',
    payload: { name: 'kept', memory: { size: 65536 }, ...load(WORDS.add) },
  });
});

beforeEach(async () => {
  const vm = await send({
    method: 'POST',
    url: '/v1/vms',
    payload: { name: 'target', memory: { size: 65536 }, ...load(WORDS.add) },
  });
  const run = await send({ method: 'POST', url: '/v1/vms/kept/vcpus/0/runs?wait=1', payload: { steps: 2 } });
  const image = await send({
    method: 'POST',
    url: '/v1/images',
    payload: { kind: 'raw', words: [WORDS.nop] },
  });
  known = {
    vm: ['target', 'target', String(vm.json['id']), 'nobody'],
    n: ['0', '0', '0', '7'],
    run: [String(run.json['id']), 'run_0'],
    session: [String(vm.json['session']), 'ses_0'],
    image: [String(image.json['id']), 'img_0'],
    cap: ['119', 'KVM_CAP_GUEST_DEBUG_HW_WPS', '0x7fffffff', '12345'],
    name: ['max', 'neoverse-n1'],
    code: ['vm-not-found', 'constructor'],
    id: ['0x6030000000100040', '0x6030000000100000', '0x0'],
  };
});

/** Whatever the requests have created or started. */
afterEach(async () => {
  const { json } = await send({ url: '/v1/vms?limit=1000' });
  for (const { id, name } of json['items'] as unknown as { id: string; name: string }[]) {
    if (name !== 'kept') await send({ method: 'DELETE', url: `/v1/vms/${id}` });
  }
  await send({ method: 'POST', url: '/v1/vms/kept/pause' });
});

function pathValue(name: string): fc.Arbitrary<string> {
  const odd = fc.constantFrom('-1', '1.5', '0x', '%00', 'a'.repeat(200), '%F0%9F%92%A9', '__proto__');
  return fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...(known[name] ?? ['x'])) },
    { weight: 1, arbitrary: odd },
  );
}

const headers: fc.Arbitrary<Record<string, string>> = fc.record(
  {
    'if-match': fc.constantFrom('*', '"1"', '"1", "2"', 'W/"1"', 'x', ''),
    'idempotency-key': fc.constantFrom('k', 'other', ' ', 'ü', 'k'.repeat(300)),
    prefer: fc.constantFrom('wait=0', 'wait=1', 'wait=x', 'respond-async'),
    range: fc.constantFrom('bytes=0-0', 'bytes=9-1', 'bytes=99999-', 'x'),
    accept: fc.constantFrom(
      '*/*',
      'application/json',
      'application/octet-stream',
      'text/csv',
      'application/x-ndjson',
      'image/png',
      ';;,q=,',
    ),
    'last-event-id': fc.constantFrom('0', 'x', '-1'),
  },
  { requiredKeys: [] },
);

type Body = { readonly payload?: string | Buffer; readonly type?: string };

function body({ operation }: Described): fc.Arbitrary<Body> {
  const content = operation.requestBody?.content;
  if (content === undefined)
    return fc.constantFrom<Body>({}, {}, {}, { payload: '{}', type: 'application/json' });
  const json = content['application/json']?.schema;
  const fitting = json === undefined ? garbage : fromSchema(document, json);
  const asJson = (value: unknown): Body => ({
    payload: JSON.stringify(value) ?? '',
    type: 'application/json',
  });
  const bytes = fc
    .uint8Array({ maxLength: 600 })
    .map((value): Body => ({ payload: Buffer.from(value), type: 'application/octet-stream' }));
  const text = fc
    .constantFrom('', '{', '[1,', 'nul', '{"a":1}x', '\ufeff{}')
    .map((payload): Body => ({ payload, type: 'application/json' }));
  const other = fc.constantFrom<Body>(
    {},
    { payload: 'a=1', type: 'application/x-www-form-urlencoded' },
    { payload: 'x', type: 'multipart/form-data; boundary=y' },
    { payload: '{}', type: '' },
  );
  return fc.oneof(
    { weight: 12, arbitrary: fitting.map(asJson) },
    { weight: 2, arbitrary: garbage.map(asJson) },
    { weight: 2, arbitrary: bytes },
    { weight: 1, arbitrary: text },
    { weight: 1, arbitrary: other },
  );
}

function query(parameters: readonly ParameterObject[]): fc.Arbitrary<Record<string, string>> {
  const own = parameters.filter((parameter) => parameter.in === 'query');
  const members = Object.fromEntries(
    own.map(({ name, schema }) => [
      name,
      fromSchema(document, schema).map((value) =>
        typeof value === 'string' ? value : JSON.stringify(value),
      ),
    ]),
  );
  const required = own.filter((parameter) => parameter.required === true).map(({ name }) => name);
  const fitting = fc.record(members, { requiredKeys: required });
  const odd = fc.constantFrom<Record<string, string>>(
    {},
    { colour: 'red' },
    { limit: '' },
    { after: '\u0000' },
  );
  return fc.oneof(
    { weight: 9, arbitrary: fitting as fc.Arbitrary<Record<string, string>> },
    { weight: 1, arbitrary: odd },
  );
}

function requestFor(described: Described): fc.Arbitrary<InjectOptions> {
  const parameters = described.operation.parameters ?? [];
  const names = [...described.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
  const path = fc
    .tuple(...names.map(pathValue))
    .map((values) => values.reduce((url, value) => url.replace(/\{[^}]+\}/, () => value), described.path));
  return fc.record({ path, query: query(parameters), headers, body: body(described) }).map((parts) => {
    const search = new URLSearchParams(parts.query).toString();
    const { payload, type } = parts.body;
    return {
      method: described.method.toUpperCase() as 'GET',
      url: search === '' ? parts.path : `${parts.path}?${search}`,
      headers: { ...parts.headers, ...(type === undefined || type === '' ? {} : { 'content-type': type }) },
      ...(payload === undefined ? {} : { payload }),
    };
  });
}

describe('fuzz', () => {
  it.each(operationsOf(document).map((described) => [described.operation.operationId, described] as const))(
    '%s',
    { timeout: 120_000 },
    async (_id, described) => {
      await fc.assert(
        fc.asyncProperty(requestFor(described), async (request) => {
          await send(request);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
  );
});
