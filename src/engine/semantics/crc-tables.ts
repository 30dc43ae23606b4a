/**
 * Tables for CRC32 and CRC32C: what bytes of a message contribute to the remainder. One lookup takes the place of the
 * eight shifts of the manual's Poly32Mod2, and those of all bytes of a value do not wait for each other.
 */

/** The polynomials 0x04C11DB7 and 0x1EDC6F41 of the Arm ARM, bit-reversed, as the remainder is kept here. */
const POLYNOMIALS = { CRC32: 0xedb8_8320, CRC32C: 0x82f6_3b78 } as const;
export type CrcName = keyof typeof POLYNOMIALS;

/** A doubleword. */
const MOST_BYTES = 8;
const ENTRIES = 256;
const WORD = 4;

/** Remainders of bytes with `behind` bytes of zero behind them; `nearer` has those with one byte less. */
function table(polynomial: number, nearer: Uint32Array | undefined, bytes: Uint32Array): Uint32Array {
  return Uint32Array.from({ length: ENTRIES }, (_, byte) => {
    if (nearer !== undefined) return (nearer[byte]! >>> 8) ^ bytes[nearer[byte]! & 0xff]!;
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0);
    }
    return remainder;
  });
}
function tables(polynomial: number): Uint32Array[] {
  const all = [table(polynomial, undefined, new Uint32Array())];
  while (all.length < MOST_BYTES) all.push(table(polynomial, all.at(-1), all[0]!));
  return all;
}

const NAMES = Object.keys(POLYNOMIALS) as CrcName[];
/** All tables, 32-bit words. */
export const CRC_TABLES: readonly number[] = NAMES.flatMap((name) =>
  tables(POLYNOMIALS[name]).flatMap((words) => [...words]),
);
/** Where in `CRC_TABLES` the remainders of bytes with `behind` bytes behind them are, in bytes. */
export const crcTableAt = (name: CrcName, behind: number): number =>
  (NAMES.indexOf(name) * MOST_BYTES + behind) * ENTRIES * WORD;
