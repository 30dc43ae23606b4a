/**
 * Arm ARM, Advanced SIMD two-register miscellaneous and Advanced SIMD scalar two-register miscellaneous: floating
 * point, lane by lane.
 */
import type { FpOperation, RoundingLetter } from '../../fp/operation.ts';
import type { Row } from '../../decode/row.ts';
import { k64 } from '../build.ts';
import { absolute, emitLanes, type Meaning, named, negated, onlyLanes, unaryOperation } from './floating.ts';
import {
  allOnes,
  type Arrangement,
  arrangements,
  classOf,
  type Form,
  formPattern,
  withHalf,
} from './floating-vector.ts';

interface Encoding {
  readonly U: 0 | 1;
  /** Bit 23. */
  readonly o: 0 | 1;
  readonly opcode: string;
}
const NAME = 'two-register miscellaneous';

const twoRegister = (
  form: Form,
  name: string,
  { U, o, opcode }: Encoding,
  meaning: Meaning,
): Row<Arrangement>[] =>
  withHalf((half) => ({
    ...arrangements(form, half),
    name: named(`${name} (${form})`, half),
    encodingClass: classOf(form, NAME, half),
    pattern: formPattern(form, U, o, `${half ? '111100' : 'sz:1 10000'} ${opcode} 10 Rn:5 Rd:5`),
    emit: (e, v, operands) => emitLanes(e, v, operands, meaning),
  }));
const both = (name: string, encoding: Encoding, meaning: Meaning): Row<Arrangement>[] => [
  ...twoRegister('vector', name, encoding, meaning),
  ...twoRegister('SIMD scalar', name, encoding, meaning),
];

/** To an integer as wide as the number. */
const toInteger =
  (letter: RoundingLetter, sign: 's' | 'u'): Meaning =>
  (e, shape, n) =>
    e.fpLanes(`cvt${letter}${sign}${shape.size}`, shape, n, k64(0));
const fromInteger =
  (sign: 's' | 'u'): Meaning =>
  (e, shape, n) =>
    e.fpLanes(`${sign}cvtf${shape.size}`, shape, n, k64(0));
/** All ones where the relation to zero holds. */
const relation =
  (name: 'cmeq' | 'cmge' | 'cmgt'): Meaning =>
  (e, shape, n) =>
    allOnes(shape, e.fpLanes(name, shape, n, k64(0)));
const reversed =
  (name: 'cmge' | 'cmgt'): Meaning =>
  (e, shape, n) =>
    allOnes(shape, e.fpLanes(name, shape, k64(0), n));

/** URECPE and URSQRTE have words alone. */
const unsignedEstimate = (name: string, U: 0 | 1, estimate: FpOperation): Row<Arrangement> => ({
  name,
  encodingClass: classOf('vector', NAME, false),
  pattern: `0 Q:1 ${U} 01110 1 0 10000 11100 10 Rn:5 Rd:5`,
  fp: true,
  variants: [
    { size: 32, lanes: 2 },
    { size: 32, lanes: 4 },
  ],
  operands: arrangements('vector').operands,
  emit: (e, v, operands) => emitLanes(e, v, operands, unaryOperation(estimate)),
});

export const FLOATING_TWO_REGISTER: readonly Row<Arrangement>[] = [
  ...twoRegister('vector', 'FABS', { U: 0, o: 1, opcode: '01111' }, (_, shape, n) => absolute(n, shape)),
  ...twoRegister('vector', 'FNEG', { U: 1, o: 1, opcode: '01111' }, (_, shape, n) =>
    onlyLanes(negated(n, shape), shape),
  ),
  ...twoRegister('vector', 'FSQRT', { U: 1, o: 1, opcode: '11111' }, unaryOperation('sqrt')),
  ...twoRegister('vector', 'FRINTN', { U: 0, o: 0, opcode: '11000' }, unaryOperation('rintn')),
  ...twoRegister('vector', 'FRINTM', { U: 0, o: 0, opcode: '11001' }, unaryOperation('rintm')),
  ...twoRegister('vector', 'FRINTP', { U: 0, o: 1, opcode: '11000' }, unaryOperation('rintp')),
  ...twoRegister('vector', 'FRINTZ', { U: 0, o: 1, opcode: '11001' }, unaryOperation('rintz')),
  ...twoRegister('vector', 'FRINTA', { U: 1, o: 0, opcode: '11000' }, unaryOperation('rinta')),
  ...twoRegister('vector', 'FRINTX', { U: 1, o: 0, opcode: '11001' }, unaryOperation('rintx')),
  ...twoRegister('vector', 'FRINTI', { U: 1, o: 1, opcode: '11001' }, unaryOperation('rinti')),
  unsignedEstimate('URECPE', 0, 'urecpe'),
  unsignedEstimate('URSQRTE', 1, 'ursqrte'),
  ...twoRegister('SIMD scalar', 'FRECPX', { U: 0, o: 1, opcode: '11111' }, unaryOperation('recpx')),
  ...both('FRECPE', { U: 0, o: 1, opcode: '11101' }, unaryOperation('recpe')),
  ...both('FRSQRTE', { U: 1, o: 1, opcode: '11101' }, unaryOperation('rsqrte')),
  ...both('FCVTNS', { U: 0, o: 0, opcode: '11010' }, toInteger('n', 's')),
  ...both('FCVTMS', { U: 0, o: 0, opcode: '11011' }, toInteger('m', 's')),
  ...both('FCVTAS', { U: 0, o: 0, opcode: '11100' }, toInteger('a', 's')),
  ...both('SCVTF', { U: 0, o: 0, opcode: '11101' }, fromInteger('s')),
  ...both('FCVTPS', { U: 0, o: 1, opcode: '11010' }, toInteger('p', 's')),
  ...both('FCVTZS', { U: 0, o: 1, opcode: '11011' }, toInteger('z', 's')),
  ...both('FCVTNU', { U: 1, o: 0, opcode: '11010' }, toInteger('n', 'u')),
  ...both('FCVTMU', { U: 1, o: 0, opcode: '11011' }, toInteger('m', 'u')),
  ...both('FCVTAU', { U: 1, o: 0, opcode: '11100' }, toInteger('a', 'u')),
  ...both('UCVTF', { U: 1, o: 0, opcode: '11101' }, fromInteger('u')),
  ...both('FCVTPU', { U: 1, o: 1, opcode: '11010' }, toInteger('p', 'u')),
  ...both('FCVTZU', { U: 1, o: 1, opcode: '11011' }, toInteger('z', 'u')),
  ...both('FCMGT (zero)', { U: 0, o: 1, opcode: '01100' }, relation('cmgt')),
  ...both('FCMEQ (zero)', { U: 0, o: 1, opcode: '01101' }, relation('cmeq')),
  ...both('FCMLT (zero)', { U: 0, o: 1, opcode: '01110' }, reversed('cmgt')),
  ...both('FCMGE (zero)', { U: 1, o: 1, opcode: '01100' }, relation('cmge')),
  ...both('FCMLE (zero)', { U: 1, o: 1, opcode: '01101' }, reversed('cmge')),
];
