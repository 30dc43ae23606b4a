import { beforeEach, describe, expect, test } from 'vitest';
import { STATE } from '../../../src/engine/layout.ts';
import {
  branchAddressHigh,
  deliverableInterrupt,
  takeDataAbort,
  takeException,
  takeIllegalState,
  takeInstructionAbort,
  takeInterrupt,
  takePcAlignment,
  takeSpAlignment,
  writePstate,
  writeSpsrToPstate,
} from '../../../src/engine/system/exceptions.ts';
import { exceptionReturn } from '../../../src/engine/system/exception-return.ts';
import { fakeModel, fakePe, type FakePe } from '../fake-pe.ts';

const VBAR = 0xffff_ff80_4000_2000n;
let pe: FakePe;

beforeEach(() => {
  pe = fakePe();
  pe.setSysreg('VBAR_EL1', VBAR);
});

describe('entry', () => {
  /** Arm ARM, vector offsets from VBAR_EL1. */
  test.each([
    [0x4, 'synchronous', 0x000n],
    [0x4, 'irq', 0x080n],
    [0x5, 'synchronous', 0x200n],
    [0x5, 'irq', 0x280n],
    [0x5, 'fiq', 0x300n],
    [0x5, 'serror', 0x380n],
    [0x0, 'synchronous', 0x400n],
    [0x0, 'irq', 0x480n],
    [0x0, 'fiq', 0x500n],
    [0x0, 'serror', 0x580n],
  ] as const)('from mode %i, %s goes to offset %i', (mode, vector, offset) => {
    writePstate(pe, 0x3c0 | mode);
    takeException(pe, vector, null);
    expect(pe.state.pc).toBe(VBAR + offset);
    expect(pe.state.spsr & 0x3ff).toBe(0x3c5);
    expect(pe.sysreg('SPSR_EL1')).toBe(BigInt(0x3c0 | mode));
  });

  test('PSTATE: SS, IL, UAO and BTYPE are cleared, DIT and PAN kept; NZCV is cleared as recorded', () => {
    pe.setSysreg('SCTLR_EL1', 1n << 23n);
    writeSpsrToPstate(
      pe,
      0x9000_0000 | (1 << 24) | (1 << 23) | (1 << 22) | (1 << 21) | (1 << 20) | (3 << 10) | 4,
    );
    const before = pe.state.spsr;
    takeIllegalState(pe);
    expect(pe.state.spsr).toBe((1 << 24) | (1 << 22) | 0x3c5);
    expect(pe.sysreg('SPSR_EL1')).toBe(BigInt(before));
    expect(pe.sysreg('ESR_EL1')).toBe(0x3a00_0000n);
  });

  test('PAN is set when SCTLR_EL1.SPAN is 0 and the PE has FEAT_PAN; SSBS comes from DSSBS', () => {
    pe.setSysreg('SCTLR_EL1', 1n << 44n);
    takeException(pe, 'irq', null);
    expect(pe.state.pstate & ((1 << 22) | (1 << 12))).toBe((1 << 22) | (1 << 12));
    pe = fakePe(fakeModel([]));
    pe.setSysreg('SCTLR_EL1', 1n << 44n);
    takeException(pe, 'irq', null);
    expect(pe.state.pstate).toBe(0x3c5);
  });

  test('the handler runs on SP_EL1', () => {
    pe.state.sp = 0xe1n;
    writePstate(pe, 0);
    pe.state.sp = 0xe0n;
    takeException(pe, 'irq', null);
    expect(pe.state.sp).toBe(0xe1n);
    expect(pe.sysreg('SP_EL0')).toBe(0xe0n);
  });

  test('interrupts leave ESR_EL1 and FAR_EL1', () => {
    pe.setSysreg('ESR_EL1', 0x123n);
    pe.setSysreg('FAR_EL1', 0x456n);
    takeInterrupt(pe, 'irq');
    expect([pe.sysreg('ESR_EL1'), pe.sysreg('FAR_EL1')]).toEqual([0x123n, 0x456n]);
  });

  test('which interrupt gets through', () => {
    expect(deliverableInterrupt(pe)).toBeNull();
    pe.controls.irq = true;
    pe.controls.fiq = true;
    expect(deliverableInterrupt(pe)).toBeNull();
    writePstate(pe, 5);
    expect(deliverableInterrupt(pe)).toBe('fiq');
    writePstate(pe, 0x45);
    expect(deliverableInterrupt(pe)).toBe('irq');
  });
});

/** Recorded values (0x96000005, 0x86000010) and the manual's encodings. */
describe('syndromes', () => {
  test('data abort', () => {
    takeDataAbort(pe, 0x05, 0, 1, false);
    expect(pe.sysreg('ESR_EL1')).toBe(0x9600_0005n);
    expect(pe.sysreg('FAR_EL1')).toBe(0x1_0000_0000n);
    writePstate(pe, 0);
    takeDataAbort(pe, 0x0f, 0, 1, true);
    expect(pe.sysreg('ESR_EL1')).toBe(0x9200_004fn);
  });

  test('instruction abort, PC and SP alignment', () => {
    pe.state.pc = 0x8000_0000n;
    takeInstructionAbort(pe, 0x10);
    expect(pe.sysreg('ESR_EL1')).toBe(0x8600_0010n);
    expect(pe.sysreg('FAR_EL1')).toBe(0x8000_0000n);
    pe.state.pc = 0x4000_0002n;
    takePcAlignment(pe);
    expect(pe.sysreg('ESR_EL1')).toBe(0x8a00_0000n);
    expect(pe.sysreg('FAR_EL1')).toBe(0x4000_0002n);
    takeSpAlignment(pe);
    expect(pe.sysreg('ESR_EL1')).toBe(0x9a00_0000n);
    expect(pe.sysreg('FAR_EL1')).toBe(0x4000_0002n);
  });
});

describe('ERET', () => {
  function eret(spsr: bigint, elr = 0x4020_0000n): void {
    pe.setSysreg('SPSR_EL1', spsr);
    pe.setSysreg('ELR_EL1', elr);
    exceptionReturn(pe);
  }

  test('to EL0: PSTATE and the stack pointer of EL0', () => {
    pe.setSysreg('SP_EL0', 0xe0n);
    eret(0x6000_03c0n);
    expect(pe.state.pc).toBe(0x4020_0000n);
    expect(pe.state.spsr).toBe(0x6000_03c0);
    expect(pe.state.sp).toBe(0xe0n);
  });

  test('clears the monitor and sends an event', () => {
    pe.state.i32[STATE.EXCLUSIVE_BYTES / 4] = 8;
    eret(0x3c5n);
    expect(pe.state.i32[STATE.EXCLUSIVE_BYTES / 4]).toBe(0);
    expect(pe.eventRegister).toBe(true);
  });

  test.each([
    ['EL2h', 0x3c9n],
    ['EL3h', 0x3cdn],
    ['EL0 with SPSel', 0x3c1n],
    ['AArch32', 0x1d0n],
  ])('to %s is illegal: same EL, PSTATE.IL, NZCV and DAIF restored', (_name, spsr) => {
    eret(spsr | 0xf000_0000n);
    expect(pe.state.spsr).toBe(Number(0xf000_0000n | (1n << 20n) | (spsr & 0x3c0n) | 5n));
    expect(pe.state.pc).toBe(0x4020_0000n);
  });

  test('fields of absent features stay 0', () => {
    pe = fakePe(fakeModel([]));
    eret(BigInt((1 << 24) | (1 << 23) | (1 << 22) | (1 << 12) | (3 << 10) | 0x3c5));
    expect(pe.state.spsr).toBe(0x3c5);
  });

  test('a tagged address loses its tag where Top Byte Ignore applies', () => {
    pe.setSysreg('TCR_EL1', 1n << 37n);
    eret(0x3c0n, 0xab00_0000_4020_0000n);
    expect(pe.state.pc).toBe(0x4020_0000n);
    expect(branchAddressHigh(pe.state, 0x12ff_ffff)).toBe(0x12ff_ffff);
    pe.setSysreg('TCR_EL1', 1n << 38n);
    expect(branchAddressHigh(pe.state, 0x12ff_ffff) >>> 0).toBe(0xffff_ffff);
  });

  /** Arm ARM, DebugExceptionReturnSS: SPSR.SS counts when the return is what enables stepping. */
  test.each([
    ['source disabled (D=1), target EL0', 0x3c5, 0x2003c0n, 0x2001n, 1],
    ['source disabled (D=1), target EL1 with D=0', 0x3c5, 0x2001c5n, 0x2001n, 1],
    ['target EL1 with D=1', 0x3c5, 0x2003c5n, 0x2001n, 0],
    ['KDE clear, target EL1', 0x3c5, 0x2001c5n, 0x0001n, 0],
    ['KDE clear, target EL0', 0x1c5, 0x2003c0n, 0x0001n, 1],
    ['source enabled (D=0)', 0x1c5, 0x2001c5n, 0x2001n, 0],
    ['no step requested', 0x3c5, 0x2003c0n, 0x2000n, 0],
  ])('SS: %s', (_name, pstate, spsr, mdscr, expected) => {
    pe.debug.mdscr = mdscr;
    writePstate(pe, pstate);
    eret(spsr);
    expect((pe.state.pstate >>> 21) & 1).toBe(expected);
  });

  /** Recorded: stepping under EL2, ERET with SPSR_EL1.SS set still stops at its target. */
  test('SS is 0 when EL2 is the debug target', () => {
    pe.controls.tde = true;
    pe.debug.mdscr = 1n;
    eret(0x2003c5n);
    expect(pe.state.spsr).toBe(0x3c5);
  });
});
