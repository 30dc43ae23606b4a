/**
 * Arm ARM, Exception generation, Hints, Barriers, PSTATE, System instructions, System register move, ERET and
 * DRPS. These belong to the system floor, which decodes the instruction word again; imm is that word.
 *
 * Hints that only matter to performance, and barriers, are complete as no operation: one thing happens at a
 * time on this machine, and what it does is seen at once and in order.
 */
import type { Row } from '../../decode/row.ts';
import { setImm } from '../operands.ts';

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
  system('MSR (immediate)', 'PSTATE', '1101010100 0 00 op1:3 0100 CRm:4 op2:3 11111'),
  system('SYS', 'System instructions', '1101010100 0 01 op1:3 CRn:4 CRm:4 op2:3 Rt:5'),
  system('SYSL', 'System instructions', '1101010100 1 01 op1:3 CRn:4 CRm:4 op2:3 Rt:5'),
  system('MSR (register)', 'System register move', '1101010100 0 1 o0:1 op1:3 CRn:4 CRm:4 op2:3 Rt:5'),
  system('MRS', 'System register move', '1101010100 1 1 o0:1 op1:3 CRn:4 CRm:4 op2:3 Rt:5'),
  system('ERET', 'Unconditional branch (register)', '1101011 0100 11111 000000 11111 00000'),
  system('DRPS', 'Unconditional branch (register)', '1101011 0101 11111 000000 11111 00000'),
];
