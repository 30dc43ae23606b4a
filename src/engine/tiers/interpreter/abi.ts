/**
 * How functions of the interpreter module call each other and the host. Every handler has the same five
 * parameters, which V8 keeps in registers across tail calls, and returns the budget that is left.
 */
import type { I32, I64 } from '../../semantics/ir.ts';
import type { ValueType } from '../../wasm/opcodes.ts';
import type { FloatingPointFunctions } from './floating-point.ts';

/** Parameters of a handler, as local indices. */
export const LOCAL = {
  /** Record of the instruction. */
  RECORD: 0,
  /** Instructions that may still retire, this one included. */
  BUDGET: 1,
  /** The lazy flags: kind and operands. */
  KIND: 2,
  A: 3,
  B: 4,
} as const;
export const HANDLER_PARAMETERS: readonly ValueType[] = ['i32', 'i32', 'i32', 'i64', 'i64'];

export const RECORD_POINTER: I32 = { o: 'local', t: 'i32', index: LOCAL.RECORD };
export const BUDGET: I32 = { o: 'local', t: 'i32', index: LOCAL.BUDGET };
export const KIND: I32 = { o: 'local', t: 'i32', index: LOCAL.KIND };
export const FLAG_A: I64 = { o: 'local', t: 'i64', index: LOCAL.A };
export const FLAG_B: I64 = { o: 'local', t: 'i64', index: LOCAL.B };

/** What the interpreter asks of the host. Addresses come as two int32 halves; nothing throws. */
export interface InterpreterHost {
  /** Decode the instruction of a record; returns the opcode to run. */
  decode(record: number): number;
  /** A planted breakpoint is reached: 0 when it hits, otherwise the opcode of the instruction. */
  breakpoint(record: number): number;
  /** Record of the instruction at an address that the code TLB lacks; 0 when there is none. */
  fetch(lo: number, hi: number): number;
  /** Run a system instruction; returns an `Outcome`. State is complete, PC at the instruction. */
  system(record: number): number;
  /** Host address of bytes to load, or 0: leave the instruction. `access` is an `AccessWord`. */
  read(lo: number, hi: number, access: number): number;
  /** Store the bytes that are in SCRATCH; 0: leave the instruction, nothing stored. */
  write(lo: number, hi: number, access: number): number;
  /** Host address for an atomic access, or 0: leave the instruction. */
  atomic(lo: number, hi: number, access: number): number;
  /** 1 when a misaligned stack pointer faults now. */
  stackAlignment(): number;
  /** The record's heat has overflowed, with about this budget left. Returns 0. */
  hot(record: number, budget: number): number;
  /** A region has refused to do the instruction of this record in place, with this budget left: returns the opcode to run. */
  refused(record: number, budget: number): number;
  /** Run the floating-point operation with this code exactly: operands and result in SCRATCH. Returns 0. */
  floatingPoint(code: number): number;
}

export const HOST_FUNCTIONS: Readonly<Record<keyof InterpreterHost, number>> = {
  decode: 1,
  breakpoint: 1,
  fetch: 2,
  system: 1,
  read: 3,
  write: 3,
  atomic: 3,
  stackAlignment: 0,
  hot: 2,
  refused: 2,
  floatingPoint: 1,
};

type FindAccess = (address: bigint, access: number, slot: number) => number;

/** What a compiled interpreter offers. */
export interface InterpreterExports {
  /** Run from the PC in the state block until `budget` (>= 1) instructions have retired or it has to be left; returns what is left. */
  run(budget: number): number;
  /** The handlers by opcode, then `REGION_SLOTS` empty elements for regions. */
  readonly table: WebAssembly.Table;
  /** For the host: `windowRead` and `windowWrite`. */
  readonly findRead: FindAccess;
  readonly findWrite: FindAccess;
}

/** Compiled regions that one VM has at a time: each has an opcode of its own. */
export const REGION_SLOTS = 2048;
/** Parameters of `goTo`: those of a handler without a record, and the address. */
export const GO_TO_PARAMETERS: readonly ValueType[] = [...HANDLER_PARAMETERS, 'i64'];
/** Parameters of `dispatch`: those of a handler, and the opcode. */
export const DISPATCH_PARAMETERS: readonly ValueType[] = [...HANDLER_PARAMETERS, 'i32'];

/** Function indices of the module's helpers. */
export interface Helpers extends Readonly<Record<keyof InterpreterHost, number>> {
  /** (kind, a, b) to NZCV. */
  readonly nzcv: number;
  /** (condition, kind, a, b) to 0 or 1. */
  readonly condition: number;
  /** (record, budget, kind, a, b): write PC, NZCV and BUDGET to the state block. */
  readonly spill: number;
  /** (handler parameters, reason): spill and return the budget. */
  readonly leave: number;
  /** (pc, budget, kind, a, b, reason): the same for a PC without a record. */
  readonly leaveAt: number;
  /** (address, access): the rest of a load, store, atomic that missed the inline check. */
  readonly slowRead: number;
  readonly slowWrite: number;
  readonly slowAtomic: number;
  /** (address, access): host address of bytes to load, gathered in SCRATCH when they are in two pages; 0: ask the host. */
  readonly nearRead: number;
  /** (address, access): host address of bytes to store, SCRATCH when they are in two pages; 0: ask the host. */
  readonly nearWrite: number;
  /** (address, access, slot): as `nearRead` and `nearWrite`; the slot of `HOST.WINDOWS` has what is around the access then. */
  readonly windowRead: number;
  readonly windowWrite: number;
  /** (address, access): the bytes in SCRATCH to the two pages that they belong to. */
  readonly scatter: number;
  /** Functions for floating-point operations. */
  readonly fp: FloatingPointFunctions;
  /** Type of a handler. */
  readonly handlerType: number;
}
