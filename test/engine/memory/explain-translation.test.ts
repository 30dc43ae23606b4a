/** Expected values: Arm ARM, VMSAv8-64 descriptor formats, TCR_EL1, MAIR_EL1, and the fault status codes of ESR_EL1. */
import { beforeEach, describe, expect, test } from 'vitest';
import { explainTranslation, physicalAddress } from '../../../src/engine/memory/explain-translation.ts';
import type { Translation, TranslationAccess } from '../../../src/engine/translation.ts';
import { FEATURES, fakeModel, type FakePe, fakePe } from '../fake-pe.ts';
import { AF, AP_EL0, AP_READ_ONLY, ATTR, type Granule, PXN, SH_INNER, Tables, UXN } from './table-builder.ts';

let pe: FakePe;
beforeEach(() => {
  pe = fakePe();
});
function explain(va: bigint, kind: TranslationAccess['kind'] = 'read', el?: 0 | 1): Translation {
  return explainTranslation(pe, va, { kind, ...(el !== undefined && { el }) });
}

const NG = 1n << 11n;
const CONTIGUOUS = 1n << 52n;
const GUARDED = 1n << 50n;
const DBM = 1n << 51n;

describe('the MMU is off', () => {
  test('addresses are physical', () => {
    expect(explain(0x4000_1234n)).toEqual({
      ok: true,
      physical: 0x4000_1234,
      access: { kind: 'read', el: 1, pan: false },
      levels: [],
      permissions: { el0: 'rwx', el1: 'rwx' },
    });
  });
  test('one that is too large says so', () => {
    expect(explain(1n << 48n)).toMatchObject({
      ok: false,
      fault: { status: 0, reason: 'Address size fault, level 0', cause: expect.stringContaining('48 bits') },
    });
  });
});

/** Granule, input bits, level of the descriptor: kinds of the levels that are read, bytes that are mapped. */
const WALKS: readonly (readonly [Granule, bigint, number, string, number])[] = [
  [12n, 48n, 3, '0 table, 1 table, 2 table, 3 page', 0x1000],
  [12n, 48n, 2, '0 table, 1 table, 2 block', 0x20_0000],
  [12n, 39n, 1, '1 block', 0x4000_0000],
  [14n, 48n, 3, '0 table, 1 table, 2 table, 3 page', 0x4000],
  [14n, 47n, 2, '1 table, 2 block', 0x200_0000],
  [16n, 48n, 3, '1 table, 2 table, 3 page', 0x1_0000],
  [16n, 42n, 2, '2 block', 0x2000_0000],
];

describe.each(WALKS)('granule 2^%i, %i-bit input, level %i', (granule, bits, level, kinds, size) => {
  const low = ((1n << bits) - 1n) & 0x1234_5678_9000n & ~BigInt(size - 1);
  const high = BigInt.asUintN(64, (-1n << bits) | low);
  test.each([
    ['TTBR0_EL1', low, 0],
    ['TTBR1_EL1', high, 1],
  ] as const)('%s', (register, va, half) => {
    const tables = new Tables(pe, { granule, bits });
    const pa = 0x12_8000_0000n & ~BigInt(size - 1);
    tables.map(va, pa, level, AF | SH_INNER);
    const found = explain(va | 0x123n);
    expect(found.physical).toBe(Number(pa | 0x123n));
    expect(found.levels.map((l) => `${l.level} ${l.kind}`).join(', ')).toBe(kinds);
    expect(found.levels.map((l) => l.descriptor)).toEqual(
      found.levels.map((l) => tables.read(l.descriptorAddress)),
    );
    expect(found.levels.at(-1)!.descriptorAddress).toBe(tables.slot(va, level));
    expect(found.mapping?.size).toBe(size);
    expect(found.range).toEqual({
      register,
      tableBase: tables.roots[half],
      asid: 0,
      granule: 2 ** Number(granule),
      inputBits: Number(bits),
      outputBits: 48,
      startLevel: tables.startLevel(),
      topByteIgnored: false,
      walksDisabled: false,
    });
    expect(physicalAddress(pe, va | 0x123n)).toBe(found.physical);
  });
});

describe('what a range says', () => {
  const VA = 0x20_3000n;
  function range(tcr: bigint, ips = 5n): Translation['range'] {
    const tables = new Tables(pe, { granule: 12n, bits: 39n, tcr, ips });
    pe.setSysreg('TTBR0_EL1', BigInt(tables.roots[0]) | (0x1234n << 48n));
    pe.setSysreg('TTBR1_EL1', BigInt(tables.roots[1]) | (0x5678n << 48n));
    return explain(VA).range;
  }
  test.each([
    ['A1 and AS are 0: eight bits of TTBR0', 0n, 0x34],
    ['AS: sixteen bits', 1n << 36n, 0x1234],
    ['A1: of TTBR1', 1n << 22n, 0x78],
    ['both', (1n << 36n) | (1n << 22n), 0x5678],
  ])('the ASID, %s', (_, tcr, asid) => {
    expect(range(tcr)?.asid).toBe(asid);
  });
  test('IPS, TBI0 and EPD0', () => {
    expect(range((1n << 37n) | (1n << 7n), 1n)).toMatchObject({
      outputBits: 36,
      topByteIgnored: true,
      walksDisabled: true,
    });
  });
});

describe('the mapping', () => {
  const VA = 0x20_3000n;
  let tables: Tables;
  beforeEach(() => {
    pe = fakePe(fakeModel([...FEATURES, 'FEAT_BTI']));
    tables = new Tables(pe, { granule: 12n, bits: 39n });
  });
  const mapping = (attributes: bigint): Translation['mapping'] => {
    tables.map(VA, 0x4000_5000n, 3, attributes);
    return explain(VA).mapping;
  };

  test('has each attribute by itself', () => {
    const none = {
      size: 0x1000,
      attributeIndex: 0,
      mair: 0xff,
      memoryType: 'Normal Write-Back Read-Write-Allocate',
      shareability: 'non-shareable',
      ap: 0,
      uxn: false,
      pxn: false,
      accessFlag: false,
      notGlobal: false,
      contiguous: false,
      guarded: false,
    };
    expect(mapping(0n)).toEqual(none);
    expect(mapping(AF)).toEqual({ ...none, accessFlag: true });
    expect(mapping(NG)).toEqual({ ...none, notGlobal: true });
    expect(mapping(UXN)).toEqual({ ...none, uxn: true });
    expect(mapping(PXN)).toEqual({ ...none, pxn: true });
    expect(mapping(AP_EL0)).toEqual({ ...none, ap: 1 });
    expect(mapping(AP_READ_ONLY)).toEqual({ ...none, ap: 2 });
    expect(mapping(CONTIGUOUS)).toEqual({ ...none, contiguous: true });
    expect(mapping(GUARDED)).toEqual({ ...none, guarded: true });
    expect(mapping(DBM)).toEqual(none);
    expect(mapping(2n << 8n)).toEqual({ ...none, shareability: 'outer' });
    expect(mapping(SH_INNER)).toEqual({ ...none, shareability: 'inner' });
    const device = { attributeIndex: 1, mair: 0, memoryType: 'Device-nGnRnE' };
    expect(mapping(ATTR(1))).toEqual({ ...none, ...device });
  });

  test.each([
    [0x00n, 'Device-nGnRnE'],
    [0x04n, 'Device-nGnRE'],
    [0x08n, 'Device-nGRE'],
    [0x0cn, 'Device-GRE'],
    [0x44n, 'Normal Non-cacheable'],
    [0xffn, 'Normal Write-Back Read-Write-Allocate'],
    [0xbbn, 'Normal Write-Through Read-Write-Allocate'],
    [0xaan, 'Normal Write-Through Read-Allocate'],
    [0x77n, 'Normal Write-Back transient Read-Write-Allocate'],
    [0x11n, 'Normal Write-Through transient Write-Allocate'],
    [0xccn, 'Normal Write-Back No-Allocate'],
    [0x4fn, 'Normal Outer Non-cacheable, Inner Write-Back Read-Write-Allocate'],
    [0xf0n, 'unpredictable'],
    [0x01n, 'unpredictable'],
  ])('MAIR attribute %i: %s', (attribute, text) => {
    pe.setSysreg('MAIR_EL1', attribute << 40n);
    expect(mapping(AF | ATTR(5))).toMatchObject({
      attributeIndex: 5,
      mair: Number(attribute),
      memoryType: text,
    });
  });

  test('what tables take is theirs, and in the permissions', () => {
    const taken = (1n << 61n) | (1n << 60n);
    tables.map(VA, 0x4000_5000n, 3, AF | AP_EL0, taken);
    const found = explain(VA, 'read', 0);
    expect(found.levels.map((l) => l.table)).toEqual([
      { ap: 1, uxn: true, pxn: false },
      { ap: 1, uxn: true, pxn: false },
      undefined,
    ]);
    expect(found.mapping).toMatchObject({ ap: 1, uxn: false });
    expect(found.permissions).toEqual({ el0: '---', el1: 'rwx' });
    expect(found.fault).toMatchObject({ status: 0x0f, cause: 'a read needs r, and EL0 has ---' });
  });
});

describe('a fault', () => {
  const VA = 0x20_3000n;
  const HIGH = 0xffff_ffff_ffff_0000n;
  let tables: Tables;
  function regime(tcr = 0n, ips = 5n): void {
    tables = new Tables(pe, { granule: 12n, bits: 39n, tcr, ips });
    tables.map(VA, 0x4000_5000n, 3, AF | AP_READ_ONLY);
  }
  beforeEach(() => regime());
  const fault = (va: bigint, kind?: TranslationAccess['kind'], el?: 0 | 1) => {
    const { ok, fault: why } = explain(va, kind, el);
    return { ok, status: why?.status, cause: why?.cause };
  };

  test.each([
    ['EPD0', 1n << 7n, VA, 'TCR_EL1.EPD0 is 1: no walks with TTBR0_EL1'],
    ['EPD1', 1n << 23n, HIGH, 'TCR_EL1.EPD1 is 1: no walks with TTBR1_EL1'],
    ['TG0 reserved', 3n << 14n, VA, 'TCR_EL1.TG0 has a reserved value'],
    [
      'bits above a low range',
      0n,
      VA | (1n << 39n),
      'in the 39-bit range of TTBR0_EL1: its bits from 39 up are not all 0',
    ],
    [
      'bits above a high range',
      0n,
      HIGH & ~(1n << 40n),
      'in the 39-bit range of TTBR1_EL1: its bits from 39 up are not all 1',
    ],
    ['a tag without TBI', 0n, VA | (0xabn << 56n), 'range of TTBR0_EL1'],
  ])('%s: Translation fault, level 0, without a descriptor', (_, tcr, va, cause) => {
    regime(tcr);
    expect(fault(va)).toEqual({ ok: false, status: 0x04, cause: expect.stringContaining(cause) });
    expect(explain(va).levels).toEqual([]);
    expect(physicalAddress(pe, va)).toBeNull();
  });

  test('TnSZ out of range', () => {
    pe.setSysreg('TCR_EL1', (pe.sysreg('TCR_EL1') & ~0x3fn) | 40n);
    expect(fault(VA)).toMatchObject({ status: 0x04, cause: 'TCR_EL1.T0SZ is 40; 16 to 39 are possible' });
  });

  test('a tag with TBI is no fault, and no part of the physical address', () => {
    regime(1n << 37n);
    expect(explain(VA | (0xabn << 56n))).toMatchObject({ ok: true, physical: 0x4000_5000 });
  });

  test('an invalid descriptor, at its level', () => {
    expect(fault(0x8000_0000n)).toMatchObject({
      ok: false,
      status: 0x05,
      cause: expect.stringContaining('bit 0'),
    });
    expect(explain(0x8000_0000n).levels).toMatchObject([{ level: 1, kind: 'invalid', descriptor: 0n }]);
    expect(fault(VA + 0x1000n)).toMatchObject({ status: 0x07 });
  });

  test('a block where there is none', () => {
    pe.write64(tables.slot(VA, 3), 0x4000_0000n | AF | 1n);
    expect(fault(VA)).toMatchObject({ status: 0x07, cause: expect.stringContaining('level 3 has no block') });
  });

  test('addresses that do not fit', () => {
    regime(0n, 0n);
    tables.map(VA, 0x1_0000_0000n, 3, AF);
    expect(fault(VA)).toMatchObject({ status: 0x03, cause: expect.stringMatching(/descriptor .* 32 bits/) });
    pe.setSysreg('TTBR0_EL1', 0x1_0000_0000n);
    expect(fault(VA)).toMatchObject({ status: 0x00, cause: expect.stringMatching(/TTBR0_EL1 .* 32 bits/) });
  });

  test('a table outside memory', () => {
    pe.write64(tables.slot(VA, 1), 0x9000_0003n);
    expect(fault(VA)).toMatchObject({ status: 0x16, cause: expect.stringContaining('table of level 2') });
  });

  test('AF clear: the address is there all the same', () => {
    tables.map(VA, 0x4000_5000n, 3, 0n);
    expect(fault(VA)).toMatchObject({ ok: true, status: 0x0b, cause: expect.stringContaining('AF') });
    expect(physicalAddress(pe, VA)).toBe(0x4000_5000);
  });

  test('permissions are of the access that is asked about', () => {
    expect(fault(VA)).toMatchObject({ ok: true, status: undefined });
    expect(fault(VA, 'write')).toMatchObject({
      ok: true,
      status: 0x0f,
      cause: 'a write needs w, and EL1 has r-x',
    });
    expect(fault(VA, 'read', 0)).toMatchObject({
      ok: true,
      status: 0x0f,
      cause: 'a read needs r, and EL0 has --x',
    });
    expect(fault(VA, 'fetch', 0)).toMatchObject({ ok: true, status: undefined });
    pe.state.pstate &= ~0xf;
    expect(explain(VA).access).toEqual({ kind: 'read', el: 0, pan: false });
    expect(explain(VA).fault?.status).toBe(0x0f);
  });

  test('PSTATE.PAN', () => {
    tables.map(VA, 0x4000_5000n, 3, AF | AP_EL0);
    pe.state.pstate |= 1 << 22;
    expect(fault(VA)).toMatchObject({
      ok: true,
      status: 0x0f,
      cause: 'EL1 has rw-, but PSTATE.PAN is 1 and EL0 has access',
    });
    expect(fault(VA, 'read', 0)).toMatchObject({ status: undefined });
  });
});
