/**
 * The interface that instruction semantics are written against. Each tier implements it; no semantics
 * function asks which tier it is in.
 *
 * Rules that keep one text right in every tier:
 * 1. operand fields are reached only through the emitter (`X`, `W`, `V`, `imm`);
 * 2. `let` pins a value before anything that it reads is overwritten;
 * 3. loads and stores come before register writes, so an instruction that faults can be restarted;
 * 4. variant fields are JavaScript values in every tier, operand fields are not;
 * 5. whatever touches more than registers, memory and flags is `system()`.
 */
import type { FpSize } from '../fp/format.ts';
import type { FpOperation } from '../fp/operation.ts';
import type { I32, I64, V128, Val, Ty } from './ir.ts';

/**
 * A register operand: a number in a tier that knows the instruction, a record slot in one that does not.
 * Numbers: 0..30 general, 31 reads as zero, 32 is the current stack pointer, 33 swallows writes; 0..31 for V.
 */
export type RegisterField = number | 'rd' | 'rn' | 'rm' | 'ra';
/** A 64-bit immediate operand. */
export type ImmediateField = bigint | 'imm' | 'imm2';
/** A condition code 0..15, Arm ARM numbering. */
export type ConditionField = number | 'cond';
/** The target of a direct branch. */
export type TargetField = bigint | 'target';

/** Which operation left the flags: a - b, a + b, or a logical result, at 64 or 32 bits. */
export type FlagKind = 'sub64' | 'sub32' | 'add64' | 'add32' | 'logic64' | 'logic32';

/** A sum that set the flags: N and Z are those of the result. Both are pinned. */
export interface Sum {
  readonly result: Val<'i32' | 'i64'>;
  /** 0 or 1. */
  readonly carry: I32;
}

/** One memory access, as the watchpoint, alignment and permission rules see it. */
export interface Access {
  /** Element size in bytes: what alignment is checked against. */
  readonly size: 1 | 2 | 4 | 8 | 16;
  /** Bytes in all; a multiple of `size`, at most 64. Default `size`. */
  readonly bytes?: number;
  /** LDTR/STTR: permissions and watchpoints as for EL0. */
  readonly unprivileged?: boolean;
  /** Exclusive, acquire/release and atomic accesses fault when not aligned to `bytes` whatever SCTLR_EL1.A says. */
  readonly aligned?: boolean;
}
/** One value of a store, at an offset in bytes from its address. */
export interface Piece {
  readonly offset: number;
  readonly size: 1 | 2 | 4 | 8 | 16;
  readonly value: I64 | V128;
}
/** Numbers in a V register, from lane 0 on. */
export interface FpShape {
  readonly size: FpSize;
  readonly lanes: 1 | 2 | 4 | 8;
}
/** Host address of guest bytes: valid until the next access. */
export type Host = I32;

/** PSTATE.BTYPE: 1 a jump by X16 or X17 or from an unguarded page, 2 a call, 3 any other jump. */
export type BranchType = 0 | 1 | 2 | 3;

export interface Emitter {
  X(r: RegisterField): I64;
  W(r: RegisterField): I32;
  setX(r: RegisterField, v: I64): void;
  /** Write 32 bits, zero-extended to 64. */
  setW(r: RegisterField, v: I32): void;
  /** `next`: that many registers further, modulo 32 (structure loads and stores name consecutive registers). */
  V(r: RegisterField, next?: 0 | 1 | 2 | 3): V128;
  setV(r: RegisterField, v: V128, next?: 0 | 1 | 2 | 3): void;
  imm(f: ImmediateField): I64;
  /** A field of the state block (`STATE`), 32 or 64 bits. */
  word(at: number): I32;
  setWord(at: number, v: I32): void;
  doubleword(at: number): I64;
  setDoubleword(at: number, v: I64): void;
  /** A word of `CRC_TABLES`: from offset `table` on, `at` bytes further. */
  crcWord(table: number, at: I32): I32;
  /** Instructions retired by the whole machine: virtual time. */
  count(): I64;
  let<T extends Ty>(v: Val<T>): Val<T>;
  if(c: I32, then: () => void, otherwise?: () => void): void;

  /** Set NZCV lazily from an operation. For 'logic', `b` is absent and C, V become 0. */
  flags(kind: FlagKind, a: Val<'i32'> | Val<'i64'>, b?: Val<'i32'> | Val<'i64'>): void;
  /** Set NZCV from an operation where `holds` is 1, and to `otherwise`, an immediate with N:Z:C:V in bits 3..0, where it is 0. */
  flagsIf(
    holds: I32,
    kind: FlagKind,
    a: Val<'i32'> | Val<'i64'>,
    b: Val<'i32'> | Val<'i64'>,
    otherwise: I32,
  ): void;
  /** Set NZCV from an i32 holding N:Z:C:V in bits 3..0; `sum`: what is N, Z and C of, where that is known. */
  setNzcv(v: I32, sum?: Sum): void;
  /** NZCV in bits 3..0. */
  nzcv(): I32;
  /** NZCV that `flags(kind, a, b)` would give, in bits 3..0, without setting it. */
  nzcvOf(kind: FlagKind, a: Val<'i32'> | Val<'i64'>, b?: Val<'i32'> | Val<'i64'>): I32;
  /** Set cumulative bits of FPSR; `bits` has them where the register has. */
  raise(bits: I32): void;
  /** 1 when the condition holds, else 0. */
  condition(c: ConditionField): I32;

  /** A floating-point operation on bit patterns of `size` under FPCR; FPSR collects what it raises. */
  fp(operation: FpOperation, size: FpSize, ...operands: readonly I64[]): I64;
  /** Set NZCV from comparing numbers: FCMP, or FCMPE. */
  fpCompare(operation: 'cmp' | 'cmpe', size: FpSize, a: I64, b: I64): void;
  /**
   * The same on every lane of a shape; the rest of the result is zero. An i64 operand is that of every lane. Nothing
   * of the instruction may have been written before.
   */
  fpLanes(operation: FpOperation, shape: FpShape, ...operands: readonly (V128 | I64)[]): V128;

  /** Check and translate a load; the result holds the bytes. Leaves the instruction when it faults. */
  load(address: I64, access: Access): Host;
  /** Check, translate and perform a store; all pieces or none. Leaves the instruction when it faults. */
  store(address: I64, access: Access, pieces: readonly Piece[]): void;
  /** Check and translate an atomic read-modify-write (watched as read and write); then use `peek` and `poke`. */
  atomic(address: I64, access: Access): Host;
  /**
   * Bytes that generated code may load (`write`: store) itself; nothing faults. `otherwise` does the instruction where it
   * may not, and does not come back.
   */
  inPlace(address: I64, access: Access, write: boolean, otherwise: () => void): Host;
  /** Read bytes that `load` or `atomic` gave, zero-extended. */
  peek(h: Host, size: 1 | 2 | 4 | 8, offset?: number): I64;
  peekV(h: Host, offset?: number): V128;
  /** Write bytes that `atomic` or `inPlace` gave. */
  poke(h: Host, size: 1 | 2 | 4 | 8, v: I64, offset?: number): void;

  /** Mark the local exclusive monitor (Arm ARM, Synchronization and semaphores). */
  setExclusive(address: I64, bytes: number): void;
  /** 1 when the local monitor holds exactly this address and size. */
  isExclusive(address: I64, bytes: number): I32;
  clearExclusive(): void;

  jump(t: TargetField, kind: 'branch' | 'call'): void;
  jumpIf(c: I32, t: TargetField): void;
  /** `type`: PSTATE.BTYPE behind the branch, which decides where it may land. Without FEAT_BTI and for RET 0. */
  jumpRegister(v: I64, kind: 'branch' | 'call' | 'return', type?: BranchType): void;
  /** The whole instruction is the system floor's: exceptions, system registers, hints, maintenance. */
  system(): void;
}
