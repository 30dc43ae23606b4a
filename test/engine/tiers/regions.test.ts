/** What compiled regions must notice: code that changes, breakpoints, remapped pages, budgets. Words are GNU as output. */
import { describe, expect, it } from 'vitest';
import type { DebugRegisterFile, MachineHardware, VcpuHardware } from '../../../src/engine/hardware.ts';
import {
  bytesOf,
  CODE,
  DATA,
  enableMmu,
  HVC,
  MODEL,
  machineWith,
  RAM_BASE,
  readWord64,
  writeWord64,
} from '../machine-fixture.ts';

const compiling = (words: readonly number[]): MachineHardware => machineWith(words, 1, MODEL, 'jit');
const ADD_X0_1 = 0x91000400;
const ADD_X0_2 = 0x91000800;
/** subs x1, x1, #1 */
const COUNT_DOWN = 0xf1000421;
/** b.ne to `words` instructions back */
const repeat = (words: number): number => (0x54000001 | ((-words & 0x7ffff) << 5)) >>> 0;
const branch = (words: number): number => (0x14000000 | (words & 0x3ffffff)) >>> 0;

/** x0 += 1, x1 times. */
const LOOP = [ADD_X0_1, ADD_X0_1, ADD_X0_1, COUNT_DOWN, repeat(4), HVC];

function breakpointAt(address: number): DebugRegisterFile {
  const blank = () => new BigUint64Array(16);
  const file = { bcr: blank(), bvr: blank(), wcr: blank(), wvr: blank() };
  file.bvr[0] = BigInt(address);
  file.bcr[0] = 0x1e7n;
  return file;
}

describe('budgets', () => {
  it('are kept to the instruction in a hot loop', () => {
    const machine = compiling(LOOP);
    const vcpu = machine.vcpus[0]!;
    vcpu.setX(1, 1_000_000n);
    let total = 0;
    for (let budget = 1; budget < 400; budget++) {
      expect(vcpu.run(budget)).toEqual({ kind: 'budget' });
      total += budget;
      expect(vcpu.instructionCount).toBe(total);
      expect(vcpu.getX(0)).toBe(BigInt(Math.floor(total / 5) * 3 + Math.min(total % 5, 3)));
      expect(vcpu.pc).toBe(BigInt(CODE + (total % 5) * 4));
    }
  });
});

describe('a hot loop that is closed by indirect branches', () => {
  /** Four pieces of 32 bytes that each count X1 down, set flags, and go on with the one that bits 7..6 of X1 name. */
  const THREADED = [
    0x91000400,
    0xf1000421,
    0x540003c0,
    0xd3461c23,
    0x10ffff84,
    0x8b031484,
    0xd61f0080,
    0xd503201f,
    0x91000800,
    0xf101901f,
    0xf1000421,
    0x540002a0,
    0xd3461c23,
    0x10fffe64,
    0x8b031484,
    0xd61f0080,
    0xca010000,
    0xf1000421,
    0x540001c0,
    0xd3461c23,
    0x10fffd84,
    0x8b031484,
    0xd61f0080,
    0xd503201f,
    0x91001400,
    0xf1000421,
    0x540000c0,
    0xd3461c23,
    0x10fffc84,
    0x8b031484,
    0xd61f0080,
    0xd503201f,
    HVC,
  ];
  it('stops at the same instruction in the same state as the interpreter', () => {
    // By the time that 'auto' compiles it, all targets have been seen.
    const [hot, slow] = (['auto', 'interpreter'] as const).map((tier) => {
      const vcpu = machineWith(THREADED, 1, MODEL, tier).vcpus[0]!;
      vcpu.setX(1, 1_000_000n);
      expect(vcpu.run(1_000_000)).toEqual({ kind: 'budget' });
      return vcpu;
    }) as [VcpuHardware, VcpuHardware];
    const state = (vcpu: VcpuHardware): unknown[] => [
      vcpu.instructionCount,
      vcpu.pc,
      vcpu.pstate,
      ...[0, 1, 3, 4, 5].map((n) => vcpu.getX(n)),
    ];
    for (let budget = 1; budget < 300; budget++) {
      expect([hot.run(budget), slow.run(budget)]).toEqual([{ kind: 'budget' }, { kind: 'budget' }]);
      expect(state(hot)).toEqual(state(slow));
    }
  });
});

describe('code that changes', () => {
  it('is seen when the host writes it', () => {
    const machine = compiling(LOOP);
    const vcpu = machine.vcpus[0]!;
    vcpu.setX(1, 3000n);
    vcpu.run(5 * 1000);
    expect(vcpu.getX(0)).toBe(3000n);
    machine.writePhysical(CODE + 4, bytesOf([ADD_X0_2]));
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(vcpu.getX(0)).toBe(3000n + 2000n * 4n);
  });

  it('is seen when the loop itself writes it', () => {
    // add x0, x0, #1; subs x1, x1, #1; cmp x1, #1000; b.ne 1f; str w2, [x3]; 1: cbnz x1, 0
    const words = [ADD_X0_1, COUNT_DOWN, 0xf10fa03f, 0x54000041, 0xb9000062, 0xb5ffff61, HVC];
    const vcpu = compiling(words).vcpus[0]!;
    vcpu.setX(1, 3000n);
    vcpu.setX(2, BigInt(ADD_X0_2));
    vcpu.setX(3, BigInt(CODE));
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(vcpu.getX(0)).toBe(2000n + 1000n * 2n);
  });

  it('is seen in the very next instruction', () => {
    // 0: str w2, [x3]; add x0, x0, #1 (x3 points here); eor w2, w2, w4; subs x1, x1, #1; b.ne 0
    const words = [0xb9000062, ADD_X0_1, 0x4a040042, COUNT_DOWN, repeat(4), HVC];
    const vcpu = compiling(words).vcpus[0]!;
    vcpu.setX(1, 1000n);
    vcpu.setX(2, BigInt(ADD_X0_2));
    vcpu.setX(3, BigInt(CODE + 4));
    vcpu.setX(4, BigInt(ADD_X0_1 ^ ADD_X0_2));
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(vcpu.getX(0)).toBe(500n * 3n);
  });
});

describe('breakpoints', () => {
  it('hit in hot code each time, and cost nothing when they are gone', () => {
    const vcpu = compiling(LOOP).vcpus[0]!;
    vcpu.setX(1, 10_000n);
    vcpu.run(5 * 1000);
    vcpu.controls.tde = true;
    vcpu.loadDebug(breakpointAt(CODE + 8), 1n << 15n);
    for (let hit = 0; hit < 20; hit++) {
      const before = vcpu.instructionCount;
      expect(vcpu.run(1000)).toMatchObject({ kind: 'debug', exception: { kind: 'breakpoint' } });
      expect(vcpu.pc).toBe(BigInt(CODE + 8));
      expect(vcpu.instructionCount - before).toBe(hit === 0 ? 2 : 4);
      vcpu.loadDebug(null, 0n);
      expect(vcpu.run(1)).toEqual({ kind: 'budget' });
      vcpu.loadDebug(breakpointAt(CODE + 8), 1n << 15n);
    }
    vcpu.loadDebug(null, 0n);
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(vcpu.getX(0)).toBe(30_000n);
  });
  it('at the first instruction of a hot loop', () => {
    const vcpu = compiling(LOOP).vcpus[0]!;
    vcpu.setX(1, 10_000n);
    vcpu.run(5 * 1000 + 1);
    vcpu.controls.tde = true;
    vcpu.loadDebug(breakpointAt(CODE), 1n << 15n);
    expect(vcpu.run(1000).kind).toBe('debug');
    expect(vcpu.pc).toBe(BigInt(CODE));
    expect(vcpu.instructionCount).toBe(5 * 1001);
  });
});

describe('watchpoints', () => {
  it('stop before the access in hot code', () => {
    // ldr x2, [x3]; add x3, x3, #8; subs x1, x1, #1; b.ne
    const vcpu = compiling([0xf9400062, 0x91002063, COUNT_DOWN, repeat(3), HVC]).vcpus[0]!;
    vcpu.setX(1, 1000n);
    vcpu.setX(3, BigInt(DATA));
    vcpu.run(4 * 100);
    const file = breakpointAt(0);
    file.bcr[0] = 0n;
    file.wvr[0] = BigInt(DATA + 8 * 500);
    file.wcr[0] = 0x1fffn;
    vcpu.controls.tde = true;
    vcpu.loadDebug(file, 1n << 15n);
    expect(vcpu.run(1_000_000)).toMatchObject({
      kind: 'debug',
      exception: { kind: 'watchpoint', far: BigInt(DATA + 8 * 500) },
    });
    expect(vcpu.instructionCount).toBe(4 * 500);
    expect(vcpu.pc).toBe(BigInt(CODE));
  });
});

describe('flags', () => {
  it.each([1000, 1001])('are those of the instruction before an access that stops: %i', (count) => {
    // ldr x2, [x3]; add x3, x3, #8; sub x1, x1, #1; tst x1, #1; b
    const vcpu = compiling([0xf9400062, 0x91002063, 0xd1000421, 0xf240003f, branch(-4)]).vcpus[0]!;
    vcpu.setX(1, BigInt(count));
    vcpu.setX(3, BigInt(DATA));
    vcpu.run(5 * 100);
    const Z = 1n << 30n;
    const NZCV = 0xf000_0000n;
    const file = breakpointAt(0);
    file.bcr[0] = 0n;
    file.wvr[0] = BigInt(DATA + 4096);
    file.wcr[0] = 0x1fffn;
    vcpu.controls.tde = true;
    vcpu.loadDebug(file, 1n << 15n);
    expect(vcpu.run(1_000_000).kind).toBe('debug');
    expect(vcpu.getX(1)).toBe(BigInt(count - 512));
    expect(vcpu.pstate & NZCV).toBe(count % 2 === 0 ? Z : 0n);
  });
});

describe('pages', () => {
  const SECOND = CODE + 4096;
  const SPECIAL = RAM_BASE;
  /** The loop begins at the end of one page and ends in the next: add x0, #1 | subs x1; b.ne; hvc. */
  function acrossPages(): MachineHardware {
    const machine = compiling([]);
    machine.writePhysical(SECOND - 4, bytesOf([ADD_X0_1, COUNT_DOWN, repeat(2), HVC]));
    // The other second page adds 2 more: add x0, x0, #2; subs; b.ne to the first page; hvc.
    machine.writePhysical(CODE + 0x3000, bytesOf([ADD_X0_2, COUNT_DOWN, repeat(3), HVC]));
    enableMmu(machine, machine.vcpus[0]!, SPECIAL, [{ va: CODE, pa: CODE, pages: 16 }]);
    machine.vcpus[0]!.pc = BigInt(SECOND - 4);
    return machine;
  }
  it('are crossed by loops', () => {
    const vcpu = acrossPages().vcpus[0]!;
    vcpu.setX(1, 100_000n);
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(vcpu.getX(0)).toBe(100_000n);
    expect(vcpu.instructionCount).toBe(300_001);
  });
  it('may be mapped to other code', () => {
    const machine = acrossPages();
    const vcpu = machine.vcpus[0]!;
    vcpu.setX(1, 10_000n);
    vcpu.run(3 * 4000);
    expect(vcpu.getX(0)).toBe(4000n);
    // The level 3 entry of the second page; see the fixture's tables.
    const entry = RAM_BASE + 0xff_2000 + 8;
    writeWord64(machine, entry, (readWord64(machine, entry) & 0xfffn) | BigInt(CODE + 0x3000));
    // tlbi vmalle1, run elsewhere
    machine.writePhysical(CODE + 0x4000, bytesOf([0xd508871f, branch(-0xc02)]));
    vcpu.pc = BigInt(CODE + 0x4000);
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(vcpu.getX(0)).toBe(4000n + 6000n * 3n);
  });
  it('hold code for addresses that differ', () => {
    // adr x2, .; add x0, x0, x2; subs x1, x1, #1; b.ne
    const machine = compiling([0x10000002, 0x8b020000, COUNT_DOWN, repeat(3), HVC]);
    const vcpu = machine.vcpus[0]!;
    enableMmu(machine, vcpu, SPECIAL, [
      { va: CODE, pa: CODE },
      { va: CODE + 0x8000, pa: CODE },
    ]);
    for (const at of [CODE, CODE + 0x8000, CODE]) {
      vcpu.pc = BigInt(at);
      vcpu.setX(0, 0n);
      vcpu.setX(1, 1000n);
      expect(vcpu.run(1_000_000).kind).toBe('hvc');
      expect(vcpu.getX(0)).toBe(1000n * BigInt(at));
    }
  });
});
