/**
 * VMSAv8-64 stage 1 formats: TCR_EL1 as walk parameters, descriptors as fields. Descriptors are two int32
 * halves; physical addresses are numbers below 2^48. Source: Arm ARM, VMSAv8-64 address translation.
 */

/** Half of TCR_EL1 that one TTBR uses, decoded. Reused between walks. */
export interface WalkParameters {
  /** Bits of offset within a page: 12, 14 or 16. 0: the TG encoding is reserved. */
  granule: number;
  /** Input address bits: 64 - TxSZ. */
  inputBits: number;
  disabled: boolean;
  topByteIgnored: boolean;
}

const TG0 = [12, 16, 14, 0] as const;
const TG1 = [0, 14, 12, 16] as const;

/** Output sizes of TCR_EL1.IPS and ID_AA64MMFR0_EL1.PARange; 52 bits needs FEAT_LPA and is taken as 48. */
const PHYSICAL_BITS = [32, 36, 40, 42, 44, 48, 48, 48] as const;

export function physicalBits(encoding: number): number {
  return PHYSICAL_BITS[encoding & 7]!;
}

/** Decode the half of TCR_EL1 that belongs to TTBR`range`_EL1. */
export function walkParameters(tcrLo: number, tcrHi: number, range: number, out: WalkParameters): void {
  const half = range === 0 ? tcrLo : tcrLo >>> 16;
  const tg = (half >>> 14) & 3;
  out.granule = range === 0 ? TG0[tg]! : TG1[tg]!;
  out.inputBits = 64 - (half & 0x3f);
  out.disabled = (half & 0x80) !== 0;
  out.topByteIgnored = ((tcrHi >>> (5 + range)) & 1) !== 0;
}

/** Level at which a walk of `inputBits` starts. */
export function startLevel(inputBits: number, granule: number): number {
  return 4 - Math.ceil((inputBits - granule) / (granule - 3));
}

/** Address bits below the block or page of a level. */
export function levelShift(level: number, granule: number): number {
  return granule + (3 - level) * (granule - 3);
}

/** Whether a granule has block descriptors at a level (without FEAT_LPA). */
export function blockAllowed(level: number, granule: number): boolean {
  return level === 2 || (level === 1 && granule === 12);
}

/** `width` bits of a 64-bit value from bit `shift`; width at most 16. */
export function field64(lo: number, hi: number, shift: number, width: number): number {
  const mask = (1 << width) - 1;
  if (shift >= 32) return (hi >>> (shift - 32)) & mask;
  if (shift + width <= 32) return (lo >>> shift) & mask;
  return ((lo >>> shift) | (hi << (32 - shift))) & mask;
}

/** Bits [47:low] of a 64-bit value as a number; bits below `low` (at most 31) are zero. */
export function outputAddress(lo: number, hi: number, low: number): number {
  return (hi & 0xffff) * 0x1_0000_0000 + ((lo & -(1 << low)) >>> 0);
}

/** First address beyond 2^bits bytes, 32 to 48 bits, without a call to pow. */
export function addressLimit(bits: number): number {
  return 0x1_0000_0000 * (1 << (bits - 32));
}

/** Bits 1:0 of a descriptor. */
export const DESCRIPTOR = { VALID: 1, TABLE_OR_PAGE: 2 } as const;

/** Lower attributes of block and page descriptors: bits of the low half. */
export const LOWER = { AP_EL0: 1 << 6, AP_READ_ONLY: 1 << 7, AF: 1 << 10 } as const;

/** Upper attributes: bits of the high half. */
export const UPPER = {
  /** Guarded page (FEAT_BTI). */
  GP: 1 << (50 - 32),
  PXN: 1 << (53 - 32),
  UXN: 1 << (54 - 32),
  PXN_TABLE: 1 << (59 - 32),
  UXN_TABLE: 1 << (60 - 32),
  AP_TABLE_NO_EL0: 1 << (61 - 32),
  AP_TABLE_READ_ONLY: 1 << (62 - 32),
} as const;
