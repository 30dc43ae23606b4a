import { describe, expect, it } from 'vitest';
import { load, WORDS } from './guests.ts';
import { useServer } from './server.ts';

const { send } = useServer();

async function vmWith(words: readonly string[]): Promise<string> {
  const { json } = await send({ method: 'POST', url: '/v1/vms', payload: load(words) });
  return `/v1/vms/${json['id']}`;
}

describe('POST .../runs', () => {
  it('stops at a breakpoint with the exit as KVM would report it', async () => {
    const vm = await vmWith(WORDS.add);
    await send({
      method: 'PUT',
      url: `${vm}/vcpus/0/guest-debug`,
      payload: { control: '0x20001', bcr: ['0x1e7'], bvr: ['0x40000008'] },
    });
    const run = await send({
      method: 'POST',
      url: `${vm}/runs?wait=10`,
      payload: {
        collect: [
          { kind: 'registers', names: ['x0', 'x1'] },
          { kind: 'memory', address: '0x40000000', length: 4 },
        ],
      },
    });
    expect(run.status).toBe(200);
    expect(run.headers['location']).toBe(`/v1/runs/${run.json['id']}`);
    expect(run.json).toMatchObject({
      state: 'ended',
      end: { reason: 'exit' },
      // ESR_EL2: EC 0x30 (Breakpoint from a lower EL), IL, IFSC 0x22.
      exit: {
        reason: 'KVM_EXIT_DEBUG',
        debug: { hsr: '0xc2000022', hsrHigh: '0x00000000', far: '0x0000000000000000' },
        pc: '0x0000000040000008',
      },
      collected: [
        { kind: 'registers', vcpu: 0, values: { x0: '0x0000000000000003', x1: '0x0000000000000004' } },
        {
          kind: 'memory',
          address: '0x0000000040000000',
          base64: Buffer.from('600080d2', 'hex').toString('base64'),
        },
      ],
      instructions: 2,
    });
    expect((await send({ url: `/v1/runs/${run.json['id']}` })).json).toEqual(run.json);
  });

  it('answers 202 when the wait is over, and goes on', async () => {
    const vm = await vmWith([WORDS.spin]);
    const started = await send({
      method: 'POST',
      url: `${vm}/runs`,
      headers: { prefer: 'respond-async, wait=0' },
    });
    expect(started.status).toBe(202);
    expect(started.headers['preference-applied']).toBe('wait=0');
    const location = String(started.headers['location']);
    const waited = await send({ url: `${location}?wait=0.05` });
    expect(waited.status).toBe(200);
    expect(waited.json['state']).toBe('running');
    const waiting = send({ url: `${location}?wait=20` });
    await send({ method: 'POST', url: `${vm}/pause` });
    expect((await waiting).json).toMatchObject({ state: 'ended', end: { reason: 'paused' } });
  });

  it('takes the wait from Prefer', async () => {
    const vm = await vmWith(WORDS.mmioStore);
    const run = await send({ method: 'POST', url: `${vm}/vcpus/0/runs`, headers: { prefer: 'wait=10' } });
    expect(run.status).toBe(200);
    expect(run.headers['preference-applied']).toBe('wait=10');
    expect(run.json['exit']).toMatchObject({
      reason: 'KVM_EXIT_MMIO',
      mmio: { physAddr: '0x0000000009000000', data: '0x0000000000000000', len: 8, isWrite: true },
    });
  });

  it('completes an MMIO read', async () => {
    const vm = await vmWith(WORDS.mmioLoad);
    const read = await send({ method: 'POST', url: `${vm}/vcpus/0/runs?wait=10` });
    expect(read.json['exit']).toMatchObject({ mmio: { isWrite: false } });
    const done = await send({
      method: 'POST',
      url: `${vm}/vcpus/0/runs?wait=10`,
      payload: {
        mmio: { data: '0x1122334455667788' },
        budget: { instructions: 2 },
        collect: [{ kind: 'registers', names: ['x0'] }],
      },
    });
    expect(done.json['collected']).toMatchObject([{ values: { x0: '0x1122334455667788' } }]);
    const again = await send({ method: 'POST', url: `${vm}/vcpus/0/runs`, payload: { mmio: { data: 1 } } });
    expect(again.status).toBe(409);
    expect(again.json['code']).toBe('mmio-not-pending');
  });

  it('single-steps N times in one request', async () => {
    const vm = await vmWith(WORDS.add);
    const run = await send({
      method: 'POST',
      url: `${vm}/vcpus/0/runs?wait=10`,
      payload: { steps: 3, record: 'all' },
    });
    expect(run.json).toMatchObject({
      end: { reason: 'steps-done' },
      stepsDone: 3,
      exit: { pc: '0x000000004000000c' },
    });
    const exits = await send({ url: `/v1/sessions/${run.json['session']}/exits` });
    expect((exits.json['items'] as unknown as { pc: string }[]).map(({ pc }) => pc)).toEqual([
      '0x0000000040000004',
      '0x0000000040000008',
      '0x000000004000000c',
    ]);
  });

  it('comes back from an immediate exit with EINTR', async () => {
    const vm = await vmWith(WORDS.add);
    const run = await send({
      method: 'POST',
      url: `${vm}/vcpus/0/runs?wait=10`,
      payload: { immediateExit: true },
    });
    expect(run.json).toMatchObject({
      end: { reason: 'error', errno: 'EINTR' },
      exit: { errno: 'EINTR' },
      instructions: 0,
    });
  });

  it('is 409 for a second run, and 422 for one that makes no sense', async () => {
    const vm = await vmWith([WORDS.spin]);
    await send({ method: 'POST', url: `${vm}/runs` });
    const second = await send({ method: 'POST', url: `${vm}/runs` });
    expect(second.status).toBe(409);
    await send({ method: 'POST', url: `${vm}/pause` });
    const steps = await send({ method: 'POST', url: `${vm}/runs`, payload: { steps: 2 } });
    expect(steps.status).toBe(422);
    expect(steps.json['code']).toBe('run-spec-invalid');
  });

  it.each([
    [{ collect: [{ kind: 'registers', name: 'pc' }] }, '#/collect/0/name'],
    [{ collect: [{ kind: 'weather' }] }, '#/collect/0/kind'],
    [{ collect: [{ kind: 'memory', address: '0x0' }] }, '#/collect/0/length'],
    [{ budget: { instructions: 0 } }, '#/budget/instructions'],
    [{ steps: '3' }, '#/steps'],
    [[], '#'],
  ])('refuses %j at %s', async (payload, pointer) => {
    const vm = await vmWith(WORDS.add);
    const { status, json } = await send({ method: 'POST', url: `${vm}/runs`, payload });
    expect(status).toBe(400);
    expect(json['errors']).toMatchObject([{ pointer }]);
  });

  it('lists the runs of a VM, page by page', async () => {
    const vm = await vmWith(WORDS.add);
    const ids: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      ids.push(
        (await send({ method: 'POST', url: `${vm}/vcpus/0/runs?wait=10`, payload: { steps: 1 } })).json['id'],
      );
    }
    const first = await send({ url: `${vm}/runs?limit=2` });
    expect((first.json['items'] as unknown as { id: string }[]).map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const rest = await send({ url: `${vm}/runs?limit=2&after=${first.json['next']}` });
    expect((rest.json['items'] as unknown as { id: string }[]).map(({ id }) => id)).toEqual(ids.slice(2));
  });
});

describe('Idempotency-Key', () => {
  const key = { 'idempotency-key': 'step-1' };

  it('does a request once, replays its response, and refuses another body', async () => {
    const vm = await vmWith(WORDS.add);
    const step = (payload: object) =>
      send({ method: 'POST', url: `${vm}/vcpus/0/runs?wait=10`, payload, headers: key });
    const first = await step({ steps: 1 });
    const again = await step({ steps: 1 });
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(again.status).toBe(first.status);
    expect(again.headers['location']).toBe(first.headers['location']);
    expect(again.json).toEqual(first.json);
    expect((await send({ url: `${vm}/vcpus/0/registers?names=pc` })).json['pc']).toBe('0x0000000040000004');
    const other = await step({ steps: 2 });
    expect(other.status).toBe(422);
    expect(other.json['code']).toBe('idempotency-key-reused');
  });

  it('is 409 while the first request is running', async () => {
    const vm = await vmWith([WORDS.spin]);
    const start = () =>
      send({ method: 'POST', url: `${vm}/runs?wait=20`, headers: { 'idempotency-key': 'spin-1' } });
    const first = start();
    while ((await send({ url: vm })).json['runState'] !== ('running' as never))
      await new Promise((done) => setTimeout(done, 5));
    const second = await start();
    expect(second.status).toBe(409);
    expect(second.json['code']).toBe('idempotency-key-busy');
    await send({ method: 'POST', url: `${vm}/pause` });
    expect((await first).json['end']).toEqual({ reason: 'paused' });
  });

  it('is free again after a refusal, which changed nothing', async () => {
    const headers = { 'idempotency-key': 'create-1' };
    expect(
      (await send({ method: 'POST', url: '/v1/vms', headers, payload: { profile: 'pentium' } })).status,
    ).toBe(422);
    expect((await send({ method: 'POST', url: '/v1/vms', headers, payload: {} })).status).toBe(201);
  });

  it('is visible ASCII', async () => {
    const { status, json } = await send({
      method: 'POST',
      url: '/v1/vms',
      headers: { 'idempotency-key': 'a b' },
    });
    expect(status).toBe(400);
    expect(json['errors']).toMatchObject([{ in: 'header', parameter: 'idempotency-key' }]);
  });
});

it('refuses record without steps: nothing would be recorded as asked', async () => {
  const { json: made } = await send({ method: 'POST', url: '/v1/vms', payload: load(WORDS.add) });
  const url = `/v1/vms/${made['id']}/vcpus/0/runs?wait=1`;
  const { status, json } = await send({ method: 'POST', url, payload: { record: 'all' } });
  expect(status).toBe(400);
  expect(json['errors']).toMatchObject([
    { pointer: '#/record', detail: expect.stringContaining('Give steps') },
  ]);
});
