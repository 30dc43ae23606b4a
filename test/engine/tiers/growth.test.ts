/** When regions are made larger. */
import { describe, expect, it } from 'vitest';
import { LARGE, SMALL } from '../../../src/engine/tiers/jit/formation.ts';
import { Growth } from '../../../src/engine/tiers/jit/growth.ts';

const RECORD = 0x3_0040;
const THRESHOLD = 10_000;

/** The record is hot `times` times, an arrival in `apart` instructions; after how many larger regions were due, or null. */
function becomeHot(growth: Growth, times: number, apart: number): number | null {
  for (let n = 1; n <= times; n++) if (growth.isDue(RECORD, n * THRESHOLD * apart)) return n;
  return null;
}

describe('regions that end before a record', () => {
  it('are made larger when they are left there all the time', () => {
    expect(becomeHot(new Growth(THRESHOLD), 100, 50)).toBe(4);
  });
  it('stay as they are when that is seldom', () => {
    expect(becomeHot(new Growth(THRESHOLD), 100, 1000)).toBe(null);
  });
  it('are small until they are grown, and again when their code has changed', () => {
    const growth = new Growth(THRESHOLD);
    expect(growth.extentOf(RECORD)).toBe(SMALL);
    growth.grow(RECORD);
    expect(growth.extentOf(RECORD)).toBe(LARGE);
    growth.clear();
    expect(growth.extentOf(RECORD)).toBe(SMALL);
  });
});
