/** Which operations have a fast path in regions. */
import type { FpOperation } from '../../../fp/operation.ts';
import type { FloatTy } from '../../../semantics/ir.ts';
import {
  extreme,
  FAST_LETTERS,
  product,
  quotient,
  relation,
  root,
  roundToIntegral,
  sum,
} from './arithmetic.ts';
import {
  demoted,
  type FastScalar,
  lanesFromIntegers,
  lanesToIntegers,
  promoted,
  toGeneral,
} from './conversion.ts';
import type { FastLanes } from './lanes.ts';
import { fusedMultiplyAdd, multiplyAddDouble, multiplyAddSingle } from './multiply-add.ts';

type Size = 32 | 64;
const SIGNS = ['s', 'u'] as const;
const SIZES = [32, 64] as const;

const LANES: ReadonlyMap<FpOperation, FastLanes> = new Map<FpOperation, FastLanes>([
  ['add', sum('add')],
  ['sub', sum('sub')],
  ['mul', product],
  ['div', quotient],
  ['sqrt', root],
  ['max', extreme('max')],
  ['maxnm', extreme('max')],
  ['min', extreme('min')],
  ['minnm', extreme('min')],
  ['cmeq', relation('eq')],
  ['cmge', relation('ge')],
  ['cmgt', relation('gt')],
  ['rintx', roundToIntegral('n')],
  ['rinti', roundToIntegral('n')],
  ...FAST_LETTERS.map((letter) => [`rint${letter}`, roundToIntegral(letter)] as const),
]);
const INTEGER_LANES: ReadonlyMap<FpOperation, readonly [Size, FastLanes]> = new Map(
  SIZES.flatMap((size) =>
    SIGNS.flatMap((sign): (readonly [FpOperation, readonly [Size, FastLanes]])[] => [
      [`${sign}cvtf${size}`, [size, lanesFromIntegers(sign)]],
      ...FAST_LETTERS.map((letter): readonly [FpOperation, readonly [Size, FastLanes]] => [
        `cvt${letter}${sign}${size}`,
        [size, lanesToIntegers(letter, sign)],
      ]),
    ]),
  ),
);

/** `fused`: the host's multiply-add rounds once. */
export function fastLanesOf(operation: FpOperation, size: Size, fused: boolean): FastLanes | undefined {
  if (operation === 'madd') {
    if (fused) return fusedMultiplyAdd;
    return size === 64 ? multiplyAddDouble : multiplyAddSingle;
  }
  const integers = INTEGER_LANES.get(operation);
  if (integers !== undefined) return integers[0] === size ? integers[1] : undefined;
  return LANES.get(operation);
}

const TO_GENERAL: ReadonlyMap<FpOperation, FastScalar> = new Map(
  SIZES.flatMap((bits) =>
    SIGNS.flatMap((sign) =>
      FAST_LETTERS.map((letter): [FpOperation, FastScalar] => [
        `cvt${letter}${sign}${bits}`,
        toGeneral(letter, sign, bits),
      ]),
    ),
  ),
);
/** Conversions from a number. */
export function fastScalarOf(operation: FpOperation, size: Size): FastScalar | undefined {
  if (operation === 'cvt32' && size === 64) return demoted;
  if (operation === 'cvt64' && size === 32) return promoted;
  return TO_GENERAL.get(operation);
}
/** Conversions from an integer of so many bits; `to` is the type of the number. */
export function fromIntegerOf(
  operation: FpOperation,
  size: Size,
): { sign: 's' | 'u'; bits: Size; to: FloatTy } | undefined {
  const found = /^([su])cvtf(32|64)$/.exec(operation);
  if (found === null) return undefined;
  return { sign: found[1] as 's' | 'u', bits: Number(found[2]) as Size, to: size === 64 ? 'f64' : 'f32' };
}
