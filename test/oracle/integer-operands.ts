/** States that vector instructions on integers are interesting in: lanes at the edges of their range, small numbers. */
import type { Row } from '../../src/engine/decode/row.ts';

type Rng = () => number;

/** Rows whose operands are vectors of integers or of bits. */
export const isVectorInteger = ({ encodingClass }: Row): boolean =>
  /^(Advanced SIMD (?!load|copy|scalar copy|modified)|Cryptographic)/.test(encodingClass);

/** Limits, their neighbours, counts of bits, single bits, or anything. */
function randomLane(rng: Rng, bits: number): bigint {
  const any = (BigInt(rng()) << 32n) | BigInt(rng());
  const highest = 1n << BigInt(bits - 1);
  switch (rng() % 12) {
    case 0:
      return 0n;
    case 1:
      return highest;
    case 2:
      return highest - 1n;
    case 3:
      return -1n;
    case 4:
      return highest + BigInt((rng() % 3) - 1);
    case 5:
      return 1n << BigInt(rng() % bits);
    case 6:
      return BigInt((rng() % 5) - 2);
    case 7:
    case 8:
      return BigInt((rng() % 141) - 70);
    default:
      return any;
  }
}

/** A limit, the lowest one as often as not. */
function extremeLane(rng: Rng, bits: number): bigint {
  const lowest = 1n << BigInt(bits - 1);
  return [0n, -1n, lowest - 1n, lowest, lowest, lowest][rng() % 6]!;
}
/** An index into a table of up to 64 bytes, or a little beyond. */
const randomIndex = (rng: Rng): bigint => BigInt(rng() % 70);

/** The value of a V register: lanes of one size, of one kind. */
export function randomLanes(rng: Rng, { encodingClass }: Row): bigint {
  const isIndex = encodingClass.endsWith('table lookup') && rng() % 2 === 0;
  const bits = isIndex ? 8 : 8 << (rng() % 4);
  const lane = isIndex ? randomIndex : rng() % 3 === 0 ? extremeLane : randomLane;
  let value = 0n;
  for (let at = 0; at < 128; at += bits) {
    value |= BigInt.asUintN(bits, lane(rng, bits)) << BigInt(at);
  }
  return value;
}
