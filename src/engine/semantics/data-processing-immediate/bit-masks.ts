/** Arm ARM pseudocode DecodeBitMasks, for logical immediates. */
import { type Halves, ones, shiftLeft } from '../operands.ts';

/** The 64-bit immediate of the fields, or undefined when they are reserved. */
export function decodeBitMasks(N: number, imms: number, immr: number): Halves | undefined {
  const length = 31 - Math.clz32((N << 6) | (~imms & 0x3f));
  if (length < 1) return undefined;
  const size = 1 << length;
  const set = (imms & (size - 1)) + 1;
  if (set === size) return undefined;
  const rotation = immr & (size - 1);
  if (size === 64) return rotateRight64(ones(set), rotation);
  const element = rotateRight(ones(set).lo, rotation, size);
  let half = element;
  for (let filled = size; filled < 32; filled *= 2) half |= half << filled;
  return { lo: half | 0, hi: half | 0 };
}

/** Rotate within `size` (2..32) bits. */
function rotateRight(value: number, by: number, size: number): number {
  if (by === 0) return value;
  const mask = size === 32 ? -1 : (1 << size) - 1;
  return ((value >>> by) | (value << (size - by))) & mask;
}

function rotateRight64(value: Halves, by: number): Halves {
  if (by === 0) return value;
  const left = shiftLeft(value, 64 - by);
  const right =
    by >= 32
      ? { lo: value.hi >>> (by - 32), hi: 0 }
      : { lo: (value.lo >>> by) | (value.hi << (32 - by)), hi: value.hi >>> by };
  return { lo: left.lo | right.lo, hi: left.hi | right.hi };
}
