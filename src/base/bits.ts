/** 32-bit helpers. */

/** Bits `high`..`low` of a 32-bit value, shifted down, unsigned. */
export function bits(value: number, high: number, low: number): number {
  return ((value >>> low) & (0xffff_ffff >>> (31 - (high - low)))) >>> 0;
}

/** Bit `n`, 0 or 1. */
export function bit(value: number, n: number): number {
  return (value >>> n) & 1;
}

/** Index of the lowest set bit, 32 when there is none. */
export function lowestSetBit(value: number): number {
  return value === 0 ? 32 : 31 - Math.clz32(value & -value);
}
