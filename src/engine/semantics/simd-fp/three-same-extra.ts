/** Arm ARM, Advanced SIMD three same extra, its scalar class, and the dot products by element. FEAT_RDM, FEAT_DotProd. */
import type { Fields, Operands, Row } from '../../decode/row.ts';
import { vec } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { V128 } from '../ir.ts';
import { VECTOR } from '../operands.ts';
import {
  type Arrangement,
  type Arrangements,
  HS,
  scalarArrangements,
  scalarName,
  setArrangement,
  vectorArrangements,
  writeLanes,
} from './arrangement.ts';
import { everyElement, setElement } from './indexed-element.ts';
import { add, evenLanes, multiplyLong, oddLanes, type Sign } from './lane-arithmetic.ts';
import { doublingMultiplyAccumulateHigh } from './saturating.ts';

function setRegisters(f: Fields, o: Operands): void {
  o.rd = f.Rd;
  o.ra = f.Rd;
  o.rn = f.Rn;
  o.rm = f.Rm;
  o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.rm | VECTOR.ra;
}

const rounding = (
  name: string,
  opcode: string,
  operation: 'add' | 'sub',
  scalar: boolean,
  arrangements: Arrangements,
): Row<Arrangement> => ({
  name: scalar ? scalarName(name) : name,
  encodingClass: `Advanced SIMD ${scalar ? 'scalar ' : ''}three same extra`,
  pattern: `${scalar ? '01 1 11110' : '0 Q:1 1 01110'} size:2 0 Rm:5 1 ${opcode} 1 Rn:5 Rd:5`,
  feature: 'rdm',
  fp: true,
  cold: true,
  allocated: (f) => f.size === 1 || f.size === 2,
  variants: arrangements.variants,
  operands(f, o) {
    setArrangement(f, o, arrangements.indexOf(f.size, f.Q));
    setRegisters(f, o);
  },
  emit(e, arrangement, o) {
    writeLanes(e, o, arrangement, true, (source) => {
      const [n, m, d] = [o.rn, o.rm, o.ra].map((r) => e.let(source(e.V(r))));
      return doublingMultiplyAccumulateHigh(e, operation, arrangement.size, n!, m!, d!);
    });
  },
});
const ROUNDING = [
  ['SQRDMLAH (vector)', '0000', 'add'],
  ['SQRDMLSH (vector)', '0001', 'sub'],
] as const;

/** d plus, in each word, the sum of the four products of its bytes. */
function dotProduct(e: Emitter, sign: Sign, n: V128, m: V128, d: V128): V128 {
  const pairs = (half: 'low' | 'high'): V128 =>
    e.let(vec(`i32x4.extadd_pairwise_${sign}`, multiplyLong(1, half, sign, n, m)));
  const low = pairs('low');
  const high = pairs('high');
  return add(4, d, add(4, evenLanes(4, low, high), oddLanes(4, low, high)));
}

const dot = (sign: Sign, byElement: boolean): Row<Arrangement> => {
  const U = sign === 's' ? 0 : 1;
  const arrangements = vectorArrangements([4], true);
  return {
    name: `${sign.toUpperCase()}DOT (${byElement ? 'by element' : 'vector'})`,
    encodingClass: byElement ? 'Advanced SIMD vector x indexed element' : 'Advanced SIMD three same extra',
    pattern: byElement
      ? `0 Q:1 ${U} 01111 size:2 L:1 M:1 Rm:4 1110 H:1 0 Rn:5 Rd:5`
      : `0 Q:1 ${U} 01110 size:2 0 Rm:5 1 0010 1 Rn:5 Rd:5`,
    feature: 'dotprod',
    fp: true,
    allocated: (f) => f.size === 2,
    variants: arrangements.variants,
    operands(f, o) {
      setArrangement(f, o, arrangements.indexOf(f.size, f.Q));
      setRegisters(f, o);
      if (byElement) setElement(f, o);
    },
    emit(e, arrangement, o) {
      const n = e.let(e.V(o.rn));
      const m = e.let(byElement ? everyElement(e, 4, o.rm, o.imm) : e.V(o.rm));
      writeLanes(e, o, arrangement, false, () => dotProduct(e, sign, n, m, e.V(o.ra)));
    },
  };
};

export const THREE_SAME_EXTRA: readonly Row<Arrangement>[] = [
  ...ROUNDING.map(([name, opcode, operation]) =>
    rounding(name, opcode, operation, false, vectorArrangements(HS, false)),
  ),
  dot('s', false),
  dot('u', false),
];
export const SCALAR_THREE_SAME_EXTRA: readonly Row<Arrangement>[] = ROUNDING.map(
  ([name, opcode, operation]) => rounding(name, opcode, operation, true, scalarArrangements(HS)),
);
export const DOT_PRODUCT_BY_ELEMENT: readonly Row<Arrangement>[] = [dot('s', true), dot('u', true)];
