/** Arm ARM, Advanced SIMD vector x indexed element and Advanced SIMD scalar x indexed element: floating point. */
import type { Fields, Operands, Row } from '../../decode/row.ts';
import { splat, vec } from '../build.ts';
import { setImm } from '../operands.ts';
import { type Meaning, named, negated, operation } from './floating.ts';
import { type Arrangement, arrangements, type Form, readsDestination, withHalf } from './floating-vector.ts';

/**
 * rm and imm: the register, and the numbers of the element's bytes over and over. At half precision M is a bit of the
 * index, and Vm one of V0..V15.
 */
function setElement(f: Fields, o: Operands, half: boolean): void {
  const bytes = half ? 2 : f.sz === 1 ? 8 : 4;
  const index = half ? f.H * 4 + f.L * 2 + f.M : f.sz === 1 ? f.H : f.H * 2 + f.L;
  const [lo, hi] = [0, 4].map((at) => [0, 1, 2, 3].map((n) => index * bytes + ((at + n) % bytes)));
  const packed = (numbers: readonly number[]): number =>
    numbers.reduce((all, number, n) => all | (number << (8 * n)), 0);
  setImm(o, packed(lo!), packed(hi!));
  o.rm = half ? f.Rm : f.M * 16 + f.Rm;
}

const byElement = (
  form: Form,
  name: string,
  U: 0 | 1,
  opcode: string,
  meaning: Meaning,
): Row<Arrangement>[] =>
  withHalf((half) => {
    const common = arrangements(form, half);
    const set = readsDestination(common.operands);
    const top = form === 'vector' ? `0 Q:1 ${U} 01111` : `01 ${U} 11111`;
    return {
      ...common,
      name: named(`${name} (by element, ${form})`, half),
      encodingClass: `Advanced SIMD ${form === 'vector' ? 'vector' : 'scalar'} x indexed element`,
      pattern: `${top} ${half ? '00' : '1 sz:1'} L:1 M:1 Rm:4 ${opcode} H:1 0 Rn:5 Rd:5`,
      allocated: (f) => (f.sz === 0 || f.L === 0) && (common.allocated?.(f) ?? true),
      operands(f, o, pcLo, pcHi) {
        set(f, o, pcLo, pcHi);
        setElement(f, o, half);
      },
      emit(e, v, o) {
        const element = e.let(vec('i8x16.swizzle', e.V(o.rm), splat('i64x2', e.imm(o.imm))));
        e.setV(o.rd, meaning(e, v, e.V(o.rn), element, e.V(o.ra)));
      },
    };
  });
const both = (name: string, U: 0 | 1, opcode: string, meaning: Meaning): Row<Arrangement>[] => [
  ...byElement('vector', name, U, opcode, meaning),
  ...byElement('SIMD scalar', name, U, opcode, meaning),
];

export const FLOATING_BY_ELEMENT: readonly Row<Arrangement>[] = [
  ...both('FMLA', 0, '0001', (e, shape, n, m, d) => e.fpLanes('madd', shape, d, n, m)),
  ...both('FMLS', 0, '0101', (e, shape, n, m, d) => e.fpLanes('madd', shape, d, negated(n, shape), m)),
  ...both('FMUL', 0, '1001', operation('mul')),
  ...both('FMULX', 1, '1001', operation('mulx')),
];
