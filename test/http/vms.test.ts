import { describe, expect, it } from 'vitest';
import { load, WORDS } from './guests.ts';
import { useServer } from './server.ts';

const { send } = useServer();

const create = (payload: object = {}) => send({ method: 'POST', url: '/v1/vms', payload });

describe('cursors of lists', () => {
  it.each([
    '/v1/vms?after=xx',
    '/v1/vms?after=run_01jdat9qkf3b8c6d7e2g',
    '/v1/sessions?after=0',
    '/v1/images?after=img_1',
    '/v1/vms/any/runs?after=17',
  ])('%s is no cursor of that list', async (url) => {
    const { status, json } = await send({ url });
    expect([status, json['errors'][0]['parameter']]).toEqual([400, 'after']);
  });
  it('are what next says', async () => {
    for (let i = 0; i < 2; i++) await create();
    const { json } = await send({ url: '/v1/vms?limit=1' });
    expect((await send({ url: `/v1/vms?limit=1&after=${json['next']}` })).json['items']).toHaveLength(1);
  });
});

describe('GET /v1/vms/{vm}/digest', () => {
  it('is equal for VMs that did the same, in whole and in parts, and not while one runs', async () => {
    const guests = [{ tier: 'interpreter' }, { tier: 'jit' }, {}].map(async (payload) => {
      const { json } = await create({ ...payload, board: { kind: 'virt' }, ...load(WORDS.add) });
      const vm = `/v1/vms/${json['id']}`;
      const budget = { instructions: 1001 };
      await send({ method: 'POST', url: `${vm}/runs?wait=10`, payload: { budget } });
      return { vm, ...(await send({ url: `${vm}/digest` })) };
    });
    const [one, ...others] = await Promise.all(guests);
    expect(one!.status).toBe(200);
    expect(one!.json).toMatchObject({ instructions: 1001, ticks: 1001 });
    const parts = ['time', 'memory', 'hypervisor', 'vcpu0', 'guestDebug0', 'gic', 'uart', 'rtc'];
    expect(Object.keys(one!.json['parts'])).toEqual(expect.arrayContaining(parts));
    for (const { json } of others) expect(json).toEqual(one!.json);
    await send({ method: 'POST', url: `${one!.vm}/runs`, payload: {} });
    const running = await send({ url: `${one!.vm}/digest` });
    expect([running.status, running.json['code']]).toEqual([409, 'vm-running']);
    await send({ method: 'POST', url: `${one!.vm}/pause` });
  });
});

describe('POST /v1/vms', () => {
  it('makes a useful VM of nothing', async () => {
    const { status, json, headers } = await create();
    expect(status).toBe(201);
    expect(headers['location']).toBe(`/v1/vms/${json['id']}`);
    expect(json['memory']).toEqual({ base: '0x0000000040000000', size: 64 * 1024 * 1024 });
    expect(json['vcpus']).toHaveLength(1);
    expect(json).toMatchObject({
      runState: 'stopped',
      name: null,
      labels: {},
      vcpus: [{ profile: 'neoverse-n1', initialized: true }],
    });
  });

  it('executes as the tier that is asked for says, and shows it', async () => {
    for (const tier of ['interpreter', 'jit', 'auto']) {
      const { json } = await create({ tier });
      expect(json['tier']).toBe(tier);
      expect((await send({ url: `/v1/vms/${json['id']}` })).json['tier']).toBe(tier);
    }
    expect((await create()).json['tier']).toBe('auto');
    const wrong = await create({ tier: 'fast' });
    expect([wrong.status, wrong.json['errors'][0]['pointer']]).toEqual([400, '#/tier']);
  });

  it('takes no body at all for {}', async () => {
    expect((await send({ method: 'POST', url: '/v1/vms' })).status).toBe(201);
  });

  it('gives a VM a name that is usable wherever the id is, once', async () => {
    const { json } = await create({ name: 'boot-test' });
    expect((await send({ url: '/v1/vms/boot-test' })).json['id']).toBe(json['id']);
    const twice = await create({ name: 'boot-test' });
    expect(twice.status).toBe(409);
    expect(twice.json).toMatchObject({
      code: 'name-taken',
      type: '/v1/problems/name-taken',
      errno: 'EEXIST',
    });
  });

  it.each([
    [
      { profile: 'cortex-a53', custom: { breakpoints: 2 } },
      /custom change nothing of the profile "cortex-a53"/,
    ],
    [
      { profile: 'max', vcpus: [{ custom: { breakpoints: 2 } }] },
      /custom change nothing of the profile "max"/,
    ],
    [{ vcpus: [{ kernel: '6.1' }, { kernel: '6.18' }] }, /kernels 6.1 and 6.18, and one host has one kernel/],
    [{ vcpus: [{ kernel: '6.12' }, {}] }, /kernels 6.12 and 6.18, and one host has one kernel/],
  ])('refuses a host that cannot be: %j', async (spec, sentence) => {
    const { status, json } = await create(spec);
    expect([status, json['code']]).toEqual([422, 'profile-invalid']);
    expect(json['detail']).toMatch(sentence);
  });

  it("gives a vcpu of profile custom the VM's numbers", async () => {
    const { json } = await create({ custom: { breakpoints: 3 }, vcpus: [{ profile: 'custom' }] });
    expect(json['vcpus'][0]).toMatchObject({ profile: 'custom', breakpoints: { limit: 3 } });
  });

  it('mixes profiles, with the features of each', async () => {
    const { json } = await create({
      vcpus: [{ profile: 'cortex-a72' }, { profile: 'cortex-a53', features: ['psci_0_2', 'power_off'] }],
    });
    expect(json['vcpus']).toMatchObject([
      { profile: 'cortex-a72' },
      { profile: 'cortex-a53', mpState: 'KVM_MP_STATE_STOPPED' },
    ]);
  });

  it('names every mistake of a body, by JSON pointer', async () => {
    const { status, json } = await create({
      vcpus: '2',
      colour: 'red',
      memory: { base: '4096' },
      load: [{ address: -1 }],
    });
    expect(status).toBe(400);
    expect(json['code']).toBe('request-invalid');
    const pointers = (json['errors'] as unknown as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers.sort()).toEqual(['#/colour', '#/load/0/address', '#/memory/base', '#/vcpus']);
  });

  it('says what a value is, and what it should be', async () => {
    const { json } = await create({ vcpus: '2', labels: [], debugResources: 'some', ttlSeconds: 0 });
    expect(json['errors']).toEqual(
      expect.arrayContaining([
        { pointer: '#/vcpus', detail: '"2" is not an integer or an array.' },
        { pointer: '#/labels', detail: 'An array is not an object.' },
        { pointer: '#/debugResources', detail: '"some" is none of "per-vcpu", "lowest-common-denominator".' },
        { pointer: '#/ttlSeconds', detail: '0 must be >= 1.' },
      ]),
    );
  });

  it('refuses a bare digit string, and says how to write it either way', async () => {
    const { json } = await create({ entry: '4096' });
    expect(json['errors']).toEqual([
      {
        pointer: '#/entry',
        detail:
          '"4096" is ambiguous: decimal or hexadecimal? Write "0x1000" if it is decimal, "0x4096" if it is hexadecimal.',
      },
    ]);
  });

  it.each([
    ['more memory than the limit', { memory: { size: 2 ** 40 } }, 'limit-exceeded'],
    ['an unknown profile', { profile: 'pentium' }, 'profile-unknown'],
    ['an unknown feature', { features: ['turbo'] }, 'feature-unknown'],
    [
      'a capability that can not be enabled',
      { enableCapabilities: ['KVM_CAP_SET_GUEST_DEBUG'] },
      'kvm-refused',
    ],
    ['a load outside memory', { load: [{ address: '0x1000', words: [WORDS.nop] }] }, 'load-outside-memory'],
    ['an image that is not there', { image: 'img_0' }, 'image-not-found'],
  ])('refuses %s', async (_what, payload, code) => {
    const { status, json } = await create(payload);
    expect([404, 422]).toContain(status);
    expect(json['code']).toBe(code);
  });

  it.each([
    ['a capability without a name', { enableCapabilities: [177, 'WARP'] }, '#/enableCapabilities/1'],
    ['nothing to load', { load: [{ address: '0x40000000' }] }, '#/load/0'],
    ['bytes without an address', { load: [{ hex: '1f2003d5' }] }, '#/load/0/address'],
    ['two spellings of bytes', { load: [{ address: '0x40000000', hex: '00', base64: 'AA==' }] }, '#/load/0'],
    ['odd hexadecimal', { load: [{ address: '0x40000000', hex: '123' }] }, '#/load/0/hex'],
    ['hexadecimal that is none', { load: [{ address: '0x40000000', hex: '12zz' }] }, '#/load/0/hex'],
    ['base64 without padding', { load: [{ address: '0x40000000', base64: 'AA' }] }, '#/load/0/base64'],
  ])('refuses %s', async (_what, payload, pointer) => {
    const { status, json } = await create(payload);
    expect(status).toBe(400);
    expect(json['errors']).toMatchObject([{ pointer }]);
  });

  it('names the member that a refused image came from', async () => {
    const raw = await send({
      method: 'POST',
      url: '/v1/images',
      payload: { kind: 'raw', words: [WORDS.nop] },
    });
    const list = { kind: 'symbols', hex: Buffer.from('0000000040000000 T start\n').toString('hex') };
    const symbols = await send({ method: 'POST', url: '/v1/images', payload: list });
    const [image, names] = [raw.json['id'], symbols.json['id']];
    for (const [member, code, payload] of [
      ['/image', 'load-address-missing', { image }],
      ['/load/0', 'load-address-missing', { load: [{ image }] }],
      [
        '/load/1',
        'load-outside-memory',
        {
          load: [
            { image, address: '0x40000000' },
            { image, address: 0 },
          ],
        },
      ],
      ['/image', 'vm-spec-invalid', { image: names }],
    ] as const) {
      const { json } = await create(payload);
      expect(json, member).toMatchObject({ code, member });
      expect(json['detail'], member).toMatch(new RegExp(`^${member} `));
    }
  });

  it('enables capabilities by name, with or without KVM_CAP_, and by number', async () => {
    // mov x1, #0x1000; stp x2, x3, [x1]
    const load = [{ address: '0x40000000', words: ['d2820001', 'a9000c22'] }];
    for (const cap of ['KVM_CAP_ARM_NISV_TO_USER', 'arm_nisv_to_user', 177]) {
      const { json } = await create({ load, enableCapabilities: [cap] });
      const run = await send({
        method: 'POST',
        url: `/v1/vms/${json['id']}/vcpus/0/runs?wait=10`,
        payload: {},
      });
      expect(run.json['exit']).toMatchObject({ reason: 'KVM_EXIT_ARM_NISV' });
    }
  });

  it('loads words, hex and base64 alike', async () => {
    const { json } = await create({
      load: [
        { address: '0x40000000', words: [WORDS.nop] },
        { address: '0x40000004', hex: '1f2003d5' },
        { address: 0x4000_0008, base64: Buffer.from('1f2003d5', 'hex').toString('base64') },
      ],
    });
    const memory = await send({ url: `/v1/vms/${json['id']}/memory?address=0x40000000&length=16` });
    expect(memory.json).toEqual({
      address: '0x0000000040000000',
      length: 16,
      hex: '1f2003d51f2003d51f2003d500000000',
    });
  });
});

describe('/v1/vms', () => {
  it('pages by cursor and filters by labels', async () => {
    const ids: unknown[] = [];
    for (const board of ['a', 'b', 'a', 'a'])
      ids.push((await create({ labels: { board, suite: 'paging' } })).json['id']);
    const first = await send({ url: '/v1/vms?labels=suite:paging&labels=board:a&limit=2' });
    expect((first.json['items'] as unknown as { id: string }[]).map(({ id }) => id)).toEqual([
      ids[0],
      ids[2],
    ]);
    const rest = await send({
      url: `/v1/vms?labels=suite:paging&labels=board:a&limit=2&after=${first.json['next']}`,
    });
    expect((rest.json['items'] as unknown as { id: string }[]).map(({ id }) => id)).toEqual([ids[3]]);
    expect(rest.json['next']).toBeNull();
  });

  it('names an unknown query parameter', async () => {
    const { status, json } = await send({ url: '/v1/vms?colour=red' });
    expect(status).toBe(400);
    expect(json['errors']).toMatchObject([{ in: 'query', parameter: 'colour' }]);
  });

  it('changes only what the client has seen', async () => {
    const made = await create({ labels: { a: '1' } });
    const url = `/v1/vms/${made.json['id']}`;
    const tag = String(made.headers['etag']);
    expect(tag).toMatch(/^"[0-9]+"$/);
    const changed = await send({
      method: 'PATCH',
      url,
      headers: { 'if-match': tag },
      payload: { labels: { a: '2' } },
    });
    expect(changed.status).toBe(200);
    expect(changed.headers['etag']).not.toBe(tag);
    const stale = await send({
      method: 'PATCH',
      url,
      headers: { 'if-match': tag },
      payload: { labels: { a: '3' } },
    });
    expect(stale.status).toBe(412);
    expect(stale.json['code']).toBe('version-mismatch');
    const weak = await send({
      method: 'PATCH',
      url,
      headers: { 'if-match': `W/${changed.headers['etag']}` },
      payload: {},
    });
    expect(weak.status).toBe(412);
    const several = await send({
      method: 'PATCH',
      url,
      headers: { 'if-match': `"77", ${changed.headers['etag']}` },
      payload: { name: null },
    });
    expect(several.status).toBe(200);
    const malformed = await send({ method: 'PATCH', url, headers: { 'if-match': 'three' }, payload: {} });
    expect(malformed.status).toBe(400);
    expect((await send({ url })).json['labels']).toEqual({ a: '2' });
  });

  it('is gone after DELETE, and its session is still there', async () => {
    const made = await create(load(WORDS.add));
    const url = `/v1/vms/${made.json['id']}`;
    expect((await send({ method: 'DELETE', url })).status).toBe(204);
    const gone = await send({ url });
    expect(gone.status).toBe(404);
    expect(gone.json['code']).toBe('vm-not-found');
    const session = await send({ url: `/v1/sessions/${made.json['session']}` });
    expect(session.json).toMatchObject({ state: 'ended', endReason: 'vm-deleted' });
  });

  it('pauses a running VM, and answers a stopped one at once', async () => {
    const { json } = await create(load([WORDS.spin]));
    const url = `/v1/vms/${json['id']}`;
    expect((await send({ method: 'POST', url: `${url}/runs` })).status).toBe(202);
    const busy = await send({ method: 'POST', url: `${url}/reset` });
    expect(busy.status).toBe(409);
    expect(busy.json).toMatchObject({ code: 'vm-running', errno: 'EBUSY' });
    const paused = await send({ method: 'POST', url: `${url}/pause` });
    expect(paused.json['runState']).toBe('stopped');
    expect((await send({ method: 'POST', url: `${url}/pause` })).status).toBe(200);
    expect((await send({ method: 'POST', url: `${url}/reset` })).status).toBe(200);
  });
});
