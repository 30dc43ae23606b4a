/** The IEEE 754 binary interchange formats, and their special values as bit patterns. */

export type FpSize = 16 | 32 | 64;
export type Sign = 0 | 1;

export interface Format {
  readonly size: FpSize;
  readonly exponentBits: number;
  readonly fractionBits: number;
  /** Exponent of the smallest normal number. */
  readonly minimumExponent: number;
  /** Biased exponent of infinities and NaNs. */
  readonly maximumBiased: number;
  readonly fractionMask: bigint;
  readonly quietBit: bigint;
  /** All bits but the sign. */
  readonly magnitudeMask: bigint;
  readonly signBit: bigint;
  readonly infinity: bigint;
  readonly fractionShift: bigint;
}

function makeFormat(size: FpSize, exponentBits: number): Format {
  const fractionBits = size - 1 - exponentBits;
  const maximumBiased = 2 ** exponentBits - 1;
  const signBit = 1n << BigInt(size - 1);
  return {
    size,
    exponentBits,
    fractionBits,
    minimumExponent: 2 - 2 ** (exponentBits - 1),
    maximumBiased,
    fractionMask: (1n << BigInt(fractionBits)) - 1n,
    quietBit: 1n << BigInt(fractionBits - 1),
    magnitudeMask: signBit - 1n,
    signBit,
    infinity: BigInt(maximumBiased) << BigInt(fractionBits),
    fractionShift: BigInt(fractionBits),
  };
}

export const FORMATS: Readonly<Record<FpSize, Format>> = {
  16: makeFormat(16, 5),
  32: makeFormat(32, 8),
  64: makeFormat(64, 11),
};

const signed = (f: Format, sign: Sign, magnitude: bigint): bigint =>
  sign === 0 ? magnitude : magnitude | f.signBit;

/** Arm ARM pseudocode FPZero, FPInfinity, FPMaxNormal, FPDefaultNaN, FPTwo, FPOnePointFive. */
export const fpZero = (f: Format, sign: Sign): bigint => signed(f, sign, 0n);
export const fpInfinity = (f: Format, sign: Sign): bigint => signed(f, sign, f.infinity);
export const fpMaxNormal = (f: Format, sign: Sign): bigint => signed(f, sign, f.infinity - 1n);
export const fpDefaultNaN = (f: Format): bigint => f.infinity | f.quietBit;
export const fpTwo = (f: Format, sign: Sign): bigint => pack(f, sign, 1 - f.minimumExponent + 1, 0n);
export const fpOnePointFive = (f: Format, sign: Sign): bigint =>
  pack(f, sign, 1 - f.minimumExponent, f.quietBit);
export const fpNeg = (f: Format, op: bigint): bigint => op ^ f.signBit;

/** A number from its biased exponent and fraction. */
export const pack = (f: Format, sign: Sign, biased: number, fraction: bigint): bigint =>
  signed(f, sign, (BigInt(biased) << f.fractionShift) | fraction);

export const signOf = (f: Format, op: bigint): Sign => ((op & f.signBit) === 0n ? 0 : 1);
export const biasedExponentOf = (f: Format, op: bigint): number =>
  Number((op & f.magnitudeMask) >> f.fractionShift);

/** Bits up to the highest one that is set; `n` >= 0. */
export function bitLength(n: bigint): number {
  let length = 0;
  let rest = n;
  while (rest > 0xffff_ffffn) {
    rest >>= 32n;
    length += 32;
  }
  return length + 32 - Math.clz32(Number(rest));
}
