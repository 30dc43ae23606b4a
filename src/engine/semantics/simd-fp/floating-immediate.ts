/** Arm ARM, Floating-point immediate: FMOV (scalar, immediate). */
import type { Row } from '../../decode/row.ts';
import { type Halves, setImm, VECTOR } from '../operands.ts';
import { scalar } from '../vector.ts';

const FP16 = { feature: 'fp16' } as const;

/** Arm ARM pseudocode VFPExpandImm, single precision: a:NOT(b):bbbbb:cdefgh and zeros. */
export function expandSingle(imm8: number): number {
  const exponent = (imm8 & 0x40) === 0 ? 0x4000_0000 : 0x3e00_0000;
  return ((imm8 & 0x80) << 24) | exponent | ((imm8 & 0x3f) << 19);
}
/** Half precision: a:NOT(b):bb:cdefgh and zeros. */
export function expandHalf(imm8: number): number {
  return ((imm8 & 0x80) << 8) | ((imm8 & 0x40) === 0 ? 0x4000 : 0x3000) | ((imm8 & 0x3f) << 6);
}
/** Double precision: a:NOT(b):bbbbbbbb:cdefgh and zeros. */
export function expandDouble(imm8: number): Halves {
  const exponent = (imm8 & 0x40) === 0 ? 0x4000_0000 : 0x3fc0_0000;
  return { lo: 0, hi: ((imm8 & 0x80) << 24) | exponent | ((imm8 & 0x3f) << 16) };
}

const floatingImmediate = (
  name: string,
  ptype: string,
  expand: (imm8: number) => Halves,
  presence: Pick<Row, 'feature'> = {},
): Row => ({
  ...presence,
  name,
  encodingClass: 'Floating-point immediate',
  pattern: `0 0 0 11110 ${ptype} 1 imm8:8 100 00000 Rd:5`,
  fp: true,
  variants: [{}],
  operands(f, o) {
    const value = expand(f.imm8);
    setImm(o, value.lo, value.hi);
    o.rd = f.Rd;
    o.vectorMask = VECTOR.rd;
  },
  emit: (e, _, o) => e.setV(o.rd, scalar(e.imm(o.imm))),
});

export const FLOATING_IMMEDIATE: readonly Row[] = [
  floatingImmediate('FMOV (scalar, immediate, single)', '00', (imm8) => ({ lo: expandSingle(imm8), hi: 0 })),
  floatingImmediate('FMOV (scalar, immediate, double)', '01', expandDouble),
  floatingImmediate(
    'FMOV (scalar, immediate, half)',
    '11',
    (imm8) => ({ lo: expandHalf(imm8), hi: 0 }),
    FP16,
  ),
];
