/** What region formation asks of the predecoded code. A record stands for an instruction at an address. */
import type { Operands, Row } from '../../decode/row.ts';
import { HOST, POOL_PAGE, RECORD } from '../../host-map.ts';
import type { BranchType } from '../../semantics/emitter.ts';
import type { Form } from '../interpreter/module.ts';

export interface Instruction {
  readonly row: Row;
  readonly form: Form;
  readonly operands: Operands;
  /** Tier 1's handler for it. */
  readonly opcode: number;
}

export interface CodeSource {
  /** The instruction of a record; null when it has never run, is not allocated, or hides behind a breakpoint. */
  instructionAt(record: number): Instruction | null;
  /** The instruction word of a record. */
  wordOf(record: number): number;
  /** Address of a record's instruction as int32 halves. */
  addressOf(record: number): { readonly lo: number; readonly hi: number };
  /** How often tier 1 has run the conditional branch of a record, and how often it was taken, as far as it can tell. */
  ways(record: number): { readonly run: number; readonly taken: number };
  /** Count anew which way the conditional branch of a record goes. */
  forgetWays(record: number): void;
  /** An indirect branch has come to this record. */
  isLanding(record: number): boolean;
  /** Branches of this type may land at the record: the page is not guarded, or it is known that its instruction is a landing pad for them. */
  accepts(record: number, type: BranchType): boolean;
  /** Where the indirect call of a record went last, as tier 1 knows: int32 halves. */
  calledLast(record: number): { readonly lo: number; readonly hi: number };
  /** Page of records of an address in the context that is in force; 0 when the code TLB has none. */
  pageAt(lo: number, hi: number): number;
}

/** Page of records that a record belongs to. */
export const pageOf = (record: number): number =>
  HOST.POOL + Math.trunc((record - HOST.POOL) / POOL_PAGE.STRIDE) * POOL_PAGE.STRIDE;
/** Record of the instruction at `lo` in its page of records. */
export const recordIn = (page: number, lo: number): number => page + ((lo & 0xffc) >> 2) * RECORD.SIZE;
