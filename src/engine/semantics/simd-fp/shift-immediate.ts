/** Arm ARM, Advanced SIMD shift by immediate and Advanced SIMD scalar shift by immediate: integers of one size. */
import type { Fields, Row } from '../../decode/row.ts';
import { bitselect, k32, wrap } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { I32, V128 } from '../ir.ts';
import { LANE_SIZES, type LaneSize } from '../lanes.ts';
import { setImm } from '../operands.ts';
import {
  type Arrangement,
  arrangedRow,
  type Arrangements,
  BHSD,
  D,
  scalarArrangements,
  scalarName,
  vectorArrangements,
} from './arrangement.ts';
import { add, and, everyLane, shl, shr, type Sign } from './lane-arithmetic.ts';
import { saturatingShiftLeft, saturatingShiftLeftUnsigned } from './saturating.ts';

/** log2 of the element size: the position of the highest one of immh; -1 for none. */
export const elementOf = ({ immh }: Fields): number => 31 - Math.clz32(immh);
/** Right shifts: 1 to the element's bits. */
export const rightCount = (f: Fields): number => (16 << elementOf(f)) - ((f.immh << 3) | f.immb);
/** Left shifts: 0 to the element's bits - 1. */
export const leftCount = (f: Fields): number => ((f.immh << 3) | f.immb) - (8 << elementOf(f));

/**
 * Shift right by `below` + 1, which may be all bits of the lane: WebAssembly's counts end before that. With `rounding`,
 * half of the last place that stays is added first.
 */
export function shiftRight(
  e: Emitter,
  size: LaneSize,
  sign: Sign,
  rounding: boolean,
  v: V128,
  below: I32,
): V128 {
  const doubled = shr(size, sign, v, below);
  if (!rounding) return shr(size, sign, doubled, k32(1));
  const pinned = e.let(doubled);
  return add(size, shr(size, sign, pinned, k32(1)), and(pinned, everyLane(size, 1n)));
}

/** n: the source, pinned; d: the destination as it was; count: of a left shift, or a right shift's - 1. */
interface Sources {
  readonly e: Emitter;
  readonly size: LaneSize;
  readonly n: V128;
  readonly d: V128;
  readonly count: I32;
}
interface Instruction {
  readonly name: string;
  readonly U: 0 | 1;
  readonly opcode: string;
  readonly direction: 'left' | 'right';
  /** Element sizes of the scalar encoding. */
  readonly scalar: readonly LaneSize[];
  /** 64 and 128 bits have code of their own. */
  readonly quick?: true;
  /** May set FPSR.QC. */
  readonly saturates?: true;
  readonly operation: (s: Sources) => V128;
}

function row(
  instruction: Instruction,
  name: string,
  encodingClass: string,
  pattern: string,
  arrangements: Arrangements,
): Row<Arrangement> {
  const { quick, saturates, operation, direction } = instruction;
  return arrangedRow({
    name,
    encodingClass,
    pattern,
    arrangements,
    quick,
    saturates,
    elementOf,
    // immh = 0000 is Advanced SIMD modified immediate.
    allocated: (f) => f.immh !== 0 && arrangements.indexOf(elementOf(f), f.Q) >= 0,
    more: (f, o) => setImm(o, direction === 'left' ? leftCount(f) : rightCount(f) - 1),
    operation(e, arrangement, o, n, source) {
      const count = e.let(wrap(e.imm(o.imm)));
      return operation({ e, size: arrangement.size, n, d: source(e.V(o.ra)), count });
    },
  });
}

const ONES = (size: LaneSize): V128 => everyLane(size, -1n);
/** Right shifts, signed and unsigned, that may round and may add to the destination. */
const rightShifts = (
  names: readonly [signed: string, unsigned: string],
  opcode: string,
  rounding: boolean,
  accumulating: boolean,
): Instruction[] =>
  (['s', 'u'] as const).map((sign, U) => ({
    name: names[U]!,
    U: U === 0 ? 0 : 1,
    opcode,
    direction: 'right',
    scalar: D,
    quick: true,
    operation({ e, size, n, d, count }) {
      const shifted = shiftRight(e, size, sign, rounding, n, count);
      return accumulating ? add(size, d, shifted) : shifted;
    },
  }));

const INSTRUCTIONS: readonly Instruction[] = [
  ...rightShifts(['SSHR', 'USHR'], '00000', false, false),
  ...rightShifts(['SSRA', 'USRA'], '00010', false, true),
  ...rightShifts(['SRSHR', 'URSHR'], '00100', true, false),
  ...rightShifts(['SRSRA', 'URSRA'], '00110', true, true),
  {
    name: 'SRI',
    U: 1,
    opcode: '01000',
    direction: 'right',
    scalar: D,
    operation({ e, size, n, d, count }) {
      const shifted = (v: V128): V128 => shiftRight(e, size, 'u', false, v, count);
      return bitselect(shifted(ONES(size)), shifted(n), d);
    },
  },
  {
    name: 'SHL',
    U: 0,
    opcode: '01010',
    direction: 'left',
    scalar: D,
    quick: true,
    operation: (s) => shl(s.size, s.n, s.count),
  },
  {
    name: 'SLI',
    U: 1,
    opcode: '01010',
    direction: 'left',
    scalar: D,
    operation: ({ size, n, d, count }) => bitselect(shl(size, ONES(size), count), shl(size, n, count), d),
  },
  {
    name: 'SQSHLU',
    U: 1,
    opcode: '01100',
    direction: 'left',
    scalar: BHSD,
    saturates: true,
    operation: (s) => saturatingShiftLeftUnsigned(s.e, s.size, s.n, s.count),
  },
  {
    name: 'SQSHL (immediate)',
    U: 0,
    opcode: '01110',
    direction: 'left',
    scalar: BHSD,
    saturates: true,
    operation: (s) => saturatingShiftLeft(s.e, s.size, 's', s.n, s.count),
  },
  {
    name: 'UQSHL (immediate)',
    U: 1,
    opcode: '01110',
    direction: 'left',
    scalar: BHSD,
    saturates: true,
    operation: (s) => saturatingShiftLeft(s.e, s.size, 'u', s.n, s.count),
  },
];

export const SHIFT_IMMEDIATE: readonly Row<Arrangement>[] = INSTRUCTIONS.map((i) =>
  row(
    i,
    i.name,
    'Advanced SIMD shift by immediate',
    `0 Q:1 ${i.U} 011110 immh:4 immb:3 ${i.opcode} 1 Rn:5 Rd:5`,
    vectorArrangements(LANE_SIZES, i.quick === true),
  ),
);
export const SCALAR_SHIFT_IMMEDIATE: readonly Row<Arrangement>[] = INSTRUCTIONS.map((i) =>
  row(
    i,
    scalarName(i.name),
    'Advanced SIMD scalar shift by immediate',
    `01 ${i.U} 111110 immh:4 immb:3 ${i.opcode} 1 Rn:5 Rd:5`,
    scalarArrangements(i.scalar),
  ),
);
