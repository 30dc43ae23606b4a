import { beforeEach, describe, expect, test } from 'vitest';
import { hi32, lo32 } from '../../../src/base/u64.ts';
import { translate } from '../../../src/engine/memory/translate.ts';
import type { AccessKind } from '../../../src/engine/translation.ts';
import { createTranslationResult } from '../../../src/engine/memory/walk.ts';
import { fakeModel, fakePe, type FakePe } from '../fake-pe.ts';
import { AF, AP_EL0, AP_READ_ONLY, ATTR, type Granule, PXN, SH_INNER, Tables, UXN } from './table-builder.ts';

const out = createTranslationResult();
let pe: FakePe;

function go(va: bigint, kind: AccessKind = 'read', unprivileged = false): boolean {
  return translate(pe, lo32(va), hi32(va), kind, unprivileged, out);
}
/** Status code of a fault, or 'ok'. */
function status(va: bigint, kind: AccessKind = 'read', unprivileged = false): number | 'ok' {
  return go(va, kind, unprivileged) ? 'ok' : out.status;
}
function atEl0(): void {
  pe.state.pstate &= ~0xf;
}

beforeEach(() => {
  pe = fakePe();
});

describe('MMU off', () => {
  test('addresses are flat, data is Device, instructions are Normal', () => {
    expect(go(0x4000_1234n)).toBe(true);
    expect([out.physical, out.device]).toEqual([0x4000_1234, true]);
    expect(go(0x4000_1234n, 'fetch')).toBe(true);
    expect(out.device).toBe(false);
  });

  test('an address beyond the physical size is an address size fault, level 0', () => {
    expect(status(0x1_0000_0000_0000n)).toBe(0x00);
    expect(status(0xffff_0000_0000n)).toBe('ok');
    pe = fakePe(fakeModel([], { ID_AA64MMFR0_EL1: 2n }));
    expect(status(0x100_0000_0000n)).toBe(0x00);
    expect(status(0xff_ffff_ffffn)).toBe('ok');
  });
});

/** Every granule with 48-bit and smaller inputs, and each level that can map memory. */
const SHAPES: readonly (readonly [Granule, bigint, number, number])[] = [
  [12n, 48n, 3, 12],
  [12n, 48n, 2, 21],
  [12n, 48n, 1, 30],
  [12n, 39n, 3, 12],
  [12n, 39n, 1, 30],
  [12n, 25n, 3, 12],
  [12n, 25n, 2, 21],
  [14n, 48n, 3, 14],
  [14n, 48n, 2, 25],
  [14n, 36n, 3, 14],
  [16n, 48n, 3, 16],
  [16n, 48n, 2, 29],
  [16n, 42n, 3, 16],
  [16n, 29n, 3, 16],
];

describe.each(SHAPES)('granule 2^%i, %i-bit input, level %i', (granule, bits, level, size) => {
  const mask = (1n << BigInt(size)) - 1n;
  const low = ((1n << bits) - 1n) & 0x1234_5678_9000n & ~mask;
  const high = (0xffff_ffff_ffff_ffffn << bits) | low;
  const pa = 0x12_8000_0000n & ~mask;

  test.each([
    ['TTBR0', low],
    ['TTBR1', BigInt.asUintN(64, high)],
  ])('%s maps to the output address', (_half, va) => {
    const tables = new Tables(pe, { granule, bits });
    tables.map(va, pa, level, AF | SH_INNER);
    const offset = 0xabcd_efn & mask;
    expect(status(va | offset)).toBe('ok');
    expect(out.physical).toBe(Number(pa | offset));
    expect(out.sizeBits).toBe(size);
    expect([out.device, out.attributes, out.shareability]).toEqual([false, 0xff, 3]);
  });

  test('the neighbour is a translation fault of the same level', () => {
    const tables = new Tables(pe, { granule, bits });
    tables.map(low, pa, level, AF);
    expect(status(low ^ (1n << BigInt(size)))).toBe(0x04 | level);
  });

  test('bits above the input size are a level 0 translation fault', () => {
    const tables = new Tables(pe, { granule, bits });
    tables.map(low, pa, level, AF);
    expect(status(low | (1n << bits))).toBe(0x04);
    expect(status(low | (1n << 54n))).toBe(0x04);
    expect(status(low | (1n << 63n))).toBe(0x04);
  });
});

describe('walk', () => {
  const VA = 0x20_3000n;
  let tables: Tables;
  beforeEach(() => {
    tables = new Tables(pe, { granule: 12n, bits: 39n });
  });

  test('a block is not allowed at level 0, nor at level 1 with 16K and 64K granules', () => {
    tables.pe.write64(tables.slot(VA, 3), 0x4000_0000n | AF | 1n);
    expect(status(VA)).toBe(0x07);
    for (const granule of [14n, 16n] as const) {
      pe = fakePe();
      const other = new Tables(pe, { granule, bits: 48n });
      pe.write64(other.slot(VA, 1), 0x4000_0000n | AF | 1n);
      expect(status(VA)).toBe(0x05);
    }
  });

  test('the access flag is not set by hardware', () => {
    tables.map(VA, 0x4000_0000n, 3, 0n);
    expect(status(VA)).toBe(0x0b);
    tables.map(0x4000_0000n, 0x4000_0000n, 1, 0n);
    expect(status(0x4000_0000n)).toBe(0x09);
  });

  test('output beyond the physical size faults at the level of the descriptor', () => {
    tables = new Tables(pe, { granule: 12n, bits: 39n, ips: 0n });
    tables.map(VA, 0x1_0000_0000n, 3, AF);
    expect(status(VA)).toBe(0x03);
    pe.write64(tables.slot(0x4000_0000n, 1), 0x1_0000_0003n);
    expect(status(0x4000_0000n)).toBe(0x01);
  });

  test('a table base beyond the physical size faults at level 0', () => {
    tables = new Tables(pe, { granule: 12n, bits: 39n, ips: 0n });
    pe.setSysreg('TTBR0_EL1', 0x1_0000_0000n);
    expect(status(VA)).toBe(0x00);
  });

  test('a table outside memory is an external abort on the walk', () => {
    pe.write64(tables.slot(VA, 1), 0x9000_0003n);
    expect(status(VA)).toBe(0x16);
    pe.setSysreg('TTBR0_EL1', 0x9000_0000n);
    expect(status(VA)).toBe(0x15);
  });

  test('EPD0 and EPD1 forbid walks', () => {
    tables = new Tables(pe, { granule: 12n, bits: 39n, tcr: 1n << 7n });
    tables.map(VA, 0x4000_0000n, 3, AF);
    tables.map(0xffff_ffff_ffff_0000n, 0x4000_0000n, 3, AF);
    expect(status(VA)).toBe(0x04);
    expect(status(0xffff_ffff_ffff_0000n)).toBe('ok');
    tables = new Tables(pe, { granule: 12n, bits: 39n, tcr: 1n << 23n });
    tables.map(0xffff_ffff_ffff_0000n, 0x4000_0000n, 3, AF);
    expect(status(0xffff_ffff_ffff_0000n)).toBe(0x04);
  });

  test('top byte ignore belongs to each half', () => {
    tables = new Tables(pe, { granule: 12n, bits: 39n, tcr: 1n << 37n });
    tables.map(VA, 0x4000_0000n, 3, AF);
    tables.map(0xffff_ffff_ffff_0000n, 0x4000_0000n, 3, AF);
    expect(status(VA | (0xabn << 56n))).toBe('ok');
    expect(status(0x12ff_ffff_ffff_0000n)).toBe(0x04);
    tables = new Tables(pe, { granule: 12n, bits: 39n, tcr: 1n << 38n });
    tables.map(VA, 0x4000_0000n, 3, AF);
    tables.map(0xffff_ffff_ffff_0000n, 0x4000_0000n, 3, AF);
    expect(status(0x12ff_ffff_ffff_0000n)).toBe('ok');
    expect(status(VA | (0xabn << 56n))).toBe(0x04);
  });

  test('MAIR gives the memory type; the contiguous bit changes nothing', () => {
    tables.map(VA, 0x4000_0000n, 3, AF | ATTR(1));
    expect(status(VA)).toBe('ok');
    expect(out.device).toBe(true);
    tables.map(VA, 0x4000_0000n, 3, AF | ATTR(2) | (1n << 52n));
    expect(status(VA)).toBe('ok');
    expect([out.device, out.attributes]).toEqual([false, 0x44]);
  });

  test('mappings larger than a page are remembered for TLBI', () => {
    tables.map(0x4000_0000n, 0x4000_0000n, 1, AF);
    tables.map(VA, 0x4000_0000n, 3, AF);
    expect(pe.contexts.mayBeLarge(0x4123_4000, 0)).toBe(false);
    go(0x4000_0000n);
    go(VA);
    expect(pe.contexts.mayBeLarge(0x4123_4000, 0)).toBe(true);
    expect(pe.contexts.mayBeLarge(Number(VA), 0)).toBe(false);
  });
});

/** Columns: AP bits, then what EL1 and EL0 may do (Arm ARM, stage 1 data and instruction access permissions). */
const PERMISSIONS: readonly (readonly [string, bigint, string, string])[] = [
  ['EL1 read/write', 0n, 'rwx', '--x'],
  ['both read/write', AP_EL0, 'rw-', 'rwx'],
  ['EL1 read-only', AP_READ_ONLY, 'r-x', '--x'],
  ['both read-only', AP_EL0 | AP_READ_ONLY, 'r-x', 'r-x'],
  ['PXN', PXN | AP_EL0 | AP_READ_ONLY, 'r--', 'r-x'],
  ['UXN', UXN | AP_EL0 | AP_READ_ONLY, 'r-x', 'r--'],
];

describe('permissions', () => {
  const VA = 0x7000n;
  let tables: Tables;
  beforeEach(() => {
    tables = new Tables(pe, { granule: 12n, bits: 39n });
  });

  function rights(): string {
    return (['read', 'write', 'fetch'] as const)
      .map((kind, i) => {
        const result = status(VA, kind);
        if (result !== 'ok') expect(result).toBe(0x0f);
        return result === 'ok' ? 'rwx'[i] : '-';
      })
      .join('');
  }

  test.each(PERMISSIONS)('%s', (_name, attributes, el1, el0) => {
    tables.map(VA, 0x4000_0000n, 3, AF | attributes);
    expect(rights()).toBe(el1);
    atEl0();
    expect(rights()).toBe(el0);
  });

  test('WXN makes writable memory not executable', () => {
    pe.setSysreg('SCTLR_EL1', pe.sysreg('SCTLR_EL1') | (1n << 19n));
    tables.map(VA, 0x4000_0000n, 3, AF);
    expect(rights()).toBe('rw-');
    tables.map(VA, 0x4000_0000n, 3, AF | AP_EL0);
    atEl0();
    expect(rights()).toBe('rw-');
  });

  test.each([
    ['APTable[0]: no EL0', 1n << 61n, 'rwx', '--x'],
    ['APTable[1]: read-only', 1n << 62n, 'r-x', 'r-x'],
    ['UXNTable', 1n << 60n, 'rw-', 'rw-'],
    ['PXNTable', 1n << 59n, 'rw-', 'rwx'],
  ])('%s', (_name, tableBits, el1, el0) => {
    tables.map(VA, 0x4000_0000n, 3, AF | AP_EL0, tableBits);
    expect(rights()).toBe(el1);
    atEl0();
    expect(rights()).toBe(el0);
  });

  test('PAN takes EL0 data from EL1, not from LDTR and not from fetches', () => {
    tables.map(VA, 0x4000_0000n, 3, AF | AP_EL0 | AP_READ_ONLY);
    pe.state.pstate |= 1 << 22;
    expect(status(VA)).toBe(0x0f);
    expect(status(VA, 'read', true)).toBe('ok');
    expect(status(VA, 'fetch')).toBe('ok');
  });

  test('LDTR at EL1 has EL0 rights unless UAO', () => {
    tables.map(VA, 0x4000_0000n, 3, AF);
    expect(status(VA, 'read', true)).toBe(0x0f);
    pe.state.pstate |= 1 << 23;
    expect(status(VA, 'read', true)).toBe('ok');
  });
});
