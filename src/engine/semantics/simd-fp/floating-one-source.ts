/** Arm ARM, Floating-point data-processing (1 source): all but FMOV. */
import type { FpSize } from '../../fp/format.ts';
import type { Row } from '../../decode/row.ts';
import {
  absolute,
  emitLanes,
  inPrecisions,
  type Meaning,
  named,
  negated,
  onlyLanes,
  readScalar,
  type Sized,
  unaryOperation,
  vectorOperands,
  writeScalar,
} from './floating.ts';

const encodingClass = 'Floating-point data-processing (1 source)';

const oneSource = (name: string, opcode: string, meaning: Meaning): Row<Sized>[] =>
  inPrecisions(({ ptype, half, row }) => ({
    ...row,
    name: named(`${name} (scalar)`, half),
    encodingClass,
    pattern: `0 0 0 11110 ${ptype} 1 ${opcode} 10000 Rn:5 Rd:5`,
    operands: vectorOperands,
    emit: (e, v, o) => emitLanes(e, v, o, meaning),
  }));

const TYPES = { 16: ['11', 'half'], 32: ['00', 'single'], 64: ['01', 'double'] } as const;
const OPC = { 16: '11', 32: '00', 64: '01' } as const;

const convert = (from: FpSize, to: FpSize): Row => ({
  name: `FCVT (${TYPES[from][1]} to ${TYPES[to][1]})`,
  encodingClass,
  pattern: `0 0 0 11110 ${TYPES[from][0]} 1 0001 ${OPC[to]} 10000 Rn:5 Rd:5`,
  fp: true,
  variants: [{}],
  operands: vectorOperands,
  emit: (e, _, o) => writeScalar(e, o.rd, e.fp(`cvt${to}`, from, readScalar(e, o.rn, from))),
});

export const FLOATING_ONE_SOURCE: readonly Row[] = [
  ...oneSource('FABS', '000001', (_, shape, n) => absolute(n, shape)),
  ...oneSource('FNEG', '000010', (_, shape, n) => onlyLanes(negated(n, shape), shape)),
  ...oneSource('FSQRT', '000011', unaryOperation('sqrt')),
  ...oneSource('FRINTN', '001000', unaryOperation('rintn')),
  ...oneSource('FRINTP', '001001', unaryOperation('rintp')),
  ...oneSource('FRINTM', '001010', unaryOperation('rintm')),
  ...oneSource('FRINTZ', '001011', unaryOperation('rintz')),
  ...oneSource('FRINTA', '001100', unaryOperation('rinta')),
  ...oneSource('FRINTX', '001110', unaryOperation('rintx')),
  ...oneSource('FRINTI', '001111', unaryOperation('rinti')),
  convert(16, 32),
  convert(16, 64),
  convert(32, 16),
  convert(32, 64),
  convert(64, 16),
  convert(64, 32),
] as readonly Row[];
