/**
 * DC ZVA, DC CVAU, IC IVAU and identification registers in generated code, in each tier: effects, traps and faults by the Arm
 * ARM's pages of the instructions. Words are GNU as output.
 */
import { describe, expect, it } from 'vitest';
import { sysregKey } from '../../../src/abi/arm/sysreg-key.ts';
import type { MachineHardware, PeModel, Tier, VcpuHardware } from '../../../src/engine/hardware.ts';
import {
  bytesOf,
  CODE,
  DATA,
  enableMmu,
  HVC,
  MODEL,
  machineWith,
  RAM_BASE,
  SYSREG,
  writeWord64,
} from '../machine-fixture.ts';

const CTR = 0x8444_c004n;
/** Cortex-A57 r1p3. */
const MIDR = 0x411f_d073n;
const IDS: PeModel = {
  ...MODEL,
  idRegisters: new Map([
    [sysregKey(3, 0, 0, 0, 0), MIDR],
    [sysregKey(3, 3, 0, 0, 1), CTR],
    [sysregKey(3, 3, 0, 0, 7), 4n],
  ]),
};
const DC_ZVA_X3 = 0xd50b7423;
const DC_CVAU_X3 = 0xd50b7b23;
const IC_IVAU_X3 = 0xd50b7523;
const MRS_X5_CTR = 0xd53b0025;
const MRS_X6_DCZID = 0xd53b00e6;
const MRS_X5_MIDR = 0xd5380005;
const MRS_X6_MPIDR = 0xd53800a6;
const MSR_CONTEXTIDR_X7 = 0xd518d027;
const MRS_X8_CONTEXTIDR = 0xd538d028;
const ADD_X3_64 = 0x91010063;
/** subs x1, x1, #1 */
const COUNT_DOWN = 0xf1000421;
/** b.ne to `words` instructions back */
const repeat = (words: number): number => (0x54000001 | ((-words & 0x7ffff) << 5)) >>> 0;
/** SCTLR_EL1: M; DZE, UCI, UCT. */
const M = 1n;
const DZE = 1n << 14n;
const UCI = 1n << 26n;
const UCT = 1n << 15n;
const TRAP = 0x18n;
const EL1H = 0x3c5n;
const EL0 = 0x3c0n;
/** Level 2 entry of the 2 MiB of the program: read-only for EL0 and EL1, so that both execute. */
const PROGRAM_BLOCK = RAM_BASE + 0xff_1000;
const DATA_BLOCK_EL0 = BigInt(RAM_BASE + 0x20_0000) | 0x741n;
const EL0_DATA = RAM_BASE + 0x20_0000;

function start(
  tier: Tier,
  words: readonly number[],
  sctlr = 0n,
  pstate = EL1H,
  model = IDS,
): MachineHardware {
  const machine = machineWith([...words, HVC], 1, model, tier);
  const vcpu = machine.vcpus[0]!;
  machine.writePhysical(CODE + 0x800, bytesOf(Array.from({ length: 512 }, () => HVC)));
  vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(CODE + 0x800));
  enableMmu(machine, vcpu, RAM_BASE + 0x40_0000, []);
  if (pstate === EL0) {
    writeWord64(machine, PROGRAM_BLOCK, BigInt(RAM_BASE) | 0x7c1n);
    writeWord64(machine, PROGRAM_BLOCK + 8, DATA_BLOCK_EL0);
  }
  vcpu.setSysreg(SYSREG.SCTLR_EL1, M | sctlr);
  vcpu.pstate = pstate;
  return machine;
}
/** Exception class and fault status of the exception that was taken; null when it was none. */
function exception(vcpu: VcpuHardware): { ec: bigint; iss: bigint; elr: bigint } | null {
  expect(vcpu.run(1_000_000).kind).toBe('hvc');
  const esr = vcpu.getSysreg(SYSREG.ESR_EL1)!;
  if (vcpu.pc < BigInt(CODE + 0x800)) return null;
  return { ec: esr >> 26n, iss: esr & 0x1ff_ffffn, elr: vcpu.getSysreg(SYSREG.ELR_EL1)! };
}

describe.each(['interpreter', 'jit'] as const)('in tier %s', (tier) => {
  it('DC ZVA zeroes the block around the address and nothing else', () => {
    const machine = start(tier, [DC_ZVA_X3, ADD_X3_64, COUNT_DOWN, repeat(3)]);
    const vcpu = machine.vcpus[0]!;
    machine.writePhysical(DATA, new Uint8Array(3 * 4096).fill(0xa5));
    vcpu.setX(3, BigInt(DATA + 64 + 17));
    vcpu.setX(1, 120n);
    expect(exception(vcpu)).toBeNull();
    const bytes = machine.readPhysical(DATA, 3 * 4096)!;
    const zero = (at: number): boolean => at >= 64 && at < 64 + 120 * 64;
    expect(bytes.findIndex((byte, at) => byte !== (zero(at) ? 0 : 0xa5))).toBe(-1);
    expect(vcpu.instructionCount).toBe(120 * 4 + 1);
  });

  it('DC ZVA over code that is hot: the zeros are executed', () => {
    // 0: add x0, x0, #1; subs x1, x1, #1; b.ne 0; dc zva, x3; b 0 -> UDF
    const machine = start(tier, [0x91000400, COUNT_DOWN, repeat(2), DC_ZVA_X3, 0x17fffffc]);
    const vcpu = machine.vcpus[0]!;
    vcpu.setX(1, 1000n);
    vcpu.setX(3, BigInt(CODE));
    // The block is the whole program: after the store the next word is zero, an UNDEFINED instruction.
    expect(exception(vcpu)).toEqual({ ec: 0n, iss: 0n, elr: BigInt(CODE + 16) });
    expect(vcpu.getX(0)).toBe(1000n);
  });

  it('DC ZVA and DC CVAU of a page that is not mapped: a data abort that reports a write, CM for CVAU', () => {
    for (const [word, cm] of [
      [DC_ZVA_X3, 0n],
      [DC_CVAU_X3, 1n << 8n],
    ] as const) {
      const machine = start(tier, [word, ADD_X3_64, COUNT_DOWN, repeat(3)]);
      const vcpu = machine.vcpus[0]!;
      vcpu.setX(3, BigInt(RAM_BASE + 0x40_0000 - 64 * 100));
      vcpu.setX(1, 1000n);
      // DFSC: translation fault, level 3.
      expect(exception(vcpu)).toEqual({ ec: 0x25n, iss: (1n << 6n) | cm | 7n, elr: BigInt(CODE) });
      expect(vcpu.getSysreg(SYSREG.FAR_EL1)).toBe(BigInt(RAM_BASE + 0x40_0000));
      expect(vcpu.getX(1)).toBe(900n);
    }
  });

  it('DC ZVA with the MMU off: an alignment fault, as on Device memory', () => {
    const vcpu = start(tier, [DC_ZVA_X3]).vcpus[0]!;
    vcpu.setSysreg(SYSREG.SCTLR_EL1, 0n);
    vcpu.setX(3, BigInt(DATA));
    expect(exception(vcpu)).toEqual({ ec: 0x25n, iss: (1n << 6n) | 0x21n, elr: BigInt(CODE) });
  });

  it('DC ZVA is UNDEFINED on a PE that prohibits it', () => {
    const vcpu = start(tier, [DC_ZVA_X3], 0n, EL1H, MODEL).vcpus[0]!;
    vcpu.setX(3, BigInt(DATA));
    expect(exception(vcpu)).toEqual({ ec: 0n, iss: 0n, elr: BigInt(CODE) });
  });

  it('a watchpoint sees DC ZVA in a hot loop', () => {
    const vcpu = start(tier, [DC_ZVA_X3, ADD_X3_64, COUNT_DOWN, repeat(3)]).vcpus[0]!;
    vcpu.setX(3, BigInt(DATA));
    vcpu.setX(1, 1000n);
    vcpu.run(4 * 200);
    const blank = () => new BigUint64Array(16);
    const file = { bcr: blank(), bvr: blank(), wcr: blank(), wvr: blank() };
    file.wvr[0] = BigInt(DATA + 64 * 500 + 8);
    file.wcr[0] = 0x1ff7n;
    vcpu.controls.tde = true;
    vcpu.loadDebug(file, 1n << 15n);
    expect(vcpu.run(1_000_000)).toMatchObject({ kind: 'debug', exception: { kind: 'watchpoint' } });
    expect(vcpu.instructionCount).toBe(4 * 500);
  });

  it.each([
    ['DC ZVA', DC_ZVA_X3, DZE],
    ['DC CVAU', DC_CVAU_X3, UCI],
    ['IC IVAU', IC_IVAU_X3, UCI],
    ['MRS CTR_EL0', MRS_X5_CTR, UCT],
  ] as const)('%s at EL0 needs its bit of SCTLR_EL1', (_, word, bit) => {
    for (const allowed of [true, false]) {
      const vcpu = start(tier, [word, COUNT_DOWN, repeat(2)], allowed ? bit : 0n, EL0).vcpus[0]!;
      vcpu.setX(3, BigInt(EL0_DATA));
      vcpu.setX(1, 500n);
      // HVC is UNDEFINED at EL0: the program ends in an exception from there.
      const taken = exception(vcpu);
      expect([taken!.ec, taken!.elr]).toEqual(allowed ? [0n, BigInt(CODE + 12)] : [TRAP, BigInt(CODE)]);
      expect(vcpu.getX(1)).toBe(allowed ? 0n : 500n);
    }
  });

  it('CTR_EL0 and DCZID_EL0 are what the PE has, DZP where EL0 may not use DC ZVA', () => {
    for (const [pstate, sctlr, dczid] of [
      [EL1H, 0n, 4n],
      [EL0, UCT | DZE, 4n],
      [EL0, UCT, 0x14n],
    ] as const) {
      const words = [MRS_X5_CTR, MRS_X6_DCZID, COUNT_DOWN, repeat(3)];
      const vcpu = start(tier, words, sctlr, pstate).vcpus[0]!;
      vcpu.setX(1, 500n);
      exception(vcpu);
      expect([vcpu.getX(5), vcpu.getX(6), vcpu.getX(1)]).toEqual([CTR, dczid, 0n]);
    }
  });

  it('MIDR_EL1 and MPIDR_EL1 are what the PE has and the hypervisor set', () => {
    const vcpu = start(tier, [MRS_X5_MIDR, MRS_X6_MPIDR, COUNT_DOWN, repeat(3)]).vcpus[0]!;
    vcpu.setSysreg(sysregKey(3, 0, 0, 0, 5), 0x8000_0103n);
    vcpu.setX(1, 500n);
    expect(exception(vcpu)).toBeNull();
    expect([vcpu.getX(5), vcpu.getX(6), vcpu.getX(1)]).toEqual([MIDR, 0x8000_0103n, 0n]);
  });

  it('CONTEXTIDR_EL1 keeps 32 bits', () => {
    const vcpu = start(tier, [MSR_CONTEXTIDR_X7, MRS_X8_CONTEXTIDR, COUNT_DOWN, repeat(3)]).vcpus[0]!;
    vcpu.setX(1, 500n);
    vcpu.setX(7, 0xffff_ffff_1234_5678n);
    expect(exception(vcpu)).toBeNull();
    expect([vcpu.getX(8), vcpu.getSysreg(sysregKey(3, 0, 13, 0, 1))]).toEqual([0x1234_5678n, 0x1234_5678n]);
  });

  it.each([
    ['MRS MIDR_EL1', MRS_X5_MIDR],
    ['MRS MPIDR_EL1', MRS_X6_MPIDR],
    ['MSR CONTEXTIDR_EL1', MSR_CONTEXTIDR_X7],
    ['MRS CONTEXTIDR_EL1', MRS_X8_CONTEXTIDR],
  ])('%s is UNDEFINED at EL0', (_, word) => {
    const vcpu = start(tier, [word], 0n, EL0).vcpus[0]!;
    expect(exception(vcpu)).toEqual({ ec: 0n, iss: 0n, elr: BigInt(CODE) });
  });
});
