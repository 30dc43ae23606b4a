/** Arm ARM, Advanced SIMD copy and Advanced SIMD scalar copy. */
import type { Fields, Operands, Row } from '../../decode/row.ts';
import { bin, k64, wrap } from '../build.ts';
import type { I64, V128 } from '../ir.ts';
import {
  elementOf,
  extractLane,
  isElement,
  LANE_SIZES,
  type LaneSize,
  laneMask,
  splatLane,
} from '../lanes.ts';
import { destination, setImm, setImm2, VECTOR } from '../operands.ts';
import { highHalf, insertBits, lowHalf, scalar, setVector, vectorImmediate } from '../vector.ts';
import { combine } from '../width.ts';

const encodingClass = 'Advanced SIMD copy';
const fp = true;
const allocated: Row['allocated'] = (f) => isElement(f.imm5);
/** A doubleword needs the 128-bit form. */
const fits: Row['allocated'] = (f) => isElement(f.imm5) && (f.Q === 1 || (f.imm5 & 7) !== 0);
const exists = ({ full, size }: { full: boolean; size: LaneSize }): boolean => full || size < 8;

/** Element `imm` bits up in one half of Vn. */
interface Source {
  readonly size: LaneSize;
  readonly high: boolean;
}
const SOURCES: readonly Source[] = combine({ size: LANE_SIZES, high: [false, true] });

/** imm: where the element starts in its half. Returns the index in `SOURCES`. */
function setSource(f: Fields, o: Operands): number {
  const { log2, size, index } = elementOf(f.imm5);
  const position = size * 8 * index;
  setImm(o, position % 64);
  return log2 * 2 + (position >= 64 ? 1 : 0);
}
const shiftedDown = (v: V128, { high }: Source, position: I64): I64 =>
  bin('shr', high ? highHalf(v) : lowHalf(v), position);
function zeroExtended(v: I64, size: LaneSize): I64 {
  return size === 8 ? v : bin('and', v, k64(2 ** (size * 8) - 1));
}

const dupElement: Row<Source & { readonly full: boolean }> = {
  name: 'DUP (element)',
  encodingClass,
  pattern: '0 Q:1 0 01110000 imm5:5 0 0000 1 Rn:5 Rd:5',
  fp,
  cold: true,
  allocated: fits,
  variants: combine({ full: [true, false], size: LANE_SIZES, high: [false, true] }).filter(exists),
  operands(f, o) {
    o.vectorMask = VECTOR.rd | VECTOR.rn;
    o.variant = setSource(f, o) + (f.Q === 1 ? 0 : SOURCES.length);
    o.rd = f.Rd;
    o.rn = f.Rn;
  },
  emit: (e, v, o) => setVector(e, v.full, o.rd, splatLane(v.size, shiftedDown(e.V(o.rn), v, e.imm(o.imm)))),
};

const dupScalar: Row<Source> = {
  name: 'DUP (element, scalar)',
  encodingClass: 'Advanced SIMD scalar copy',
  pattern: '01 0 11110000 imm5:5 0 0000 1 Rn:5 Rd:5',
  fp,
  cold: true,
  allocated,
  variants: SOURCES,
  operands(f, o) {
    o.vectorMask = VECTOR.rd | VECTOR.rn;
    o.variant = setSource(f, o);
    o.rd = f.Rd;
    o.rn = f.Rn;
  },
  emit: (e, v, o) => e.setV(o.rd, scalar(zeroExtended(shiftedDown(e.V(o.rn), v, e.imm(o.imm)), v.size))),
};

const dupGeneral: Row<{ readonly full: boolean; readonly size: LaneSize }> = {
  name: 'DUP (general)',
  encodingClass,
  pattern: '0 Q:1 0 01110000 imm5:5 0 0001 1 Rn:5 Rd:5',
  fp,
  allocated: fits,
  variants: combine({ full: [true, false], size: LANE_SIZES }).filter(exists),
  operands(f, o) {
    o.vectorMask = VECTOR.rd;
    o.variant = (f.Q === 1 ? 0 : LANE_SIZES.length) + elementOf(f.imm5).log2;
    o.rd = f.Rd;
    o.rn = f.Rn;
  },
  emit: (e, { full, size }, o) => setVector(e, full, o.rd, splatLane(size, e.X(o.rn))),
};

const umov: Row<Source> = {
  name: 'UMOV',
  encodingClass,
  pattern: '0 Q:1 0 01110000 imm5:5 0 0111 1 Rn:5 Rd:5',
  fp,
  // The 64-bit form is for doublewords alone.
  allocated: (f) => isElement(f.imm5) && (f.Q === 1) === ((f.imm5 & 7) === 0),
  variants: SOURCES,
  operands(f, o) {
    o.vectorMask = VECTOR.rn;
    o.variant = setSource(f, o);
    o.rd = destination(f.Rd);
    o.rn = f.Rn;
  },
  emit: (e, v, o) => e.setX(o.rd, zeroExtended(shiftedDown(e.V(o.rn), v, e.imm(o.imm)), v.size)),
};

interface SignedSource {
  readonly high: boolean;
  readonly wide: boolean;
}
/** imm: shift left that puts the element's sign at bit 63; imm2: shift right that brings it down. */
const smov: Row<SignedSource> = {
  name: 'SMOV',
  encodingClass,
  pattern: '0 Q:1 0 01110000 imm5:5 0 0101 1 Rn:5 Rd:5',
  fp,
  cold: true,
  allocated: (f) => (f.imm5 & 3) !== 0 || (f.Q === 1 && (f.imm5 & 7) !== 0),
  variants: combine({ wide: [false, true], high: [false, true] }),
  operands(f, o) {
    const { size, index } = elementOf(f.imm5);
    const position = size * 8 * index;
    o.vectorMask = VECTOR.rn;
    o.variant = f.Q * 2 + (position >= 64 ? 1 : 0);
    o.rd = destination(f.Rd);
    o.rn = f.Rn;
    setImm(o, 64 - size * 8 - (position % 64));
    setImm2(o, 64 - size * 8);
  },
  emit(e, { high, wide }, o) {
    const source = high ? highHalf(e.V(o.rn)) : lowHalf(e.V(o.rn));
    const value = bin('sar', bin('shl', source, e.imm(o.imm)), e.imm(o.imm2));
    if (wide) e.setX(o.rd, value);
    else e.setW(o.rd, wrap(value));
  },
};

/** imm, imm2: the bits of the destination element; ra is Vd as it was. */
function setTarget(f: Fields, o: Operands): void {
  const { size, index } = elementOf(f.imm5);
  const [low, high] = laneMask(size, index);
  setImm(o, low.lo, low.hi);
  setImm2(o, high.lo, high.hi);
  o.rd = f.Rd;
  o.ra = f.Rd;
  o.rn = f.Rn;
}

const insGeneral: Row<{ readonly size: LaneSize }> = {
  name: 'INS (general)',
  encodingClass,
  pattern: '0 1 0 01110000 imm5:5 0 0011 1 Rn:5 Rd:5',
  fp,
  allocated,
  variants: combine({ size: LANE_SIZES }),
  operands(f, o) {
    o.vectorMask = VECTOR.rd | VECTOR.ra;
    o.variant = elementOf(f.imm5).log2;
    setTarget(f, o);
  },
  emit: (e, { size }, o) =>
    e.setV(o.rd, insertBits(e, e.V(o.ra), splatLane(size, e.X(o.rn)), vectorImmediate(e, o.imm, o.imm2))),
};

interface SourceLane {
  readonly size: LaneSize;
  readonly index: number;
}
const SOURCE_LANES: readonly SourceLane[] = LANE_SIZES.flatMap((size) =>
  Array.from({ length: 16 / size }, (_, index) => ({ size, index })),
);
/** Index in `SOURCE_LANES` of a size's first lane. */
const FIRST_LANE = [0, 16, 24, 28] as const;

const insElement: Row<SourceLane> = {
  name: 'INS (element)',
  encodingClass,
  pattern: '0 1 1 01110000 imm5:5 0 imm4:4 1 Rn:5 Rd:5',
  fp,
  cold: true,
  allocated,
  variants: SOURCE_LANES,
  operands(f, o) {
    o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.ra;
    const { log2 } = elementOf(f.imm5);
    o.variant = FIRST_LANE[log2 as 0 | 1 | 2 | 3] + (f.imm4 >> log2);
    setTarget(f, o);
  },
  emit(e, { size, index }, o) {
    const element = splatLane(size, extractLane(size, index, e.V(o.rn)));
    e.setV(o.rd, insertBits(e, e.V(o.ra), element, vectorImmediate(e, o.imm, o.imm2)));
  },
};

export const SIMD_COPY: readonly Row[] = [
  dupElement,
  dupGeneral,
  smov,
  umov,
  insGeneral,
  insElement,
  dupScalar,
];
