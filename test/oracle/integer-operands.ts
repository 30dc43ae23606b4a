/** States that vector instructions on integers are interesting in: lanes at the edges of their range, small numbers. */
import type { Row } from '../../src/engine/decode/row.ts';
import { Halves, putLane, type Rng } from './numbers.ts';

/** Rows whose operands are vectors of integers or of bits. */
export const isVectorInteger = ({ encodingClass }: Row): boolean =>
  /^(Advanced SIMD (?!load|copy|scalar copy|modified)|Cryptographic)/.test(encodingClass);

const scratch = new Halves();

/** Limits, their neighbours, counts of bits, single bits, or anything; of any length, the low bits count. */
function randomLane(rng: Rng, bits: number): Halves {
  const out = scratch.any(rng);
  switch (rng() % 12) {
    case 0:
      return out.set(0, 0);
    case 1:
      return out.bit(bits - 1);
    case 2:
      return out.bit(bits - 1).add(-1);
    case 3:
      return out.set(-1, -1);
    case 4:
      return out.bit(bits - 1).add((rng() % 3) - 1);
    case 5:
      return out.bit(rng() % bits);
    case 6:
      return out.small((rng() % 5) - 2);
    case 7:
    case 8:
      return out.small((rng() % 141) - 70);
    default:
      return out;
  }
}

/** A limit, the lowest one as often as not. */
function extremeLane(rng: Rng, bits: number): Halves {
  const kind = rng() % 6;
  if (kind < 2) return scratch.small(-kind);
  return kind === 2 ? scratch.bit(bits - 1).add(-1) : scratch.bit(bits - 1);
}
/** An index into a table of up to 64 bytes, or a little beyond. */
const randomIndex = (rng: Rng): Halves => scratch.set(rng() % 70, 0);

/** The value of V register `n`: lanes of one size, of one kind. */
export function randomLanes(rng: Rng, { encodingClass }: Row, v: Int32Array, n: number): void {
  const isIndex = encodingClass.endsWith('table lookup') && rng() % 2 === 0;
  const bits = isIndex ? 8 : 8 << (rng() % 4);
  const lane = isIndex ? randomIndex : rng() % 3 === 0 ? extremeLane : randomLane;
  for (let at = 0; at < 128; at += bits) putLane(v, n, at, bits, lane(rng, bits));
}
