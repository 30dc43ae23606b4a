/** A data access in one word, constant for each instruction form: generated code passes it to the slow path. */

/** Where the logarithm of the element's size is, three bits. */
export const SIZE_SHIFT = 8;
export const ACCESS = {
  /** Bytes in all, 1..64. */
  BYTES: 0x7f,
  /** Aligned to `BYTES` or it faults. */
  ALIGNED: 1 << 12,
  /** Checked as if at EL0. */
  UNPRIVILEGED: 1 << 13,
} as const;

/** Element size in bytes is kept as a power of two. */
export function accessWord(size: number, bytes: number, aligned: boolean, unprivileged: boolean): number {
  const log2 = 31 - Math.clz32(size);
  return (
    bytes | (log2 << SIZE_SHIFT) | (aligned ? ACCESS.ALIGNED : 0) | (unprivileged ? ACCESS.UNPRIVILEGED : 0)
  );
}

/** Bytes in all. */
export const accessBytes = (word: number): number => word & ACCESS.BYTES;
/** Element size in bytes. */
export const accessSize = (word: number): number => 1 << ((word >>> SIZE_SHIFT) & 7);
