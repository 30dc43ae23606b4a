/**
 * Arm ARM, Load/store register: (unsigned immediate), (immediate post-indexed), (immediate pre-indexed),
 * (unscaled immediate), (unprivileged), (register offset).
 */
import type { Fields, Operands, OperandFields, Row } from '../../decode/row.ts';
import { bin } from '../build.ts';
import type { Access, Emitter } from '../emitter.ts';
import { type Extend, extended } from '../extend.ts';
import type { I64 } from '../ir.ts';
import { destination, orStackPointer, setImm, setSignedImm, signExtend, VECTOR } from '../operands.ts';
import { type AddressMode, addressOf, piece, take, type Transfer, writeBack } from './access.ts';

interface Instruction {
  /** With `?` where the unscaled and unprivileged forms have a letter: LD?RB gives LDRB, LDURB, LDTRB. */
  readonly name: string;
  readonly size: string;
  readonly opc: string;
  readonly load: boolean;
  readonly transfer: Transfer;
}

const general = (
  name: string,
  size: string,
  opc: string,
  bytes: 1 | 2 | 4 | 8,
  signed?: 32 | 64,
): Instruction => ({
  name,
  size,
  opc,
  load: opc !== '00',
  transfer:
    signed === undefined ? { kind: 'general', size: bytes } : { kind: 'general', size: bytes, signed },
});
const vector = (name: string, size: string, opc: string, bytes: 1 | 2 | 4 | 8 | 16): Instruction => ({
  name,
  size,
  opc,
  load: opc.endsWith('1'),
  transfer: { kind: 'vector', size: bytes },
});

const GENERAL: readonly Instruction[] = [
  general('ST?RB', '00', '00', 1),
  general('LD?RB', '00', '01', 1),
  general('LD?RSB (64-bit)', '00', '10', 1, 64),
  general('LD?RSB (32-bit)', '00', '11', 1, 32),
  general('ST?RH', '01', '00', 2),
  general('LD?RH', '01', '01', 2),
  general('LD?RSH (64-bit)', '01', '10', 2, 64),
  general('LD?RSH (32-bit)', '01', '11', 2, 32),
  general('ST?R (32-bit)', '10', '00', 4),
  general('LD?R (32-bit)', '10', '01', 4),
  general('LD?RSW', '10', '10', 4, 64),
  general('ST?R (64-bit)', '11', '00', 8),
  general('LD?R (64-bit)', '11', '01', 8),
];
const SIMD_FP: readonly Instruction[] = [
  vector('ST?R (8-bit SIMD&FP)', '00', '00', 1),
  vector('LD?R (8-bit SIMD&FP)', '00', '01', 1),
  vector('ST?R (16-bit SIMD&FP)', '01', '00', 2),
  vector('LD?R (16-bit SIMD&FP)', '01', '01', 2),
  vector('ST?R (32-bit SIMD&FP)', '10', '00', 4),
  vector('LD?R (32-bit SIMD&FP)', '10', '01', 4),
  vector('ST?R (64-bit SIMD&FP)', '11', '00', 8),
  vector('LD?R (64-bit SIMD&FP)', '11', '01', 8),
  vector('ST?R (128-bit SIMD&FP)', '00', '10', 16),
  vector('LD?R (128-bit SIMD&FP)', '00', '11', 16),
];

const letter = (name: string, with_: string): string => name.replace('?', with_);
const V = ({ transfer }: Instruction): 0 | 1 => (transfer.kind === 'vector' ? 1 : 0);
const simd = (i: Instruction): { fp?: true } => (i.transfer.kind === 'vector' ? { fp: true } : {});

function registers({ load, transfer }: Instruction, f: Fields, o: Operands): void {
  const isVector = transfer.kind === 'vector';
  o.rd = load && !isVector ? destination(f.Rt) : f.Rt;
  o.rn = orStackPointer(f.Rn);
  if (isVector) o.vectorMask = VECTOR.rd;
}

function move(
  e: Emitter,
  { load, transfer }: Instruction,
  o: OperandFields,
  address: I64,
  more?: Partial<Access>,
): () => void {
  const access: Access = { size: transfer.size, ...more };
  if (load) {
    const write = take(e, e.load(address, access), transfer);
    return () => write(o.rd);
  }
  e.store(address, access, [piece(e, o.rd, transfer)]);
  return () => {};
}

/** Rows whose address is Rn and an immediate. */
function immediateForm(
  i: Instruction,
  row: { name: string; encodingClass: string; bits: string; mode: AddressMode; access?: Partial<Access> },
): Row {
  return {
    name: row.name,
    encodingClass: row.encodingClass,
    pattern: `${i.size} 111 ${V(i)} ${row.bits.replace('opc', i.opc)} Rn:5 Rt:5`,
    ...simd(i),
    variants: [{}],
    operands(f, o) {
      registers(i, f, o);
      if (row.bits.startsWith('01')) setImm(o, f.imm12 * i.transfer.size);
      else setSignedImm(o, signExtend(f.imm9, 9));
    },
    emit(e, _, o) {
      const address = addressOf(e, row.mode, o.rn, o.imm);
      const write = move(e, i, o, address, row.access);
      write();
      writeBack(e, row.mode, o.rn, o.imm, address);
    },
  };
}

const unsignedOffset = (i: Instruction): Row =>
  immediateForm(i, {
    name: `${letter(i.name, '')} (unsigned offset)`,
    encodingClass: 'Load/store register (unsigned immediate)',
    bits: '01 opc imm12:12',
    mode: 'offset',
  });
const indexed = (i: Instruction, mode: 'pre' | 'post'): Row =>
  immediateForm(i, {
    name: `${letter(i.name, '')} (${mode}-index)`,
    encodingClass: `Load/store register (immediate ${mode}-indexed)`,
    bits: `00 opc 0 imm9:9 ${mode === 'pre' ? '11' : '01'}`,
    mode,
  });
const unscaled = (i: Instruction): Row =>
  immediateForm(i, {
    name: letter(i.name, 'U'),
    encodingClass: 'Load/store register (unscaled immediate)',
    bits: '00 opc 0 imm9:9 00',
    mode: 'offset',
  });
const unprivileged = (i: Instruction): Row => ({
  ...immediateForm(i, {
    name: letter(i.name, 'T'),
    encodingClass: 'Load/store register (unprivileged)',
    bits: '00 opc 0 imm9:9 10',
    mode: 'offset',
    access: { unprivileged: true },
  }),
  cold: true,
});

interface Offset {
  readonly extend: Extend;
}
/** SXTX and UXTX (LSL) are the same. */
const OFFSETS: readonly Offset[] = [{ extend: 'uxtx' }, { extend: 'uxtw' }, { extend: 'sxtw' }];
const OFFSET_OF_OPTION: Readonly<Record<number, number>> = { 2: 1, 3: 0, 6: 2, 7: 0 };

/** imm: the shift. */
const registerOffset = (i: Instruction): Row<Offset> => ({
  name: `${letter(i.name, '')} (register offset)`,
  encodingClass: 'Load/store register (register offset)',
  pattern: `${i.size} 111 ${V(i)} 00 ${i.opc} 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5`,
  ...simd(i),
  allocated: (f) => (f.option & 2) !== 0,
  variants: OFFSETS,
  operands(f, o) {
    registers(i, f, o);
    o.variant = OFFSET_OF_OPTION[f.option]!;
    o.rm = f.Rm;
    setImm(o, f.S === 1 ? Math.log2(i.transfer.size) : 0);
  },
  emit(e, { extend }, o) {
    const offset = bin('shl', extended(e, extend, o.rm), e.imm(o.imm));
    move(e, i, o, e.let(bin('add', e.X(o.rn), offset)))();
  },
});

/** A prefetch does nothing that the architecture can see. */
const prefetch = (name: string, encodingClass: string, bits: string, allocated?: Row['allocated']): Row => ({
  name,
  encodingClass,
  pattern: `11 111 0 ${bits} Rn:5 Rt:5`,
  ...(allocated === undefined ? {} : { allocated }),
  variants: [{}],
  operands: () => {},
  emit: () => {},
});

export const LOAD_STORE_REGISTER: readonly Row[] = [
  ...[...GENERAL, ...SIMD_FP].flatMap((i) => [
    unsignedOffset(i),
    indexed(i, 'post'),
    indexed(i, 'pre'),
    unscaled(i),
    registerOffset(i),
  ]),
  ...GENERAL.map(unprivileged),
  prefetch('PRFM (immediate)', 'Load/store register (unsigned immediate)', '01 10 imm12:12'),
  prefetch('PRFUM', 'Load/store register (unscaled immediate)', '00 10 0 imm9:9 00'),
  prefetch(
    'PRFM (register)',
    'Load/store register (register offset)',
    '00 10 1 Rm:5 option:3 S:1 10',
    (f) => (f.option & 2) !== 0,
  ),
];
