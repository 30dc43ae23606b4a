/** Arm ARM, Advanced SIMD vector x indexed element and Advanced SIMD scalar x indexed element: floating point. */
import type { Fields, Operands, Row } from '../../decode/row.ts';
import { laneMask } from '../lanes.ts';
import { setImm, setImm2 } from '../operands.ts';
import { selectedBits } from '../vector.ts';
import { type Meaning, named, negated } from './floating.ts';
import {
  type Arrangement,
  arrangements,
  type Form,
  readLanes,
  readsDestination,
  withHalf,
  writeLanes,
} from './floating-vector.ts';

/** imm, imm2: the bits of Vm's element. At half precision M is a bit of the index, and Vm one of V0..V15. */
function setElement(f: Fields, o: Operands, half: boolean): void {
  const [bytes, index] = half
    ? ([2, f.H * 4 + f.L * 2 + f.M] as const)
    : f.sz === 1
      ? ([8, f.H] as const)
      : ([4, f.H * 2 + f.L] as const);
  const [low, high] = laneMask(bytes, index);
  setImm(o, low.lo, low.hi);
  setImm2(o, high.lo, high.hi);
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
      emit(e, { size, lanes }, o) {
        const element = e.let(selectedBits(e, e.V(o.rm), o.imm, o.imm2));
        const n = readLanes(e, o.rn, size, lanes);
        const d = readLanes(e, o.ra, size, lanes);
        const results = n.map((lane, i) => meaning(e, size, lane, element, d[i]!));
        writeLanes(e, o.rd, size, results);
      },
    };
  });
const both = (name: string, U: 0 | 1, opcode: string, meaning: Meaning): Row<Arrangement>[] => [
  ...byElement('vector', name, U, opcode, meaning),
  ...byElement('SIMD scalar', name, U, opcode, meaning),
];

export const FLOATING_BY_ELEMENT: readonly Row<Arrangement>[] = [
  ...both('FMLA', 0, '0001', (e, size, n, m, d) => e.fp('madd', size, d, n, m)),
  ...both('FMLS', 0, '0101', (e, size, n, m, d) => e.fp('madd', size, d, negated(n, size), m)),
  ...both('FMUL', 0, '1001', (e, size, n, m) => e.fp('mul', size, n, m)),
  ...both('FMULX', 1, '1001', (e, size, n, m) => e.fp('mulx', size, n, m)),
];
