/** States that floating-point instructions are interesting in: FPCR, FPSR, and numbers at the edges of formats. */
import type { Row } from '../../src/engine/decode/row.ts';
import { Halves, putLane, type Rng } from './numbers.ts';

interface Format {
  readonly bits: number;
  readonly fraction: number;
  readonly bias: number;
}
const HALF: Format = { bits: 16, fraction: 10, bias: 15 };
const SINGLE: Format = { bits: 32, fraction: 23, bias: 127 };
const DOUBLE: Format = { bits: 64, fraction: 52, bias: 1023 };
const FORMATS = { 16: HALF, 32: SINGLE, 64: DOUBLE } as const;

/** Rows whose result depends on FPCR or whose operands are floating-point numbers. */
export const isFloatingPoint = ({ name }: Row): boolean => /^(F(?!MOV)|[SU]CVTF|URECPE|URSQRTE)/.test(name);

/** RMode, FZ, DN, AHP, FZ16; the reset value half of the time. */
export function randomFpcr(rng: Rng): number {
  const value = rng() & 0x07c8_0000;
  return rng() % 2 === 0 ? 0 : value;
}
/** IOC, DZC, OFC, UFC, IXC, IDC, sometimes with QC; clear half of the time, and often with IXC alone. */
export function randomFpsr(rng: Rng): number {
  const value = rng() & 0x0800_009f;
  const kind = rng() % 8;
  return kind < 4 ? 0 : kind < 6 ? 0x10 : value;
}

const scratch = new Halves();

/** A fraction that is short, all ones, one off a power of two, or any. */
function randomFraction(rng: Rng, { fraction }: Format, out: Halves): Halves {
  out.any(rng).keepBelow(fraction);
  const short = fraction - 1 - (rng() % fraction);
  switch (rng() % 8) {
    case 0:
      return out.set(0, 0);
    case 1:
      return out.set(-1, -1).keepBelow(fraction);
    case 2:
      return out.set(1 + (rng() % 3), 0);
    case 3:
      return out.bit(short);
    case 4:
      return out.clearBelow(Math.ceil(fraction / 2));
    case 5:
      return out.clearBelow(short);
    default:
      return out;
  }
}

/** A biased exponent: mostly near that of 1, often near the limits, half way to them, or of a large integer. */
function randomExponent(rng: Rng, { bias, fraction, bits }: Format): number {
  const near = (rng() % 9) - 4;
  switch (rng() % 10) {
    case 0:
      return Math.max(0, near);
    case 1:
      return 2 * bias - Math.max(0, near);
    case 2:
      return (bias >> 1) + near;
    case 3:
      return bias + (bias >> 1) + near;
    case 4:
      return bias + fraction + near;
    case 5:
      return Math.min(2 * bias, bias + (rng() % 2 === 0 ? 31 : bits - 1) + (near >> 1));
    case 6:
      return Math.max(0, bias - fraction + near);
    case 7:
      return rng() % (2 * bias + 1);
    default:
      return bias + near;
  }
}

function randomNumber(rng: Rng, format: Format, out: Halves): Halves {
  const { bits, fraction, bias } = format;
  const sign = rng() & 1;
  const ones = 2 * bias + 1;
  out.any(rng).keepBelow(fraction);
  const kind = rng() % 24;
  switch (kind) {
    case 0:
    case 1:
      out.set(0, 0);
      break;
    case 2:
      out.set(0, 0).or(ones, fraction);
      break;
    case 3:
      // Quiet, with no payload or with any.
      if (rng() % 2 === 0) out.set(0, 0);
      out.or(1, fraction - 1).or(ones, fraction);
      break;
    case 4:
      // Signaling.
      out
        .keepBelow(fraction - 1)
        .or(1, 0)
        .or(ones, fraction);
      break;
    case 5:
    case 6:
      randomFraction(rng, format, out);
      break;
    case 7:
      return out.any(rng).keepBelow(bits);
    case 8:
      out.set(0, 0).or(bias, fraction);
      break;
    default: {
      const exponent = randomExponent(rng, format);
      randomFraction(rng, format, out).or(exponent, fraction);
    }
  }
  return out.or(sign, bits - 1);
}

/** A number of a size, special values and NaNs among them. */
export const randomFloat = (rng: Rng, size: 16 | 32 | 64): bigint =>
  randomNumber(rng, FORMATS[size], scratch).bigint;

const HALF_ROW = /half/;
const CONVERSION_ROW = /^FCVT(L|N|XN)?( |$)/;

/** The value of V register `n`: lanes of one format, mostly the one that the instruction is likely to use. */
export function randomVector(rng: Rng, { name }: Row, word: number, v: Int32Array, n: number): void {
  const isDouble = ((word >>> 22) & 1) === 1;
  const half = HALF_ROW.test(name) || (CONVERSION_ROW.test(name) && rng() % 2 === 0);
  const format = half ? HALF : isDouble === rng() % 8 > 0 ? DOUBLE : SINGLE;
  for (let at = 0; at < 128; at += format.bits)
    putLane(v, n, at, format.bits, randomNumber(rng, format, scratch));
}
