/** Arm ARM, Data-processing (2 source): CRC32 and CRC32C. The polynomial is an operand, bit-reversed. */
import type { Row } from '../../decode/row.ts';
import { bin, k32, k64, neg, wrap } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { I32 } from '../ir.ts';
import { destination, setImm } from '../operands.ts';

const POLYNOMIAL = { CRC32: 0xedb8_8320, CRC32C: 0x82f6_3b78 } as const;

interface Variant {
  /** Bytes of the value. */
  readonly bytes: 1 | 2 | 4 | 8;
}
const SIZES: readonly Variant[] = [{ bytes: 1 }, { bytes: 2 }, { bytes: 4 }, { bytes: 8 }];

/** Shift `bits` zeros through the remainder, least significant bit first. */
function divide(e: Emitter, remainder: I32, bits: number, polynomial: I32): I32 {
  let crc = e.let(remainder);
  for (let i = 0; i < bits; i++) {
    const reduce = bin('and', neg(bin('and', crc, k32(1))), polynomial);
    crc = e.let(bin('xor', bin('shr', crc, k32(1)), reduce));
  }
  return crc;
}

/** The `sf` bit is set exactly for a doubleword value. */
const crc32 = (mnemonic: keyof typeof POLYNOMIAL, C: 0 | 1): Row<Variant> => ({
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
    setImm(o, POLYNOMIAL[mnemonic]);
  },
  emit(e, { bytes }, o) {
    const polynomial = e.let(wrap(e.imm(o.imm)));
    const value = e.let(e.X(o.rm));
    const low = bytes < 4 ? bin('and', wrap(value), k32(2 ** (bytes * 8) - 1)) : wrap(value);
    const first = divide(e, bin('xor', e.W(o.rn), low), Math.min(bytes, 4) * 8, polynomial);
    if (bytes < 8) return e.setW(o.rd, first);
    const high = wrap(bin('shr', value, k64(32)));
    e.setW(o.rd, divide(e, bin('xor', first, high), 32, polynomial));
  },
});

export const CRC32: readonly Row<Variant>[] = [crc32('CRC32', 0), crc32('CRC32C', 1)];
