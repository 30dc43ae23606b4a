/** Arm ARM, Advanced SIMD permute, Advanced SIMD extract, Advanced SIMD table lookup. */
import type { Row } from '../../decode/row.ts';
import { bitselect, k128, shuffle, vec } from '../build.ts';
import type { V128 } from '../ir.ts';
import { type LaneSize, splatLane } from '../lanes.ts';
import { setImm, VECTOR } from '../operands.ts';
import { setVector } from '../vector.ts';
import { combine } from '../width.ts';
import { type Arrangement, BHSD, existing, setArrangement, vectorArrangements } from './arrangement.ts';
import { add, bytesOf, everyLane, greaterOrEqual, or, sub } from './lane-arithmetic.ts';

/** Which source lane a result lane is: the lanes of Vm are numbered on from those of Vn. */
type Choice = (lane: number, lanes: number) => number;
const unzip =
  (first: 0 | 1): Choice =>
  (lane) =>
    2 * lane + first;
const transpose =
  (first: 0 | 1): Choice =>
  (lane, lanes) =>
    (lane & ~1) + first + (lane & 1 ? lanes : 0);
const zip =
  (first: 0 | 1): Choice =>
  (lane, lanes) =>
    (lane >> 1) + (first * lanes) / 2 + (lane & 1 ? lanes : 0);

/** The bytes of a result; in 64 bits, Vm's lanes begin at byte 16 all the same. */
function bytesFor(size: LaneSize, full: boolean, choose: Choice): number[] {
  const lanes = (full ? 16 : 8) / size;
  const chosen = Array.from({ length: 16 / size }, (_, lane) => {
    const source = choose(lane % lanes, lanes);
    return source < lanes ? source : source - lanes + 16 / size;
  });
  return bytesOf(size, chosen);
}

const permute = (name: string, opcode: string, choose: Choice): Row<Arrangement> => {
  const arrangements = vectorArrangements(BHSD, true);
  return {
    name,
    encodingClass: 'Advanced SIMD permute',
    pattern: `0 Q:1 0 01110 size:2 0 Rm:5 0 ${opcode} 10 Rn:5 Rd:5`,
    fp: true,
    allocated: (f) => arrangements.indexOf(f.size, f.Q) >= 0,
    variants: arrangements.variants,
    operands(f, o) {
      setArrangement(f, o, arrangements.indexOf(f.size, f.Q));
      o.rd = f.Rd;
      o.rn = f.Rn;
      o.rm = f.Rm;
      o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.rm;
    },
    emit(e, arrangement, o) {
      const bytes = bytesFor(arrangement.size, arrangement.form === 'full', choose);
      e.setV(o.rd, existing(e, o, arrangement, shuffle(bytes, e.V(o.rn), e.V(o.rm))));
    },
  };
};

const COUNTING = k128(0x0f0e_0d0c_0b0a_0908_0706_0504_0302_0100n);
/** The bytes of `table` that `index` names; zero beyond 15. */
const lookUp = (table: V128, index: V128): V128 => vec('i8x16.swizzle', table, index);

/** imm: the position of the first byte. */
const extract: Row<{ readonly full: boolean }> = {
  name: 'EXT',
  encodingClass: 'Advanced SIMD extract',
  pattern: '0 Q:1 10 1110 00 0 Rm:5 0 imm4:4 0 Rn:5 Rd:5',
  fp: true,
  allocated: (f) => f.Q === 1 || f.imm4 < 8,
  variants: [{ full: false }, { full: true }],
  operands(f, o) {
    o.variant = f.Q;
    setImm(o, f.imm4);
    o.rd = f.Rd;
    o.rn = f.Rn;
    o.rm = f.Rm;
    o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.rm;
  },
  emit(e, { full }, o) {
    const index = e.let(add(1, COUNTING, splatLane(1, e.imm(o.imm))));
    if (full) {
      const fromM = lookUp(e.V(o.rm), sub(1, index, everyLane(1, 16n)));
      e.setV(o.rd, or(lookUp(e.V(o.rn), index), fromM));
      return;
    }
    const pair = shuffle(bytesOf(8, [0, 2]), e.V(o.rn), e.V(o.rm));
    setVector(e, false, o.rd, lookUp(pair, index));
  },
};

type Next = 0 | 1 | 2 | 3;
interface TableForm {
  readonly registers: readonly Next[];
  readonly full: boolean;
}
const TABLES: readonly (readonly Next[])[] = [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3]];

/** TBX leaves bytes with an index beyond the table as they are, TBL clears them. */
const table = (name: string, op: 0 | 1): Row<TableForm> => ({
  name,
  encodingClass: 'Advanced SIMD table lookup',
  pattern: `0 Q:1 00 1110 00 0 Rm:5 0 len:2 ${op} 00 Rn:5 Rd:5`,
  fp: true,
  variants: combine({ registers: TABLES, full: [false, true] }),
  operands(f, o) {
    o.variant = f.len * 2 + f.Q;
    o.rd = f.Rd;
    o.ra = f.Rd;
    o.rn = f.Rn;
    o.rm = f.Rm;
    o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.rm | VECTOR.ra;
  },
  emit(e, { registers, full }, o) {
    const index = e.let(e.V(o.rm));
    const found = registers
      .map((next) => lookUp(e.V(o.rn, next), sub(1, index, everyLane(1, BigInt(16 * next)))))
      .reduce(or);
    const beyond = greaterOrEqual(1, 'u', index, everyLane(1, BigInt(16 * registers.length)));
    setVector(e, full, o.rd, op === 0 ? found : bitselect(beyond, e.V(o.ra), found));
  },
});

export const TABLE_LOOKUP: readonly Row<TableForm>[] = [table('TBL', 0), table('TBX', 1)];
export const PERMUTE: readonly Row<Arrangement>[] = [
  permute('UZP1', '001', unzip(0)),
  permute('TRN1', '010', transpose(0)),
  permute('ZIP1', '011', zip(0)),
  permute('UZP2', '101', unzip(1)),
  permute('TRN2', '110', transpose(1)),
  permute('ZIP2', '111', zip(1)),
];
export const SIMD_EXTRACT: readonly Row<{ readonly full: boolean }>[] = [extract];
