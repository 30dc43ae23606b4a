/**
 * Arm ARM, Advanced SIMD vector x indexed element and Advanced SIMD scalar x indexed element: integers. The element is
 * first copied to all lanes; then these are the instructions of two vectors.
 */
import type { Fields, Operands, Row } from '../../decode/row.ts';
import { vec } from '../build.ts';
import type { Emitter, ImmediateField, RegisterField } from '../emitter.ts';
import type { V128 } from '../ir.ts';
import { type LaneSize, splatLane } from '../lanes.ts';
import { setImm, VECTOR } from '../operands.ts';
import { combine } from '../width.ts';
import {
  type Arrangement,
  type Arrangements,
  existing,
  HS,
  scalarArrangements,
  scalarName,
  setArrangement,
  vectorArrangements,
  writeLanes,
} from './arrangement.ts';
import { add, multiply, multiplyLong, type Sign, sub, wider } from './lane-arithmetic.ts';
import { type Half, HALVES } from './narrow.ts';
import {
  doublingMultiplyAccumulateHigh,
  doublingMultiplyHigh,
  doublingMultiplyLong,
  saturatingAdd,
  saturatingSubtract,
} from './saturating.ts';

/** Halfwords are numbered by H:L:M and come from V0 to V15, words by H:L. */
const isIndexable = (f: Fields): boolean => f.size === 1 || f.size === 2;

/** rm and imm: the register, and in every 16 or 32 bits of imm the numbers of the element's bytes. */
export function setElement(f: Fields, o: Operands): void {
  const isHalf = f.size === 1;
  const index = isHalf ? (f.H << 2) | (f.L << 1) | f.M : (f.H << 1) | f.L;
  setImm(o, isHalf ? index * 0x0202 + 0x0100 : index * 0x0404_0404 + 0x0302_0100);
  o.rm = isHalf ? f.Rm : (f.M << 4) | f.Rm;
}
/** The element that `setElement` found, in every lane. */
export const everyElement = (e: Emitter, size: LaneSize, rm: RegisterField, bytes: ImmediateField): V128 =>
  vec('i8x16.swizzle', e.V(rm), splatLane(size, e.imm(bytes)));

function setRegisters(f: Fields, o: Operands): void {
  setElement(f, o);
  o.rd = f.Rd;
  o.ra = f.Rd;
  o.rn = f.Rn;
  o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.rm | VECTOR.ra;
}

const nameOf = (name: string, scalar: boolean): string => {
  const full = `${name} (by element)`;
  return scalar ? scalarName(full) : full;
};
const classOf = (scalar: boolean): string =>
  `Advanced SIMD ${scalar ? 'scalar' : 'vector'} x indexed element`;
const patternOf = (U: 0 | 1, opcode: string, scalar: boolean): string =>
  `${scalar ? `01 ${U} 11111` : `0 Q:1 ${U} 01111`} size:2 L:1 M:1 Rm:4 ${opcode} H:1 0 Rn:5 Rd:5`;

/** n: the source; m: the element in every lane; both pinned; d: the destination as it was. */
interface Sources {
  readonly e: Emitter;
  readonly size: LaneSize;
  readonly n: V128;
  readonly m: V128;
  readonly d: V128;
}
interface Instruction {
  readonly name: string;
  readonly U: 0 | 1;
  readonly opcode: string;
  readonly feature?: 'rdm';
  /** Has a scalar encoding, and may set FPSR.QC. */
  readonly saturates?: true;
  readonly operation: (s: Sources) => V128;
}

const INSTRUCTIONS: readonly Instruction[] = [
  { name: 'MLA', U: 1, opcode: '0000', operation: (s) => add(s.size, s.d, multiply(s.size, s.n, s.m)) },
  { name: 'MLS', U: 1, opcode: '0100', operation: (s) => sub(s.size, s.d, multiply(s.size, s.n, s.m)) },
  { name: 'MUL', U: 0, opcode: '1000', operation: (s) => multiply(s.size, s.n, s.m) },
  {
    name: 'SQDMULH',
    U: 0,
    opcode: '1100',
    saturates: true,
    operation: (s) => doublingMultiplyHigh(s.e, s.size, false, s.n, s.m),
  },
  {
    name: 'SQRDMULH',
    U: 0,
    opcode: '1101',
    saturates: true,
    operation: (s) => doublingMultiplyHigh(s.e, s.size, true, s.n, s.m),
  },
  {
    name: 'SQRDMLAH',
    U: 1,
    opcode: '1101',
    feature: 'rdm',
    saturates: true,
    operation: (s) => doublingMultiplyAccumulateHigh(s.e, 'add', s.size, s.n, s.m, s.e.let(s.d)),
  },
  {
    name: 'SQRDMLSH',
    U: 1,
    opcode: '1111',
    feature: 'rdm',
    saturates: true,
    operation: (s) => doublingMultiplyAccumulateHigh(s.e, 'sub', s.size, s.n, s.m, s.e.let(s.d)),
  },
];

function row(i: Instruction, scalar: boolean, arrangements: Arrangements): Row<Arrangement> {
  const saturates = i.saturates === true;
  return {
    name: nameOf(i.name, scalar),
    encodingClass: classOf(scalar),
    pattern: patternOf(i.U, i.opcode, scalar),
    ...(i.feature === undefined ? {} : { feature: i.feature }),
    fp: true,
    ...(saturates ? { cold: true } : {}),
    allocated: isIndexable,
    variants: arrangements.variants,
    operands(f, o) {
      setArrangement(f, o, arrangements.indexOf(f.size, f.Q));
      setRegisters(f, o);
    },
    emit(e, arrangement, o) {
      const { size } = arrangement;
      writeLanes(e, o, arrangement, saturates, (source) => {
        const n = e.let(source(e.V(o.rn)));
        const m = e.let(source(everyElement(e, size, o.rm, o.imm)));
        return i.operation({ e, size, n, m, d: source(e.V(o.ra)) });
      });
    },
  };
}

/** `size` is that of the narrow elements. */
interface LongForm {
  readonly size: LaneSize;
  readonly half: Half;
}
interface LongInstruction {
  readonly name: string;
  readonly U: 0 | 1;
  readonly opcode: string;
  readonly saturates?: true;
  readonly operation: (s: Sources & LongForm, wide: LaneSize) => V128;
}

const both = (
  name: string,
  opcode: string,
  operation: (s: Sources & LongForm, wide: LaneSize, product: V128) => V128,
): LongInstruction[] =>
  (['s', 'u'] as const).map((sign: Sign) => ({
    name: `${sign.toUpperCase()}${name}`,
    U: sign === 's' ? 0 : 1,
    opcode,
    operation: (s, wide) => operation(s, wide, multiplyLong(s.size, s.half, sign, s.n, s.m)),
  }));
const doubling = (
  name: string,
  opcode: string,
  accumulate?: (e: Emitter, size: LaneSize, sign: Sign, d: V128, product: V128) => V128,
): LongInstruction => ({
  name,
  U: 0,
  opcode,
  saturates: true,
  operation({ e, size, half, n, m, d }, wide) {
    const product = e.let(doublingMultiplyLong(e, size, half, n, m));
    return accumulate === undefined ? product : accumulate(e, wide, 's', e.let(d), product);
  },
});
const LONG_INSTRUCTIONS: readonly LongInstruction[] = [
  ...both('MLAL', '0010', (s, wide, product) => add(wide, s.d, product)),
  doubling('SQDMLAL', '0011', saturatingAdd),
  ...both('MLSL', '0110', (s, wide, product) => sub(wide, s.d, product)),
  doubling('SQDMLSL', '0111', saturatingSubtract),
  ...both('MULL', '1010', (_, __, product) => product),
  doubling('SQDMULL', '1011'),
];

function longRow(i: LongInstruction, scalar: boolean): Row<LongForm> {
  const variants = combine({ size: HS, half: HALVES }).filter(({ half }) => !scalar || half === 'low');
  return {
    name: nameOf(i.name, scalar),
    encodingClass: classOf(scalar),
    pattern: patternOf(i.U, i.opcode, scalar),
    fp: true,
    ...(i.saturates === true ? { cold: true } : {}),
    allocated: isIndexable,
    variants,
    operands(f, o) {
      o.variant = scalar ? f.size - 1 : (f.size - 1) * 2 + f.Q;
      setRegisters(f, o);
    },
    emit(e, { size, half }, o) {
      const wide = wider(size);
      const source = (of: LaneSize, v: V128): V128 =>
        scalar ? existing(e, o, { size: of, form: 'scalar' }, v) : v;
      const n = e.let(source(size, e.V(o.rn)));
      const m = e.let(everyElement(e, size, o.rm, o.imm));
      e.setV(o.rd, i.operation({ e, size, half, n, m, d: source(wide, e.V(o.ra)) }, wide));
    },
  };
}

export const INDEXED_ELEMENT_INTEGER: readonly Row[] = [
  ...INSTRUCTIONS.map((i) => row(i, false, vectorArrangements(HS, i.saturates !== true))),
  ...LONG_INSTRUCTIONS.map((i) => longRow(i, false)),
] as readonly Row[];
export const SCALAR_INDEXED_ELEMENT_INTEGER: readonly Row[] = [
  ...INSTRUCTIONS.filter((i) => i.saturates === true).map((i) => row(i, true, scalarArrangements(HS))),
  ...LONG_INSTRUCTIONS.filter((i) => i.saturates === true).map((i) => longRow(i, true)),
] as readonly Row[];
