/**
 * What a region was made for and what it finds: alignment checks, FPCR and FPSR at its entry, flags where it is left between
 * instructions that set them. Words are GNU as output.
 */
import { describe, expect, it } from 'vitest';
import { sysregKey } from '../../../src/abi/arm/sysreg-key.ts';
import type { VcpuHardware } from '../../../src/engine/hardware.ts';
import {
  bytesOf,
  CODE,
  enableMmu,
  HVC,
  MODEL,
  machineWith,
  RAM_BASE,
  SYSREG,
  TABLES,
  writeWord64,
} from '../machine-fixture.ts';

const COUNT_DOWN = 0xf1000421; // subs x1, x1, #1
const repeat = (words: number): number => (0x54000001 | ((-words & 0x7ffff) << 5)) >>> 0; // b.ne
const branch = (words: number): number => (0x14000000 | (words & 0x3ffffff)) >>> 0;
const NZCV = 0xf000_0000n;
const CPACR_EL1 = sysregKey(3, 0, 1, 0, 2);
const SPSR_EL1 = sysregKey(3, 0, 4, 0, 0);
const FPCR = sysregKey(3, 3, 4, 4, 0);
const FPSR = sysregKey(3, 3, 4, 4, 1);
const IXC = 1n << 4n;
const TOWARDS_PLUS_INFINITY = 1n << 22n;

/** Beyond the 2 MiB that `mapped` maps by pages. */
const MAPPED = RAM_BASE + 0x20_0000;
/** The exception vectors are in the page of the program, and end the run. */
const VECTORS = CODE + 0x800;
function mapped(words: readonly number[]) {
  const machine = machineWith(words, 1, MODEL, 'jit');
  const vcpu = machine.vcpus[0]!;
  machine.writePhysical(VECTORS, bytesOf(Array.from({ length: 512 }, () => HVC)));
  vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(VECTORS));
  enableMmu(machine, vcpu, RAM_BASE, [{ va: CODE, pa: CODE, pages: 16 }]);
  return { machine, vcpu };
}

describe('an unaligned access of hot code to the page of the one before', () => {
  // ldr x3, [x2]
  const LOADS = [0xf9400043, 0x91002042, COUNT_DOWN, repeat(3), HVC];
  const [M, A] = [1n, 2n];
  function unaligned(sctlr: bigint): VcpuHardware {
    const { machine, vcpu } = mapped(LOADS);
    writeWord64(machine, MAPPED + 8 * 200, 0x1122_3344_5566_7788n);
    vcpu.setSysreg(SYSREG.SCTLR_EL1, sctlr);
    vcpu.setX(1, 101n);
    vcpu.setX(2, BigInt(MAPPED));
    expect(vcpu.run(4 * 100)).toEqual({ kind: 'budget' });
    vcpu.setX(2, BigInt(MAPPED + 8 * 200 + 1));
    expect(vcpu.run(1000).kind).toBe('hvc');
    return vcpu;
  }
  it('is an Alignment fault where SCTLR_EL1.A asks for that', () => {
    const vcpu = unaligned(M | A);
    // A data abort from EL1, DFSC alignment.
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)! & ~(1n << 25n)).toBe((0x25n << 26n) | 0x21n);
    expect(vcpu.getSysreg(SYSREG.FAR_EL1)).toBe(BigInt(MAPPED + 8 * 200 + 1));
    expect(vcpu.getX(1)).toBe(1n);
  });
  it('is done where it does not', () => {
    const vcpu = unaligned(M);
    expect([vcpu.getX(3), vcpu.getX(1)]).toEqual([0x11_2233_4455_6677n, 0n]);
  });
});

describe('a hot sum that is inexact each time', () => {
  // fadd d0, d0, d1
  const SUMS = [0x1e612800, COUNT_DOWN, repeat(2), HVC];
  const ONE = 0x3ff0_0000_0000_0000n;
  /** 2 to the power of -60. */
  const LITTLE = 0x3c30_0000_0000_0000n;
  function started(): { vcpu: VcpuHardware; sum: (count: number) => bigint } {
    const vcpu = machineWith(SUMS, 1, MODEL, 'jit').vcpus[0]!;
    vcpu.setSysreg(CPACR_EL1, 3n << 20n);
    vcpu.setSysreg(FPSR, IXC);
    vcpu.setV(1, LITTLE);
    const sum = (count: number): bigint => {
      vcpu.pc = BigInt(CODE);
      vcpu.setV(0, ONE);
      vcpu.setX(1, BigInt(count));
      expect(vcpu.run(100_000).kind).toBe('hvc');
      return vcpu.getV(0);
    };
    expect(sum(1000)).toBe(ONE);
    return { vcpu, sum };
  }
  it('rounds as the host of the VM sets FPCR between two runs', () => {
    const { vcpu, sum } = started();
    for (const count of [1, 20, 1000]) {
      vcpu.setSysreg(FPCR, TOWARDS_PLUS_INFINITY);
      expect(sum(count)).toBe(ONE + BigInt(count));
      vcpu.setSysreg(FPCR, 0n);
      expect(sum(count)).toBe(ONE);
    }
  });
  it('sets Inexact again when that has been cleared between two runs', () => {
    const { vcpu, sum } = started();
    for (const count of [1, 20, 1000]) {
      vcpu.setSysreg(FPSR, 0n);
      expect(sum(count)).toBe(ONE);
      expect(vcpu.getSysreg(FPSR)).toBe(IXC);
    }
  });
});

describe('a hot conversion to single precision', () => {
  const UFC = 1n << 3n;
  // Arm ARM, FPRoundBase: Underflow is for what is tiny before it is rounded, and inexact.
  it.each([
    ['just below the smallest normal number, which it becomes', 0x380f_ffff_ffff_ffffn, IXC | UFC],
    ['the smallest normal number', 0x3810_0000_0000_0000n, IXC],
  ] as const)('%s', (_, number, fpsr) => {
    // fcvt s2, d0
    const vcpu = machineWith([0x1e624002, COUNT_DOWN, repeat(2), HVC], 1, MODEL, 'jit').vcpus[0]!;
    vcpu.setSysreg(CPACR_EL1, 3n << 20n);
    vcpu.setSysreg(FPSR, IXC);
    vcpu.setV(0, 0x3ff0_0000_0000_0000n);
    vcpu.setX(1, 1000n);
    expect(vcpu.run(3 * 900)).toEqual({ kind: 'budget' });
    vcpu.setV(0, number);
    expect(vcpu.run(1000).kind).toBe('hvc');
    expect(vcpu.getV(2)).toBe(0x80_0000n);
    expect(vcpu.getSysreg(FPSR)).toBe(fpsr);
  });
});

describe('flags', () => {
  it('are those of before a page that is gone', () => {
    const SECOND = CODE + 0x1000;
    // 0: subs x1, x1, #1; b.eq 1f; add x0, x0, #1; cbz x7, SECOND; tst x0, #1; b 0; hvc; 1: hvc. SECOND: tst x0, #1; b 0
    const first = [COUNT_DOWN, 0x540000c0, 0x91000400, 0xb4007fa7, 0xf240001f, branch(-5), HVC, HVC];
    const { machine, vcpu } = mapped(first);
    machine.writePhysical(SECOND, bytesOf([0xf240001f, branch(-0x401)]));
    vcpu.setX(1, 100_000n);
    // Once by the second page, then hot by the first one alone.
    expect(vcpu.run(6)).toEqual({ kind: 'budget' });
    vcpu.setX(7, 1n);
    expect(vcpu.run(6 * 1000)).toEqual({ kind: 'budget' });
    expect(vcpu.pc).toBe(BigInt(CODE));
    vcpu.setX(7, 0n);
    // Another ASID, under which the second page is not mapped.
    writeWord64(machine, TABLES + 0x2000 + 8, 0n);
    vcpu.setSysreg(SYSREG.TTBR0_EL1, BigInt(TABLES) | (1n << 48n));
    vcpu.pstate = (vcpu.pstate & ~NZCV) | (5n << 28n);
    expect(vcpu.run(1000).kind).toBe('hvc');
    expect(vcpu.getSysreg(SYSREG.ELR_EL1)).toBe(BigInt(SECOND));
    // SUBS without a borrow: C.
    expect(vcpu.getSysreg(SPSR_EL1)! & NZCV).toBe(2n << 28n);
  });

  it('and all else are the interpreter’s in a loop with two entries, wherever it stops', () => {
    // 0: eor x2, x2, #1; mov x5, x9; tbz w2, #0, 2f; 1: tst x0, #3; cbz x7, 3f; add x6, x6, #1; 3: add x0, x0, #1;
    // 2: add x4, x4, #1; subs x5, x5, #1; b.ne 1b; subs x1, x1, #1; b.ne 0b
    const head = [0xd2400042, 0xaa0903e5, 0x360000a2, 0xf240041f, 0xb4000047, 0x910004c6, 0x91000400];
    const words = [...head, 0x91000484, 0xf10004a5, repeat(6), COUNT_DOWN, repeat(11), HVC];
    const [hot, slow] = (['jit', 'interpreter'] as const).map((tier) => {
      const vcpu = machineWith(words, 1, MODEL, tier).vcpus[0]!;
      vcpu.setX(1, 1_000_000n);
      // The outer loop is hot before the inner one.
      vcpu.setX(9, 1n);
      expect(vcpu.run(500)).toEqual({ kind: 'budget' });
      vcpu.setX(9, 3n);
      return vcpu;
    }) as [VcpuHardware, VcpuHardware];
    const state = (vcpu: VcpuHardware): unknown[] => [
      vcpu.instructionCount,
      vcpu.pc,
      vcpu.pstate,
      ...[0, 1, 2, 4, 5, 6].map((n) => vcpu.getX(n)),
    ];
    for (let budget = 1; budget < 200; budget++) {
      expect([hot.run(budget), slow.run(budget)]).toEqual([{ kind: 'budget' }, { kind: 'budget' }]);
      expect(state(hot)).toEqual(state(slow));
    }
  });
});
