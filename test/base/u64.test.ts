import { describe, expect, test } from 'vitest';
import { assert, InternalError } from '../../src/base/assert.ts';
import { bits, lowestSetBit } from '../../src/base/bits.ts';
import { ERRNO, errnoName } from '../../src/base/errno.ts';
import { bits64, fromHalves, hex32, hex64, hi32, lo32, s64 } from '../../src/base/u64.ts';

describe('64-bit helpers', () => {
  test('halves round-trip', () => {
    const value = 0x8000_0001_ffff_fffen;
    expect(lo32(value)).toBe(-2);
    expect(hi32(value)).toBe(-0x7fff_ffff);
    expect(fromHalves(lo32(value), hi32(value))).toBe(value);
  });

  test('hex text has a fixed width', () => {
    expect(hex64(0x40n)).toBe('0x0000000000000040');
    expect(hex64(-1n)).toBe('0xffffffffffffffff');
    expect(hex32(-1)).toBe('0xffffffff');
    expect(hex32(0xd2000062)).toBe('0xd2000062');
  });

  test('fields', () => {
    expect(bits64(0xabcd_0000_0000_0000n, 63, 56)).toBe(0xabn);
    expect(bits(0xffff_ffff, 31, 0)).toBe(0xffff_ffff);
    expect(bits(0x1234_5678, 15, 8)).toBe(0x56);
    expect(lowestSetBit(0x50)).toBe(4);
    expect(lowestSetBit(0)).toBe(32);
    expect(s64(0xffff_ffff_ffff_ffffn)).toBe(-1n);
  });
});

test('errno names', () => {
  expect(errnoName(-22)).toBe('EINVAL');
  expect(errnoName(ERRNO.ENOEXEC)).toBe('ENOEXEC');
  expect(errnoName(9999)).toBeUndefined();
});

test('a broken promise is an InternalError', () => {
  expect(() => assert(false, 'broken')).toThrow(InternalError);
  expect(() => assert(true, 'fine')).not.toThrow();
});
