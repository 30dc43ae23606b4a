/** Words are from the GNU assembler; results from the Arm ARM's pages of the instructions and registers. */
import { beforeEach, describe, expect, test } from 'vitest';
import { executeSystem } from '../../../src/engine/system/instructions.ts';
import { OUTCOME } from '../../../src/engine/system/pe.ts';
import { STATE } from '../../../src/engine/layout.ts';
import { writePstate } from '../../../src/engine/system/exceptions.ts';
import { AF, AP_EL0, ATTR, SH_INNER, Tables } from '../memory/table-builder.ts';
import { fakeModel, fakePe, type FakePe, keyOf, RAM_BASE } from '../fake-pe.ts';

const WORD = {
  'svc #3': 0xd4000061,
  'hvc #7': 0xd40000e2,
  'smc #9': 0xd4000123,
  'brk #0x123': 0xd4202460,
  'hlt #1': 0xd4400020,
  dcps1: 0xd4a00001,
  eret: 0xd69f03e0,
  drps: 0xd6bf03e0,
  'mrs x3, ctr_el0': 0xd53b0023,
  'mrs x0, dczid_el0': 0xd53b00e0,
  'mrs x0, midr_el1': 0xd5380000,
  'mrs x0, id_aa64dfr0_el1': 0xd5380500,
  'mrs x0, currentel': 0xd5384240,
  'mrs x0, sp_el0': 0xd5384100,
  'msr sp_el0, x1': 0xd5184101,
  'mrs x0, daif': 0xd53b4220,
  'msr daif, x0': 0xd51b4220,
  'msr daifset, #8': 0xd50348df,
  'msr daifclr, #15': 0xd5034fff,
  'msr spsel, #0': 0xd50040bf,
  'msr spsel, #1': 0xd50041bf,
  'msr pan, #1': 0xd500419f,
  'msr uao, #1': 0xd500417f,
  'msr mdscr_el1, x1': 0xd5100241,
  'mrs x0, mdscr_el1': 0xd5300240,
  'msr dbgbvr0_el1, x1': 0xd5100081,
  'msr dbgbcr0_el1, x1': 0xd51000a1,
  'mrs x0, dbgbcr0_el1': 0xd53000a0,
  'mrs x0, dbgbvr6_el1': 0xd5300680,
  'mrs x0, dbgwvr4_el1': 0xd53004c0,
  'msr oslar_el1, x1': 0xd5101081,
  'mrs x0, oslsr_el1': 0xd5301180,
  'msr oslsr_el1, x0': 0xd5101180,
  'mrs x0, oslar_el1': 0xd5301080,
  'mrs x0, s3_0_c11_c15_7': 0xd538bfe0,
  'mrs x0, cntvct_el0': 0xd53be040,
  'mrs x0, cntfrq_el0': 0xd53be000,
  'msr cntv_tval_el0, x1': 0xd51be301,
  'msr cntv_ctl_el0, x1': 0xd51be321,
  'mrs x0, cntv_ctl_el0': 0xd53be320,
  'mrs x0, fpcr': 0xd53b4400,
  'msr fpcr, x1': 0xd51b4401,
  'dc zva, x1': 0xd50b7421,
  'dc civac, x1': 0xd50b7e21,
  'dc ivac, x1': 0xd5087621,
  'ic ivau, x1': 0xd50b7521,
  'ic iallu': 0xd508751f,
  'dc cisw, x1': 0xd5087e41,
  'at s1e1r, x1': 0xd5087801,
  'at s1e0w, x1': 0xd5087861,
  'at s1e1wp, x1': 0xd5087921,
  'tlbi vmalle1': 0xd508871f,
  'tlbi vmalle1os': 0xd508811f,
  'tlbi rvae1, x1': 0xd5088621,
  'tlbi rvaale1is, x1': 0xd50882e1,
  'tlbi rvae1os, x1': 0xd5088521,
  'mrs x0, rndr': 0xd53b2400,
  'mrs x0, rndrrs': 0xd53b2420,
  'tlbi vae1is, x1': 0xd5088321,
  'tlbi aside1, x1': 0xd5088741,
  wfi: 0xd503207f,
  wfe: 0xd503205f,
  sev: 0xd503209f,
  clrex: 0xd5033f5f,
  isb: 0xd5033fdf,
  'mrs x0, mdccsr_el0': 0xd5330100,
  'mrs x0, pmccntr_el0': 0xd53b9d00,
  'msr ttbr0_el1, x1': 0xd5182001,
  'msr cpacr_el1, x1': 0xd5181041,
  'mrs x0, dbgclaimset_el1': 0xd53078c0,
  'msr dbgclaimset_el1, x1': 0xd51078c1,
  'msr dbgclaimclr_el1, x1': 0xd51079c1,
  'mrs x0, dbgclaimclr_el1': 0xd53079c0,
  'mrs x0, isr_el1': 0xd538c100,
  'msr nzcv, x1': 0xd51b4201,
  'mrs x0, nzcv': 0xd53b4200,
  'mrs x0, tpidrro_el0': 0xd53bd060,
  'msr tpidrro_el0, x1': 0xd51bd061,
  'msr vbar_el1, x1': 0xd518c001,
} as const;
type Instruction = keyof typeof WORD;

const VBAR = 0x4000_2000n;
const START = BigInt(RAM_BASE);
let pe: FakePe;

function run(instruction: Instruction): number {
  return executeSystem(pe, WORD[instruction]);
}
/** Read a register with MRS. */
function mrs(instruction: Instruction): bigint {
  expect(run(instruction)).toBe(OUTCOME.NEXT);
  return pe.state.x(0);
}
function toEl0(): void {
  writePstate(pe, pe.state.pstate & ~0xf);
}
/** The exception that the last instruction took. */
function taken(): { esr: number; elr: bigint; pc: bigint } {
  return { esr: Number(pe.sysreg('ESR_EL1')), elr: pe.sysreg('ELR_EL1'), pc: pe.state.pc };
}
function expectUndefined(instruction: Instruction): void {
  const group = pe.state.el === 0 ? 0x400n : 0x200n;
  expect(run(instruction), instruction).toBe(OUTCOME.FAULT);
  expect(taken()).toEqual({ esr: 0x02000000, elr: START, pc: VBAR + group });
}

beforeEach(() => {
  pe = fakePe();
  pe.setSysreg('VBAR_EL1', VBAR);
});

describe('exception generation', () => {
  test('SVC returns to the next instruction', () => {
    expect(run('svc #3')).toBe(OUTCOME.CALL);
    expect(taken()).toEqual({ esr: 0x56000003, elr: START + 4n, pc: VBAR + 0x200n });
  });

  test('SVC from EL0 goes to the lower-EL vector; SPSR keeps the source state', () => {
    toEl0();
    pe.state.pstate &= ~0x3c0;
    pe.state.nzcv = 0b0110;
    run('svc #3');
    expect(taken()).toEqual({ esr: 0x56000003, elr: START + 4n, pc: VBAR + 0x400n });
    expect(pe.sysreg('SPSR_EL1')).toBe(0x6000_0000n);
    expect(pe.state.spsr & 0x3df).toBe(0x3c5);
  });

  /** Recorded: a stepped SVC leaves SPSR_EL1.SS clear, a stepped UNDEFINED instruction leaves it set. */
  test('SVC advances the software step, UNDEFINED does not', () => {
    pe.controls.tde = true;
    pe.debug.mdscr = 1n;
    pe.state.pstate |= 1 << 21;
    run('svc #3');
    expect(pe.sysreg('SPSR_EL1')).toBe(0x3c5n);
    pe.state.pstate |= 1 << 21;
    run('hlt #1');
    expect(pe.sysreg('SPSR_EL1')).toBe(0x2003c5n);
  });

  test('HVC is a stop after the instruction, UNDEFINED at EL0', () => {
    expect(run('hvc #7')).toBe(OUTCOME.CALL);
    expect(pe.stop).toEqual({ kind: 'hvc', imm: 7 });
    expect(pe.state.pc).toBe(START + 4n);
    pe.state.pc = START;
    toEl0();
    expectUndefined('hvc #7');
  });

  test('SMC is a stop at the instruction when trapped, else UNDEFINED', () => {
    expectUndefined('smc #9');
    pe.state.pc = START;
    pe.controls.tsc = true;
    expect(run('smc #9')).toBe(OUTCOME.FAULT);
    expect(pe.stop).toEqual({ kind: 'smc', imm: 9 });
    expect(pe.state.pc).toBe(START);
  });

  test('BRK goes to EL1, or to EL2 under TDE', () => {
    expect(run('brk #0x123')).toBe(OUTCOME.FAULT);
    expect(taken()).toEqual({ esr: 0xf2000123, elr: START, pc: VBAR + 0x200n });
    pe.state.pc = START;
    pe.controls.tde = true;
    expect(run('brk #0x123')).toBe(OUTCOME.FAULT);
    expect(pe.stop).toEqual({
      kind: 'debug',
      exception: { kind: 'brk', esr: 0xf2000123, causes: [{ source: 'brk', comment: 0x123 }] },
    });
    expect(pe.state.pc).toBe(START);
  });

  test.each(['hlt #1', 'dcps1', 'drps'] as const)('%s is UNDEFINED', (instruction) => {
    expectUndefined(instruction);
  });
});

describe('rights', () => {
  test.each([
    'mrs x0, pmccntr_el0',
    'mrs x0, s3_0_c11_c15_7',
    'msr oslsr_el1, x0',
    'mrs x0, oslar_el1',
    'mrs x0, dbgbvr6_el1',
    'mrs x0, dbgwvr4_el1',
  ] as const)('%s is UNDEFINED at EL1', (instruction) => {
    expectUndefined(instruction);
  });

  test.each([
    'mrs x0, midr_el1',
    'mrs x0, currentel',
    'msr mdscr_el1, x1',
    'msr tpidrro_el0, x1',
    'msr spsel, #0',
    'msr pan, #1',
    'tlbi vmalle1',
    'at s1e1r, x1',
    'dc ivac, x1',
    'ic iallu',
    'eret',
  ] as const)('%s is UNDEFINED at EL0', (instruction) => {
    toEl0();
    expectUndefined(instruction);
  });

  test('an absent feature makes its registers UNDEFINED', () => {
    pe = fakePe(fakeModel([]));
    pe.setSysreg('VBAR_EL1', VBAR);
    expectUndefined('msr pan, #1');
    pe.state.pc = START;
    expectUndefined('msr uao, #1');
    pe.state.pc = START;
    expectUndefined('at s1e1wp, x1');
  });

  /** The control, the bit that lets EL0 through, and ISS of EC 0x18 as op0, op2, op1, CRn, Rt, CRm, direction. */
  test.each([
    ['mrs x3, ctr_el0', 'SCTLR_EL1', 15n, 0x62000000 | (3 << 20) | (1 << 17) | (3 << 14) | (3 << 5) | 1],
    [
      'dc zva, x1',
      'SCTLR_EL1',
      14n,
      0x62000000 | (1 << 20) | (1 << 17) | (3 << 14) | (7 << 10) | (1 << 5) | (4 << 1),
    ],
    [
      'dc civac, x1',
      'SCTLR_EL1',
      26n,
      0x62000000 | (1 << 20) | (1 << 17) | (3 << 14) | (7 << 10) | (1 << 5) | (14 << 1),
    ],
    [
      'ic ivau, x1',
      'SCTLR_EL1',
      26n,
      0x62000000 | (1 << 20) | (1 << 17) | (3 << 14) | (7 << 10) | (1 << 5) | (5 << 1),
    ],
    [
      'mrs x0, daif',
      'SCTLR_EL1',
      9n,
      0x62000000 | (3 << 20) | (1 << 17) | (3 << 14) | (4 << 10) | (2 << 1) | 1,
    ],
    [
      'msr daifset, #8',
      'SCTLR_EL1',
      9n,
      0x62000000 | (6 << 17) | (3 << 14) | (4 << 10) | (31 << 5) | (8 << 1),
    ],
    [
      'mrs x0, cntvct_el0',
      'CNTKCTL_EL1',
      1n,
      0x62000000 | (3 << 20) | (2 << 17) | (3 << 14) | (14 << 10) | 1,
    ],
    [
      'mrs x0, cntv_ctl_el0',
      'CNTKCTL_EL1',
      8n,
      0x62000000 | (3 << 20) | (1 << 17) | (3 << 14) | (14 << 10) | (3 << 1) | 1,
    ],
  ] as const)('%s at EL0 depends on %s bit %i', (instruction, register, bit, esr) => {
    const tables = new Tables(pe, { granule: 12n, bits: 39n });
    tables.map(0n, START, 3, AF | AP_EL0);
    pe.setSysreg(register, pe.sysreg(register) & ~(1n << bit));
    toEl0();
    expect(run(instruction)).toBe(OUTCOME.FAULT);
    expect(taken()).toEqual({ esr: esr >>> 0, elr: START, pc: VBAR + 0x400n });
    pe.state.pc = START;
    pe.setSysreg(register, pe.sysreg(register) | (1n << bit));
    toEl0();
    expect(run(instruction)).not.toBe(OUTCOME.FAULT);
  });

  test('CNTFRQ_EL0 needs either counter enabled', () => {
    toEl0();
    expect(run('mrs x0, cntfrq_el0')).toBe(OUTCOME.FAULT);
    pe.setSysreg('CNTKCTL_EL1', 1n);
    toEl0();
    expect(run('mrs x0, cntfrq_el0')).toBe(OUTCOME.NEXT);
    expect(pe.state.x(0)).toBe(62_500_000n);
  });

  test('MDSCR_EL1.TDCC traps the debug channel from EL0', () => {
    toEl0();
    expect(run('mrs x0, mdccsr_el0')).toBe(OUTCOME.NEXT);
    pe.debug.mdscr = 1n << 12n;
    expect(run('mrs x0, mdccsr_el0')).toBe(OUTCOME.FAULT);
    expect(taken().esr >>> 26).toBe(0x18);
  });

  test('CPACR_EL1.FPEN: FPCR traps with EC 0x07', () => {
    expect(run('mrs x0, fpcr')).toBe(OUTCOME.FAULT);
    expect(taken().esr).toBe(0x1fe00000);
    pe.setSysreg('CPACR_EL1', 1n << 20n);
    pe.state.setX(1, 0xffff_ffffn);
    expect(run('msr fpcr, x1')).toBe(OUTCOME.NEXT);
    expect(pe.sysreg('FPCR')).toBe(0x07f7_0000n);
    toEl0();
    expect(run('mrs x0, fpcr')).toBe(OUTCOME.FAULT);
    pe.setSysreg('CPACR_EL1', 3n << 20n);
    toEl0();
    expect(run('mrs x0, fpcr')).toBe(OUTCOME.NEXT);
  });
});

describe('hypervisor traps', () => {
  test.each([
    ['msr mdscr_el1, x1', 'tda', 'MDSCR_EL1', false, 1],
    ['mrs x0, dbgbcr0_el1', 'tda', 'DBGBCR0_EL1', true, 0],
    ['mrs x0, mdccsr_el0', 'tda', 'MDCCSR_EL0', true, 0],
    ['mrs x0, dbgclaimset_el1', 'tda', 'DBGCLAIMSET_EL1', true, 0],
    ['msr oslar_el1, x1', 'tdosa', 'OSLAR_EL1', false, 1],
    ['mrs x0, oslsr_el1', 'tdosa', 'OSLSR_EL1', true, 0],
    ['mrs x0, id_aa64dfr0_el1', 'tid3', 'ID_AA64DFR0_EL1', true, 0],
  ] as const)('%s under %s', (instruction, control, name, read, register) => {
    pe.controls[control] = true;
    expect(run(instruction)).toBe(OUTCOME.FAULT);
    expect(pe.stop).toEqual({ kind: 'sysreg', key: keyOf(name), read, register });
    expect(pe.state.pc).toBe(START);
  });

  test('an UNDEFINED access is not trapped', () => {
    pe.controls.tdosa = true;
    expectUndefined('mrs x0, oslar_el1');
    expect(pe.stop).toBeNull();
  });

  test('MIDR_EL1 is not in group 3', () => {
    pe.controls.tid3 = true;
    expect(mrs('mrs x0, midr_el1')).toBe(0x414fd0c1n);
  });
});

describe('registers', () => {
  test('debug registers keep the bits that hardware has', () => {
    pe.state.setX(1, 0xffff_ffff_ffff_ffffn);
    expect(run('msr dbgbcr0_el1, x1')).toBe(OUTCOME.LEAVE);
    expect(pe.state.pc).toBe(START + 4n);
    run('msr dbgbvr0_el1, x1');
    expect(pe.debug.file?.bcr[0]).toBe(0x00ff_e1e7n);
    expect(pe.debug.file?.bvr[0]).toBe(0xffff_ffff_ffff_fffcn);
    expect(pe.calls).toEqual(['debugChanged', 'debugChanged']);
  });

  test('DCZID_EL0.DZP at EL0 follows SCTLR_EL1.DZE', () => {
    expect(run('mrs x0, dczid_el0')).toBe(OUTCOME.NEXT);
    expect(pe.state.x(0)).toBe(4n);
    writePstate(pe, 0);
    run('mrs x0, dczid_el0');
    expect(pe.state.x(0)).toBe(0x14n);
    pe.setSysreg('SCTLR_EL1', pe.sysreg('SCTLR_EL1') | (1n << 14n));
    run('mrs x0, dczid_el0');
    expect(pe.state.x(0)).toBe(4n);
  });

  test.each(['mrs x0, rndr', 'mrs x0, rndrrs'] as const)('%s says that no number is there', (instruction) => {
    expect(run(instruction)).toBe(OUTCOME.FAULT);
    pe = fakePe(fakeModel(['FEAT_RNG']));
    pe.state.nzcv = 0b1011;
    pe.state.setX(0, 5n);
    expect(run(instruction)).toBe(OUTCOME.NEXT);
    expect([pe.state.x(0), pe.state.nzcv]).toEqual([0n, 0b0100]);
  });

  test('MDSCR_EL1 is the copy in force', () => {
    pe.state.setX(1, 0xa001n);
    expect(run('msr mdscr_el1, x1')).toBe(OUTCOME.LEAVE);
    expect(pe.debug.mdscr).toBe(0xa001n);
    expect(mrs('mrs x0, mdscr_el1')).toBe(0xa001n);
  });

  test('OSLAR sets and clears OSLSR.OSLK', () => {
    expect(mrs('mrs x0, oslsr_el1')).toBe(8n);
    pe.state.setX(1, 1n);
    expect(run('msr oslar_el1, x1')).toBe(OUTCOME.LEAVE);
    expect(mrs('mrs x0, oslsr_el1')).toBe(0xan);
    pe.state.setX(1, 0n);
    run('msr oslar_el1, x1');
    expect(mrs('mrs x0, oslsr_el1')).toBe(8n);
  });

  test('claim tags', () => {
    expect(mrs('mrs x0, dbgclaimset_el1')).toBe(0xffn);
    pe.state.setX(1, 0x5n);
    run('msr dbgclaimset_el1, x1');
    pe.state.setX(1, 0x4n);
    run('msr dbgclaimclr_el1, x1');
    expect(mrs('mrs x0, dbgclaimclr_el1')).toBe(1n);
  });

  test('DAIF, NZCV, CurrentEL, ISR', () => {
    expect(mrs('mrs x0, daif')).toBe(0x3c0n);
    expect(run('msr daifclr, #15')).toBe(OUTCOME.LEAVE);
    expect(run('msr daifset, #8')).toBe(OUTCOME.LEAVE);
    expect(mrs('mrs x0, daif')).toBe(0x200n);
    expect(pe.state.pc).toBe(START + 8n);
    pe.state.setX(1, 0xa000_0000n);
    run('msr nzcv, x1');
    expect(mrs('mrs x0, nzcv')).toBe(0xa000_0000n);
    expect(mrs('mrs x0, currentel')).toBe(4n);
    pe.controls.irq = true;
    expect(mrs('mrs x0, isr_el1')).toBe(0x80n);
  });

  test('SPSel switches stack pointers; SP_EL0 has no name while it is selected', () => {
    pe.state.sp = 0x1111n;
    pe.state.setX(1, 0x2222n);
    run('msr sp_el0, x1');
    expect(run('msr spsel, #0')).toBe(OUTCOME.LEAVE);
    expect(pe.state.sp).toBe(0x2222n);
    pe.state.pc = START;
    expect(run('mrs x0, sp_el0')).toBe(OUTCOME.FAULT);
    expect(taken()).toEqual({ esr: 0x02000000, elr: START, pc: VBAR });
    expect(pe.state.sp).toBe(0x1111n);
  });

  test('VBAR_EL1 is 2 KiB aligned', () => {
    pe.state.setX(1, 0xffff_ffff_ffff_ffffn);
    run('msr vbar_el1, x1');
    expect(pe.sysreg('VBAR_EL1')).toBe(0xffff_ffff_ffff_f800n);
  });

  test('the counter follows instructions; the timer condition follows the counter', () => {
    pe.instructionCount = 1000;
    expect(mrs('mrs x0, cntvct_el0')).toBe(1000n);
    pe.state.setX(1, 24n);
    run('msr cntv_tval_el0, x1');
    pe.state.setX(1, 1n);
    run('msr cntv_ctl_el0, x1');
    expect(pe.sysreg('CNTV_CVAL_EL0')).toBe(1024n);
    pe.instructionCount = 1023;
    expect(mrs('mrs x0, cntv_ctl_el0')).toBe(1n);
    pe.instructionCount = 1024;
    expect(mrs('mrs x0, cntv_ctl_el0')).toBe(5n);
  });

  test('a write to a translation register gives a new context, the same value the same one', () => {
    const before = pe.state.i32[STATE.CONTEXT / 4];
    pe.state.setX(1, 0x4001_0000n);
    expect(run('msr ttbr0_el1, x1')).toBe(OUTCOME.LEAVE);
    expect(pe.state.i32[STATE.CONTEXT / 4]).not.toBe(before);
    pe.state.setX(1, 0n);
    run('msr ttbr0_el1, x1');
    expect(pe.state.i32[STATE.CONTEXT / 4]).toBe(before);
  });

  test('context numbers start again, with a flush, when all are used', () => {
    const seen = new Map<number, number>();
    for (let n = 0; n < 600; n++) {
      pe.state.setX(1, BigInt(n) << 48n);
      const flushes = pe.calls.length;
      run('msr ttbr0_el1, x1');
      if (pe.calls.length > flushes) seen.clear();
      const context = pe.state.i32[STATE.CONTEXT / 4]!;
      expect(context % 16 === 0 && context > 0 && context < 4096).toBe(true);
      expect(seen.has(context)).toBe(false);
      seen.set(context, n);
    }
    expect(pe.calls).toContain('flushTlb');
  });

  test('CPACR_EL1 opens floating point at once', () => {
    expect(pe.state.i32[STATE.FP_ENABLED / 4]).toBe(0);
    pe.state.setX(1, 3n << 20n);
    run('msr cpacr_el1, x1');
    expect(pe.state.i32[STATE.FP_ENABLED / 4]).toBe(1);
  });
});

describe('waiting', () => {
  test('WFI is a hint unless trapped; a pending interrupt completes it', () => {
    expect(run('wfi')).toBe(OUTCOME.NEXT);
    pe.controls.twi = true;
    expect(run('wfi')).toBe(OUTCOME.LEAVE);
    expect(pe.stop).toEqual({ kind: 'wfi' });
    expect(pe.state.pc).toBe(START + 4n);
    pe.stop = null;
    pe.controls.fiq = true;
    expect(run('wfi')).toBe(OUTCOME.NEXT);
  });

  test('WFE takes the event that SEV left', () => {
    pe.controls.twe = true;
    expect(run('sev')).toBe(OUTCOME.NEXT);
    expect(run('wfe')).toBe(OUTCOME.NEXT);
    expect(run('wfe')).toBe(OUTCOME.LEAVE);
    expect(pe.stop).toEqual({ kind: 'wfe' });
  });

  test('SCTLR_EL1.nTWI clear traps EL0 with EC 0x01', () => {
    pe.setSysreg('SCTLR_EL1', 0n);
    toEl0();
    expect(run('wfi')).toBe(OUTCOME.FAULT);
    expect(taken().esr).toBe(0x07e00000);
    pe.state.pc = START;
    toEl0();
    expect(run('wfe')).toBe(OUTCOME.FAULT);
    expect(taken().esr).toBe(0x07e00001);
  });
});

describe('memory instructions', () => {
  const VA = 0x20_3000n;
  let tables: Tables;
  beforeEach(() => {
    tables = new Tables(pe, { granule: 12n, bits: 39n });
    tables.map(VA, START + 0x5000n, 3, AF);
    pe.state.u8.fill(0xff, pe.ram.host + 0x5000, pe.ram.host + 0x6000);
  });
  const bytes = (from: number, to: number): Uint8Array =>
    pe.state.u8.slice(pe.ram.host + 0x5000 + from, pe.ram.host + 0x5000 + to);

  test('DC ZVA clears the block around the address', () => {
    pe.state.setX(1, VA + 0x7fn);
    expect(run('dc zva, x1')).toBe(OUTCOME.NEXT);
    expect(bytes(0x3f, 0x40)).toEqual(new Uint8Array([0xff]));
    expect(bytes(0x40, 0x80)).toEqual(new Uint8Array(64));
    expect(bytes(0x80, 0x81)).toEqual(new Uint8Array([0xff]));
    expect(pe.calls).toContain(`physicalWritten ${0x40005040} 64`);
  });

  test('DC ZVA on Device memory is an alignment fault, on a missing page a translation fault', () => {
    tables.map(VA, START + 0x5000n, 3, AF | ATTR(1));
    pe.state.setX(1, VA + 8n);
    expect(run('dc zva, x1')).toBe(OUTCOME.FAULT);
    expect(taken().esr).toBe(0x96000061);
    expect(pe.sysreg('FAR_EL1')).toBe(VA + 8n);
    pe.state.setX(1, VA + 0x1000n);
    run('dc zva, x1');
    expect(taken().esr).toBe(0x96000047);
  });

  test('DC ZVA without memory behind it is a stop without syndrome', () => {
    tables.map(VA, 0x0900_0000n, 3, AF);
    pe.state.setX(1, VA + 8n);
    expect(run('dc zva, x1')).toBe(OUTCOME.FAULT);
    expect(pe.stop).toMatchObject({
      kind: 'stage2-data',
      ipa: 0x0900_0000,
      readOnly: false,
      far: VA + 8n,
      access: { address: VA, bytes: 64, write: true, read: false },
      syndrome: { isv: false },
    });
  });

  test('DC ZVA hits a watchpoint as a store, with nothing written', () => {
    pe.controls.tde = true;
    pe.debug.mdscr = 0xa000n;
    pe.debug.file!.wvr[1] = VA + 0x30n;
    pe.debug.file!.wcr[1] = 0x1ff7n;
    pe.state.setX(1, VA + 4n);
    expect(run('dc zva, x1')).toBe(OUTCOME.FAULT);
    expect(pe.stop).toMatchObject({
      kind: 'debug',
      exception: { kind: 'watchpoint', esr: 0xd2000062, far: VA + 0x30n },
    });
    expect(bytes(0, 1)).toEqual(new Uint8Array([0xff]));
  });

  test('cache maintenance translates: CM and WnR in the syndrome, no watchpoint', () => {
    pe.controls.tde = true;
    pe.debug.mdscr = 0xa000n;
    pe.debug.file!.wvr[1] = VA;
    pe.debug.file!.wcr[1] = 0x1fffn;
    pe.state.setX(1, VA);
    expect(run('dc civac, x1')).toBe(OUTCOME.NEXT);
    expect(run('ic ivau, x1')).toBe(OUTCOME.NEXT);
    expect(run('dc cisw, x1')).toBe(OUTCOME.NEXT);
    expect(run('ic iallu')).toBe(OUTCOME.NEXT);
    pe.state.setX(1, VA + 0x1000n);
    expect(run('dc civac, x1')).toBe(OUTCOME.FAULT);
    expect(taken().esr).toBe(0x96000147);
  });

  test('AT writes PAR_EL1', () => {
    pe.state.setX(1, VA + 0x123n);
    expect(run('at s1e1r, x1')).toBe(OUTCOME.NEXT);
    expect(pe.sysreg('PAR_EL1')).toBe((0xffn << 56n) | 0x4000_5000n | 0xa00n);
    expect(run('at s1e0w, x1')).toBe(OUTCOME.NEXT);
    expect(pe.sysreg('PAR_EL1')).toBe(0x801n | (0x0fn << 1n));
    pe.state.setX(1, VA + 0x1000n);
    run('at s1e1r, x1');
    expect(pe.sysreg('PAR_EL1')).toBe(0x801n | (0x07n << 1n));
  });

  test('AT reports Device and Non-cacheable memory as Outer Shareable', () => {
    pe.state.setX(1, VA);
    for (const [index, attribute] of [
      [1, 0x00n],
      [2, 0x44n],
    ] as const) {
      tables.map(VA, START + 0x5000n, 3, AF | SH_INNER | ATTR(index));
      run('at s1e1r, x1');
      expect(pe.sysreg('PAR_EL1')).toBe((attribute << 56n) | 0x4000_5000n | 0xa00n | (2n << 7n));
    }
  });

  test('AT takes an External abort on the walk as a Data Abort', () => {
    pe.write64(tables.slot(VA, 2), 0x0900_0003n);
    pe.setSysreg('PAR_EL1', 5n);
    pe.state.setX(1, VA);
    expect(run('at s1e0w, x1')).toBe(OUTCOME.FAULT);
    expect(taken().esr).toBe(0x96000157);
    expect([pe.sysreg('FAR_EL1'), pe.sysreg('PAR_EL1')]).toEqual([VA, 5n]);
  });

  test('PAN has no effect on cache maintenance but DC ZVA', () => {
    tables.map(VA, START + 0x5000n, 3, AF | AP_EL0);
    run('msr pan, #1');
    pe.state.setX(1, VA);
    expect(run('dc civac, x1')).toBe(OUTCOME.NEXT);
    expect(run('dc ivac, x1')).toBe(OUTCOME.NEXT);
    expect(run('ic ivau, x1')).toBe(OUTCOME.NEXT);
    expect(run('dc zva, x1')).toBe(OUTCOME.FAULT);
    expect(taken().esr).toBe(0x9600004f);
  });

  test('AT S1E1WP honours PAN, AT S1E1R does not', () => {
    tables.map(VA, START + 0x5000n, 3, AF | AP_EL0);
    run('msr pan, #1');
    pe.state.setX(1, VA);
    run('at s1e1wp, x1');
    expect(pe.sysreg('PAR_EL1') & 1n).toBe(1n);
    run('at s1e1r, x1');
    expect(pe.sysreg('PAR_EL1') & 1n).toBe(0n);
  });

  test('TLBI by address flushes the page, or everything when a block was there', () => {
    pe.state.setX(1, (0xabcdn << 48n) | ((0xffff_ff80_0020_3000n >> 12n) & 0xfff_ffff_ffffn));
    expect(run('tlbi vae1is, x1')).toBe(OUTCOME.NEXT);
    expect(pe.calls).toEqual([`flushTlbPage ${0xffffff80}:${0x00203000}`]);
    pe.contexts.noteLarge(0x0020_0000, 0xffff_ff80 | 0, 21);
    run('tlbi vae1is, x1');
    expect(pe.calls.at(-1)).toBe('flushTlb');
    run('tlbi vae1is, x1');
    expect(pe.calls.at(-1)).toMatch(/^flushTlbPage/);
    run('tlbi aside1, x1');
    expect(pe.calls.at(-1)).toBe('flushTlb');
  });

  test('TLBI of the page that is executed has the run loop look where execution goes on', () => {
    pe.state.setX(1, pe.state.pc >> 12n);
    expect(run('tlbi vae1is, x1')).toBe(OUTCOME.LEAVE);
  });

  test.each(['tlbi vmalle1os', 'tlbi rvae1, x1', 'tlbi rvaale1is, x1', 'tlbi rvae1os, x1'] as const)(
    '%s flushes everything, where there is such a thing',
    (instruction) => {
      expect(run(instruction)).toBe(OUTCOME.FAULT);
      pe = fakePe(fakeModel(['FEAT_TLBIOS', 'FEAT_TLBIRANGE']));
      expect(run(instruction)).toBe(OUTCOME.LEAVE);
      expect(pe.calls).toEqual(['flushTlb']);
    },
  );

  test('CLREX opens the monitor', () => {
    pe.state.i32[STATE.EXCLUSIVE_BYTES / 4] = 8;
    expect(run('clrex')).toBe(OUTCOME.NEXT);
    expect(pe.state.i32[STATE.EXCLUSIVE_BYTES / 4]).toBe(0);
  });
});
