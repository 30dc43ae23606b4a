/** Bad input of every kind: a problem document that says whose fault it is, never a 500, and nothing half done. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, type Vm } from '../../src/cli/client.ts';
import { type OwnServer, startServer } from '../../src/cli/server.ts';
import { createVm } from './guests.ts';

let server: OwnServer;
let client: Client;
let vm: Vm;
beforeAll(async () => {
  server = await startServer();
  client = new Client(server.base);
  vm = await createVm(client);
});
afterAll(() => server.stop());

interface Bad {
  readonly what: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly type?: string;
  readonly headers?: Record<string, string>;
  readonly status: number;
}

const json = (value: unknown): string => JSON.stringify(value);
const DEBUG = '/vcpus/0/guest-debug';
/** Paths that start with a slash followed by a noun of the API are absolute; others are under the VM. */
const BAD: readonly Bad[] = [
  { what: 'a path that is not there', path: '/v2/vms', status: 404 },
  { what: 'a method that the path has not', method: 'DELETE', path: '/v1/vms', status: 405 },
  { what: 'no JSON', method: 'POST', path: '/v1/vms', body: '{', status: 400 },
  { what: 'JSON that is no object', method: 'POST', path: '/v1/vms', body: '[]', status: 400 },
  { what: 'no body where one is needed', method: 'PUT', path: DEBUG, status: 400 },
  {
    what: 'a form',
    method: 'POST',
    path: '/v1/vms',
    body: 'a=b',
    type: 'application/x-www-form-urlencoded',
    status: 415,
  },
  { what: 'an unknown member', method: 'POST', path: '/v1/vms', body: json({ memroy: {} }), status: 400 },
  {
    what: 'memory of no size',
    method: 'POST',
    path: '/v1/vms',
    body: json({ memory: { size: 0 } }),
    status: 400,
  },
  {
    what: 'a profile that there is not',
    method: 'POST',
    path: '/v1/vms',
    body: json({ profile: 'z80' }),
    status: 422,
  },
  {
    what: 'an image that there is not',
    method: 'POST',
    path: '/v1/vms',
    body: json({ image: 'img_0' }),
    status: 404,
  },
  { what: 'a VM that there is not', path: '/v1/vms/vm_nothing', status: 404 },
  { what: 'a vcpu that there is not', path: '/vcpus/9', status: 404 },
  { what: 'a vcpu that is no number', path: '/vcpus/first', status: 400 },
  { what: 'a run that there is not', path: '/v1/runs/run_nothing', status: 404 },
  { what: 'a session that there is not', path: '/v1/sessions/ses_nothing/exits', status: 404 },
  { what: 'a bare digit string', method: 'PUT', path: DEBUG, body: json({ control: '131073' }), status: 400 },
  {
    what: '65 bits',
    method: 'PUT',
    path: DEBUG,
    body: json({ control: 1, bvr: ['0x10000000000000000'] }),
    status: 400,
  },
  {
    what: 'a number beyond exact integers',
    method: 'PUT',
    path: DEBUG,
    body: '{"control":1,"bvr":[9007199254740993]}',
    status: 400,
  },
  { what: 'a negative control', method: 'PUT', path: DEBUG, body: json({ control: -1 }), status: 400 },
  {
    what: 'a flag that there is not',
    method: 'PUT',
    path: DEBUG,
    body: json({ control: ['KVM_GUESTDBG_MAGIC'] }),
    status: 400,
  },
  {
    what: 'control bits outside the mask',
    method: 'PUT',
    path: DEBUG,
    body: json({ control: '0x8' }),
    status: 422,
  },
  {
    what: '17 slots',
    method: 'PUT',
    path: DEBUG,
    body: json({ control: 1, bcr: Array(17).fill(0) }),
    status: 400,
  },
  {
    what: 'a structure of the wrong size',
    method: 'PUT',
    path: DEBUG,
    body: new Uint8Array(7),
    type: 'application/octet-stream',
    status: 400,
  },
  {
    what: 'a register that there is not',
    method: 'PATCH',
    path: '/vcpus/0/registers',
    body: json({ eax: 1 }),
    status: 404,
  },
  { what: 'memory that there is not', path: '/memory?address=0x0&length=4', status: 422 },
  {
    what: 'memory up to the end of all addresses',
    path: '/memory?address=0xfffffffffffffffc&length=8',
    status: 422,
  },
  { what: 'memory of no length', path: '/memory?address=0x40000000&length=0', status: 400 },
  { what: 'memory without an address', path: '/memory?length=4', status: 400 },
  {
    what: 'hexadecimal that is none',
    method: 'PUT',
    path: '/memory?address=0x40000000',
    body: json({ hex: 'zz' }),
    status: 400,
  },
  {
    what: 'a budget of nothing',
    method: 'POST',
    path: '/vcpus/0/runs',
    body: json({ budget: { instructions: 0 } }),
    status: 400,
  },
  { what: 'half a step', method: 'POST', path: '/vcpus/0/runs', body: json({ steps: 0.5 }), status: 400 },
  {
    what: 'a wait that is no number',
    method: 'POST',
    path: '/vcpus/0/runs?wait=soon',
    body: json({}),
    status: 400,
  },
  {
    what: 'MMIO data that nobody waits for',
    method: 'POST',
    path: '/vcpus/0/runs',
    body: json({ mmio: { data: 1 } }),
    status: 409,
  },
  {
    what: 'a cursor that is none',
    path: '/events?after=yesterday',
    status: 400,
    headers: { accept: 'text/event-stream' },
  },
  {
    what: 'an ETag that is old',
    method: 'PUT',
    path: DEBUG,
    body: json({ control: 0 }),
    headers: { 'if-match': '"0-0"' },
    status: 412,
  },
  {
    what: 'a foreign Origin',
    method: 'POST',
    path: '/pause',
    headers: { origin: 'http://evil.example' },
    status: 403,
  },
  { what: 'an answer in XML', path: '/v1/vms', headers: { accept: 'application/xml' }, status: 406 },
  {
    what: 'a member that poisons prototypes',
    method: 'POST',
    path: '/v1/vms',
    body: '{"__proto__":{"x":1}}',
    status: 400,
  },
];

describe('bad input', () => {
  it.each(BAD)(
    '$what: $status',
    async ({ method = 'GET', path, body, type = 'application/json', headers = {}, status }) => {
      const url = server.base + (/^\/v\d/.test(path) ? path : `/v1/vms/${vm.id}${path}`);
      const before = await state();
      const response = await fetch(url, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': type }), ...headers },
        ...(body === undefined ? {} : { body }),
      });
      const problem = (await response.json()) as Record<string, unknown>;
      expect([response.status, problem]).toEqual([status, problem]);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(problem).toMatchObject({
        status,
        code: expect.stringMatching(/^[a-z0-9-]+$/),
        title: expect.any(String),
        type: expect.any(String),
      });
      expect(String(problem['detail']).length).toBeGreaterThan(10);
      expect(await state()).toEqual(before);
    },
  );

  /** What a refused request must leave alone. */
  async function state(): Promise<unknown> {
    const path = `/v1/vms/${vm.id}`;
    return Promise.all([
      client.get(path),
      client.get(`${path}/vcpus/0/guest-debug`),
      client.get(`${path}/vcpus/0/registers`),
      client.get(`${path}/memory?address=0x40000000&length=64`),
      client.get('/v1/vms?limit=1000'),
    ]);
  }

  it('that is not HTTP at all is answered and does no harm', async () => {
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(Number(new URL(server.base).port), '127.0.0.1', () =>
        socket.write('NONSENSE\r\n\r\n'),
      );
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(await client.get(`/v1/vms/${vm.id}`)).toMatchObject({ id: vm.id });
  });
});
