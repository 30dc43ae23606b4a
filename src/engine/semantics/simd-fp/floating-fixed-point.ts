/**
 * Arm ARM, Advanced SIMD shift by immediate and Advanced SIMD scalar shift by immediate: conversions between floating
 * point and fixed point. The position of the leading one in immh is the size, what follows the number of fraction
 * bits, counted down from it.
 */
import type { FpSize } from '../../fp/format.ts';
import type { FpOperation } from '../../fp/operation.ts';
import type { Row } from '../../decode/row.ts';
import { setImm } from '../operands.ts';
import { emitLanes, named, vectorOperands } from './floating.ts';
import type { Arrangement, Form } from './floating-vector.ts';

type Sign = 's' | 'u';
/** `direction`: to or from fixed point. */
const conversion = (direction: 'to' | 'from', sign: Sign, size: FpSize): FpOperation =>
  direction === 'to' ? `cvtz${sign}${size}` : `${sign}cvtf${size}`;

/** imm: fraction bits. */
const fixedPoint = (
  form: Form,
  size: FpSize,
  name: string,
  sign: Sign,
  direction: 'to' | 'from',
): Row<Arrangement> => {
  const vector = form === 'vector';
  const q = !vector ? '01' : size === 64 ? '0 1' : '0 Q:1';
  const shift = { 16: '001 imm4:4', 32: '01 imm5:5', 64: '1 imm6:6' }[size];
  const opcode = direction === 'to' ? '11111' : '11100';
  const lanes = vector ? ([64 / size, 128 / size] as const) : [1];
  return {
    name: named(`${name} (${form}, ${size}-bit fixed-point)`, size === 16),
    encodingClass: `Advanced SIMD ${vector ? '' : 'scalar '}shift by immediate`,
    pattern: `${q} ${sign === 's' ? 0 : 1} ${vector ? '011110' : '111110'} ${shift} ${opcode} 1 Rn:5 Rd:5`,
    fp: true,
    ...(size === 16 ? ({ feature: 'fp16', cold: true } as const) : {}),
    variants: lanes.filter((n) => !vector || n > 1).map((n) => ({ size, lanes: n as Arrangement['lanes'] })),
    operands(f, o, pcLo, pcHi) {
      vectorOperands(f, o, pcLo, pcHi);
      o.variant = f.Q;
      setImm(o, size - f.imm6 - f.imm5 - f.imm4);
    },
    emit(e, v, o) {
      const fractionBits = e.let(e.imm(o.imm));
      emitLanes(e, v, o, (_, shape, n) =>
        e.fpLanes(conversion(direction, sign, size), shape, n, fractionBits),
      );
    },
  };
};

const FORMS: readonly Form[] = ['vector', 'SIMD scalar'];
export const FLOATING_FIXED_POINT: readonly Row<Arrangement>[] = FORMS.flatMap((form) =>
  ([16, 32, 64] as const).flatMap((size) => [
    fixedPoint(form, size, 'SCVTF', 's', 'from'),
    fixedPoint(form, size, 'FCVTZS', 's', 'to'),
    fixedPoint(form, size, 'UCVTF', 'u', 'from'),
    fixedPoint(form, size, 'FCVTZU', 'u', 'to'),
  ]),
);
