import { beforeAll, describe, expect, it } from 'vitest';
import { load, WORDS } from './guests.ts';
import { useServer } from './server.ts';

const { send } = useServer();
const ZEROS = new Array<string>(16).fill('0x0000000000000000');
let url: string;

beforeAll(async () => {
  const { json } = await send({ method: 'POST', url: '/v1/vms', payload: load(WORDS.add) });
  url = `/v1/vms/${json['id']}/vcpus/0/guest-debug`;
});

const put = (payload: object | Buffer, headers: Record<string, string> = {}) =>
  send({ method: 'PUT', url, payload, headers });

describe('PUT .../guest-debug', () => {
  it('replaces the whole state and answers with it, decoded field by field', async () => {
    const { status, json } = await put({
      control: ['KVM_GUESTDBG_ENABLE', 'KVM_GUESTDBG_USE_HW'],
      bcr: { 0: '0x1e7' },
      bvr: { 0: '0x40000008' },
      wcr: ['0x1ff7', 0, 0x10_01ff],
      wvr: { 0: '0x40100000' },
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      control: '0x00020001',
      flags: ['KVM_GUESTDBG_ENABLE', 'KVM_GUESTDBG_USE_HW'],
      bcr: ['0x00000000000001e7', ...ZEROS.slice(1)],
      wvr: ['0x0000000040100000', ...ZEROS.slice(1)],
      // Arm ARM, DBGBCR<n>_EL1: E bit 0, PMC bits 2:1, BAS bits 8:5.
      breakpoints: [
        {
          slot: 0,
          enabled: true,
          type: 'unlinked address match',
          fields: { E: 1, PMC: 3, BAS: 15, HMC: 0, SSC: 0, LBN: 0, BT: 0 },
        },
      ],
      // DBGWCR<n>_EL1: PAC 2:1, LSC 4:3, BAS 12:5, WT bit 20.
      watchpoints: [
        { slot: 0, fields: { E: 1, PAC: 3, LSC: 2, BAS: 255, WT: 0 } },
        { slot: 2, fields: { E: 1, PAC: 3, LSC: 3, BAS: 15, WT: 1 } },
      ],
    });
    const next = await put({ control: '0x20001', bcr: { 1: '0x1e5' } });
    expect(next.json).toMatchObject({
      bcr: [ZEROS[0], '0x00000000000001e5', ...ZEROS.slice(2)],
      bvr: ZEROS,
      wcr: ZEROS,
      wvr: ZEROS,
      watchpoints: [],
    });
    expect((await put({ control: 0 })).json).toMatchObject({ control: '0x00000000', flags: [] });
  });

  it("takes the seed's name of the hardware flag, short names, and numbers", async () => {
    for (const control of [['ENABLE', 'KVM_GUESTDBG_USE_HW_BP'], 0x20001, '0x20001']) {
      expect((await put({ control })).json['control']).toBe('0x00020001');
    }
  });

  it('is EINVAL for control bits outside the mask, and changes nothing', async () => {
    await put({ control: '0x20001', bcr: { 0: '0x1e7' } });
    const { status, json } = await put({ control: '0x40001' });
    expect(status).toBe(422);
    expect(json).toMatchObject({ code: 'control-flag-unsupported', errno: 'EINVAL' });
    expect((await send({ url })).json).toMatchObject({
      control: '0x00020001',
      bcr: ['0x00000000000001e7', ...ZEROS.slice(1)],
    });
  });

  it.each([
    [{}, '#/control'],
    [{ control: ['ENABLE', 'FLY'] }, '#/control/1'],
    [{ control: '131073' }, '#/control'],
    [{ control: '0x100000000' }, '#/control'],
    [{ control: 1, bcr: { 16: 0 } }, '#/bcr'],
    [{ control: 1, bcr: { 3: '12' } }, '#/bcr/3'],
    [{ control: 1, wvr: new Array(17).fill(0) }, '#/wvr'],
    [{ control: 1, wvr: [0, 2 ** 53] }, '#/wvr/1'],
    [{ control: 1, dbg_bcr: {} }, '#/dbg_bcr'],
  ])('refuses %j at %s', async (payload, pointer) => {
    const { status, json } = await put(payload);
    expect(status).toBe(400);
    expect(json['errors']).toMatchObject([{ pointer }]);
  });

  it('takes pad and ignores it, as KVM does', async () => {
    const { status, json } = await put({ control: 1, pad: 0xffff_ffff });
    expect([status, json['control'], json['pad']]).toEqual([200, '0x00000001', undefined]);
    expect((await put({ control: 1, pad: -1 })).status).toBe(400);
  });

  it('says which slots there are', async () => {
    const { json } = await put({ control: 1, bcr: { 16: 0 } });
    expect(json['detail']).toBe('#/bcr: "16" is no name that can be here: slots are 0 to 15.');
  });

  it('says of a foreign ETag that it is none of this state', async () => {
    const { status, json } = await put({ control: 0 }, { 'if-match': '"x"' });
    expect(status).toBe(412);
    expect(json['detail']).toMatch(/has never had the version given: version [0-9]+ is in force/);
  });

  it('imports and exports struct kvm_guest_debug byte for byte', async () => {
    const struct = Buffer.alloc(520);
    struct.writeUInt32LE(0x20001, 0);
    struct.writeBigUInt64LE(0x1e7n, 8);
    struct.writeBigUInt64LE(0xffff_ff80_0000_1234n, 136);
    struct.writeBigUInt64LE(0x1ff7n, 264 + 8 * 3);
    struct.writeBigUInt64LE(0x4000_0ff8n, 392 + 8 * 3);
    const { json } = await put(struct, { 'content-type': 'application/octet-stream' });
    expect(json).toMatchObject({ control: '0x00020001', bvr: ['0xffffff8000001234', ...ZEROS.slice(1)] });
    const back = await send({ url, headers: { accept: 'application/octet-stream' } });
    expect(back.bytes.equals(struct)).toBe(true);
    const short = await put(struct.subarray(1), { 'content-type': 'application/octet-stream' });
    expect(short.status).toBe(400);
    expect(short.json['detail']).toContain('519');
  });

  it('honours If-Match', async () => {
    const first = await put({ control: 1 });
    await put({ control: 3 });
    const stale = await put({ control: 0 }, { 'if-match': String(first.headers['etag']) });
    expect(stale.status).toBe(412);
    const current = await send({ url });
    expect(current.json['control']).toBe('0x00000003');
    expect(
      (await send({ method: 'DELETE', url, headers: { 'if-match': String(current.headers['etag']) } }))
        .status,
    ).toBe(204);
    expect((await send({ url })).json['control']).toBe('0x00000000');
  });

  it('is EBUSY while the vcpu runs', async () => {
    const { json } = await send({ method: 'POST', url: '/v1/vms', payload: load([WORDS.spin]) });
    const vm = `/v1/vms/${json['id']}`;
    await send({ method: 'POST', url: `${vm}/runs` });
    const busy = await send({ method: 'PUT', url: `${vm}/vcpus/0/guest-debug`, payload: { control: 1 } });
    expect(busy.status).toBe(409);
    expect(busy.json).toMatchObject({ code: 'vcpu-running', errno: 'EBUSY' });
    await send({ method: 'POST', url: `${vm}/pause` });
  });

  it('knows neither other vcpus nor other VMs', async () => {
    expect((await send({ url: url.replace('/vcpus/0/', '/vcpus/7/') })).json['code']).toBe('vcpu-not-found');
    expect((await send({ url: '/v1/vms/nobody/vcpus/0/guest-debug' })).json['code']).toBe('vm-not-found');
    expect((await send({ url: url.replace('/vcpus/0/', '/vcpus/zero/') })).json).toMatchObject({
      code: 'request-invalid',
      errors: [{ in: 'path', parameter: 'n' }],
    });
  });
});

describe('POST .../guest-debug/explain', () => {
  it('says what would never fire, and changes nothing', async () => {
    await put({ control: '0x20001', bcr: { 1: '0x1e7' }, bvr: { 1: '0x40000004' } });
    const dry = await send({
      method: 'POST',
      url: `${url}/explain`,
      payload: { control: '0x20001', bcr: { 0: '0x1e7', 15: '0x1e7' }, bvr: { 0: '0x40000000' } },
    });
    expect(dry.status).toBe(200);
    expect(dry.json).toMatchObject({
      control: '0x00020001',
      slots: [
        { slot: 0, fires: true },
        { slot: 15, fires: false },
      ],
    });
    const inForce = await send({ method: 'POST', url: `${url}/explain` });
    expect(inForce.json).toMatchObject({
      slots: [{ slot: 1, fires: true, value: { value: '0x0000000040000004' } }],
    });
  });
});
