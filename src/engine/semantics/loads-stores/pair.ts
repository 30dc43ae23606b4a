/** Arm ARM, Load/store register pair: offset, pre-indexed, post-indexed, and no-allocate pair (offset). */
import type { Row } from '../../decode/row.ts';
import { destination, orStackPointer, setSignedImm, signExtend, VECTOR } from '../operands.ts';
import { type AddressMode, addressOf, piece, take, type Transfer, writeBack } from './access.ts';

interface Form {
  readonly bits: string;
  readonly mode: AddressMode;
  readonly suffix: string;
  readonly encodingClass: string;
}
const FORMS: readonly Form[] = [
  {
    bits: '001',
    mode: 'post',
    suffix: ' (post-index)',
    encodingClass: 'Load/store register pair (post-indexed)',
  },
  {
    bits: '011',
    mode: 'pre',
    suffix: ' (pre-index)',
    encodingClass: 'Load/store register pair (pre-indexed)',
  },
  {
    bits: '010',
    mode: 'offset',
    suffix: ' (signed offset)',
    encodingClass: 'Load/store register pair (offset)',
  },
];
const NO_ALLOCATE: Form = {
  bits: '000',
  mode: 'offset',
  suffix: '',
  encodingClass: 'Load/store no-allocate pair (offset)',
};

/**
 * Two loads to the same register are CONSTRAINED UNPREDICTABLE: the first value stays in a general register,
 * the second in a SIMD&FP register, as in QEMU.
 */
function pair(name: string, opc: string, load: boolean, transfer: Transfer, form: Form): Row {
  const isVector = transfer.kind === 'vector';
  const { size } = transfer;
  const access = { size, bytes: 2 * size };
  const target = (r: number): number => (load && !isVector ? destination(r) : r);
  return {
    name: `${name}${form.suffix}`,
    encodingClass: form.encodingClass,
    pattern: `${opc} 101 ${isVector ? 1 : 0} ${form.bits} ${load ? 1 : 0} imm7:7 Rt2:5 Rn:5 Rt:5`,
    ...(isVector ? { fp: true } : {}),
    variants: [{}],
    operands(f, o) {
      o.rd = target(f.Rt);
      o.ra = target(f.Rt2);
      o.rn = orStackPointer(f.Rn);
      if (isVector) o.vectorMask = VECTOR.rd | VECTOR.ra;
      setSignedImm(o, signExtend(f.imm7, 7) * size);
    },
    emit(e, _, o) {
      const address = addressOf(e, form.mode, o.rn, o.imm);
      if (load) {
        const h = e.load(address, access);
        const first = take(e, h, transfer);
        const second = take(e, h, transfer, size);
        if (isVector) {
          first(o.rd);
          second(o.ra);
        } else {
          second(o.ra);
          first(o.rd);
        }
      } else {
        e.store(address, access, [piece(e, o.rd, transfer), piece(e, o.ra, transfer, size)]);
      }
      writeBack(e, form.mode, o.rn, o.imm, address);
    },
  };
}

const both = (suffix: string, opc: string, transfer: Transfer): Row[] => [
  ...FORMS.flatMap((form) => [
    pair(`STP${suffix}`, opc, false, transfer, form),
    pair(`LDP${suffix}`, opc, true, transfer, form),
  ]),
  pair(`STNP${suffix}`, opc, false, transfer, NO_ALLOCATE),
  pair(`LDNP${suffix}`, opc, true, transfer, NO_ALLOCATE),
];

export const LOAD_STORE_PAIR: readonly Row[] = [
  ...both(' (32-bit)', '00', { kind: 'general', size: 4 }),
  ...both(' (64-bit)', '10', { kind: 'general', size: 8 }),
  ...FORMS.map((form) => pair('LDPSW', '01', true, { kind: 'general', size: 4, signed: 64 }, form)),
  ...both(' (32-bit SIMD&FP)', '00', { kind: 'vector', size: 4 }),
  ...both(' (64-bit SIMD&FP)', '01', { kind: 'vector', size: 8 }),
  ...both(' (128-bit SIMD&FP)', '10', { kind: 'vector', size: 16 }),
];
