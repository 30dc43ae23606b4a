/** States that floating-point instructions are interesting in: FPCR, FPSR, and numbers at the edges of formats. */
import type { Row } from '../../src/engine/decode/row.ts';

type Rng = () => number;

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

const random64 = (rng: Rng): bigint => (BigInt(rng()) << 32n) | BigInt(rng());

/** A fraction that is short, all ones, one off a power of two, or any. */
function randomFraction(rng: Rng, { fraction }: Format): bigint {
  const any = BigInt.asUintN(fraction, random64(rng));
  const short = 1n << BigInt(fraction - 1 - (rng() % fraction));
  switch (rng() % 8) {
    case 0:
      return 0n;
    case 1:
      return BigInt.asUintN(fraction, -1n);
    case 2:
      return BigInt(1 + (rng() % 3));
    case 3:
      return short;
    case 4:
      return any & -(1n << BigInt(Math.ceil(fraction / 2)));
    case 5:
      return BigInt.asUintN(fraction, any & -short);
    default:
      return any;
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

function randomNumber(rng: Rng, format: Format): bigint {
  const { bits, fraction, bias } = format;
  const sign = BigInt(rng() & 1) << BigInt(bits - 1);
  const ones = BigInt(2 * bias + 1) << BigInt(fraction);
  const payload = BigInt.asUintN(fraction, random64(rng));
  const quiet = 1n << BigInt(fraction - 1);
  switch (rng() % 24) {
    case 0:
    case 1:
      return sign;
    case 2:
      return sign | ones;
    case 3:
      return sign | ones | quiet | (rng() % 2 === 0 ? 0n : payload);
    case 4:
      return sign | ones | (payload & ~quiet) | 1n;
    case 5:
    case 6:
      return sign | randomFraction(rng, format);
    case 7:
      return BigInt.asUintN(bits, random64(rng));
    case 8:
      return sign | (BigInt(bias) << BigInt(fraction));
    default:
      return sign | (BigInt(randomExponent(rng, format)) << BigInt(fraction)) | randomFraction(rng, format);
  }
}

/** A number of a size, special values and NaNs among them. */
export const randomFloat = (rng: Rng, size: 16 | 32 | 64): bigint => randomNumber(rng, FORMATS[size]);

/** The value of a V register: lanes of one format, mostly the one that the instruction is likely to use. */
export function randomVector(rng: Rng, row: Row, word: number): bigint {
  const isDouble = ((word >>> 22) & 1) === 1;
  const half = /half/.test(row.name) || (/^FCVT(L|N|XN)?$/.test(row.name.split(' ')[0]!) && rng() % 2 === 0);
  const format = half ? HALF : isDouble === rng() % 8 > 0 ? DOUBLE : SINGLE;
  let value = 0n;
  for (let at = 0; at < 128; at += format.bits) value |= randomNumber(rng, format) << BigInt(at);
  return value;
}
