import { beforeEach, describe, expect, test } from 'vitest';
import { debugException, lowestAddress } from '../../../src/engine/debug/debug-exception.ts';
import { advanceStep, STEP, stepState } from '../../../src/engine/debug/enabled.ts';
import type { DebugCause } from '../../../src/engine/stop.ts';
import { writePstate } from '../../../src/engine/system/exceptions.ts';
import { type FakePe, fakePe } from '../fake-pe.ts';

const VBAR = 0x4000_2000n;
const D = 0x4010_0000n;
const watch = (slot: number, address = D): DebugCause => ({ source: 'watchpoint', slot, address });
const STORE = { address: D, bytes: 8, read: false, write: true };
const LOAD = { address: D, bytes: 8, read: true, write: false };
const ATOMIC = { address: D, bytes: 8, read: true, write: true };
let pe: FakePe;

beforeEach(() => {
  pe = fakePe();
  pe.setSysreg('VBAR_EL1', VBAR);
  pe.setSysreg('FAR_EL1', 0x123n);
});

/** ESR values of the kernel's debug exits; every one was recorded. */
describe('to EL2', () => {
  beforeEach(() => {
    pe.controls.tde = true;
  });
  function syndrome(): number {
    return pe.stop?.kind === 'debug' ? pe.stop.exception.esr : -1;
  }

  test('breakpoint', () => {
    debugException(pe, 'breakpoint', [{ source: 'breakpoint', slot: 2 }]);
    expect(pe.stop).toEqual({
      kind: 'debug',
      exception: { kind: 'breakpoint', esr: 0xc2000022, causes: [{ source: 'breakpoint', slot: 2 }] },
    });
    expect(pe.state.pc).toBe(0x4000_0000n);
    expect(pe.sysreg('ESR_EL1')).toBe(0n);
  });

  test.each([
    ['store', STORE, 0xd2000062],
    ['load', LOAD, 0xd2000022],
  ])('watchpoint, %s', (_name, access, expected) => {
    debugException(pe, 'watchpoint', [watch(0)], D, access);
    expect(pe.stop).toMatchObject({ kind: 'debug', exception: { esr: expected, far: D, access } });
    expect(pe.sysreg('FAR_EL1')).toBe(0x123n);
  });

  /** Arm ARM, WnR: 0 for an atomic when a read of the location would have generated the exception. */
  test.each([
    ['loads and stores', 0x1fffn, 0xd2000022],
    ['stores', 0x1ff7n, 0xd2000062],
  ])('watchpoint on %s, atomic access', (_name, control, expected) => {
    pe.debug.file!.wcr[0] = control;
    debugException(pe, 'watchpoint', [watch(0)], D, ATOMIC);
    expect(syndrome()).toBe(expected);
  });

  test.each([
    ['arrived pending', false, false, 0xca000022],
    ['after an instruction', true, false, 0xcb000022],
    ['after a load-exclusive', true, true, 0xcb000062],
  ])('software step %s', (_name, stepped, exclusive, expected) => {
    pe.debug.stepped = stepped;
    pe.debug.steppedExclusive = exclusive;
    debugException(pe, 'software-step', [{ source: 'software-step' }]);
    expect(syndrome()).toBe(expected);
    expect([pe.debug.stepped, pe.debug.steppedExclusive]).toEqual([false, false]);
  });
});

describe('to EL1', () => {
  test.each([
    ['breakpoint', { source: 'breakpoint', slot: 0 }, 0xc6000022, 0xc2000022],
    ['software-step', { source: 'software-step' }, 0xce000022, 0xca000022],
    ['brk', { source: 'brk', comment: 7 }, 0xf2000007, 0xf2000007],
  ] as const)('%s', (kind, cause, same, lower) => {
    debugException(pe, kind, [cause]);
    expect(pe.sysreg('ESR_EL1')).toBe(BigInt(same));
    expect(pe.state.pc).toBe(VBAR + 0x200n);
    writePstate(pe, 0);
    debugException(pe, kind, [cause]);
    expect(pe.sysreg('ESR_EL1')).toBe(BigInt(lower));
    expect(pe.state.pc).toBe(VBAR + 0x400n);
    expect(pe.sysreg('FAR_EL1')).toBe(0x123n);
    expect(pe.stop).toBeNull();
  });

  test('watchpoint writes FAR_EL1', () => {
    debugException(pe, 'watchpoint', [watch(0)], D, STORE);
    expect(pe.sysreg('ESR_EL1')).toBe(0xd6000062n);
    expect(pe.sysreg('FAR_EL1')).toBe(D);
  });
});

describe('software step', () => {
  /** Arm ARM, software step state machine: [TDE, PSTATE, MDSCR, OSLSR, state]. */
  test.each([
    ['not requested', true, 0x2003c5, 0n, 8n, STEP.INACTIVE],
    ['EL2 target, SS set', true, 0x2003c5, 1n, 8n, STEP.ACTIVE_NOT_PENDING],
    ['EL2 target, SS clear', true, 0x3c5, 1n, 8n, STEP.ACTIVE_PENDING],
    ['EL2 target, OS Lock', true, 0x3c5, 1n, 0xan, STEP.ACTIVE_PENDING],
    ['EL1, D set', false, 0x3c5, 0x2001n, 8n, STEP.INACTIVE],
    ['EL1, D clear', false, 0x1c5, 0x2001n, 8n, STEP.ACTIVE_PENDING],
    ['EL1, KDE clear', false, 0x1c5, 0x1n, 8n, STEP.INACTIVE],
    ['EL0', false, 0x2003c0, 0x1n, 8n, STEP.ACTIVE_NOT_PENDING],
    ['EL0, OS Lock', false, 0x2003c0, 0x1n, 0xan, STEP.INACTIVE],
  ])('%s', (_name, tde, pstate, mdscr, oslsr, expected) => {
    pe.controls.tde = tde;
    pe.debug.mdscr = mdscr;
    pe.setSysreg('OSLSR_EL1', oslsr);
    writePstate(pe, pstate);
    expect(stepState(pe)).toBe(expected);
  });

  test('advancing clears PSTATE.SS only while active', () => {
    writePstate(pe, 0x2003c5);
    pe.debug.mdscr = 0x2001n;
    advanceStep(pe);
    expect(pe.state.pstate).toBe(0x2003c5);
    writePstate(pe, 0x2001c5);
    advanceStep(pe);
    expect(pe.state.pstate).toBe(0x1c5);
  });
});

test('FAR of several watchpoints is the lowest address', () => {
  expect(lowestAddress([watch(0, D + 8n), watch(1, D), { source: 'software-step' }])).toBe(D);
  expect(lowestAddress([{ source: 'software-step' }])).toBeUndefined();
});
