/** MRS and MSR that generated code does itself: values and refusals by the Arm ARM's pages of the registers. */
import { describe, expect, it } from 'vitest';
import { sysregByName } from '../../src/abi/arm/sysregs.ts';
import type { VcpuHardware } from '../../src/engine/hardware.ts';
import {
  bytesOf,
  CODE,
  enableMmu,
  HVC,
  machineWith,
  RAM_BASE,
  SYSREG,
  writeWord64,
} from './machine-fixture.ts';

/** A64 words, as the GNU assembler gives them: MRS to x0, MSR from x1. */
const MRS = {
  TPIDR_EL0: 0xd53bd040,
  TPIDRRO_EL0: 0xd53bd060,
  TPIDR_EL1: 0xd538d080,
  ELR_EL1: 0xd5384020,
  SPSR_EL1: 0xd5384000,
  ESR_EL1: 0xd5385200,
  FAR_EL1: 0xd5386000,
  SCTLR_EL1: 0xd5381000,
  FPCR: 0xd53b4400,
  FPSR: 0xd53b4420,
  SP_EL0: 0xd5384100,
  DAIF: 0xd53b4220,
  NZCV: 0xd53b4200,
  CurrentEL: 0xd5384240,
  CNTVCT_EL0: 0xd53be040,
  CNTPCT_EL0: 0xd53be020,
} as const;
const MSR = {
  TPIDR_EL0: 0xd51bd041,
  TPIDRRO_EL0: 0xd51bd061,
  TPIDR_EL1: 0xd518d081,
  ELR_EL1: 0xd5184021,
  SPSR_EL1: 0xd5184001,
  ESR_EL1: 0xd5185201,
  FAR_EL1: 0xd5186001,
  FPCR: 0xd51b4401,
  FPSR: 0xd51b4421,
  SP_EL0: 0xd5184101,
} as const;
const DAIFSET_15 = 0xd5034fdf;
const DAIFCLR_15 = 0xd5034fff;
const MSR_DAIF = 0xd51b4221;
const MSR_NZCV = 0xd51b4201;
const NOP = 0xd503201f;
const EL0 = 0n;
const EL1H = 0x3c5n;
const UNDEFINED = 0x0200_0000n;
const VALUE = 0xfedc_ba98_7654_3210n;
type Name = keyof typeof MRS;

const keyOf = (name: string): number => sysregByName(name)!;
const FPEN = 3n << 20n;
const SCTLR_UMA = 1n << 9n;
const EL0VCTEN = 2n;

/** Runs the words at the start of RAM; HVC at the vectors. EL0 may execute, the MMU is on with EL0 access to the code. */
function vcpuWith(words: readonly number[], pstate = EL1H): VcpuHardware {
  const machine = machineWith([...words, HVC]);
  const vcpu = machine.vcpus[0]!;
  vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(CODE + 0x800));
  for (const vector of [0xa00, 0xa80, 0xc00]) machine.writePhysical(CODE + vector, bytesOf([HVC]));
  if (pstate === EL0) {
    enableMmu(machine, vcpu, RAM_BASE, []);
    // EL0 reads and executes what EL1 maps: AP[1] in the level 2 block, read-only for both so that EL1 may execute too.
    writeWord64(machine, RAM_BASE + 0xff_1000, BigInt(RAM_BASE) | 0x7c1n);
  }
  vcpu.setSysreg(keyOf('CPACR_EL1'), FPEN);
  vcpu.pstate = pstate;
  vcpu.setX(1, VALUE);
  return vcpu;
}
/** ESR_EL1 after the first word trapped to EL1; null when the second HVC was reached instead. */
function trapOf(vcpu: VcpuHardware): bigint | null {
  vcpu.setSysreg(SYSREG.ESR_EL1, 0xdeadn);
  vcpu.run(1);
  return vcpu.pc === BigInt(CODE + 4) ? null : vcpu.getSysreg(SYSREG.ESR_EL1)!;
}
/** EC 0x18 with the ISS of a word. */
function sysregTrap(word: number): bigint {
  const [op0, op1, crn, crm, op2] = [19, 16, 12, 8, 5].map(
    (low, i) => (word >>> low) & [3, 7, 15, 15, 7][i]!,
  );
  const rest = (op0! << 20) | (op2! << 17) | (op1! << 14) | (crn! << 10) | ((word & 31) << 5) | (crm! << 1);
  return BigInt(((0x18 << 26) | (1 << 25) | rest | ((word >>> 21) & 1)) >>> 0);
}

describe('at EL1', () => {
  const reads: readonly (readonly [Name, bigint])[] = [
    ['TPIDR_EL0', VALUE],
    ['TPIDRRO_EL0', VALUE],
    ['TPIDR_EL1', VALUE],
    ['ELR_EL1', VALUE],
    ['SPSR_EL1', 0x3c4n],
    ['ESR_EL1', 0x9600_0050n],
    ['FAR_EL1', VALUE],
    ['SCTLR_EL1', 0x00c5_0078n],
    ['FPCR', 0x0300_0000n],
    ['FPSR', 0x0800_0011n],
    ['SP_EL0', VALUE],
  ];
  it.each(reads)('MRS %s reads what is stored', (name, value) => {
    const vcpu = vcpuWith([MRS[name]]);
    vcpu.setSysreg(keyOf(name), value);
    vcpu.run(1);
    expect([vcpu.getX(0), vcpu.pc]).toEqual([value, BigInt(CODE + 4)]);
  });
  /** The architecture's RES0 bits drop. */
  const writes: readonly (readonly [keyof typeof MSR, bigint])[] = [
    ['TPIDR_EL0', VALUE],
    ['TPIDRRO_EL0', VALUE],
    ['TPIDR_EL1', VALUE],
    ['ELR_EL1', VALUE],
    ['SPSR_EL1', 0x7654_3210n],
    ['ESR_EL1', 0x7654_3210n],
    ['FAR_EL1', VALUE],
    ['FPCR', VALUE & 0x07f7_0000n],
    ['FPSR', VALUE & 0xf800_009fn],
    ['SP_EL0', VALUE],
  ];
  it.each(writes)('MSR %s keeps the bits that it has', (name, value) => {
    const vcpu = vcpuWith([MSR[name]]);
    vcpu.run(1);
    expect([vcpu.getSysreg(keyOf(name)), vcpu.pc]).toEqual([value, BigInt(CODE + 4)]);
  });
  it('MRS to XZR and MSR from XZR', () => {
    const vcpu = vcpuWith([0xd53bd05f, 0xd51bd05f]);
    vcpu.setSysreg(keyOf('TPIDR_EL0'), 5n);
    vcpu.run(2);
    expect(vcpu.getSysreg(keyOf('TPIDR_EL0'))).toBe(0n);
  });
  it('CurrentEL, DAIF and NZCV are PSTATE', () => {
    const vcpu = vcpuWith([MRS.CurrentEL, 0xd53b4222, 0xd53b4203], 0xa000_0145n); // mrs x2, daif; mrs x3, nzcv
    vcpu.run(3);
    expect([vcpu.getX(0), vcpu.getX(2), vcpu.getX(3)]).toEqual([4n, 0x140n, 0xa000_0000n]);
  });
  it('NZCV is that of the last operation, and written for the next condition', () => {
    const vcpu = vcpuWith([0xeb1f03ff, MRS.NZCV, MSR_NZCV, 0x9a9f57e2]); // cmp xzr, xzr; ...; cset x2, mi
    vcpu.setX(1, 0x8000_0000n);
    vcpu.run(4);
    expect([vcpu.getX(0), vcpu.getX(2), vcpu.pstate >> 28n]).toEqual([0x6000_0000n, 1n, 8n]);
  });
  it('MSR DAIF, DAIFSet and DAIFClr change the masks', () => {
    const vcpu = vcpuWith([MSR_DAIF, DAIFCLR_15, DAIFSET_15]);
    const seen = [1, 2, 3].map(() => {
      vcpu.run(1);
      return vcpu.pstate & 0x3c0n;
    });
    expect(seen).toEqual([VALUE & 0x3c0n, 0n, 0x3c0n]);
  });
  it.each([
    ['DAIFClr', DAIFCLR_15],
    ['MSR DAIF', MSR_DAIF],
  ])('%s lets a pending interrupt in at once', (_, word) => {
    const vcpu = vcpuWith([NOP, word, NOP, NOP]);
    vcpu.setX(1, 0n);
    vcpu.controls.irq = true;
    expect(vcpu.run(1000).kind).toBe('hvc');
    expect(vcpu.getSysreg(SYSREG.ELR_EL1)).toBe(BigInt(CODE + 8));
    expect(vcpu.instructionCount).toBe(3);
  });
  it('DAIFClr starts a software step that KDE allows', () => {
    const vcpu = vcpuWith([0xd50348ff, NOP, NOP]); // msr daifclr, #8
    vcpu.loadDebug(null, 1n | (1n << 13n));
    vcpu.setSysreg(keyOf('OSLSR_EL1'), 8n);
    vcpu.run(1000);
    // PSTATE.SS is 0 and the mask is gone: the step is pending before the next instruction.
    expect(vcpu.getSysreg(SYSREG.ELR_EL1)).toBe(BigInt(CODE + 4));
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)! >> 26n).toBe(0x33n);
  });
  it.each(['CNTVCT_EL0', 'CNTPCT_EL0'] as const)('%s counts the instructions before it', (name) => {
    const vcpu = vcpuWith([NOP, NOP, MRS[name]]);
    vcpu.run(3);
    expect(vcpu.getX(0)).toBe(2n);
    vcpu.pc = BigInt(CODE);
    for (let n = 0; n < 3; n++) vcpu.run(1);
    expect(vcpu.getX(0)).toBe(5n);
  });
  it('SP_EL0 is UNDEFINED while it is the stack pointer in use', () => {
    expect(trapOf(vcpuWith([MRS.SP_EL0], 0x3c4n))).toBe(UNDEFINED);
    expect(trapOf(vcpuWith([MSR.SP_EL0], 0x3c4n))).toBe(UNDEFINED);
  });
  it('FPCR and FPSR trap with CPACR_EL1.FPEN', () => {
    for (const word of [MRS.FPCR, MRS.FPSR, MSR.FPCR, MSR.FPSR]) {
      const vcpu = vcpuWith([word]);
      vcpu.setSysreg(keyOf('CPACR_EL1'), 0n);
      expect(trapOf(vcpu)).toBe(0x1fe0_0000n);
    }
  });
  it('read-only registers are UNDEFINED to write', () => {
    expect(trapOf(vcpuWith([0xd5184241]))).toBe(UNDEFINED); // msr currentel, x1
    expect(trapOf(vcpuWith([0xd51be041]))).toBe(UNDEFINED); // msr cntvct_el0, x1
  });
});

describe('at EL0', () => {
  it.each([
    ...(
      ['TPIDR_EL1', 'ELR_EL1', 'SPSR_EL1', 'ESR_EL1', 'FAR_EL1', 'SCTLR_EL1', 'SP_EL0', 'CurrentEL'] as const
    ).map((name) => [`MRS ${name}`, MRS[name]] as const),
    ...(['TPIDRRO_EL0', 'TPIDR_EL1', 'ELR_EL1', 'SPSR_EL1', 'ESR_EL1', 'FAR_EL1', 'SP_EL0'] as const).map(
      (name) => [`MSR ${name}`, MSR[name]] as const,
    ),
  ])('%s is UNDEFINED', (_, word) => expect(trapOf(vcpuWith([word], EL0))).toBe(UNDEFINED));
  it.each(['TPIDR_EL0', 'TPIDRRO_EL0', 'FPCR', 'FPSR', 'NZCV'] as const)('MRS %s is allowed', (name) => {
    expect(trapOf(vcpuWith([MRS[name]], EL0))).toBeNull();
  });
  it.each([MRS.DAIF, MSR_DAIF, DAIFSET_15, DAIFCLR_15])('DAIF (0x%s) needs SCTLR_EL1.UMA', (word) => {
    expect(trapOf(vcpuWith([word], EL0))).toBe(sysregTrap(word));
    const vcpu = vcpuWith([word], EL0);
    vcpu.setSysreg(SYSREG.SCTLR_EL1, 1n | SCTLR_UMA);
    expect(trapOf(vcpu)).toBeNull();
  });
  it('CNTVCT_EL0 needs CNTKCTL_EL1.EL0VCTEN', () => {
    expect(trapOf(vcpuWith([MRS.CNTVCT_EL0], EL0))).toBe(sysregTrap(MRS.CNTVCT_EL0));
    const vcpu = vcpuWith([MRS.CNTVCT_EL0], EL0);
    vcpu.setSysreg(keyOf('CNTKCTL_EL1'), EL0VCTEN);
    expect(trapOf(vcpu)).toBeNull();
  });
});
