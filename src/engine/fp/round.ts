/** Arm ARM pseudocode FPRoundBase, FPRound, FPRoundCV. */
import { FPSR, type FpContext, type Rounding } from './context.ts';
import { bitLength, type Format, fpInfinity, fpMaxNormal, fpZero, pack, type Sign } from './format.ts';

/** A positive real: mantissa * 2^exponent, and a little more (less than one unit of the mantissa) when `more`. */
export interface Magnitude {
  readonly mantissa: bigint;
  readonly exponent: number;
  readonly more?: boolean;
}

/** What is cut off, in units of the last place kept: 0, below a half, a half, above. */
const NOTHING = 0;
const BELOW = 1;
const HALF = 2;
const ABOVE = 3;

export interface Cut {
  readonly kept: bigint;
  readonly inexact: boolean;
  readonly up: boolean;
}

/** Cut `shift` bits off and decide whether the rounding mode goes up in magnitude. */
export function cut(
  { mantissa, more = false }: Magnitude,
  shift: number,
  sign: Sign,
  rounding: Rounding,
): Cut {
  if (shift <= 0) return { kept: mantissa << BigInt(-shift), inexact: false, up: false };
  const kept = mantissa >> BigInt(shift);
  const error = errorOf(mantissa - (kept << BigInt(shift)), 1n << BigInt(shift - 1), more);
  return { kept, inexact: error !== NOTHING, up: roundsUp(error, kept, sign, rounding) };
}
function errorOf(rest: bigint, half: bigint, more: boolean): number {
  if (rest === half) return more ? ABOVE : HALF;
  if (rest > half) return ABOVE;
  return rest === 0n && !more ? NOTHING : BELOW;
}
function roundsUp(error: number, kept: bigint, sign: Sign, rounding: Rounding): boolean {
  switch (rounding) {
    case 'tieEven':
      return error === ABOVE || (error === HALF && (kept & 1n) === 1n);
    case 'tieAway':
      return error >= HALF;
    case 'positive':
      return error !== NOTHING && sign === 0;
    case 'negative':
      return error !== NOTHING && sign === 1;
    case 'zero':
    case 'odd':
      return false;
  }
}

/** Whether what is too large becomes infinity instead of the largest number. */
export function overflowsToInfinity(rounding: Rounding, sign: Sign): boolean {
  switch (rounding) {
    case 'positive':
      return sign === 0;
    case 'negative':
      return sign === 1;
    case 'zero':
    case 'odd':
      return false;
    default:
      return true;
  }
}

/** Round to a format; tininess is detected before rounding. */
export function fpRound(
  cx: FpContext,
  f: Format,
  sign: Sign,
  value: Magnitude,
  rounding: Rounding = cx.rounding,
): bigint {
  return roundBase(cx, f, sign, value, rounding, cx.flushes(f), false);
}

/** For conversions: half precision results are never flushed, and may be of the alternative format. */
export function fpRoundConvert(
  cx: FpContext,
  f: Format,
  sign: Sign,
  value: Magnitude,
  rounding: Rounding,
): bigint {
  const half = f.size === 16;
  return roundBase(cx, f, sign, value, rounding, !half && cx.flushes(f), half && cx.alternativeHalf);
}

function roundBase(
  cx: FpContext,
  f: Format,
  sign: Sign,
  value: Magnitude,
  rounding: Rounding,
  flush: boolean,
  alternative: boolean,
): bigint {
  const exponent = value.exponent + bitLength(value.mantissa) - 1;
  const tiny = exponent < f.minimumExponent;
  if (tiny && flush) {
    cx.raise(FPSR.UNDERFLOW);
    return fpZero(f, sign);
  }
  const lastPlace = (tiny ? f.minimumExponent : exponent) - f.fractionBits;
  const { kept, inexact, up } = cut(value, lastPlace - value.exponent, sign, rounding);
  if (tiny && inexact) cx.raise(FPSR.UNDERFLOW);
  let mantissa = up ? kept + 1n : kept;
  let biased = tiny ? 0 : exponent - f.minimumExponent + 1;
  const hidden = 1n << f.fractionShift;
  if (tiny && mantissa === hidden) biased = 1;
  if (mantissa === hidden << 1n) {
    biased++;
    mantissa >>= 1n;
  }
  if (inexact && rounding === 'odd') mantissa |= 1n;
  if (alternative && biased > f.maximumBiased) {
    cx.raise(FPSR.INVALID);
    return f.magnitudeMask | fpZero(f, sign);
  }
  if (!alternative && biased >= f.maximumBiased) {
    cx.raise(FPSR.OVERFLOW | FPSR.INEXACT);
    return overflowsToInfinity(rounding, sign) ? fpInfinity(f, sign) : fpMaxNormal(f, sign);
  }
  if (inexact) cx.raise(FPSR.INEXACT);
  return pack(f, sign, biased, mantissa & f.fractionMask);
}
