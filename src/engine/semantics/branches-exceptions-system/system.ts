/**
 * Arm ARM, Exception generation, Hints, Barriers, PSTATE, System instructions, System register move, ERET and
 * DRPS. These belong to the system floor, which decodes the instruction word again; imm is that word.
 *
 * Hints that only matter to performance, and barriers, are complete as no operation: one thing happens at a
 * time on this machine, and what it does is seen at once and in order. The registers of `inline-registers.ts` are
 * accessed in place.
 */
import type { SysregKey } from '../../../abi/arm/sysreg-key.ts';
import { SYSOPS } from '../../../abi/arm/sysops.ts';
import type { Row } from '../../decode/row.ts';
import { INLINE_REGISTERS, type InlineRegister } from '../../inline-registers.ts';
import { destination, setImm } from '../operands.ts';
import { emitMask, emitRead, emitWrite } from './inline-access.ts';
import { emitLook, emitZeroBlock } from './maintenance.ts';

const system = (name: string, encodingClass: string, pattern: string): Row => ({
  name,
  encodingClass,
  pattern,
  variants: [{}],
  operands: (f, o) => setImm(o, f.word),
  emit: (e) => e.system(),
});

const exception = (name: string, pattern: string): Row => system(name, 'Exception generation', pattern);

const noOperation = (name: string, encodingClass: string, pattern: string): Row => ({
  name,
  encodingClass,
  pattern,
  variants: [{}],
  operands: () => {},
  emit: () => {},
});

/** YIELD, WFE, WFI, SEV, SEVL. */
const isScheduling = (CRm: number, op2: number): boolean => CRm === 0 && op2 >= 1 && op2 <= 5;

const hint: Row<{ readonly scheduling: boolean }> = {
  name: 'HINT',
  encodingClass: 'Hints',
  pattern: '1101010100 0 00 011 0010 CRm:4 op2:3 11111',
  variants: [{ scheduling: false }, { scheduling: true }],
  operands(f, o) {
    o.variant = isScheduling(f.CRm, f.op2) ? 1 : 0;
    setImm(o, f.word);
  },
  emit(e, { scheduling }) {
    if (scheduling) e.system();
  },
};

const clearExclusive: Row = {
  name: 'CLREX',
  encodingClass: 'Barriers',
  pattern: '1101010100 0 00 011 0011 CRm:4 010 11111',
  variants: [{}],
  operands: () => {},
  emit: (e) => e.clearExclusive(),
};

/** A register that is accessed in place; without one the system floor does it. */
interface Move {
  readonly register?: InlineRegister;
}
const READS: readonly Move[] = [{}, ...INLINE_REGISTERS.map((register) => ({ register }))];
const WRITES: readonly Move[] = [
  {},
  ...INLINE_REGISTERS.filter((r) => r.writes).map((register) => ({ register })),
];
function variantsByKey(moves: readonly Move[]): ReadonlyMap<SysregKey, number> {
  return new Map(moves.flatMap(({ register }, variant) => (register ? [[register.row.key, variant]] : [])));
}
const READ_VARIANTS = variantsByKey(READS);
const WRITE_VARIANTS = variantsByKey(WRITES);
/** op0 to op2 are bits 20..5 of the word. */
const keyOf = (word: number): SysregKey => (word >>> 5) & 0xffff;

const moveFrom: Row<Move> = {
  name: 'MRS',
  encodingClass: 'System register move',
  pattern: '1101010100 1 1 o0:1 op1:3 CRn:4 CRm:4 op2:3 Rt:5',
  variants: READS,
  operands(f, o) {
    o.variant = READ_VARIANTS.get(keyOf(f.word)) ?? 0;
    o.rd = destination(f.Rt);
    setImm(o, f.word);
  },
  emit(e, { register }, o) {
    if (register === undefined) e.system();
    else e.setX(o.rd, emitRead(e, register));
  },
};

const moveTo: Row<Move> = {
  name: 'MSR (register)',
  encodingClass: 'System register move',
  pattern: '1101010100 0 1 o0:1 op1:3 CRn:4 CRm:4 op2:3 Rt:5',
  variants: WRITES,
  operands(f, o) {
    o.variant = WRITE_VARIANTS.get(keyOf(f.word)) ?? 0;
    o.rn = f.Rt;
    setImm(o, f.word);
  },
  emit(e, { register }, o) {
    if (register === undefined) e.system();
    else emitWrite(e, register, e.X(o.rn));
  },
};

/** MSR (immediate): a field of PSTATE, or DAIFSet and DAIFClr, whose imm is the bits of PSTATE that they name. */
interface Immediate {
  readonly mask?: 'set' | 'clear';
}
const DAIF_SHIFT = 6;
const moveImmediate: Row<Immediate> = {
  name: 'MSR (immediate)',
  encodingClass: 'PSTATE',
  pattern: '1101010100 0 00 op1:3 0100 CRm:4 op2:3 11111',
  variants: [{}, { mask: 'set' }, { mask: 'clear' }],
  operands(f, o) {
    if (f.op1 === 3 && f.op2 >= 6) o.variant = f.op2 - 5;
    setImm(o, o.variant === 0 ? f.word : f.CRm << DAIF_SHIFT);
  },
  emit(e, { mask }, o) {
    if (mask === undefined) e.system();
    else emitMask(e, mask === 'set', e.imm(o.imm));
  },
};

/** Cache maintenance by address, as far as generated code does it; without one the system floor does. */
interface Maintenance {
  readonly does?: 'look' | 'zero';
}
const MAINTENANCE: readonly Maintenance[] = [{}, { does: 'look' }, { does: 'zero' }];
/** Those that only translate, for reading. */
const LOOKS: ReadonlySet<SysregKey> = new Set(
  SYSOPS.filter(({ kind, name, feature }) => kind === 'maintain' && name !== 'DC IVAC' && !feature).map(
    ({ key }) => key,
  ),
);
const ZEROES: ReadonlySet<SysregKey> = new Set(
  SYSOPS.filter(({ kind }) => kind === 'zva').map(({ key }) => key),
);
const maintenance: Row<Maintenance> = {
  name: 'SYS',
  encodingClass: 'System instructions',
  pattern: '1101010100 0 01 op1:3 CRn:4 CRm:4 op2:3 Rt:5',
  variants: MAINTENANCE,
  operands(f, o) {
    const key = keyOf(f.word);
    o.variant = ZEROES.has(key) ? 2 : LOOKS.has(key) ? 1 : 0;
    o.rn = f.Rt;
    setImm(o, f.word);
  },
  emit(e, { does }, o) {
    if (does === undefined) e.system();
    else if (does === 'zero') emitZeroBlock(e, e.X(o.rn));
    else emitLook(e, e.X(o.rn));
  },
};

export const SYSTEM: readonly Row[] = [
  exception('SVC', '11010100 000 imm16:16 000 01'),
  exception('HVC', '11010100 000 imm16:16 000 10'),
  exception('SMC', '11010100 000 imm16:16 000 11'),
  exception('BRK', '11010100 001 imm16:16 000 00'),
  exception('HLT', '11010100 010 imm16:16 000 00'),
  hint,
  clearExclusive,
  noOperation('DSB', 'Barriers', '1101010100 0 00 011 0011 CRm:4 100 11111'),
  noOperation('DMB', 'Barriers', '1101010100 0 00 011 0011 CRm:4 101 11111'),
  noOperation('ISB', 'Barriers', '1101010100 0 00 011 0011 CRm:4 110 11111'),
  moveImmediate as Row,
  maintenance as Row,
  system('SYSL', 'System instructions', '1101010100 1 01 op1:3 CRn:4 CRm:4 op2:3 Rt:5'),
  moveTo as Row,
  moveFrom as Row,
  system('ERET', 'Unconditional branch (register)', '1101011 0100 11111 000000 11111 00000'),
  system('DRPS', 'Unconditional branch (register)', '1101011 0101 11111 000000 11111 00000'),
];
