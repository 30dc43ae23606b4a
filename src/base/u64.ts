/** Unsigned 64-bit values as bigint, and their halves as int32. Hex text is lower case with a `0x` prefix. */

export const MASK32 = 0xffff_ffffn;
export const MASK64 = 0xffff_ffff_ffff_ffffn;

/** The low 64 bits of any bigint, unsigned. */
export function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

/** The value of a 64-bit pattern read as two's complement. */
export function s64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** Bits 31..0 as an int32. */
export function lo32(value: bigint): number {
  return Number(value & MASK32) | 0;
}

/** Bits 63..32 as an int32. */
export function hi32(value: bigint): number {
  return Number((value >> 32n) & MASK32) | 0;
}

/** Two halves (any int32 or uint32) as one unsigned value. */
export function fromHalves(lo: number, hi: number): bigint {
  return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
}

/** Bits `high`..`low` of a value, shifted down. */
export function bits64(value: bigint, high: number, low: number): bigint {
  return BigInt.asUintN(high - low + 1, value >> BigInt(low));
}

/** Sixteen digits: `0x0000000040000000`. */
export function hex64(value: bigint): string {
  return `0x${u64(value).toString(16).padStart(16, '0')}`;
}

/** Eight digits: `0xd2000062`. Takes int32 and uint32 alike. */
export function hex32(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}
