/** Arm ARM, Data-processing (2 source): CRC32 and CRC32C. */
import type { Row } from '../../decode/row.ts';
import { bin, k32, k64, wrap } from '../build.ts';
import { type CrcName, crcTableAt } from '../crc-tables.ts';
import type { Emitter } from '../emitter.ts';
import type { I32 } from '../ir.ts';
import { destination } from '../operands.ts';

interface Variant {
  /** Bytes of the value. */
  readonly bytes: 1 | 2 | 4 | 8;
}
const SIZES: readonly Variant[] = [{ bytes: 1 }, { bytes: 2 }, { bytes: 4 }, { bytes: 8 }];
const WORD = 4;

/** What the lowest `bytes` bytes of `word` contribute to the remainder, with `behind` bytes behind the last of them. */
function contribution(e: Emitter, name: CrcName, word: I32, bytes: number, behind: number): I32 {
  const terms = Array.from({ length: bytes }, (_, n): I32 => {
    // The byte, times the size of a table's entry.
    const index = n === 0 ? bin('shl', word, k32(2)) : bin('shr', word, k32(n * 8 - 2));
    return e.crcWord(crcTableAt(name, behind + bytes - 1 - n), bin('and', index, k32(0xff * WORD)));
  });
  return terms.reduce((sum, term) => bin('xor', sum, term));
}

/** The `sf` bit is set exactly for a doubleword value. */
const crc32 = (mnemonic: CrcName, C: 0 | 1): Row<Variant> => ({
  name: mnemonic,
  encodingClass: 'Data-processing (2 source)',
  pattern: `sf:1 0 0 11010110 Rm:5 010 ${C} sz:2 Rn:5 Rd:5`,
  feature: 'crc32',
  cold: true,
  allocated: (f) => (f.sz === 3) === (f.sf === 1),
  variants: SIZES,
  operands(f, o) {
    o.variant = f.sz;
    o.rd = destination(f.Rd);
    o.rn = f.Rn;
    o.rm = f.Rm;
  },
  emit(e, { bytes }, o) {
    const remainder = e.let(e.W(o.rn));
    const value = e.let(e.X(o.rm));
    const low = e.let(bin('xor', remainder, wrap(value)));
    if (bytes === 8) {
      const high = e.let(wrap(bin('shr', value, k64(32))));
      const sum = bin(
        'xor',
        contribution(e, mnemonic, low, WORD, WORD),
        contribution(e, mnemonic, high, WORD, 0),
      );
      return e.setW(o.rd, sum);
    }
    const sum = contribution(e, mnemonic, low, bytes, 0);
    e.setW(o.rd, bytes === WORD ? sum : bin('xor', sum, bin('shr', remainder, k32(bytes * 8))));
  },
});

export const CRC32: readonly Row<Variant>[] = [crc32('CRC32', 0), crc32('CRC32C', 1)];
