/** Accesses to pages in which a watchpoint watches other bytes, and hits there, in each tier. Words are GNU as output. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sysregKey } from '../../../src/abi/arm/sysreg-key.ts';
import type {
  DebugRegisterFile,
  MachineHardware,
  PeModel,
  Tier,
  VcpuHardware,
} from '../../../src/engine/hardware.ts';
import { SlowPath } from '../../../src/engine/memory/slow-path.ts';
import { bytesOf, CODE, enableMmu, HVC, MODEL, machineWith, RAM_BASE, SYSREG } from '../machine-fixture.ts';

const TIERS = ['interpreter', 'jit'] as const satisfies readonly Tier[];
const CPACR_EL1 = sysregKey(3, 0, 1, 0, 2);
/** DCZID_EL0: blocks of 64 bytes. */
const WITH_ZVA: PeModel = { ...MODEL, idRegisters: new Map([[sysregKey(3, 3, 0, 0, 7), 4n]]) };
const MDE = 1n << 15n;
/** Three neighbours in virtual memory that are none in physical memory. */
const VIRTUAL = CODE + 0x1_0000;
const PHYSICAL = [CODE + 0x1_8000, CODE + 0x1_4000, CODE + 0x1_c000] as const;
const PAGES = [
  { va: CODE, pa: CODE, pages: 8 },
  ...PHYSICAL.map((pa, n) => ({ va: VIRTUAL + n * 4096, pa, unprivileged: true })),
];
const COUNT_DOWN = 0xf100079c; // subs x28, x28, #1
const repeat = (words: number): number => (0x54000001 | ((-words & 0x7ffff) << 5)) >>> 0; // b.ne

function loopOf(words: readonly number[], tier: Tier): MachineHardware {
  const machine = machineWith([...words, COUNT_DOWN, repeat(words.length + 1), HVC], 1, WITH_ZVA, tier);
  const vcpu = machine.vcpus[0]!;
  enableMmu(machine, vcpu, RAM_BASE, PAGES);
  vcpu.setSysreg(CPACR_EL1, 3n << 20n);
  vcpu.controls.tde = true;
  return machine;
}

interface Watchpoint {
  readonly control: bigint;
  readonly value: number;
}
function arm(vcpu: VcpuHardware, watchpoints: readonly Watchpoint[]): void {
  const blank = (): BigUint64Array => new BigUint64Array(16);
  const file: DebugRegisterFile = { bcr: blank(), bvr: blank(), wcr: blank(), wvr: blank() };
  for (const [n, { control, value }] of watchpoints.entries()) {
    file.wcr[n] = control;
    file.wvr[n] = BigInt(value);
  }
  vcpu.loadDebug(file, MDE);
}
function start(vcpu: VcpuHardware, rounds: number, bases: Readonly<Record<number, number>>): void {
  vcpu.pc = BigInt(CODE);
  vcpu.setX(28, BigInt(rounds));
  for (const [register, address] of Object.entries(bases)) vcpu.setX(Number(register), BigInt(address));
}

describe.each(TIERS)('accesses beside watched bytes, tier %s', (tier) => {
  afterEach(() => {
    vi.restoreAllMocks();
  });
  const WATCHED = VIRTUAL + 0x800;
  const ANY = 0x1fffn;
  /** By name: words, and addresses by base register. */
  const LOOPS: Readonly<Record<string, readonly [readonly number[], Readonly<Record<number, number>>]>> = {
    // ldr x0, [x10, #8]; str x0, [x10, #16]; ldur x6, [x10, #3]
    below: [[0xf9400540, 0xf9000940, 0xf8403146], { 10: VIRTUAL }],
    above: [[0xf9400540, 0xf9000940, 0xf8403146], { 10: WATCHED + 8 }],
    // ldp x2, x3, [x14]; stp x2, x3, [x15]
    'next to them': [[0xa9400dc2, 0xa9000de2], { 14: WATCHED + 8, 15: WATCHED - 16 }],
    // ldr q0, [x12]; str q0, [x12, #3008]
    'on both sides by one base': [[0x3dc00180, 0x3d82f180], { 12: VIRTUAL }],
    // ldtr x4, [x13]; sttrb w4, [x13, #17]
    'as if at EL0': [[0xf84009a4, 0x380119a4], { 13: VIRTUAL + 256 }],
    // ldaxr w5, [x14]; stxr w8, w5, [x14]; ldadd x5, x6, [x14]
    atomic: [[0x885ffdc5, 0x88087dc5, 0xf82501c6], { 14: WATCHED + 8 }],
    // ldr x7, [x15]; str x7, [x15]
    'across pages': [[0xf94001e7, 0xf90001e7], { 15: VIRTUAL + 4092 }],
    // ld4 {v0.16b-v3.16b}, [x18]; st4 {v0.16b-v3.16b}, [x19]
    'of four registers': [[0x4c400240, 0x4c000260], { 18: WATCHED + 8, 19: WATCHED - 64 }],
  };

  it.each(Object.keys(LOOPS))('do not call the host: %s', (name) => {
    const [words, bases] = LOOPS[name]!;
    const vcpu = loopOf(words, tier).vcpus[0]!;
    arm(vcpu, [{ control: ANY, value: WATCHED }]);
    start(vcpu, 20_000, bases);
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    const calls = (['read', 'write', 'atomic'] as const).map((kind) => vi.spyOn(SlowPath.prototype, kind));
    start(vcpu, 2_000, bases);
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(calls.map((call) => call.mock.calls.length)).toEqual([0, 0, 0]);
  });

  it('do not call the host when stores are watched and loads are not', () => {
    const vcpu = loopOf(LOOPS['below']![0].slice(0, 1), tier).vcpus[0]!;
    arm(vcpu, [{ control: 0x1ff7n, value: VIRTUAL + 8 }]);
    const calls = vi.spyOn(SlowPath.prototype, 'read');
    start(vcpu, 2_000, { 10: VIRTUAL });
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(calls.mock.calls.length).toBeLessThan(3);
  });

  it('DC ZVA beside them zeroes its block', () => {
    // str x0, [x11]; dc zva, x24
    const machine = loopOf([0xf9000160, 0xd50b7438], tier);
    const vcpu = machine.vcpus[0]!;
    vcpu.setX(0, 7n);
    arm(vcpu, [{ control: ANY, value: WATCHED }]);
    for (let round = 0; round < 3; round++) {
      start(vcpu, 2_000, { 11: WATCHED + 64, 24: WATCHED + 100 });
      expect(vcpu.run(1_000_000).kind).toBe('hvc');
      expect(machine.readPhysical(PHYSICAL[0] + 0x840, 64)).toEqual(new Uint8Array(64));
    }
  });
});

describe('what is remembered beside watched bytes', () => {
  it.each(TIERS)('is of no use when other bytes are watched, tier %s', (tier) => {
    // ldr x0, [x10]; str x0, [x11]
    const vcpu = loopOf([0xf9400140, 0xf9000160], tier).vcpus[0]!;
    const at = (address: number): { pc: bigint; far: bigint } | null => {
      start(vcpu, 1000, { 10: VIRTUAL + 0x100, 11: VIRTUAL + 0x200 });
      arm(vcpu, [{ control: 0x1fffn, value: address }]);
      const stop = vcpu.run(1_000_000);
      if (stop.kind !== 'debug') return null;
      return { pc: vcpu.pc, far: stop.exception.far! };
    };
    for (let round = 0; round < 3; round++) {
      expect(at(VIRTUAL + 0x108)).toBe(null);
      expect(at(VIRTUAL + 0x100)).toEqual({ pc: BigInt(CODE), far: BigInt(VIRTUAL + 0x100) });
      expect(at(VIRTUAL + 0x1f8)).toBe(null);
      expect(at(VIRTUAL + 0x200)).toEqual({ pc: BigInt(CODE + 4), far: BigInt(VIRTUAL + 0x200) });
      expect(at(VIRTUAL + 0x1000)).toBe(null);
    }
  });

  it.each(TIERS)('is of no use when loads are watched as well, tier %s', (tier) => {
    const vcpu = loopOf([0xf9400140], tier).vcpus[0]!;
    const hits = (control: bigint): boolean => {
      start(vcpu, 1000, { 10: VIRTUAL + 0x100 });
      arm(vcpu, [{ control, value: VIRTUAL + 0x100 }]);
      return vcpu.run(1_000_000).kind === 'debug';
    };
    const [stores, loads] = [0x1ff7n, 0x1fefn];
    expect([stores, loads, stores, stores | loads, stores].map(hits)).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  /** ESR_EL1 and FAR_EL1 behind an access that faults. */
  it.each(TIERS)('is not used for what is not aligned as it has to be, tier %s', (tier) => {
    // ldaxr w5, [x14]; str x0, [x11]
    const machine = loopOf([0x885ffdc5, 0xf9000160], tier);
    const vcpu = machine.vcpus[0]!;
    vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(CODE + 0x800));
    machine.writePhysical(CODE + 0x800 + 0x200, bytesOf([HVC]));
    arm(vcpu, [{ control: 0x1fffn, value: VIRTUAL + 0x800 }]);
    const faults = (exclusive: number, store: number): unknown => {
      vcpu.setSysreg(SYSREG.ESR_EL1, 0n);
      start(vcpu, 1000, { 14: exclusive, 11: store });
      expect(vcpu.run(1_000_000).kind).toBe('hvc');
      const esr = vcpu.getSysreg(SYSREG.ESR_EL1);
      return esr === 0n ? null : [esr, Number(vcpu.getSysreg(SYSREG.FAR_EL1)) - VIRTUAL];
    };
    const cases = (): unknown[] => [
      faults(VIRTUAL, VIRTUAL + 16),
      faults(VIRTUAL + 2, VIRTUAL + 16),
      faults(VIRTUAL + 4, VIRTUAL + 18),
    ];
    // EC 0x25, alignment fault; WnR for the store.
    expect(cases()).toEqual([null, [0x9600_0021n, 2], null]);
    vcpu.setSysreg(SYSREG.SCTLR_EL1, 3n);
    for (let round = 0; round < 3; round++)
      expect(cases()).toEqual([null, [0x9600_0021n, 2], [0x9600_0061n, 18]]);
  });

  it.each(TIERS)('is each vcpu’s own, tier %s', (tier) => {
    const words = [0xf9400140, 0xf9000160, COUNT_DOWN, repeat(3), HVC];
    const machine = machineWith(words, 2, MODEL, tier);
    const [one, two] = machine.vcpus as readonly [VcpuHardware, VcpuHardware];
    for (const vcpu of [one, two]) {
      enableMmu(machine, vcpu, RAM_BASE, PAGES);
      vcpu.controls.tde = true;
    }
    arm(one, [{ control: 0x1fffn, value: VIRTUAL + 0x108 }]);
    arm(two, [{ control: 0x1fffn, value: VIRTUAL + 0x200 }]);
    for (let round = 0; round < 5; round++) {
      start(one, 1000, { 10: VIRTUAL + 0x100, 11: VIRTUAL + 0x200 });
      expect(one.run(1_000_000).kind).toBe('hvc');
      start(two, 1000, { 10: VIRTUAL + 0x100, 11: VIRTUAL + 0x200 });
      expect(two.run(1_000_000)).toMatchObject({
        kind: 'debug',
        exception: { far: BigInt(VIRTUAL + 0x200) },
      });
      expect(two.pc).toBe(BigInt(CODE + 4));
    }
  });
});

/** Marsaglia's xorshift32. */
function random(seed: number): (below: number) => number {
  let s = seed;
  return (below) => {
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    return (s >>> 0) % below;
  };
}

interface Access {
  readonly name: string;
  readonly word: number;
  /** Base register. */
  readonly base: number;
  readonly bytes: number;
  readonly reads: boolean;
  readonly writes: boolean;
  /** Of its address; 1 where it does not matter. */
  readonly alignment: number;
  readonly el: 0 | 1;
}
type Direction = 'load' | 'store' | 'both';
const access = (
  name: string,
  word: number,
  base: number,
  bytes: number,
  direction: Direction,
  { alignment = 1, el = 1 as 0 | 1 } = {},
): Access => ({
  name,
  word,
  base,
  bytes,
  reads: direction !== 'store',
  writes: direction !== 'load',
  alignment,
  el,
});
/** Behind `mov x25, x29`, in this order. */
const ACCESSES: readonly Access[] = [
  access('ldr x0, [x10]', 0xf9400140, 10, 8, 'load'),
  access('str x0, [x11]', 0xf9000160, 11, 8, 'store'),
  access('ldrb w1, [x12]', 0x39400181, 12, 1, 'load'),
  access('strh w1, [x13]', 0x790001a1, 13, 2, 'store'),
  access('ldp x2, x3, [x14]', 0xa9400dc2, 14, 16, 'load'),
  access('stp x2, x3, [x15]', 0xa9000de2, 15, 16, 'store'),
  access('ldr q0, [x16]', 0x3dc00200, 16, 16, 'load'),
  access('str q0, [x17]', 0x3d800220, 17, 16, 'store'),
  access('ld4 {v0.16b-v3.16b}, [x18]', 0x4c400240, 18, 64, 'load'),
  access('st4 {v0.16b-v3.16b}, [x19]', 0x4c000260, 19, 64, 'store'),
  access('ldtr x4, [x20]', 0xf8400a84, 20, 8, 'load', { el: 0 }),
  access('sttrb w4, [x21]', 0x38000aa4, 21, 1, 'store', { el: 0 }),
  access('ldaxr w5, [x22]', 0x885ffec5, 22, 4, 'load', { alignment: 4 }),
  access('stxr w8, w5, [x22]', 0x88087ec5, 22, 4, 'store', { alignment: 4 }),
  access('ldadd x5, x6, [x23]', 0xf82502e6, 23, 8, 'both', { alignment: 8 }),
  access('dc zva, x24', 0xd50b7438, 24, 64, 'store', { alignment: 64 }),
  access('ldr w7, [x25], #4', 0xb8404727, 29, 4, 'load'),
  access('stlr w7, [x26]', 0x889fff47, 26, 4, 'store', { alignment: 4 }),
  access('st1 {v0.h}[3], [x27]', 0x0d005b60, 27, 2, 'store'),
  access('ldpsw x2, x3, [x9]', 0x69400d22, 9, 8, 'load'),
];
const MOV_X25_X29 = 0xaa1d03f9;

/** Whether a watchpoint matches a byte of an access. Arm ARM, Watchpoint exceptions; BAS is one run of ones. */
function matches({ control, value }: Watchpoint, { reads, writes, el }: Access, byte: number): boolean {
  const field = (low: bigint, width: bigint): number => Number((control >> low) & ((1n << width) - 1n));
  const [lsc, pac, bas, mask] = [field(3n, 2n), field(1n, 2n), field(5n, 8n), field(24n, 5n)];
  if (!((reads && (lsc & 1) !== 0) || (writes && (lsc & 2) !== 0))) return false;
  if ((pac & (el === 0 ? 2 : 1)) === 0) return false;
  if (mask !== 0) return Math.floor(byte / 2 ** mask) === Math.floor(value / 2 ** mask);
  return byte >= value && byte < value + 8 && ((bas >> (byte - value)) & 1) === 1;
}
/** The first access that hits, and the lowest byte of it that is watched. */
function firstHit(
  accesses: readonly Access[],
  watchpoints: readonly Watchpoint[],
  bases: Readonly<Record<number, number>>,
): { pc: bigint; far: bigint } | null {
  for (const [n, one] of accesses.entries()) {
    for (let byte = bases[one.base]!; byte < bases[one.base]! + one.bytes; byte++) {
      if (!watchpoints.some((watchpoint) => matches(watchpoint, one, byte))) continue;
      return { pc: BigInt(CODE + 4 * (n + 1)), far: BigInt(byte) };
    }
  }
  return null;
}

describe('random accesses around random watchpoints', () => {
  const RUNS = 150;
  const ROUNDS = 40;

  function watchpoint(below: (n: number) => number): Watchpoint {
    // Where pages meet and elsewhere.
    const near = below(3) === 0 ? VIRTUAL + 4096 + 8 * (below(9) - 4) : VIRTUAL + 8 * below(1000);
    const control = 1 | ((1 + below(3)) << 1) | ((1 + below(3)) << 3);
    if (below(4) === 0) {
      const mask = 3 + below(6);
      return { control: BigInt(control | (0xff << 5) | (mask << 24)), value: near - (near % 2 ** mask) };
    }
    const first = below(8);
    const run = (1 << (1 + below(8 - first))) - 1;
    return { control: BigInt(control | ((run << first) << 5)), value: near };
  }
  function addressFor(one: Access, watchpoints: readonly Watchpoint[], below: (n: number) => number): number {
    const { value } = watchpoints[below(watchpoints.length)]!;
    const near = below(7) === 0 ? value + below(96) - 80 : VIRTUAL + below(3 * 4096 - 128);
    const inside = Math.min(Math.max(near, VIRTUAL), VIRTUAL + 3 * 4096 - 128);
    return inside - (inside % one.alignment);
  }
  function run(vcpu: VcpuHardware): { pc: bigint; far: bigint } | null {
    const stop = vcpu.run(1_000_000);
    if (stop.kind === 'hvc') return null;
    expect(stop).toMatchObject({ kind: 'debug', exception: { kind: 'watchpoint' } });
    return stop.kind === 'debug' ? { pc: vcpu.pc, far: stop.exception.far! } : null;
  }

  const machinesOf = (accesses: readonly Access[]): readonly MachineHardware[] =>
    TIERS.map((tier) => {
      const machine = loopOf([MOV_X25_X29, ...accesses.map(({ word }) => word)], tier);
      machine.vcpus[0]!.setSysreg(SYSREG.SCTLR_EL1, 1n | (1n << 14n));
      return machine;
    });

  /** At each edge of what hot code remembers: one access has come near a watchpoint, all others stay where they were. */
  it.each([31, 2718])('hit what the manual says when one comes nearer, seed %i', (seed) => {
    const below = random(seed);
    // Those of EL0 would take the place of the others in the software TLB.
    const accesses = ACCESSES.filter(({ el }) => el === 1);
    const machines = machinesOf(accesses);
    for (let n = 0; n < 80; n++) {
      // Two watchpoints in the first page, far enough apart for bytes between them to be remembered.
      const first = VIRTUAL + 0x200 + 8 * below(64);
      const values = [first, first + 0x400 + 8 * below(64)];
      const watchpoints = values.map((value) => ({ control: BigInt(0x1ff7 + 8 * below(2)), value }));
      const bases: Record<number, number> = {};
      const homes = [VIRTUAL + 64, first + 0x200, values[1]! + 0x200].map((home) => home - (home % 64));
      for (const one of accesses) bases[one.base] = homes[below(3)]!;
      for (const { vcpus } of machines) arm(vcpus[0]!, watchpoints);
      for (const one of [null, ...accesses]) {
        const near = one === null ? 0 : values[below(2)]! + below(one.bytes + 12) - one.bytes - 1;
        const there = one === null ? bases : { ...bases, [one.base]: near - (near % one.alignment) };
        for (const { vcpus } of machines) {
          start(vcpus[0]!, 24, there);
          expect(run(vcpus[0]!), `run ${n}, ${one?.name}`).toEqual(firstHit(accesses, watchpoints, there));
        }
      }
    }
  });

  it.each([20261122, 1977, 424242])('hit what the manual says, seed %i', (seed) => {
    const below = random(seed);
    const machines = machinesOf(ACCESSES);
    let hits = 0;
    for (let n = 0; n < RUNS; n++) {
      const watchpoints = Array.from({ length: 1 + below(4) }, () => watchpoint(below));
      const bases: Record<number, number> = {};
      for (const one of ACCESSES) bases[one.base] = addressFor(one, watchpoints, below);
      const expected = firstHit(ACCESSES, watchpoints, bases);
      if (expected !== null) hits++;
      const seen = machines.map((machine) => {
        const vcpu = machine.vcpus[0]!;
        arm(vcpu, watchpoints);
        start(vcpu, ROUNDS, bases);
        const hit = run(vcpu);
        const registers = Array.from({ length: 31 }, (_, r) => vcpu.getX(r));
        const memory = PHYSICAL.map((pa) => Buffer.from(machine.readPhysical(pa, 4096)!).toString('base64'));
        return { hit, registers, memory, count: vcpu.instructionCount };
      });
      expect(seen[0]!.hit, `run ${n}`).toEqual(expected);
      expect(seen[1], `run ${n}`).toEqual(seen[0]);
    }
    expect(hits).toBeGreaterThan(RUNS / 5);
    expect(hits).toBeLessThan((RUNS * 4) / 5);
  });
});
