/** Boards over REST: firmware in flash, ELF kernels, disks, the clock, and combinations that make no sense. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useServer } from './server.ts';

const { send } = useServer({ limits: { diskTotal: 6000, disksPerBoard: 2 } });

// Words as GNU as has them.
/** mov x1, #0x1000; ldr w2, [x1]; str w2, [x1, #4]; add x3, x2, #1; b . */
const FLASH_PROGRAM = ['d2820001', 'b9400022', 'b9000422', '91000443', '14000000'];
/**
 * mov x10, #0xa000000; ldr w1, [x10] (MagicValue); ldr w2, [x10, #8] (DeviceID); ldr w3, [x10, #0x100] (capacity);
 * ldr w4, [x10, #0x208] (DeviceID of the next transport); mov x11, #0x9010000; ldr w5, [x11] (RTCDR); b .
 */
const PROBE = [
  'd2a1400a',
  'b9400141',
  'b9400942',
  'b9410143',
  'b9420944',
  'd2a1202b',
  'b9400165',
  '14000000',
];
const board = { kind: 'virt' } as const;
const memory = { size: 1 << 24 };

async function upload(kind: string, words: readonly string[]): Promise<string> {
  const { json, status } = await send({ method: 'POST', url: '/v1/images', payload: { kind, words } });
  expect(status).toBeLessThan(300);
  return String(json['id']);
}
/** Distinct bytes, so that each is an image of its own. */
let distinct = 0;
const filler = (words: number): string[] => {
  distinct++;
  return Array.from({ length: words }, () => distinct.toString(16).padStart(8, '0'));
};
const create = (payload: object) => send({ method: 'POST', url: '/v1/vms', payload });
async function vmOf(payload: object): Promise<string> {
  const { status, json } = await create({ memory, ...payload });
  expect([status, json['detail']]).toEqual([201, undefined]);
  return `/v1/vms/${json['id']}`;
}
const run = (vm: string, payload: object = {}) =>
  send({ method: 'POST', url: `${vm}/runs?wait=5`, payload: { budget: { instructions: 100 }, ...payload } });
async function put(vm: string, address: string, words: readonly string[]): Promise<void> {
  const { status } = await send({
    method: 'PUT',
    url: `${vm}/memory?address=${address}`,
    payload: { words },
  });
  expect(status).toBe(204);
}
const hex = async (vm: string, address: string, length = 4): Promise<unknown> =>
  (await send({ url: `${vm}/memory?address=${address}&length=${length}` })).json['hex'];

describe('firmware', () => {
  it('is in flash at address 0, where vcpu 0 starts; the tree is at the base of RAM', async () => {
    const firmware = await upload('firmware', FLASH_PROGRAM);
    const vm = await vmOf({ board, vcpus: 2, boot: { firmware } });
    const registers = await send({ url: `${vm}/vcpus/0/registers?names=pc,x0,pstate` });
    expect(registers.json).toMatchObject({ pc: '0x0000000000000000', x0: '0x0000000040000000' });
    expect(BigInt(String(registers.json['pstate'])) & 0xfn).toBe(5n); // EL1h
    expect((await send({ url: `${vm}/vcpus/1/mp-state` })).json['mpState']).toBe('KVM_MP_STATE_STOPPED');
    expect(await hex(vm, '0x40000000')).toBe('d00dfeed');
    expect(await hex(vm, '0x0')).toBe('010082d2');
    expect(await hex(vm, '0x7fffffc')).toBe('00000000');
    expect((await send({ url: `${vm}/memory?address=0x8000000&length=4` })).json['code']).toBe(
      'memory-not-mapped',
    );
    expect((await send({ url: vm })).json['images']).toEqual([firmware]);
    const gone = await send({ method: 'DELETE', url: `/v1/images/${firmware}` });
    expect(gone.json['code']).toBe('image-in-use');
  });

  it('loads from flash; a store there is a KVM_EXIT_MMIO, and changes nothing', async () => {
    const vm = await vmOf({ board, boot: { firmware: await upload('firmware', FLASH_PROGRAM) } });
    await put(vm, '0x1000', ['12345678']);
    const { json } = await run(vm);
    expect(json['exit']).toMatchObject({
      reason: 'KVM_EXIT_MMIO',
      mmio: { physAddr: '0x0000000000001004', data: '0x0000000012345678', len: 4, isWrite: true },
      explanation: { summary: expect.stringContaining('no memory to write to') as string },
    });
    expect(await hex(vm, '0x1000', 8)).toBe('7856341200000000');
    await run(vm);
    const after = await send({ url: `${vm}/vcpus/0/registers?names=pc,x3` });
    expect(after.json).toEqual({ pc: '0x0000000000000010', x3: '0x0000000012345679' });
  });

  it('is as it was uploaded after a reset', async () => {
    const vm = await vmOf({ board, boot: { firmware: await upload('firmware', FLASH_PROGRAM) } });
    await put(vm, '0x0', ['d503201f']);
    expect(await hex(vm, '0x0')).toBe('1f2003d5');
    await send({ method: 'POST', url: `${vm}/reset` });
    expect(await hex(vm, '0x0')).toBe('010082d2');
  });
});

describe('an ELF kernel', () => {
  it('is at its physical addresses and entry, X0 the tree, its symbols known', async () => {
    const bytes = readFileSync(new URL('../../examples/guests/thermometer.elf', import.meta.url));
    const image = await send({
      method: 'POST',
      url: '/v1/images',
      payload: { base64: bytes.toString('base64') },
    });
    const vm = await vmOf({ board, boot: { kernel: image.json['id'] } });
    const { json } = await send({ url: `${vm}/vcpus/0/registers?names=pc,x0` });
    expect(json['pc']).toBe(image.json['entry']);
    expect(await hex(vm, String(json['x0']))).toBe('d00dfeed');
    const stopped = await run(vm, { budget: { instructions: 1 } });
    expect(stopped.json['instructions']).toBe(1);
  });
});

describe('disks and clock', () => {
  it('are at the first transports, the entropy source behind them; the clock shows the time given', async () => {
    const image = await upload('disk', filler(3 * 128));
    const vm = await vmOf({
      board: { ...board, time: '2027-04-05T12:00:00.9Z', disks: [{ image }] },
      load: [{ address: '0x40000000', words: PROBE }],
    });
    await run(vm);
    const { json } = await send({ url: `${vm}/vcpus/0/registers?names=x1,x2,x3,x4,x5` });
    const values = ['x1', 'x2', 'x3', 'x4', 'x5'].map((name) => Number(json[name]));
    // "virt"; 2: block; sectors; 4: entropy; date -ud 2027-04-05T12:00 +%s
    expect(values).toEqual([0x7472_6976, 2, 3, 4, 1_806_926_400]);
    const view = (await send({ url: vm })).json;
    expect(view['board']).toEqual({
      kind: 'virt',
      gic: 3,
      time: '2027-04-05T12:00:00.000Z',
      disks: [{ image, mode: 'read-only' }],
    });
    expect(view['images']).toEqual([image]);
  });

  it('of all VMs together have a limit, with overlays counted', async () => {
    const image = await upload('disk', filler(512));
    const disks = [{ image, mode: 'overlay' }];
    const vm = await vmOf({ board: { ...board, disks } });
    const refused = await create({ memory, board: { ...board, disks } });
    expect(refused.json).toMatchObject({ code: 'memory-limit', limit: 6000, requested: 4096 });
    await send({ method: 'DELETE', url: vm });
    await vmOf({ board: { ...board, disks } });
  });
});

describe('KVM_IRQ_LINE', () => {
  it('makes an SPI pending; what is not there is an errno', async () => {
    // mov x10, #0x8000000; ldr w1, [x10, #0x20c] (GICD_ISPENDR3); b .-4
    const words = ['d2a1000a', 'b9420d41', '17ffffff'];
    const vm = await vmOf({ board, load: [{ address: '0x40000000', words }] });
    const pending = async (): Promise<unknown> => {
      await run(vm);
      return (await send({ url: `${vm}/vcpus/0/registers?names=x1` })).json['x1'];
    };
    const put = (url: string, payload: object) => send({ method: 'PUT', url: `${url}/irq-line`, payload });
    expect(await pending()).toBe('0x0000000000000000');
    expect((await put(vm, { irq: '0x01000070', level: true })).status).toBe(204);
    expect(await pending()).toBe('0x0000000000010000');
    expect((await put(vm, { irq: 0x0100_0070, level: false })).status).toBe(204);
    expect(await pending()).toBe('0x0000000000000000');
    const refused = { code: 'kvm-refused' };
    expect((await put(vm, { irq: 0x0100_0010, level: true })).json).toMatchObject({
      ...refused,
      errno: 'EINVAL',
    });
    expect((await put(vm, { irq: 0, level: true })).json).toMatchObject({ ...refused, errno: 'ENXIO' });
    const ofVcpu = await put(`${vm}/vcpus/0`, { level: true });
    expect(ofVcpu.json).toMatchObject({ ...refused, errno: 'ENXIO' });
  });
});

/** INTID 112 to vcpu 0, then a wait for interrupts. */
const WAIT_FOR_112 = [
  'd2a1000a', // mov x10, #0x8000000
  '52800040', // mov w0, #2
  'b9000140', // str w0, [x10]: GICD_CTLR
  '12800000', // mov w0, #-1
  'b9008d40', // str w0, [x10, #0x8c]: GICD_IGROUPR3
  '52a00020', // mov w0, #0x10000
  'b9010d40', // str w0, [x10, #0x10c]: GICD_ISENABLER3
  'd2801fe0', // mov x0, #0xff
  'd5184600', // msr icc_pmr_el1, x0
  'd2800020', // mov x0, #1
  'd518cce0', // msr icc_igrpen1_el1, x0
  'd2a80000', // mov x0, #0x40000000
  '91200000', // add x0, x0, #0x800
  'd518c000', // msr vbar_el1, x0
  'd50342ff', // msr daifclr, #2
  'd503207f', // wfi
  '17ffffff', // b .-4
];
/** Reads the device at 0xc000000 and counts in X3. */
const HANDLER = [
  'd538cc01', // mrs x1, icc_iar1_el1
  'd2a1800b', // mov x11, #0xc000000
  'b9400162', // ldr w2, [x11]
  'd518cc21', // msr icc_eoir1_el1, x1
  '91000463', // add x3, x3, #1
  'd69f03e0', // eret
];

describe('a device that the client mocks', () => {
  it('interrupts a guest that waits, and answers its handler', async () => {
    const vm = await vmOf({
      board,
      load: [
        { address: '0x40000000', words: WAIT_FOR_112 },
        { address: '0x40000a80', words: HANDLER },
      ],
    });
    const line = (level: boolean) =>
      send({ method: 'PUT', url: `${vm}/irq-line`, payload: { irq: '0x01000070', level } });
    const waiting = await send({ method: 'POST', url: `${vm}/runs`, payload: {} });
    await line(true);
    const { json } = await send({ url: `/v1/runs/${waiting.json['id']}?wait=20` });
    expect(json['exit']).toMatchObject({
      reason: 'KVM_EXIT_MMIO',
      mmio: { physAddr: '0x000000000c000000', len: 4, isWrite: false },
    });
    await line(false);
    await run(vm, { mmio: { data: '0x1234' }, budget: { instructions: 4 } });
    const registers = await send({ url: `${vm}/vcpus/0/registers?names=x1,x2,x3` });
    expect(registers.json).toEqual({
      x1: '0x0000000000000070',
      x2: '0x0000000000001234',
      x3: '0x0000000000000001',
    });
  });
});

describe('what makes no sense', () => {
  it('is refused with the member that is wrong', async () => {
    const kernel = await upload('raw', FLASH_PROGRAM.slice(1));
    const initrd = await upload('initrd', filler(1));
    const firmware = await upload('firmware', filler(2));
    const disk = await upload('disk', filler(4));
    const cases: readonly [object, string][] = [
      [{ boot: { kernel } }, '/board'],
      [{ board, boot: {} }, '/boot/kernel'],
      [{ board, boot: { kernel, firmware } }, '/boot/kernel'],
      [{ board, boot: { firmware, initrd } }, '/boot/initrd'],
      [{ board, boot: { firmware, commandLine: 'quiet' } }, '/boot/commandLine'],
      [{ board, boot: { kernel: initrd } }, '/boot/kernel'],
      [{ board, boot: { kernel, initrd: firmware } }, '/boot/initrd'],
      [{ board, boot: { firmware: disk } }, '/boot/firmware'],
      [{ board: { ...board, disks: [{ image: disk }, { image: firmware }] } }, '/board/disks/1/image'],
      [{ board: { ...board, time: '2106-02-07T06:28:16Z' } }, '/board/time'],
      [{ board: { ...board, time: '1969-12-31T23:59:59Z' } }, '/board/time'],
      [{ board, memory: { base: '0x0', size: 4096 } }, '/memory/base'],
    ];
    for (const [payload, member] of cases) {
      const { status, json } = await create({ memory, ...payload });
      expect([status, json['code'], json['member']]).toEqual([422, 'vm-spec-invalid', member]);
    }
    const three = Array.from({ length: 3 }, () => ({ image: disk }));
    expect((await create({ memory, board: { ...board, disks: three } })).json).toMatchObject({
      code: 'limit-exceeded',
      limitName: 'disksPerBoard',
    });
  });
});
