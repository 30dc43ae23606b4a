/** When an instruction that regions refuse to do in place is better called. */
import { describe, expect, it } from 'vitest';
import { Refusals } from '../../../src/engine/tiers/jit/refusals.ts';

const RECORD = 0x3_0040;

/** Refuses once in `apart` instructions, `times` times; after how many it was said to be too often, or null. */
function refuse(refusals: Refusals, times: number, apart: number): number | null {
  for (let n = 1; n <= times; n++) if (refusals.note(RECORD, 1_000_000 + n * apart)) return n;
  return null;
}

describe('refusals', () => {
  it('are too many when they come close together', () => {
    const refusals = new Refusals();
    expect(refuse(refusals, 1000, 50)).toBe(100);
    expect(refusals.slow.has(RECORD)).toBe(true);
  });
  it('are never too many far apart', () => {
    const refusals = new Refusals();
    expect(refuse(refusals, 10_000, 100_000)).toBe(null);
    expect(refusals.slow.size).toBe(0);
  });
  it('are told of once', () => {
    const refusals = new Refusals();
    refuse(refusals, 1000, 50);
    expect(refuse(refusals, 1000, 50)).toBe(null);
  });
  it('are forgotten when the instruction changes', () => {
    const refusals = new Refusals();
    refuse(refusals, 1000, 50);
    refusals.forget(RECORD, RECORD);
    expect(refusals.slow.size).toBe(0);
    expect(refuse(refusals, 1000, 50)).toBe(100);
  });
});
