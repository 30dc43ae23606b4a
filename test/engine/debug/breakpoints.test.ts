/** Tables from the Arm ARM and results recorded on real KVM (assertions C33 to C47 of the house reference). */
import { beforeEach, describe, expect, test } from 'vitest';
import { hi32, lo32 } from '../../../src/base/u64.ts';
import { isPlanted, matchBreakpoints, plantedAddresses } from '../../../src/engine/debug/breakpoints.ts';
import { writePstate } from '../../../src/engine/system/exceptions.ts';
import { type FakePe, fakePe } from '../fake-pe.ts';

const A = 0x4000_0008n;
const KERNEL = 0xffff_ff80_4000_0008n;
let pe: FakePe;

beforeEach(() => {
  pe = fakePe();
  pe.controls.tde = true;
  pe.debug.mdscr = 0xa000n;
});

function arm(slot: number, control: bigint, value: bigint): void {
  pe.debug.file!.bcr[slot] = control;
  pe.debug.file!.bvr[slot] = value;
}
/** Slots that fire at an address. */
function hits(pc = A): number[] {
  return matchBreakpoints(pe, lo32(pc), hi32(pc)).map((c) => (c.source === 'breakpoint' ? c.slot : -1));
}
function atEl0(): void {
  writePstate(pe, 0x3c0);
}

describe('control word', () => {
  /** [DBGBCR, fires at EL1, fires at EL0] */
  test.each([
    [0x1e7n, true, true],
    [0x1e3n, true, false],
    [0x1e5n, false, true],
    [0x1e6n, false, false],
    [0x1e1n, false, false],
    [0x1fe3n, true, false],
    [0x07fn, true, true],
    // HMC 1
    [0x21e1n, false, false],
    [0x21e3n, true, false],
    [0x21e5n, false, false],
    [0x21e7n, true, true],
    // SSC 01: Non-secure only
    [0x41e3n, true, false],
    [0x41e5n, false, true],
    [0x41e7n, true, true],
    [0x61e3n, true, false],
    [0x61e5n, false, false],
    // SSC 10: Secure only
    [0x81e7n, false, false],
    [0xa1e7n, false, false],
    // SSC 11
    [0xc1e7n, true, true],
    [0xc1e5n, false, false],
    [0xe1e1n, false, false],
    [0xe1e3n, true, false],
    [0xe1e5n, false, false],
    [0xe1e7n, true, true],
  ])('0x%s', (control, el1, el0) => {
    arm(0, control, A);
    expect(hits().length === 1).toBe(el1);
    atEl0();
    expect(hits().length === 1).toBe(el0);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])(
    'BAS %i: only its bit 0 matters',
    (bas) => {
      arm(0, 0x7n | (BigInt(bas) << 5n), A);
      expect(hits().length === 1).toBe((bas & 1) === 1);
    },
  );

  test('all ones is a type that never fires; bits above 31 change nothing', () => {
    arm(0, 0xffff_ffff_ffff_ffffn, A);
    expect(hits()).toEqual([]);
    arm(0, 0xffff_ffff_0000_01e7n, A);
    expect(hits()).toEqual([0]);
  });
});

describe('address', () => {
  test.each([
    ['exact', A, A, true],
    ['bits 1:0 of DBGBVR', A | 3n, A, true],
    ['next instruction', A + 4n, A, false],
    ['kernel half, sign-extended', KERNEL, KERNEL, true],
    ['kernel half, cut to 53 bits', KERNEL & 0x1f_ffff_ffff_ffffn, KERNEL, true],
    ['low address, high value', KERNEL, A, false],
    ['high address, low value', A, KERNEL, false],
    ['bits 63:49 set over a low address', 0xfffe_0000_4000_0008n, A, false],
  ])('%s', (_name, value, pc, expected) => {
    arm(0, 0x1e7n, value);
    expect(hits(pc).length === 1).toBe(expected);
    expect(isPlanted(plantedAddresses(pe), lo32(pc), hi32(pc))).toBe(expected);
  });

  test('every slot that fires is listed, slots that do not exist never fire', () => {
    for (let n = 0; n < 16; n++) arm(n, 0x1e7n, A);
    expect(hits()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('context', () => {
  const CONTEXT = 0xabcdefn;
  beforeEach(() => pe.setSysreg('CONTEXTIDR_EL1', CONTEXT));

  test.each([
    ['slot 5, linked context', 5, 0x3001e7n, CONTEXT, true],
    ['slot 4, linked context', 4, 0x3001e7n, CONTEXT, true],
    ['slot 4, linked CONTEXTIDR_EL1', 4, 0x7001e7n, CONTEXT, true],
    ['only bits 31:0 count', 5, 0x3001e7n, CONTEXT | (1n << 32n), true],
    ["the link's own privilege does not count", 5, 0x3001e1n, CONTEXT, true],
    ['other context', 5, 0x3001e7n, 1n, false],
    ['disabled', 5, 0x3001e6n, CONTEXT, false],
    ['not a linked type', 5, 0x2001e7n, CONTEXT, false],
    ['not context-aware', 3, 0x3001e7n, CONTEXT, false],
    ['not implemented', 6, 0x3001e7n, CONTEXT, false],
  ])('linked address breakpoint: %s', (_name, slot, control, value, expected) => {
    arm(0, 0x1001e7n | (BigInt(slot) << 16n), A);
    arm(slot, control, value);
    expect(hits().includes(0)).toBe(expected);
    expect(hits(A + 4n).includes(0)).toBe(false);
  });

  test('a linked context breakpoint never fires by itself', () => {
    arm(5, 0x3001e7n, CONTEXT);
    expect(hits()).toEqual([]);
    expect(plantedAddresses(pe)).toEqual([]);
  });

  test.each([0x2001e7n, 0x6001e7n])(
    'an unlinked one (0x%s) fires everywhere while the context runs',
    (control) => {
      arm(5, control, CONTEXT);
      expect(plantedAddresses(pe)).toBe('every');
      expect([hits(A), hits(A + 400n)]).toEqual([[5], [5]]);
      pe.setSysreg('CONTEXTIDR_EL1', 1n);
      expect(hits()).toEqual([]);
    },
  );

  test('in a slot that is not context-aware it is disabled', () => {
    arm(3, 0x2001e7n, CONTEXT);
    expect(hits()).toEqual([]);
    expect(plantedAddresses(pe)).toEqual([]);
  });

  test.each([4n, 5n, 8n, 9n, 10n, 11n, 12n, 13n, 14n, 15n])('type %i never fires at EL1', (type) => {
    arm(5, 0x1e7n | (type << 20n), A);
    expect(hits()).toEqual([]);
  });
});

describe('enabled', () => {
  beforeEach(() => arm(0, 0x1e7n, A));

  test('EL2 as target: MDE alone decides', () => {
    pe.setSysreg('OSLSR_EL1', 0xan);
    expect(hits()).toEqual([0]);
    pe.debug.mdscr = 0x8000n;
    expect(hits()).toEqual([0]);
    pe.debug.mdscr = 0x2000n;
    expect(hits()).toEqual([]);
    expect(plantedAddresses(pe)).toEqual([]);
  });

  /** Arm ARM, enabling debug exceptions: [PSTATE, MDSCR, OSLSR, fires]. */
  test.each([
    ['EL1, KDE, D clear', 0x1c5, 0xa000n, 8n, true],
    ['EL1, KDE, D set', 0x3c5, 0xa000n, 8n, false],
    ['EL1, no KDE', 0x1c5, 0x8000n, 8n, false],
    ['EL0, no KDE, D set', 0x3c0, 0x8000n, 8n, true],
    ['EL0, OS Lock', 0x3c0, 0xa000n, 0xan, false],
    ['EL1, OS Lock', 0x1c5, 0xa000n, 0xan, false],
    ['EL0, no MDE', 0x3c0, 0x2000n, 8n, false],
  ])('EL1 as target: %s', (_name, pstate, mdscr, oslsr, expected) => {
    pe.controls.tde = false;
    pe.debug.mdscr = mdscr;
    pe.setSysreg('OSLSR_EL1', oslsr);
    writePstate(pe, pstate);
    expect(hits().length === 1).toBe(expected);
  });

  test('no register file, no breakpoints', () => {
    pe.debug.file = null;
    expect(hits()).toEqual([]);
    expect(plantedAddresses(pe)).toEqual([]);
  });
});
