/** Products of polynomials over {0, 1} of degree 63, with ordinary multiplications. */
import { bin, k64 } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { I64 } from '../ir.ts';

/** Every fourth bit, beginning with bit `i`. */
const EVERY_FOURTH = [0, 1, 2, 3].map((i) => 0x1111_1111_1111_1111n << BigInt(i));
const classOf = (v: I64, i: number): I64 => bin('and', v, k64(EVERY_FOURTH[i]!));

/**
 * Low 64 bits. With three zeros between the bits of both factors, the sums of an ordinary product stay below 16 where
 * their carries would be kept, so the lowest bit of each sum is the carry-less product's bit.
 */
function lowProduct(e: Emitter, x: I64, y: I64): I64 {
  const xs = [0, 1, 2, 3].map((i) => e.let(classOf(x, i)));
  const ys = [0, 1, 2, 3].map((i) => e.let(classOf(y, i)));
  const ofClass = (k: number): I64 =>
    [0, 1, 2, 3]
      .map((i): I64 => bin('mul', xs[i]!, ys[(k - i + 4) % 4]!))
      .reduce((sum, term) => bin('xor', sum, term));
  return [0, 1, 2, 3].map((k) => classOf(ofClass(k), k)).reduce((all, part) => bin('or', all, part));
}

const SWAPS = [
  [1, 0x5555_5555_5555_5555n],
  [2, 0x3333_3333_3333_3333n],
  [4, 0x0f0f_0f0f_0f0f_0f0fn],
  [8, 0x00ff_00ff_00ff_00ffn],
  [16, 0x0000_ffff_0000_ffffn],
] as const;
function reversed(e: Emitter, v: I64): I64 {
  let r = v;
  for (const [by, mask] of SWAPS) {
    const x = e.let(r);
    const down = bin('and', bin('shr', x, k64(by)), k64(mask));
    r = bin('or', down, bin('shl', bin('and', x, k64(mask)), k64(by)));
  }
  return bin('rotl', r, k64(32));
}

/** All 127 bits of the product. */
export function polynomialProduct(e: Emitter, a: I64, b: I64): { readonly low: I64; readonly high: I64 } {
  const x = e.let(a);
  const y = e.let(b);
  const low = e.let(lowProduct(e, x, y));
  // The high bits are the low bits of the product of the mirrored factors.
  const mirrored = lowProduct(e, e.let(reversed(e, x)), e.let(reversed(e, y)));
  return { low, high: bin('shr', reversed(e, mirrored), k64(1)) };
}
