/**
 * A decode row: one encoding of the Arm ARM as data. Decoder, test encoder, random programs, coverage
 * page and interpreter are all derived from the rows; an instruction's meaning is its `emit`.
 */
import type {
  ConditionField,
  Emitter,
  ImmediateField,
  RegisterField,
  TargetField,
} from '../semantics/emitter.ts';

/** Names that a pattern may give to its fields; the Arm ARM's own where it has one. */
export const FIELD_NAMES = [
  'A',
  'CRm',
  'CRn',
  'H',
  'L',
  'M',
  'N',
  'Q',
  'R',
  'Ra',
  'Rd',
  'Rm',
  'Rn',
  'Rs',
  'Rt',
  'Rt2',
  'S',
  'abc',
  'b40',
  'b5',
  'cmode',
  'cond',
  'defgh',
  'hw',
  'imm12',
  'imm14',
  'imm16',
  'imm19',
  'imm26',
  'imm3',
  'imm4',
  'imm5',
  'imm6',
  'imm7',
  'imm8',
  'imm9',
  'immb',
  'immh',
  'immhi',
  'immlo',
  'immr',
  'imms',
  'len',
  'nzcv',
  'o0',
  'op',
  'op0',
  'op1',
  'op2',
  'opc',
  'opcode',
  'option',
  'post',
  'scale',
  'sf',
  'sh',
  'shift',
  'size',
  'sz',
] as const;
export type FieldName = (typeof FIELD_NAMES)[number];
/**
 * Values of the named fields of a pattern, unsigned; 0 for names that it lacks. `word` is the whole instruction.
 * `branchTypes`: 0 without FEAT_BTI, 1 with it, 2 when the instruction is in a guarded page besides.
 */
export type Fields = Readonly<Record<FieldName | 'word' | 'branchTypes', number>>;

/** What the decoder found: plain numbers, no BigInt. 64-bit values are two 32-bit halves, each as int32. */
export interface Operands {
  /** Index into the row's `variants`. */
  variant: number;
  /** 0..30 general, 31 zero, 32 stack pointer, 33 sink; 0..31 for V registers. */
  rd: number;
  rn: number;
  rm: number;
  ra: number;
  cond: number;
  immLo: number;
  immHi: number;
  imm2Lo: number;
  imm2Hi: number;
  /** Direct branch: byte offset from the instruction's address. */
  branchOffset: number;
  /** rd, rn, rm, ra name V registers: bit 0..3. */
  vectorMask: number;
}

/** Operand fields as `emit` sees them. */
export interface OperandFields {
  readonly rd: RegisterField;
  readonly rn: RegisterField;
  readonly rm: RegisterField;
  readonly ra: RegisterField;
  readonly cond: ConditionField;
  readonly imm: ImmediateField;
  readonly imm2: ImmediateField;
  readonly target: TargetField;
}

export type Feature =
  | 'base'
  | 'crc32'
  | 'lse'
  | 'pan'
  | 'uao'
  | 'lor'
  | 'fp16'
  | 'rdm'
  | 'dotprod'
  | 'aes'
  | 'pmull'
  | 'sha1'
  | 'sha256'
  | 'bti'
  | 'pauth'
  | 'flagm'
  | 'rcpc';

export interface Row<V = unknown> {
  /** Arm ARM name, e.g. `ADD (immediate)`. */
  readonly name: string;
  /** Arm ARM encoding class, e.g. `Add/subtract (immediate)`. */
  readonly encodingClass: string;
  /** 32 bits, most significant first: `sf:1 0 0 100010 sh:1 imm12:12 Rn:5 Rd:5`. */
  readonly pattern: string;
  /** Present only when the profile has it; otherwise the encoding is UNDEFINED. */
  readonly feature?: Feature;
  /** SIMD and floating point: trapped by CPACR_EL1.FPEN before anything else. */
  readonly fp?: true;
  /** Rare: the interpreter may keep it out of its hottest code. */
  readonly cold?: true;
  /** False for values of the fields that are UNALLOCATED. Default: all are allocated. */
  allocated?(f: Fields): boolean;
  /** Static forms: JavaScript values that `emit` may branch on. */
  readonly variants: readonly V[];
  /** Fill the operands from the fields; `pcLo`/`pcHi` are the instruction's address as int32 halves. */
  operands(f: Fields, o: Operands, pcLo: number, pcHi: number): void;
  emit(e: Emitter, v: V, o: OperandFields): void;
}
