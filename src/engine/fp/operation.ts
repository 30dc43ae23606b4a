/** The operations that instructions are made of, by name; operands and results are bit patterns. */
import { fpAdd, fpSub } from './add.ts';
import { fpCompare, fpCompareEq, fpCompareGe, fpCompareGt } from './compare.ts';
import type { FpContext, Rounding } from './context.ts';
import { fpConvert } from './convert.ts';
import { fpDiv } from './div.ts';
import { fixedToFp } from './fixed-to-fp.ts';
import { FORMATS, type Format, type FpSize } from './format.ts';
import { fpMax, fpMaxNum, fpMin, fpMinNum } from './min-max.ts';
import { fpMul, fpMulX } from './mul.ts';
import { fpMulAdd } from './mul-add.ts';
import { fpRecipEstimate, unsignedRecipEstimate } from './recip-estimate.ts';
import { fpRecpX } from './recip-x.ts';
import { fpRoundInt } from './round-int.ts';
import { fpRSqrtEstimate, unsignedRSqrtEstimate } from './rsqrt-estimate.ts';
import { fpSqrt } from './sqrt.ts';
import { fpRecipStepFused, fpRSqrtStepFused } from './step-fused.ts';
import { fpToFixed } from './to-fixed.ts';

/** Rounding by the letter that mnemonics have: FCVTNS, FRINTP. */
const LETTERS = {
  n: 'tieEven',
  p: 'positive',
  m: 'negative',
  z: 'zero',
  a: 'tieAway',
} as const satisfies Record<string, Rounding>;
export type RoundingLetter = keyof typeof LETTERS;
type Signedness = 's' | 'u';

type Arithmetic =
  | 'add'
  | 'sub'
  | 'mul'
  | 'mulx'
  | 'div'
  | 'max'
  | 'min'
  | 'maxnm'
  | 'minnm'
  | 'recps'
  | 'rsqrts'
  | 'sqrt'
  | 'recpe'
  | 'recpx'
  | 'rsqrte'
  | 'madd';
/** `cmp`, `cmpe`: NZCV in bits 3..0; the others 1 or 0. */
type Comparison = 'cmp' | 'cmpe' | 'cmeq' | 'cmge' | 'cmgt';
/**
 * The size of an operation is that of its floating-point operands, or of its result when there are none:
 * `cvtzs64` to a signed 64-bit integer, `ucvtf32` from an unsigned 32-bit one (both with a number of fraction bits
 * as second operand), `cvt16` to half precision.
 */
export type FpOperation =
  | Arithmetic
  | Comparison
  | `rint${RoundingLetter | 'x' | 'i'}`
  | `cvt${RoundingLetter}${Signedness}${FpSize}`
  | `${Signedness}cvtf${FpSize}`
  | `cvt${FpSize}`
  | 'cvtxn'
  | 'urecpe'
  | 'ursqrte';

type Run = (cx: FpContext, f: Format, a: bigint, b: bigint, c: bigint) => bigint;

const SIZES = [16, 32, 64] as const;
const SIGNS = ['s', 'u'] as const;
const letters = Object.entries(LETTERS) as [RoundingLetter, Rounding][];
const named = <Name extends FpOperation>(entries: readonly (readonly [Name, Run])[]): Record<Name, Run> =>
  Object.fromEntries(entries) as Record<Name, Run>;

const TO_INTEGRAL = named(
  letters.map(([letter, r]) => [`rint${letter}`, (cx, f, a) => fpRoundInt(cx, f, a, r, false)]),
);
const TO_FIXED = named(
  letters.flatMap(([letter, r]) =>
    SIGNS.flatMap((sign) =>
      SIZES.map((bits) => {
        const type = { bits, signed: sign === 's' };
        const run: Run = (cx, f, a, b) => fpToFixed(cx, f, a, Number(b), type, r);
        return [`cvt${letter}${sign}${bits}`, run] as const;
      }),
    ),
  ),
);
const FROM_FIXED = named(
  SIGNS.flatMap((sign) =>
    SIZES.map((bits) => {
      const type = { bits, signed: sign === 's' };
      const run: Run = (cx, f, a, b) => fixedToFp(cx, f, a, Number(b), type);
      return [`${sign}cvtf${bits}`, run] as const;
    }),
  ),
);
const CONVERT = named(SIZES.map((size) => [`cvt${size}`, (cx, f, a) => fpConvert(cx, f, FORMATS[size], a)]));

const OPERATIONS: Readonly<Record<FpOperation, Run>> = {
  add: fpAdd,
  sub: fpSub,
  mul: fpMul,
  mulx: fpMulX,
  div: fpDiv,
  max: fpMax,
  min: fpMin,
  maxnm: fpMaxNum,
  minnm: fpMinNum,
  recps: fpRecipStepFused,
  rsqrts: fpRSqrtStepFused,
  sqrt: fpSqrt,
  recpe: fpRecipEstimate,
  recpx: fpRecpX,
  rsqrte: fpRSqrtEstimate,
  madd: fpMulAdd,
  cmp: (cx, f, a, b) => fpCompare(cx, f, a, b, 'signalling'),
  cmpe: (cx, f, a, b) => fpCompare(cx, f, a, b, 'both'),
  cmeq: fpCompareEq,
  cmge: fpCompareGe,
  cmgt: fpCompareGt,
  rintx: (cx, f, a) => fpRoundInt(cx, f, a, cx.rounding, true),
  rinti: (cx, f, a) => fpRoundInt(cx, f, a, cx.rounding, false),
  cvtxn: (cx, f, a) => fpConvert(cx, f, FORMATS[32], a, 'odd'),
  urecpe: (_cx, _f, a) => unsignedRecipEstimate(a),
  ursqrte: (_cx, _f, a) => unsignedRSqrtEstimate(a),
  ...TO_INTEGRAL,
  ...TO_FIXED,
  ...FROM_FIXED,
  ...CONVERT,
};

const NAMES = Object.keys(OPERATIONS) as FpOperation[];
const CODES: ReadonlyMap<FpOperation, number> = new Map(NAMES.map((name, i) => [name, i]));
const RUNS: readonly Run[] = NAMES.map((name) => OPERATIONS[name]);

/** A number for an operation at a size, which generated code can pass on. */
export const codeOf = (operation: FpOperation, size: FpSize): number =>
  CODES.get(operation)! * SIZES.length + SIZES.indexOf(size);

/** Run an operation by its code. Operands that it lacks are ignored; flags are added to the context's. */
export function runCode(cx: FpContext, code: number, a: bigint, b: bigint, c: bigint): bigint {
  const format = FORMATS[SIZES[(code % SIZES.length) as 0 | 1 | 2]];
  return RUNS[Math.trunc(code / SIZES.length)]!(cx, format, a, b, c);
}
