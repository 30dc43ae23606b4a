/** Arm ARM, Advanced SIMD three same and Advanced SIMD scalar three same: integers. */
import type { Row } from '../../decode/row.ts';
import { k32, k128 } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { V128 } from '../ir.ts';
import type { LaneSize } from '../lanes.ts';
import { VECTOR } from '../operands.ts';
import {
  type Arrangement,
  arrangedRow,
  type Arrangements,
  B,
  BHS,
  BHSD,
  D,
  HS,
  laneCount,
  scalarArrangements,
  scalarName,
  vectorArrangements,
} from './arrangement.ts';
import {
  absoluteDifference,
  add,
  and,
  equal,
  evenLanes,
  everyLane,
  greater,
  greaterOrEqual,
  halvingAdd,
  halvingSubtract,
  invert,
  maximum,
  minimum,
  multiply,
  oddLanes,
  roundingHalvingAdd,
  shl,
  type Sign,
  signs,
  sub,
  xor,
} from './lane-arithmetic.ts';
import { doublingMultiplyHigh, saturatingAdd, saturatingSubtract } from './saturating.ts';
import { variableShift, type VariableShift } from './variable-shift.ts';

/** n, m: the sources, pinned; d: the destination as it was. */
interface Sources {
  readonly e: Emitter;
  readonly size: LaneSize;
  readonly arrangement: Arrangement;
  readonly n: V128;
  readonly m: V128;
  readonly d: V128;
}
interface Instruction {
  readonly name: string;
  readonly U: 0 | 1;
  readonly opcode: string;
  readonly sizes: readonly LaneSize[];
  /** Element sizes of the scalar encoding. */
  readonly scalar?: readonly LaneSize[];
  /** Common and short: 64 and 128 bits have code of their own. */
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
  const { quick, saturates, operation } = instruction;
  return arrangedRow({
    name,
    encodingClass,
    pattern,
    arrangements,
    quick,
    saturates,
    more(f, o) {
      o.rm = f.Rm;
      o.vectorMask |= VECTOR.rm;
    },
    operation(e, arrangement, o, n, source) {
      const m = e.let(source(e.V(o.rm)));
      return operation({ e, size: arrangement.size, arrangement, n, m, d: source(e.V(o.ra)) });
    },
  });
}

/** Pairs of n, then pairs of m; in 64 bits, of their lower halves. */
function pairwise(s: Sources, combine: (even: V128, odd: V128) => V128): V128 {
  const { e, size, arrangement } = s;
  if (arrangement.form === 'full') {
    return combine(e.let(evenLanes(size, s.n, s.m)), e.let(oddLanes(size, s.n, s.m)));
  }
  const both = e.let(evenLanes(8, s.n, s.m));
  return combine(e.let(evenLanes(size, both, both)), e.let(oddLanes(size, both, both)));
}

/** Product of polynomials over {0, 1}, low byte. */
export function polynomialMultiply(e: Emitter, size: LaneSize, n: V128, m: V128): V128 {
  let product: V128 = k128(0n);
  for (let bit = 0; bit < 8; bit++) {
    const isSet = signs(size, shl(size, m, k32(8 * size - 1 - bit)));
    product = e.let(xor(product, and(shl(size, n, k32(bit)), isSet)));
  }
  return product;
}

const shift = (sign: Sign, rounding: boolean, saturating: boolean): Instruction['operation'] => {
  const kind: VariableShift = { sign, rounding, saturating };
  return ({ e, size, arrangement, n, m }) => variableShift(e, kind, size, laneCount(arrangement), n, m);
};

/** An instruction and its unsigned twin. */
const both = (
  names: readonly [signed: string, unsigned: string],
  opcode: string,
  rest: Omit<Instruction, 'name' | 'U' | 'opcode' | 'operation'>,
  operation: (sign: Sign) => Instruction['operation'],
): Instruction[] => [
  { name: names[0], U: 0, opcode, ...rest, operation: operation('s') },
  { name: names[1], U: 1, opcode, ...rest, operation: operation('u') },
];
const SATURATING = { sizes: BHSD, scalar: BHSD, saturates: true } as const;
const QUICK = { sizes: BHS, quick: true } as const;
const COMPARE = { sizes: BHSD, scalar: D, quick: true } as const;

const INSTRUCTIONS: readonly Instruction[] = [
  ...both(['SHADD', 'UHADD'], '00000', { sizes: BHS }, (sign) => (s) => halvingAdd(s.size, sign, s.n, s.m)),
  ...both(
    ['SQADD', 'UQADD'],
    '00001',
    SATURATING,
    (sign) => (s) => saturatingAdd(s.e, s.size, sign, s.n, s.m),
  ),
  ...both(
    ['SRHADD', 'URHADD'],
    '00010',
    { sizes: BHS },
    (sign) => (s) => roundingHalvingAdd(s.size, sign, s.n, s.m),
  ),
  ...both(
    ['SHSUB', 'UHSUB'],
    '00100',
    { sizes: BHS },
    (sign) => (s) => halvingSubtract(s.size, sign, s.n, s.m),
  ),
  ...both(
    ['SQSUB', 'UQSUB'],
    '00101',
    SATURATING,
    (sign) => (s) => saturatingSubtract(s.e, s.size, sign, s.n, s.m),
  ),
  ...both(
    ['CMGT (register)', 'CMHI (register)'],
    '00110',
    COMPARE,
    (sign) => (s) => greater(s.size, sign, s.n, s.m),
  ),
  ...both(
    ['CMGE (register)', 'CMHS (register)'],
    '00111',
    COMPARE,
    (sign) => (s) => greaterOrEqual(s.size, sign, s.n, s.m),
  ),
  ...both(['SSHL', 'USHL'], '01000', { sizes: BHSD, scalar: D }, (sign) => shift(sign, false, false)),
  ...both(['SQSHL (register)', 'UQSHL (register)'], '01001', SATURATING, (sign) => shift(sign, false, true)),
  ...both(['SRSHL', 'URSHL'], '01010', { sizes: BHSD, scalar: D }, (sign) => shift(sign, true, false)),
  ...both(['SQRSHL', 'UQRSHL'], '01011', SATURATING, (sign) => shift(sign, true, true)),
  ...both(['SMAX', 'UMAX'], '01100', QUICK, (sign) => (s) => maximum(s.size, sign, s.n, s.m)),
  ...both(['SMIN', 'UMIN'], '01101', QUICK, (sign) => (s) => minimum(s.size, sign, s.n, s.m)),
  ...both(['SABD', 'UABD'], '01110', QUICK, (sign) => (s) => absoluteDifference(s.size, sign, s.n, s.m)),
  ...both(
    ['SABA', 'UABA'],
    '01111',
    QUICK,
    (sign) => (s) => add(s.size, s.d, absoluteDifference(s.size, sign, s.n, s.m)),
  ),
  { name: 'ADD (vector)', U: 0, opcode: '10000', ...COMPARE, operation: (s) => add(s.size, s.n, s.m) },
  { name: 'SUB (vector)', U: 1, opcode: '10000', ...COMPARE, operation: (s) => sub(s.size, s.n, s.m) },
  {
    name: 'CMTST',
    U: 0,
    opcode: '10001',
    ...COMPARE,
    operation: (s) => invert(equal(s.size, and(s.n, s.m), everyLane(s.size, 0n))),
  },
  { name: 'CMEQ (register)', U: 1, opcode: '10001', ...COMPARE, operation: (s) => equal(s.size, s.n, s.m) },
  {
    name: 'MLA (vector)',
    U: 0,
    opcode: '10010',
    ...QUICK,
    operation: (s) => add(s.size, s.d, multiply(s.size, s.n, s.m)),
  },
  {
    name: 'MLS (vector)',
    U: 1,
    opcode: '10010',
    ...QUICK,
    operation: (s) => sub(s.size, s.d, multiply(s.size, s.n, s.m)),
  },
  { name: 'MUL (vector)', U: 0, opcode: '10011', ...QUICK, operation: (s) => multiply(s.size, s.n, s.m) },
  {
    name: 'PMUL',
    U: 1,
    opcode: '10011',
    sizes: B,
    operation: (s) => polynomialMultiply(s.e, 1, s.n, s.m),
  },
  ...both(
    ['SMAXP', 'UMAXP'],
    '10100',
    QUICK,
    (sign) => (s) => pairwise(s, (even, odd) => maximum(s.size, sign, even, odd)),
  ),
  ...both(
    ['SMINP', 'UMINP'],
    '10101',
    QUICK,
    (sign) => (s) => pairwise(s, (even, odd) => minimum(s.size, sign, even, odd)),
  ),
  ...[false, true].map(
    (rounding): Instruction => ({
      name: rounding ? 'SQRDMULH (vector)' : 'SQDMULH (vector)',
      U: rounding ? 1 : 0,
      opcode: '10110',
      sizes: HS,
      scalar: HS,
      saturates: true,
      operation: (s) => doublingMultiplyHigh(s.e, s.size, rounding, s.n, s.m),
    }),
  ),
  {
    name: 'ADDP (vector)',
    U: 0,
    opcode: '10111',
    sizes: BHSD,
    quick: true,
    operation: (s) => pairwise(s, (even, odd) => add(s.size, even, odd)),
  },
];

const vector = (i: Instruction): Row<Arrangement> =>
  row(
    i,
    i.name,
    'Advanced SIMD three same',
    `0 Q:1 ${i.U} 01110 size:2 1 Rm:5 ${i.opcode} 1 Rn:5 Rd:5`,
    vectorArrangements(i.sizes, i.quick === true),
  );
const scalar = (i: Instruction): readonly Row<Arrangement>[] =>
  i.scalar === undefined
    ? []
    : [
        row(
          i,
          scalarName(i.name),
          'Advanced SIMD scalar three same',
          `01 ${i.U} 11110 size:2 1 Rm:5 ${i.opcode} 1 Rn:5 Rd:5`,
          scalarArrangements(i.scalar),
        ),
      ];

export const THREE_SAME_INTEGER: readonly Row<Arrangement>[] = INSTRUCTIONS.map(vector);
export const SCALAR_THREE_SAME_INTEGER: readonly Row<Arrangement>[] = INSTRUCTIONS.flatMap(scalar);
