/** Arm ARM, Advanced SIMD vector x indexed element and Advanced SIMD scalar x indexed element: floating point. */
import type { Fields, Operands, Row } from '../../decode/row.ts';
import { laneMask } from '../lanes.ts';
import { setImm, setImm2 } from '../operands.ts';
import { selectedBits } from '../vector.ts';
import { type Meaning, negated } from './floating.ts';
import {
  type Arrangement,
  arrangements,
  type Form,
  readLanes,
  readsDestination,
  writeLanes,
} from './floating-vector.ts';

/** imm, imm2: the bits of Vm's element. */
function setElement(f: Fields, o: Operands): void {
  const index = f.sz === 1 ? f.H : f.H * 2 + f.L;
  const [low, high] = laneMask(f.sz === 1 ? 8 : 4, index);
  setImm(o, low.lo, low.hi);
  setImm2(o, high.lo, high.hi);
  o.rm = f.M * 16 + f.Rm;
}

const byElement = (
  form: Form,
  name: string,
  U: 0 | 1,
  opcode: string,
  meaning: Meaning,
): Row<Arrangement> => {
  const { variants, allocated, operands } = arrangements(form);
  const set = readsDestination(operands);
  return {
    name: `${name} (by element, ${form})`,
    encodingClass: `Advanced SIMD ${form === 'vector' ? 'vector' : 'scalar'} x indexed element`,
    pattern: `${form === 'vector' ? '0 Q:1' : '01'} ${U} ${form === 'vector' ? '01111' : '11111'} 1 sz:1 L:1 M:1 Rm:4 ${opcode} H:1 0 Rn:5 Rd:5`,
    fp: true,
    variants,
    allocated: (f) => (f.sz === 0 || f.L === 0) && (allocated?.(f) ?? true),
    operands(f, o, pcLo, pcHi) {
      set(f, o, pcLo, pcHi);
      setElement(f, o);
    },
    emit(e, { size, lanes }, o) {
      const element = e.let(selectedBits(e, e.V(o.rm), o.imm, o.imm2));
      const n = readLanes(e, o.rn, size, lanes);
      const d = readLanes(e, o.ra, size, lanes);
      const results = n.map((lane, i) => meaning(e, size, lane, element, d[i]!));
      writeLanes(e, o.rd, size, results);
    },
  };
};
const both = (name: string, U: 0 | 1, opcode: string, meaning: Meaning): Row<Arrangement>[] => [
  byElement('vector', name, U, opcode, meaning),
  byElement('SIMD scalar', name, U, opcode, meaning),
];

export const FLOATING_BY_ELEMENT: readonly Row<Arrangement>[] = [
  ...both('FMLA', 0, '0001', (e, size, n, m, d) => e.fp('madd', size, d, n, m)),
  ...both('FMLS', 0, '0101', (e, size, n, m, d) => e.fp('madd', size, d, negated(n, size), m)),
  ...both('FMUL', 0, '1001', (e, size, n, m) => e.fp('mul', size, n, m)),
  ...both('FMULX', 1, '1001', (e, size, n, m) => e.fp('mulx', size, n, m)),
];
