/** Arm ARM, Load register (literal). */
import type { Row } from '../../decode/row.ts';
import { destination, setRelative, signExtend, VECTOR } from '../operands.ts';
import { take, type Transfer } from './access.ts';

const encodingClass = 'Load register (literal)';

/** imm: the address. */
const literal = (name: string, opc: string, transfer: Transfer): Row => {
  const isVector = transfer.kind === 'vector';
  return {
    name: `${name} (literal)`,
    encodingClass,
    pattern: `${opc} 011 ${isVector ? 1 : 0} 00 imm19:19 Rt:5`,
    ...(isVector ? { fp: true } : {}),
    variants: [{}],
    operands(f, o, pcLo, pcHi) {
      o.rd = isVector ? f.Rt : destination(f.Rt);
      if (isVector) o.vectorMask = VECTOR.rd;
      setRelative(o, pcLo, pcHi, signExtend(f.imm19, 19) * 4);
    },
    emit: (e, _, o) => take(e, e.load(e.let(e.imm(o.imm)), { size: transfer.size }), transfer)(o.rd),
  };
};

const prefetch: Row = {
  name: 'PRFM (literal)',
  encodingClass,
  pattern: '11 011 0 00 imm19:19 Rt:5',
  variants: [{}],
  operands: () => {},
  emit: () => {},
};

export const LOAD_LITERAL: readonly Row[] = [
  literal('LDR (32-bit)', '00', { kind: 'general', size: 4 }),
  literal('LDR (64-bit)', '01', { kind: 'general', size: 8 }),
  literal('LDRSW', '10', { kind: 'general', size: 4, signed: 64 }),
  prefetch,
  literal('LDR (32-bit SIMD&FP)', '00', { kind: 'vector', size: 4 }),
  literal('LDR (64-bit SIMD&FP)', '01', { kind: 'vector', size: 8 }),
  literal('LDR (128-bit SIMD&FP)', '10', { kind: 'vector', size: 16 }),
];
