/** Arm ARM, Floating-point data-processing (1 source): all but FMOV. */
import type { FpOperation } from '../../fp/operation.ts';
import type { FpSize } from '../../fp/format.ts';
import type { Row } from '../../decode/row.ts';
import {
  absolute,
  emitScalar,
  inPrecisions,
  type Meaning,
  named,
  negated,
  readScalar,
  type Sized,
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
    emit: (e, v, o) => emitScalar(e, v, o, meaning),
  }));

const operation =
  (name: FpOperation): Meaning =>
  (e, size, n) =>
    e.fp(name, size, n);

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
  ...oneSource('FABS', '000001', (_, size, n) => absolute(n, size)),
  ...oneSource('FNEG', '000010', (_, size, n) => negated(n, size)),
  ...oneSource('FSQRT', '000011', operation('sqrt')),
  ...oneSource('FRINTN', '001000', operation('rintn')),
  ...oneSource('FRINTP', '001001', operation('rintp')),
  ...oneSource('FRINTM', '001010', operation('rintm')),
  ...oneSource('FRINTZ', '001011', operation('rintz')),
  ...oneSource('FRINTA', '001100', operation('rinta')),
  ...oneSource('FRINTX', '001110', operation('rintx')),
  ...oneSource('FRINTI', '001111', operation('rinti')),
  convert(16, 32),
  convert(16, 64),
  convert(32, 16),
  convert(32, 64),
  convert(64, 16),
  convert(64, 32),
] as readonly Row[];
