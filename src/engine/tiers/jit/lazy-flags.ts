/** NZCV in a region: what the last operation was is known when the code is made, or it is in the flag locals. */
import { assert } from '../../../base/assert.ts';
import { STATE } from '../../layout.ts';
import { bin, exts, k32, sel, wrap } from '../../semantics/build.ts';
import type { ConditionField, FlagKind, Sum } from '../../semantics/emitter.ts';
import {
  FLAG_KIND,
  FLAG_KIND_OF,
  type FlagKindNumber,
  LOGIC_OPERAND,
  nzcvOfOperation,
} from '../../semantics/flags.ts';
import type { I32, I64, Val } from '../../semantics/ir.ts';
import { FLAG_A, FLAG_B, KIND, LOCAL } from '../interpreter/abi.ts';
import { lower } from '../lower.ts';
import { holds, type KnownFlags, nzcvOf } from './conditions.ts';
import { RegisterEmitter } from './registers.ts';

export class FlagEmitter extends RegisterEmitter {
  /** Flags that an instruction of the block has set, not yet in the flag locals. */
  protected pending: KnownFlags | null = null;
  /** What is known of the flag locals. */
  protected kind: FlagKindNumber | 'any' = 'any';

  flags(kind: FlagKind, a: Val<'i32'> | Val<'i64'>, b?: Val<'i32'> | Val<'i64'>): void {
    const first = this.let(a as I64);
    this.pending =
      b === undefined
        ? { kind: FLAG_KIND_OF[kind], a: first }
        : { kind: FLAG_KIND_OF[kind], a: first, b: this.let(b as I64) };
  }
  flagsIf(
    holds: I32,
    kind: FlagKind,
    a: Val<'i32'> | Val<'i64'>,
    b: Val<'i32'> | Val<'i64'>,
    otherwise: I32,
  ): void {
    assert(otherwise.o === 'const', 'an immediate is known');
    const chosen = this.let(holds);
    const compared = { kind: FLAG_KIND_OF[kind], a: this.let(a as I64), b: this.let(b as I64) };
    const nzcv = this.let(sel(chosen, this.nzcvOf(kind, compared.a, compared.b), otherwise));
    const choice = { holds: chosen, compared, otherwise: Number(otherwise.k) };
    this.pending = { kind: FLAG_KIND.PACKED, a: nzcv, choice };
  }
  setNzcv(v: I32, sum?: Sum): void {
    this.pending = { kind: FLAG_KIND.PACKED, a: this.let(v), ...(sum && { sum }) };
  }
  /** The values that flags not yet in the flag locals are made of. */
  protected pendingValues(): (Val | undefined)[] {
    if (this.pending === null) return [];
    const { a, b, numbers = [], sum, choice } = this.pending;
    return [a, b, ...numbers, sum?.result, sum?.carry, choice?.holds, choice?.compared.a, choice?.compared.b];
  }
  /** Put the flags of the block's instructions into the flag locals. */
  protected syncFlags(): void {
    const flags = this.pending;
    if (flags === null) return;
    const wide = (v: Val<'i32' | 'i64'>): I64 => (v.t === 'i32' ? exts(v as I32) : (v as I64));
    this.set(LOCAL.A, wide(flags.a));
    this.set(LOCAL.B, flags.b === undefined ? LOGIC_OPERAND : wide(flags.b));
    this.set(LOCAL.KIND, k32(flags.kind));
    this.kind = flags.kind;
  }
  #known(): KnownFlags | null {
    if (this.pending !== null) return this.pending;
    const { kind } = this;
    if (kind === 'any') return null;
    if (kind === FLAG_KIND.LOGIC || kind === FLAG_KIND.PACKED) return { kind, a: FLAG_A };
    const narrow = kind === FLAG_KIND.SUB32 || kind === FLAG_KIND.ADD32;
    if (narrow) return { kind, a: this.let(wrap(FLAG_A)), b: this.let(wrap(FLAG_B)) };
    return { kind, a: FLAG_A, b: FLAG_B };
  }
  nzcv(): I32 {
    const known = this.#known();
    if (known !== null) return nzcvOf(known, (v) => this.let(v));
    return this.let(this.asTier1('nzcv', KIND, FLAG_A, FLAG_B));
  }
  nzcvOf(kind: FlagKind, a: Val<'i32'> | Val<'i64'>, b?: Val<'i32'> | Val<'i64'>): I32 {
    const pin = <T extends 'i32' | 'i64'>(v: Val<T>): Val<T> => this.let(v);
    return nzcvOfOperation(kind, pin(a as I64), b && pin(b as I64), pin);
  }
  raise(bits: I32): void {
    this.setWord(STATE.FPSR, bin('or', this.word(STATE.FPSR), bits));
  }
  condition(c: ConditionField): I32 {
    assert(typeof c === 'number', 'a condition is known');
    if (c >= 14) return k32(1);
    const known = this.#known();
    if (known !== null) return holds(c, known, (v) => this.let(v));
    return this.let(this.asTier1('condition', k32(c), KIND, FLAG_A, FLAG_B));
  }

  /** Flags set in one of the branches are in the flag locals behind it, as are those from before. */
  if(c: I32, then: () => void, otherwise?: () => void): void {
    const condition = this.let(c);
    this.syncFlags();
    const before = this.pending;
    let changed = false;
    const branch = (body: () => void) => () => {
      body();
      if (this.pending !== before) {
        changed = true;
        this.syncFlags();
      }
      this.pending = before;
    };
    lower(this.f, condition);
    this.f.if(branch(then), otherwise && branch(otherwise));
    if (changed) {
      this.pending = null;
      this.kind = 'any';
    }
  }
}
