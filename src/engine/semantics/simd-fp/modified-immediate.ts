/** Arm ARM, Advanced SIMD modified immediate: MOVI, MVNI, ORR, BIC, FMOV (vector, immediate). */
import { bits } from '../../../base/bits.ts';
import type { Fields, Operands, Row } from '../../decode/row.ts';
import { vec } from '../build.ts';
import { type Halves, setImm, setImm2, VECTOR } from '../operands.ts';
import { setVector, vectorImmediate } from '../vector.ts';
import { expandDouble, expandHalf, expandSingle } from './floating-immediate.ts';

const encodingClass = 'Advanced SIMD modified immediate';

const both = (word: number): Halves => ({ lo: word, hi: word });
/** A byte of ones for every bit of a nibble. */
const bytesOf = (nibble: number): number =>
  [0, 1, 2, 3].reduce((word, i) => word | ((nibble >> i) & 1 ? 0xff << (8 * i) : 0), 0);

/** Arm ARM pseudocode AdvSIMDExpandImm. */
function expandImmediate(op: number, cmode: number, imm8: number): Halves {
  switch (cmode >> 1) {
    case 0:
    case 1:
    case 2:
    case 3:
      return both(imm8 << (8 * (cmode >> 1)));
    case 4:
    case 5: {
      const half = imm8 << (8 * ((cmode >> 1) & 1));
      return both(half | (half << 16));
    }
    case 6:
      return both((cmode & 1) === 0 ? (imm8 << 8) | 0xff : (imm8 << 16) | 0xffff);
    default:
      if (cmode === 14)
        return op === 0 ? both(imm8 * 0x0101_0101) : { lo: bytesOf(imm8 & 15), hi: bytesOf(imm8 >> 4) };
      return op === 0 ? both(expandSingle(imm8)) : expandDouble(imm8);
  }
}

/** imm, imm2: the halves of the 128-bit immediate; the upper one is zero in the 64-bit form. */
function setVectorImmediate(f: Fields, o: Operands, full: boolean, invert: boolean): void {
  const { lo, hi } = expandImmediate(bits(f.word, 29, 29), bits(f.word, 15, 12), (f.abc << 5) | f.defgh);
  const flip = invert ? -1 : 0;
  setImm(o, lo ^ flip, hi ^ flip);
  if (full) setImm2(o, lo ^ flip, hi ^ flip);
  o.rd = f.Rd;
  o.vectorMask = VECTOR.rd;
}

const pattern = (Q: string, op: 0 | 1, cmode: string): string =>
  `0 ${Q} ${op} 0111100000 abc:3 ${cmode} 0 1 defgh:5 Rd:5`;

const move = (name: string, op: 0 | 1, cmode: string, Q = 'Q:1'): Row => ({
  name,
  encodingClass,
  pattern: pattern(Q, op, cmode),
  fp: true,
  variants: [{}],
  operands(f, o) {
    setVectorImmediate(f, o, Q === '1' || f.Q === 1, name.startsWith('MVNI'));
  },
  emit: (e, _, o) => e.setV(o.rd, vectorImmediate(e, o.imm, o.imm2)),
});

/** ORR and BIC read Vd; in the 64-bit form the upper half of the result is zero. */
const modify = (name: string, op: 0 | 1, cmode: string): Row<{ readonly full: boolean }> => ({
  name,
  encodingClass,
  pattern: pattern('Q:1', op, cmode),
  fp: true,
  cold: true,
  variants: [{ full: false }, { full: true }],
  operands(f, o) {
    setVectorImmediate(f, o, f.Q === 1, false);
    o.variant = f.Q;
    o.ra = f.Rd;
    o.vectorMask |= VECTOR.ra;
  },
  emit: (e, { full }, o) =>
    setVector(e, full, o.rd, vec(op === 0 ? 'or' : 'andnot', e.V(o.ra), vectorImmediate(e, o.imm, o.imm2))),
});

/** Bit 11 sets it apart from single precision. */
const moveHalf: Row = {
  name: 'FMOV (vector, immediate, half)',
  encodingClass,
  pattern: '0 Q:1 0 0111100000 abc:3 1111 1 1 defgh:5 Rd:5',
  feature: 'fp16',
  fp: true,
  variants: [{}],
  operands(f, o) {
    const lanes = both(expandHalf((f.abc << 5) | f.defgh) * 0x1_0001);
    setImm(o, lanes.lo, lanes.hi);
    if (f.Q === 1) setImm2(o, lanes.lo, lanes.hi);
    o.rd = f.Rd;
    o.vectorMask = VECTOR.rd;
  },
  emit: (e, _, o) => e.setV(o.rd, vectorImmediate(e, o.imm, o.imm2)),
};

export const SIMD_MODIFIED_IMMEDIATE: readonly Row[] = [
  move('MOVI (32-bit shifted)', 0, '0 cmode:2 0'),
  move('MVNI (32-bit shifted)', 1, '0 cmode:2 0'),
  modify('ORR (vector, immediate, 32-bit)', 0, '0 cmode:2 1'),
  modify('BIC (vector, immediate, 32-bit)', 1, '0 cmode:2 1'),
  move('MOVI (16-bit shifted)', 0, '10 cmode:1 0'),
  move('MVNI (16-bit shifted)', 1, '10 cmode:1 0'),
  modify('ORR (vector, immediate, 16-bit)', 0, '10 cmode:1 1'),
  modify('BIC (vector, immediate, 16-bit)', 1, '10 cmode:1 1'),
  move('MOVI (32-bit shifting ones)', 0, '110 cmode:1'),
  move('MVNI (32-bit shifting ones)', 1, '110 cmode:1'),
  move('MOVI (8-bit)', 0, '1110'),
  move('MOVI (64-bit)', 1, '1110'),
  move('FMOV (vector, immediate, single)', 0, '1111'),
  move('FMOV (vector, immediate, double)', 1, '1111', '1'),
  moveHalf,
];
