/** Every status that the document names for an operation can be had: no promise is empty. */
import { readFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import type { InjectOptions } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { OPENAPI_FILE } from '../../scripts/generate-openapi.ts';
import { SessionError } from '../../src/session/errors.ts';
import { type Described, type Document, operationFor, operationsOf } from './documented.ts';
import { load, WORDS } from './guests.ts';
import { type Fixtures, good, missing, onVm, SPECIAL } from './requests.ts';
import { type Send, useServer } from './server.ts';

const document = JSON.parse(readFileSync(OPENAPI_FILE, 'utf8')) as Document;
const operations = operationsOf(document);

const server = useServer({
  limits: { bodyBytes: 2000, imageBytes: 2000, memoryTransfer: 4096, registerNames: 2, consoleInput: 10 },
});
const guarded = useServer({ app: { tokens: [{ value: 'a-token-of-the-test', readOnly: false }] } });
const limited = useServer({ app: { requestsPerSecond: 1 }, limits: { streams: 0 } });
/** A service that has stopped, and whose engine died before. */
const stopped = useServer({
  wrap: (service) => ({
    ...service,
    vms: async () => {
      throw new SessionError('engine-failed', 'The engine thread of a VM ended.');
    },
  }),
});

let fixtures: Fixtures;
let fixturesOfStopped: Fixtures;

async function makeFixtures(send: Send): Promise<Fixtures> {
  const small = { memory: { size: 65536 } };
  const image = await send({
    method: 'POST',
    url: '/v1/images',
    payload: { kind: 'raw', words: [WORDS.nop] },
  });
  const used = await send({
    method: 'POST',
    url: '/v1/images',
    payload: { kind: 'raw', words: [WORDS.spin] },
  });
  const vm = await send({
    method: 'POST',
    url: '/v1/vms',
    payload: { ...small, name: 'fixture', load: [{ image: used.json['id'], address: '0x40000000' }] },
  });
  await send({
    method: 'POST',
    url: '/v1/vms',
    payload: { ...small, name: 'spinning', ...load([WORDS.spin]) },
  });
  await send({
    method: 'POST',
    url: '/v1/vms',
    payload: { ...small, name: 'boarded', board: { kind: 'virt' } },
  });
  const run = await send({ method: 'POST', url: '/v1/vms/spinning/runs' });
  return {
    vm: 'fixture',
    running: 'spinning',
    boarded: 'boarded',
    run: String(run.json['id']),
    session: String(vm.json['session']),
    image: String(image.json['id']),
    usedImage: String(used.json['id']),
  };
}

beforeAll(async () => {
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  fixtures = await makeFixtures(server.send);
  fixturesOfStopped = await makeFixtures(stopped.send);
  await stopped.service.close();
});

/** Away with every VM, and new fixtures. */
async function renew(): Promise<void> {
  const { json } = await server.send({ url: '/v1/vms?limit=1000' });
  for (const { id } of json['items'] as unknown as { id: string }[]) {
    await server.send({ method: 'DELETE', url: `/v1/vms/${id}` });
  }
  fixtures = await makeFixtures(server.send);
}

/** Status of a request whose headers are too large, or whose answer does not end: from a real connection. */
function rawStatus({ method = 'GET', url }: InjectOptions, header = ''): Promise<number> {
  const { port } = server.app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`${method} ${String(url)} HTTP/1.1\r\nhost: localhost\r\n${header}\r\n`),
    );
    socket.once('data', (chunk) => {
      resolve(Number(chunk.toString().split(' ')[1]));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

const withHeaders = (request: InjectOptions, headers: Record<string, string>): InjectOptions => ({
  ...request,
  headers: { ...request.headers, ...headers },
});

const BODY = Buffer.from(JSON.stringify({ long: 'x'.repeat(100_000) }));

/** What brings about a status in general, on a request that would succeed. */
async function provoke(described: Described, status: string): Promise<number> {
  const { operationId } = described.operation;
  const send = async (request: InjectOptions, from: Send = server.send) => (await from(request)).status;
  const special = SPECIAL[`${operationId} ${status}`];
  if (special !== undefined && status !== '404') return send(special(fixtures));
  const request = good(operationId, fixtures);
  expect(request, `a request for ${operationId}`).toBeDefined();
  const fine = request as InjectOptions;
  const url = String(fine.url);
  expect(operationFor(document, fine.method ?? 'GET', url)?.operation.operationId).toBe(operationId);
  switch (status) {
    case '200':
      return operationId.startsWith('stream') ? rawStatus(fine) : send(fine);
    case '201':
    case '204':
      return send(fine);
    case '400':
      return send({ ...fine, url: `${url}${url.includes('?') ? '&' : '?'}colour=red` });
    case '401':
      return send(fine, guarded.send);
    case '403':
      return send(withHeaders(fine, { host: 'evil.example' }));
    case '404':
      return send(missing(operationId) as InjectOptions);
    case '406':
      return send(withHeaders(fine, { accept: 'image/png' }));
    case '409':
      return send(onVm(operationId, fixtures.running) as InjectOptions);
    case '412':
      return send(withHeaders(fine, { 'if-match': '"999999"' }));
    case '413':
      return send(withHeaders({ ...fine, payload: BODY }, { 'content-type': 'application/json' }));
    case '415':
      return send(withHeaders({ ...fine, payload: 'x' }, { 'content-type': 'text/plain' }));
    case '429': {
      // At once: a busy machine may take longer than the limit's second from one to the next.
      const all = await Promise.all(Array.from({ length: 4 }, () => send(fine, limited.send)));
      return all.at(-1)!;
    }
    case '431':
      return rawStatus(fine, `x-long: ${'x'.repeat(20_000)}\r\n`);
    case '503':
      return send(good(operationId, fixturesOfStopped) as InjectOptions, stopped.send);
    default:
      return expect.fail(`nobody knows how to bring about ${status} of ${operationId}`);
  }
}

describe('every documented status can be had', () => {
  it.each(operations.map((described) => [described.operation.operationId, described] as const))(
    '%s',
    async (_id, described) => {
      for (const status of Object.keys(described.operation.responses)) {
        expect(await provoke(described, status), `${described.operation.operationId} ${status}`).toBe(
          Number(status),
        );
        // A request that succeeds may have used up what it was about.
        if (status.startsWith('2') && described.method !== 'get') await renew();
      }
    },
  );
});

/** Fastify's drawing of its routes, read: four columns for each level. */
function routesOf(drawing: string): { method: string; url: string }[] {
  const parents: string[] = [];
  return drawing.split('\n').flatMap((line) => {
    const [, indent = '', piece = '', methods = ''] = /^([│├└─ ]*)(\S+) \(([^)]+)\)/.exec(line) ?? [];
    if (methods === '') return [];
    const depth = indent.length / 4;
    const url = `${(parents[depth - 1] ?? '').replace(/\/$/, '')}${piece.startsWith('/') ? '' : '/'}${piece}`;
    parents.length = depth;
    parents[depth] = url;
    return methods
      .split(', ')
      .filter((method) => method !== 'HEAD')
      .map((method) => ({ method, url }));
  });
}

describe('the document', () => {
  it('has every route, and nothing else', () => {
    const declared = routesOf(server.app.printRoutes({ commonPrefix: false }))
      .filter(({ url }) => url.startsWith('/v1') || url.startsWith('/health'))
      .map(({ method, url }) => `${method.toLowerCase()} ${url.replace(/:([a-z]+)/g, '{$1}')}`);
    expect(declared.length).toBeGreaterThan(40);
    expect(declared.sort()).toEqual(operations.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it('names and describes every operation', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation, path } of operations) {
      expect(operation.summary, path).toBeTruthy();
      expect(operation.tags, path).toHaveLength(1);
    }
  });
});
