/** A VM with a board: its console over REST, its boot, what is refused. */
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useServer } from './server.ts';
import { Stream } from './stream.ts';

const server = useServer({ app: { heartbeatMs: 50 } });
const { send } = server;
const open: Stream[] = [];
let port: number;
beforeAll(async () => {
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  port = (server.app.server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const stream of open.splice(0)) stream.close();
  while (server.service.stats().subscribers > 0) await new Promise((done) => setTimeout(done, 10));
});

/** As GNU as has them: X10 is the UART, X11 counts. */
const ECHO = [
  'd2a1200a', // mov x10, #0x9000000
  '52800820', // mov w0, #0x41
  '39000140', // strb w0, [x10]
  'b9401941', // ldr w1, [x10, #24]
  '3727ffe1', // tbnz w1, #4, .-4
  '39400140', // ldrb w0, [x10]
  '17fffffc', // b .-16
];

async function guest(payload: object = {}): Promise<string> {
  const { status, json } = await send({
    method: 'POST',
    url: '/v1/vms',
    payload: { board: { kind: 'virt' }, load: [{ address: '0x40000000', words: ECHO }], ...payload },
  });
  expect(status).toBe(201);
  return `/v1/vms/${json['id']}`;
}

describe('the console of a VM', () => {
  it('gives what the guest sent from a position on, and takes what it is told', async () => {
    const vm = await guest();
    const run = {
      method: 'POST',
      url: `${vm}/runs?wait=5`,
      payload: { budget: { instructions: 1000 } },
    } as const;
    await send(run);
    expect((await send({ url: `${vm}/console` })).json).toEqual({ from: 0, next: 1, text: 'A' });
    const typed = await send({ method: 'POST', url: `${vm}/console`, payload: { text: 'hé' } });
    expect(typed.json).toEqual({ accepted: 3 });
    await send(run);
    expect((await send({ url: `${vm}/console?after=1` })).json).toEqual({ from: 1, next: 4, text: 'hé' });
    const bytes = await send({
      url: `${vm}/console?after=2`,
      headers: { accept: 'application/octet-stream' },
    });
    expect(bytes.headers['console-next']).toBe('4');
    expect(bytes.headers['content-type']).toBe('application/octet-stream');
    expect((await send({ url: `${vm}/console?after=99` })).json).toEqual({ from: 4, next: 4, text: '' });
  });

  it('is on the timeline, before the end of the run that it belongs to', async () => {
    const vm = await guest();
    await send({ method: 'POST', url: `${vm}/runs?wait=5`, payload: { budget: { instructions: 1000 } } });
    const { json } = await send({
      url: `/v1/sessions/${(await send({ url: vm })).json['session']}/timeline`,
    });
    const events = json['items'] as unknown as { kind: string; body: object }[];
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.indexOf('console')).toBeGreaterThan(0);
    expect(kinds.indexOf('console')).toBeLessThan(kinds.indexOf('run-ended'));
    expect(events.find(({ kind }) => kind === 'console')?.body).toEqual({
      from: 0,
      length: 1,
      lost: 0,
      text: 'A',
    });
  });

  it('is not there without a board', async () => {
    const { json } = await send({ method: 'POST', url: '/v1/vms' });
    expect((await send({ url: `/v1/vms/${json['id']}/console` })).json['code']).toBe('console-missing');
  });
});

describe('a boot', () => {
  it('needs a board, RAM where the board has it, and room', async () => {
    const image = await send({
      method: 'POST',
      url: '/v1/images',
      payload: { kind: 'raw', words: ECHO },
    });
    const kernel = String(image.json['id']);
    const create = async (payload: object) => {
      const { status, json } = await send({ method: 'POST', url: '/v1/vms', payload });
      return [status, json['code']];
    };
    const refused = [422, 'vm-spec-invalid'];
    expect(await create({ boot: { kernel } })).toEqual(refused);
    const board = { kind: 'virt' };
    expect(await create({ board, boot: { kernel }, memory: { base: '0x0', size: 1 << 24 } })).toEqual(
      refused,
    );
    expect(await create({ board, boot: { kernel }, memory: { size: 65536 } })).toEqual(refused);
    expect(await create({ board, vcpus: 9 })).toEqual([422, 'limit-exceeded']);
    expect((await create({ board, boot: { kernel }, memory: { size: 1 << 24 } }))[0]).toBe(201);
  });

  it('starts flat code at 0x40080000 with X0 at the tree, other vcpus off; its image is in use', async () => {
    const image = await send({
      method: 'POST',
      url: '/v1/images',
      payload: { kind: 'raw', words: ECHO.slice(1) },
    });
    const vm = await guest({
      load: [],
      vcpus: 2,
      memory: { size: 1 << 24 },
      boot: { kernel: image.json['id'], commandLine: 'quiet' },
    });
    const registers = await send({ url: `${vm}/vcpus/0/registers?names=pc,x0` });
    expect(registers.json).toMatchObject({ pc: '0x0000000040080000', x0: '0x0000000040000000' });
    const tree = await send({ url: `${vm}/memory?address=0x40000000&length=4` });
    expect(tree.json['hex']).toBe('d00dfeed');
    expect((await send({ url: `${vm}/vcpus/1/mp-state` })).json['mpState']).toBe('KVM_MP_STATE_STOPPED');
    const gone = await send({ method: 'DELETE', url: `/v1/images/${image.json['id']}` });
    expect(gone.json['code']).toBe('image-in-use');
  });
});

describe('the console as a stream', () => {
  const follow = (path: string, after: number | null, headers: Record<string, string> = {}): Stream => {
    const stream = new Stream(port, `${path}/console${after === null ? '' : `?after=${after}`}`, {
      accept: 'text/event-stream',
      ...headers,
    });
    open.push(stream);
    return stream;
  };
  const data = ({ events }: Stream) => events.map(({ data: text }) => JSON.parse(text));
  const text = (stream: Stream) =>
    data(stream)
      .map((item) => item.text ?? '')
      .join('');
  const say = async (vm: string, words: string) => {
    await send({ method: 'POST', url: `${vm}/console`, payload: { text: words } });
    const payload = { budget: { instructions: 1000 } };
    await send({ method: 'POST', url: `${vm}/runs?wait=5`, payload });
  };

  it('gives what is kept and then what comes, with its place on the timeline', async () => {
    const vm = await guest();
    await say(vm, 'b');
    const stream = follow(vm, 0);
    expect(await stream.status).toBe(200);
    await stream.until((s) => text(s) === 'Ab');
    await say(vm, 'cd');
    await stream.until((s) => text(s) === 'Abcd');
    await stream.until((s) => s.text.includes(': heartbeat'));
    expect(stream.events.at(-1)?.id).toBe(4);
    const newest = data(stream).at(-1);
    const { json } = await send({
      url: `/v1/sessions/${(await send({ url: vm })).json['session']}/timeline`,
    });
    const events = json['items'] as unknown as { sequence: number; kind: string; body: { from: number } }[];
    const event = events.find(({ sequence }) => sequence === newest.sequence);
    expect(event).toMatchObject({ kind: 'console', body: { from: newest.from, text: newest.text } });
  });

  it('begins now when nothing is said, and after Last-Event-ID when that is', async () => {
    const vm = await guest();
    await say(vm, 'bcd');
    const now = follow(vm, null);
    await now.until((s) => s.text.includes(': connected'));
    const resumed = follow(vm, 0, { 'last-event-id': '2' });
    await resumed.until((s) => text(s) === 'cd');
    await say(vm, 'e');
    await now.until((s) => text(s) === 'e');
    expect(data(now)[0]).toMatchObject({ from: 4, next: 5 });
    await resumed.until((s) => text(s) === 'cde');
  });

  it('cuts no character in two', async () => {
    const vm = await guest();
    const stream = follow(vm, 0);
    const [first, ...rest] = new TextEncoder().encode('é€');
    const type = async (bytes: readonly number[]) => {
      const headers = { 'content-type': 'application/octet-stream' };
      await send({ method: 'POST', url: `${vm}/console`, payload: Buffer.from(bytes), headers });
      await send({ method: 'POST', url: `${vm}/runs?wait=5`, payload: { budget: { instructions: 1000 } } });
    };
    await type([first!]);
    await stream.until((s) => text(s) === 'A');
    expect((await send({ url: `${vm}/console` })).json).toEqual({ from: 0, next: 1, text: 'A' });
    for (const byte of rest) await type([byte]);
    await stream.until((s) => text(s) === 'Aé€');
    expect(data(stream).map(({ from, next }) => [from, next])).toEqual([
      [0, 1],
      [1, 3],
      [3, 6],
    ]);
  });

  it('says resync for a position that it does not have, goes on, and ends with the VM', async () => {
    const vm = await guest();
    await say(vm, 'b');
    const stream = follow(vm, null, { 'last-event-id': '4711' });
    await stream.until((s) => text(s) === 'Ab');
    expect(stream.events[0]).toEqual({ id: undefined, event: 'resync', data: '{"oldest":0}' });
    await send({ method: 'DELETE', url: vm });
    await stream.until(({ ended }) => ended);
  });

  it('is refused where there is no console', async () => {
    const { json } = await send({ method: 'POST', url: '/v1/vms', payload: {} });
    expect(await follow(`/v1/vms/${json['id']}`, 0).status).toBe(409);
  });
});
