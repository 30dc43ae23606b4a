/** Ways out of a region. Every exit goes on at the end of the function, where the state is stored. */
import { assert } from '../../../base/assert.ts';
import { STATE } from '../../layout.ts';
import { bin, extu, k32, k64 } from '../../semantics/build.ts';
import type { I32, I64 } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import { BUDGET, FLAG_A, FLAG_B, KIND, LOCAL } from '../interpreter/abi.ts';
import { lower } from '../lower.ts';
import { FlagEmitter } from './lazy-flags.ts';
import type { Edge, Step } from './formation.ts';
import type { Block } from './region.ts';
import { local, type RegionHelpers } from './registers.ts';
import { pageOf } from './source.ts';

/** Label of the end of the function. */
export const EXIT = 'exit';

export const bigOf = (lo: number, hi: number): bigint =>
  BigInt.asUintN(64, (BigInt(hi) << 32n) | BigInt(lo >>> 0));

export class ExitEmitter extends FlagEmitter {
  /** Where emission is: block, steps of it whose instructions are complete, and the instruction. */
  protected block: Block;
  protected done = 0;
  protected step: Step | null = null;
  /** The region has branches that set PSTATE.BTYPE. */
  protected setsBranchType = false;
  /** What the end goes on with: a record, the opcode to run it with (0: its own), or an address (no record). */
  readonly #record: number;
  readonly #opcode: number;
  readonly #address: number;

  constructor(f: FunctionWriter, helpers: RegionHelpers, entry: Block) {
    super(f, helpers);
    this.block = entry;
    this.#record = f.local('i32');
    this.#opcode = f.local('i32');
    this.#address = f.local('i64');
  }

  /** The end: all exits come here. */
  protected epilogue(): void {
    const { f } = this;
    this.spill();
    const record = local('i32', this.#record);
    const opcode = local('i32', this.#opcode);
    const state = [BUDGET, KIND, FLAG_A, FLAG_B];
    lower(f, opcode);
    f.if(() => this.tailCallTier1('dispatch', record, ...state, opcode));
    lower(f, record);
    f.if(() => this.tailCallTier1('arrive', record, ...state));
    this.tailCallTier1(this.setsBranchType ? 'land' : 'goTo', record, ...state, local('i64', this.#address));
  }

  /** Leave before the instruction when the condition holds. */
  protected guard(c: I32, opcode?: I32): void {
    lower(this.f, c);
    this.f.if(() => this.sideExit(opcode));
  }
  /** Leave before the instruction that is being emitted, and run its record with this opcode. */
  protected sideExit(opcode: I32 = k32(this.step!.instruction.opcode)): void {
    assert(this.step!.instruction.form.leaves, 'it is known where a region may be left');
    this.syncFlags();
    this.set(LOCAL.BUDGET, this.budget());
    this.exitBefore(this.step!, opcode);
  }
  /** As tier 1 has it: the local is that of the block's end. */
  protected budget(): I32 {
    return bin('add', BUDGET, k32(this.block.steps.length - this.done));
  }
  protected exitBefore({ record, instruction }: Step, opcode: I32 = k32(instruction.opcode)): void {
    this.set(this.#record, k32(record));
    this.set(this.#opcode, opcode);
    this.f.br(EXIT);
  }
  /** Leave along an edge. */
  protected exitTo({ record, lo, hi }: Edge): void {
    if (record !== 0 && pageOf(record) === this.block.page) {
      this.set(this.#record, k32(record));
      this.f.br(EXIT);
    } else this.exitAt(k64(bigOf(lo, hi)));
  }
  /** Leave for an address. */
  protected exitAt(address: I64): void {
    this.set(this.#address, address);
    this.f.br(EXIT);
  }

  count(): I64 {
    return bin('sub', this.doubleword(STATE.COUNT), extu(this.budget()));
  }
  /** The unusual case of an instruction. */
  system(): void {
    this.sideExit();
  }
}
