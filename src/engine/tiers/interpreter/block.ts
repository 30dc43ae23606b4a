/** A function under construction: pinned values, conditions, stores, and leaving generated code. */
import { assert } from '../../../base/assert.ts';
import { k32 } from '../../semantics/build.ts';
import type { I32, I64, Ty, Val } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import { lower } from '../lower.ts';
import { BUDGET, FLAG_A, FLAG_B, type Helpers, KIND, RECORD_POINTER } from './abi.ts';

/** Base of addresses in the state block. */
export const ZERO_BASE = k32(0);

export class Block {
  protected readonly f: FunctionWriter;
  protected readonly helpers: Helpers;
  /** The last thing emitted does not return. */
  protected ended = false;
  /** Conditions around what is emitted. */
  protected depth = 0;

  constructor(f: FunctionWriter, helpers: Helpers) {
    this.f = f;
    this.helpers = helpers;
  }

  let<T extends Ty>(v: Val<T>): Val<T> {
    if (v.o === 'const' || (v.o === 'local' && v.pinned)) return v;
    const t = v.t as T;
    const index = this.f.local(t);
    this.assign(index, v);
    return { o: 'local', t, index, pinned: true };
  }
  if(c: I32, then: () => void, otherwise?: () => void): void {
    assert(!this.ended, 'code after the end of an instruction');
    lower(this.f, c);
    let thenEnds = false;
    this.depth++;
    this.f.if(() => {
      then();
      thenEnds = this.ended;
      this.ended = false;
    }, otherwise);
    this.depth--;
    this.ended = otherwise !== undefined && thenEnds && this.ended;
  }
  /** Leave with PC at this record, the instruction not retired. */
  leave(reason: number): void {
    this.#leaveBy(this.helpers.leave, RECORD_POINTER, reason);
  }
  /** Leave with a PC that has no record. */
  protected leaveAt(pc: I64, reason: number): void {
    this.#leaveBy(this.helpers.leaveAt, pc, reason);
  }
  #leaveBy(helper: number, first: Val, reason: number): void {
    for (const v of [first, BUDGET, KIND, FLAG_A, FLAG_B, k32(reason)]) lower(this.f, v);
    this.f.tailCall(helper);
    this.ended = true;
  }
  protected assign(local: number, v: Val): void {
    lower(this.f, v);
    this.f.set(local);
  }
  protected put(t: Ty, bits: number, at: I32, offset: number, v: Val): void {
    lower(this.f, at);
    lower(this.f, v);
    this.f.store(t, bits, offset);
  }
}
