/** Tables from the Arm ARM and results recorded on real KVM (assertions C50 to C67 of the house reference). */
import { fc } from '../../seed.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { PSTATE } from '../../../src/abi/arm/pstate.ts';
import { hi32, lo32 } from '../../../src/base/u64.ts';
import { armedWatchpoints, isWatchedPage, matchWatchpoints } from '../../../src/engine/debug/watchpoints.ts';
import { writePstate } from '../../../src/engine/system/exceptions.ts';
import { type FakePe, fakePe } from '../fake-pe.ts';

const D = 0x4010_0000n;
let pe: FakePe;

beforeEach(() => {
  pe = fakePe();
  pe.controls.tde = true;
  pe.debug.mdscr = 0xa000n;
});

function arm(slot: number, control: bigint, value: bigint): void {
  pe.debug.file!.wcr[slot] = control;
  pe.debug.file!.wvr[slot] = value;
}

type Kind = 'load' | 'store' | 'both';
/** FAR of slot 0's hit, or null. */
function far(va: bigint, bytes: number, kind: Kind = 'store', unprivileged = false): bigint | null {
  const causes = matchWatchpoints(
    pe,
    armedWatchpoints(pe),
    lo32(va),
    hi32(va),
    bytes,
    kind !== 'store',
    kind !== 'load',
    unprivileged,
  );
  const first = causes[0];
  return first?.source === 'watchpoint' ? first.address : null;
}
/** Offsets 0..15 from D whose byte store hits. */
function watchedBytes(): number[] {
  return Array.from({ length: 16 }, (_, n) => n).filter((n) => far(D + BigInt(n), 1) !== null);
}

describe('control word', () => {
  test.each([
    [0x1ff7n, false, true],
    [0x1fefn, true, false],
    [0x1fffn, true, true],
    [0x1fe7n, false, false],
    [0x1ff6n, false, false],
  ])('0x%s: loads and stores', (control, loads, stores) => {
    arm(0, control, D);
    expect([far(D, 8, 'load') !== null, far(D, 8, 'store') !== null]).toEqual([loads, stores]);
    expect(far(D, 8, 'both') !== null).toBe(loads || stores);
  });

  /** [DBGWCR, EL1, EL0] */
  test.each([
    [0x1ffbn, true, false],
    [0x1ffdn, false, true],
    [0x1ff9n, false, false],
    [0x3fffn, true, true],
    [0x5fffn, true, true],
    [0x9fffn, false, false],
  ])('0x%s: privilege of the access', (control, el1, el0) => {
    arm(0, control, D);
    expect([far(D, 8) !== null, far(D, 8, 'store', true) !== null]).toEqual([el1, el0]);
    writePstate(pe, 0x3c0);
    expect(far(D, 8) !== null).toBe(el0);
  });

  test.each([
    ['one byte', 0x37n, D, [0]],
    ['upper word', 0x1e17n, D, [4, 5, 6, 7]],
    ['byte 3', 0x117n, D, [3]],
    ['BAS 0x38', 0x717n, D, [3, 4, 5]],
    ['BAS 0', 0x17n, D, []],
    ['BAS 0x05: lowest run', 0x0b7n, D, [0]],
    ['BAS 0xaa: lowest run', 0x1557n, D, [1]],
    ['BAS 0x99: lowest run', 0x1337n, D, [0]],
    ['BAS 0xc3: lowest run', 0x1877n, D, [0, 1]],
    ['DBGWVR bit 2: BAS bits 7:4 ignored', 0x1ff7n, D + 4n, [4, 5, 6, 7]],
    ['DBGWVR bits 1:0 ignored', 0x1ff7n, D + 3n, [0, 1, 2, 3, 4, 5, 6, 7]],
    ['MASK 1', 0x1001ff7n, D, []],
    ['MASK 2', 0x2001ff7n, D, []],
    ['MASK 3', 0x3001ff7n, D, [0, 1, 2, 3, 4, 5, 6, 7]],
    ['MASK 3, BAS ignored', 0x3000037n, D, [0, 1, 2, 3, 4, 5, 6, 7]],
    ['MASK 3, masked address bits ignored', 0x3001ff7n, D + 13n, [8, 9, 10, 11, 12, 13, 14, 15]],
  ])('%s', (_name, control, value, bytes) => {
    arm(0, control, value);
    expect(watchedBytes()).toEqual(bytes);
  });

  test('MASK 12 watches its page, MASK 31 two gibibytes', () => {
    arm(0, 0xc001ff7n, D);
    expect([far(D - 1n, 1), far(D, 1), far(D + 0xfffn, 1), far(D + 0x1000n, 1)]).toEqual([
      null,
      D,
      D + 0xfffn,
      null,
    ]);
    arm(0, 0x1f001ff7n, D);
    expect([far(0n, 1), far(0x7fff_ffffn, 1), far(0x8000_0000n, 1)]).toEqual([0n, 0x7fff_ffffn, null]);
  });
});

describe('access', () => {
  test('FAR is the lowest watched byte accessed', () => {
    arm(0, 0x1ff7n, D + 0x40n);
    expect(far(D + 0x3cn, 8)).toBe(D + 0x40n);
    expect(far(D + 0x44n, 8)).toBe(D + 0x44n);
    expect(far(D + 0x38n, 8)).toBeNull();
    expect(far(D + 0x38n, 16)).toBe(D + 0x40n);
    expect(far(D + 0x48n, 8)).toBeNull();
  });

  /** Arm ARM example: a doubleword access to 0x1003 with the byte 0x1009 watched. */
  test('unaligned accesses hit beyond their doubleword', () => {
    arm(0, (0x02n << 5n) | 0x17n, 0x1008n);
    expect(far(0x1003n, 8)).toBe(0x1009n);
    expect(far(0x1001n, 8)).toBeNull();
  });

  test('a tag takes no part in the match but is reported', () => {
    arm(0, 0x1ff7n, D);
    const tagged = (0xabn << 56n) | D;
    expect(far(tagged - 4n, 8)).toBe(tagged);
  });

  test('kernel addresses, sign-extended or cut to 53 bits', () => {
    const va = 0xffff_ff80_4010_0000n;
    for (const value of [va, va & 0x1f_ffff_ffff_ffffn]) {
      arm(0, 0x1ff7n, value);
      expect(far(va, 1)).toBe(va);
      expect(far(D, 1)).toBeNull();
    }
  });

  test('several slots, each with its own address; slots that do not exist never fire', () => {
    for (let n = 0; n < 16; n++) arm(n, 0x1ff7n, D + BigInt(8 * (n % 2)));
    expect(matchWatchpoints(pe, armedWatchpoints(pe), lo32(D + 4n), 0, 16, false, true, false)).toEqual([
      { source: 'watchpoint', slot: 0, address: D + 4n },
      { source: 'watchpoint', slot: 1, address: D + 8n },
      { source: 'watchpoint', slot: 2, address: D + 4n },
      { source: 'watchpoint', slot: 3, address: D + 8n },
    ]);
  });

  test('a linked watchpoint wants its context', () => {
    arm(0, 0x1ff7n | (1n << 20n) | (5n << 16n), D);
    pe.debug.file!.bcr[5] = 0x3001e7n;
    pe.debug.file!.bvr[5] = 0xabcdefn;
    expect(far(D, 8)).toBeNull();
    pe.setSysreg('CONTEXTIDR_EL1', 0xabcdefn);
    expect(far(D, 8)).toBe(D);
  });

  test('MDE clear or no file: nothing', () => {
    arm(0, 0x1ff7n, D);
    pe.debug.mdscr = 0x2000n;
    expect(far(D, 8)).toBeNull();
    expect(isWatchedPage(armedWatchpoints(pe), lo32(D), 0)).toBe(false);
    pe.debug.mdscr = 0xa000n;
    pe.debug.file = null;
    expect(far(D, 8)).toBeNull();
    expect(isWatchedPage(armedWatchpoints(pe), lo32(D), 0)).toBe(false);
  });
});

/** What a watchpoint watches, byte by byte, straight from the definition; contiguous BAS only. */
function definition(control: bigint, value: bigint): (byte: bigint) => boolean {
  const mask = (control >> 24n) & 31n;
  if (mask !== 0n) return (byte) => byte >> mask === value >> mask;
  const bas = (control >> 5n) & 0xffn;
  const word = (value & 4n) !== 0n;
  const base = value & ~3n;
  return (byte) => {
    const index = byte - base;
    return index >= 0n && index < (word ? 4n : 8n) && ((bas >> index) & 1n) === 1n;
  };
}

test('matching agrees with a set of bytes', () => {
  const bas = fc
    .tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 8 }))
    .map(([start, length]) => (((1 << Math.min(length, 8 - start)) - 1) << start) & 0xff);
  const watchpoint = fc.record({
    bas,
    mask: fc.constantFrom(0, 0, 0, 3, 4, 5, 6),
    value: fc.integer({ min: 0x1000, max: 0x1060 }),
    va: fc.integer({ min: 0xff0, max: 0x1070 }),
    bytes: fc.constantFrom(1, 2, 4, 8, 16, 32, 64),
  });
  fc.assert(
    fc.property(watchpoint, ({ bas: select, mask, value, va, bytes }) => {
      const control = 0x17n | (BigInt(select) << 5n) | (BigInt(mask) << 24n);
      const wordAligned = mask === 0 ? value & ~3 : value;
      arm(0, control, BigInt(wordAligned));
      const watched = definition(control, BigInt(wordAligned));
      let lowest: bigint | null = null;
      for (let n = 0; n < bytes && lowest === null; n++) {
        if (watched(BigInt(va + n))) lowest = BigInt(va + n);
      }
      expect(far(BigInt(va), bytes)).toBe(lowest);
      // A page that holds a hit must be a watched one, or the access would never be matched.
      if (lowest !== null) expect(isWatchedPage(armedWatchpoints(pe), Number(lowest), 0)).toBe(true);
      return true;
    }),
    { numRuns: 3000, seed: 20150529 },
  );
});

test('pages beside the watched range are not watched', () => {
  arm(0, 0x1ff7n, 0x1ff8n);
  expect([0x0fff, 0x1000, 0x1fff, 0x2000].map((va) => isWatchedPage(armedWatchpoints(pe), va, 0))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  arm(0, 0xe001ff7n, 0x8000n);
  expect([0x7fff, 0x8000, 0xbfff, 0xc000].map((va) => isWatchedPage(armedWatchpoints(pe), va, 0))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('LDTR and STTR with PSTATE.UAO are accesses of EL1 for PAC', () => {
  arm(0, 0x1ff3n, D);
  expect(far(D, 8, 'store', true)).toBeNull();
  writePstate(pe, pe.state.pstate | PSTATE.UAO);
  expect(far(D, 8, 'store', true)).toBe(D);
});
