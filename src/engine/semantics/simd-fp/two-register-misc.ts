/** Arm ARM, Advanced SIMD two-register miscellaneous and Advanced SIMD scalar two-register miscellaneous: integers. */
import type { Row } from '../../decode/row.ts';
import { k32, k128, shuffle, vec } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { V128 } from '../ir.ts';
import type { LaneSize } from '../lanes.ts';
import {
  type Arrangement,
  arrangedRow,
  type Arrangements,
  B,
  BH,
  BHS,
  BHSD,
  D,
  scalarArrangements,
  scalarName,
  vectorArrangements,
} from './arrangement.ts';
import {
  absolute,
  add,
  addPairsLong,
  and,
  bitsOf,
  equal,
  everyLane,
  greater,
  greaterOrEqual,
  invert,
  negate,
  or,
  shl,
  shr,
  type Sign,
  sub,
  wider,
  xor,
} from './lane-arithmetic.ts';
import { saturatingAbsolute, saturatingAddMixed, saturatingNegate } from './saturating.ts';

/** n: the source, pinned; d: the destination as it was. */
interface Sources {
  readonly e: Emitter;
  readonly size: LaneSize;
  readonly n: V128;
  readonly d: V128;
}
export interface TwoRegister {
  readonly name: string;
  readonly U: 0 | 1;
  /** The size field: bits of its own for instructions that have one element size. Default `size:2`. */
  readonly size?: string;
  readonly opcode: string;
  readonly sizes: readonly LaneSize[];
  /** Element sizes of the scalar encoding. */
  readonly scalar?: readonly LaneSize[];
  /** 64 and 128 bits have code of their own. */
  readonly quick?: true;
  /** May set FPSR.QC. */
  readonly saturates?: true;
  readonly operation: (s: Sources) => V128;
}

function row(
  instruction: TwoRegister,
  name: string,
  encodingClass: string,
  pattern: string,
  arrangements: Arrangements,
): Row<Arrangement> {
  const { quick, saturates, operation, size } = instruction;
  return arrangedRow({
    name,
    encodingClass,
    pattern,
    arrangements,
    quick,
    saturates,
    ...(size === undefined ? {} : { allocated: () => true }),
    operation: (e, arrangement, o, n, source) =>
      operation({ e, size: arrangement.size, n, d: source(e.V(o.ra)) }),
  });
}

/** Elements of `size` in the opposite order within containers of `container` bytes. */
const reverse = (size: LaneSize, container: number, n: V128): V128 =>
  shuffle(
    Array.from({ length: 16 }, (_, i) => {
      const lane = Math.floor((i % container) / size);
      return i - (i % container) + (container / size - 1 - lane) * size + (i % size);
    }),
    n,
    n,
  );

/** Ones in a lane, from the counts in its bytes. */
const sumOfBytes = (size: LaneSize, counts: V128): V128 => {
  if (size === 1) return counts;
  const pairs = vec('i16x8.extadd_pairwise_u', counts);
  return size === 2 ? pairs : vec('i32x4.extadd_pairwise_u', pairs);
};
/** Leading zeros: what is not covered when the first one bit is copied to all places below it. */
function leadingZeros(e: Emitter, size: LaneSize, n: V128): V128 {
  let smeared = e.let(n);
  for (let by = 1; by < bitsOf(size); by *= 2) {
    smeared = e.let(or(smeared, shr(size, 'u', smeared, k32(by))));
  }
  return sumOfBytes(size, vec('i8x16.popcnt', invert(smeared)));
}
/** Bits after the first that are equal to it. */
const leadingSigns = (e: Emitter, size: LaneSize, n: V128): V128 =>
  sub(size, leadingZeros(e, size, xor(n, shr(size, 's', n, k32(1)))), everyLane(size, 1n));

/** Four bits reversed, by their value. */
const REVERSED_NIBBLES = k128(
  [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15].reduce(
    (all, value, i) => all | (BigInt(value) << BigInt(8 * i)),
    0n,
  ),
);
const reversedNibbles = (index: V128): V128 => vec('i8x16.swizzle', REVERSED_NIBBLES, index);
const reversedBits = (n: V128): V128 =>
  or(shl(1, reversedNibbles(and(n, everyLane(1, 15n))), k32(4)), reversedNibbles(shr(1, 'u', n, k32(4))));

/** An instruction and its unsigned twin. */
const both = (
  names: readonly [signed: string, unsigned: string],
  opcode: string,
  rest: Omit<TwoRegister, 'name' | 'U' | 'opcode' | 'operation'>,
  operation: (sign: Sign, s: Sources) => V128,
): TwoRegister[] => [
  { name: names[0], U: 0, opcode, ...rest, operation: (s) => operation('s', s) },
  { name: names[1], U: 1, opcode, ...rest, operation: (s) => operation('u', s) },
];
const SATURATING = { sizes: BHSD, scalar: BHSD, saturates: true } as const;
const COMPARE = { sizes: BHSD, scalar: D, quick: true } as const;
const zeros = (s: Sources): V128 => everyLane(s.size, 0n);

const INSTRUCTIONS: readonly TwoRegister[] = [
  {
    name: 'REV64',
    U: 0,
    opcode: '00000',
    sizes: BHS,
    quick: true,
    operation: (s) => reverse(s.size, 8, s.n),
  },
  {
    name: 'REV32 (vector)',
    U: 1,
    opcode: '00000',
    sizes: BH,
    quick: true,
    operation: (s) => reverse(s.size, 4, s.n),
  },
  {
    name: 'REV16 (vector)',
    U: 0,
    opcode: '00001',
    sizes: B,
    quick: true,
    operation: (s) => reverse(1, 2, s.n),
  },
  ...both(['SADDLP', 'UADDLP'], '00010', { sizes: BHS }, (sign, s) => addPairsLong(s.e, s.size, sign, s.n)),
  // The signed one adds unsigned numbers to signed ones, the unsigned one the reverse.
  ...both(['SUQADD', 'USQADD'], '00011', SATURATING, (sign, s) =>
    saturatingAddMixed(s.e, s.size, sign === 's' ? 'u' : 's', s.d, s.n),
  ),
  {
    name: 'CLS (vector)',
    U: 0,
    opcode: '00100',
    sizes: BHS,
    operation: (s) => leadingSigns(s.e, s.size, s.n),
  },
  {
    name: 'CLZ (vector)',
    U: 1,
    opcode: '00100',
    sizes: BHS,
    operation: (s) => leadingZeros(s.e, s.size, s.n),
  },
  {
    name: 'CNT',
    U: 0,
    size: '00',
    opcode: '00101',
    sizes: B,
    quick: true,
    operation: (s) => vec('i8x16.popcnt', s.n),
  },
  { name: 'NOT', U: 1, size: '00', opcode: '00101', sizes: B, quick: true, operation: (s) => invert(s.n) },
  { name: 'RBIT (vector)', U: 1, size: '01', opcode: '00101', sizes: B, operation: (s) => reversedBits(s.n) },
  ...both(['SADALP', 'UADALP'], '00110', { sizes: BHS }, (sign, s) =>
    add(wider(s.size), s.d, addPairsLong(s.e, s.size, sign, s.n)),
  ),
  {
    name: 'SQABS',
    U: 0,
    opcode: '00111',
    ...SATURATING,
    operation: (s) => saturatingAbsolute(s.e, s.size, s.n),
  },
  {
    name: 'SQNEG',
    U: 1,
    opcode: '00111',
    ...SATURATING,
    operation: (s) => saturatingNegate(s.e, s.size, s.n),
  },
  {
    name: 'CMGT (zero)',
    U: 0,
    opcode: '01000',
    ...COMPARE,
    operation: (s) => greater(s.size, 's', s.n, zeros(s)),
  },
  {
    name: 'CMGE (zero)',
    U: 1,
    opcode: '01000',
    ...COMPARE,
    operation: (s) => greaterOrEqual(s.size, 's', s.n, zeros(s)),
  },
  { name: 'CMEQ (zero)', U: 0, opcode: '01001', ...COMPARE, operation: (s) => equal(s.size, s.n, zeros(s)) },
  {
    name: 'CMLE (zero)',
    U: 1,
    opcode: '01001',
    ...COMPARE,
    operation: (s) => greaterOrEqual(s.size, 's', zeros(s), s.n),
  },
  {
    name: 'CMLT (zero)',
    U: 0,
    opcode: '01010',
    ...COMPARE,
    operation: (s) => greater(s.size, 's', zeros(s), s.n),
  },
  { name: 'ABS', U: 0, opcode: '01011', ...COMPARE, operation: (s) => absolute(s.size, s.n) },
  { name: 'NEG (vector)', U: 1, opcode: '01011', ...COMPARE, operation: (s) => negate(s.size, s.n) },
];

const vector = (i: TwoRegister): Row<Arrangement> =>
  row(
    i,
    i.name,
    'Advanced SIMD two-register miscellaneous',
    `0 Q:1 ${i.U} 01110 ${i.size ?? 'size:2'} 10000 ${i.opcode} 10 Rn:5 Rd:5`,
    vectorArrangements(i.sizes, i.quick === true),
  );
const scalar = (i: TwoRegister): readonly Row<Arrangement>[] =>
  i.scalar === undefined
    ? []
    : [
        row(
          i,
          scalarName(i.name),
          'Advanced SIMD scalar two-register miscellaneous',
          `01 ${i.U} 11110 size:2 10000 ${i.opcode} 10 Rn:5 Rd:5`,
          scalarArrangements(i.scalar),
        ),
      ];

export const TWO_REGISTER_MISC_INTEGER: readonly Row<Arrangement>[] = INSTRUCTIONS.map(vector);
export const SCALAR_TWO_REGISTER_MISC_INTEGER: readonly Row<Arrangement>[] = INSTRUCTIONS.flatMap(scalar);
