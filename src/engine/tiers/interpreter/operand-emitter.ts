/** Operands of an instruction: registers by record slots, immediates, the state block, and the lazy flags. */
import { CRC_HOST, RECORD } from '../../host-map.ts';
import { REG, STATE } from '../../layout.ts';
import { bin, cmp, exts, extu, k32, k64, ld, sel } from '../../semantics/build.ts';
import type { ConditionField, FlagKind, ImmediateField, RegisterField } from '../../semantics/emitter.ts';
import {
  directCondition,
  FLAG_KIND,
  FLAG_KIND_OF,
  LOGIC_OPERAND,
  nzcvOfOperation,
} from '../../semantics/flags.ts';
import type { I32, I64, V128, Val } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import { lower } from '../lower.ts';
import { BUDGET, FLAG_A, FLAG_B, type Helpers, KIND, LOCAL, RECORD_POINTER } from './abi.ts';
import { Block, ZERO_BASE } from './block.ts';
import { type FormUse, unused } from './form-use.ts';

const REGISTER_SLOT = { rd: RECORD.RD, rn: RECORD.RN, rm: RECORD.RM, ra: RECORD.RA } as const;
const IMMEDIATE_SLOT = { imm: RECORD.IMM, imm2: RECORD.IMM2 } as const;
const V_SPAN = 32 * 16;

export class OperandEmitter extends Block {
  readonly use: FormUse = unused();
  protected readonly stackBase: boolean;

  /** `stackBase`: the form in which rn is the stack pointer. */
  constructor(f: FunctionWriter, helpers: Helpers, stackBase: boolean) {
    super(f, helpers);
    this.stackBase = stackBase;
  }

  #slot(r: RegisterField): { at: I32; offset: number } {
    if (r === 'rn' && this.stackBase) return { at: ZERO_BASE, offset: REG.SP * 8 };
    if (typeof r === 'number') return { at: ZERO_BASE, offset: r * 8 };
    return { at: ld('i32', 16, RECORD_POINTER, REGISTER_SLOT[r]), offset: 0 };
  }
  #vectorSlot(r: RegisterField, next: number): { at: I32; offset: number } {
    if (typeof r === 'number') return { at: ZERO_BASE, offset: STATE.V + ((r + next) % 32) * 16 };
    const at = ld('i32', 16, RECORD_POINTER, REGISTER_SLOT[r]);
    if (next === 0) return { at, offset: 0 };
    return { at: bin('and', bin('add', at, k32(next * 16)), k32(V_SPAN - 1)), offset: STATE.V };
  }
  X(r: RegisterField): I64 {
    const { at, offset } = this.#slot(r);
    return ld('i64', 64, at, offset);
  }
  W(r: RegisterField): I32 {
    const { at, offset } = this.#slot(r);
    return ld('i32', 32, at, offset);
  }
  setX(r: RegisterField, v: I64): void {
    const { at, offset } = this.#slot(r);
    this.put('i64', 64, at, offset, v);
  }
  setW(r: RegisterField, v: I32): void {
    this.setX(r, extu(v));
  }
  V(r: RegisterField, next = 0): V128 {
    const { at, offset } = this.#vectorSlot(r, next);
    return ld('v128', 128, at, offset);
  }
  setV(r: RegisterField, v: V128, next = 0): void {
    const { at, offset } = this.#vectorSlot(r, next);
    this.put('v128', 128, at, offset, v);
  }
  imm(f: ImmediateField): I64 {
    return typeof f === 'bigint' ? k64(f) : ld('i64', 64, RECORD_POINTER, IMMEDIATE_SLOT[f]);
  }

  // The state block

  word(at: number): I32 {
    return ld('i32', 32, ZERO_BASE, at);
  }
  setWord(at: number, v: I32): void {
    this.put('i32', 32, ZERO_BASE, at, v);
  }
  doubleword(at: number): I64 {
    return ld('i64', 64, ZERO_BASE, at);
  }
  setDoubleword(at: number, v: I64): void {
    this.put('i64', 64, ZERO_BASE, at, v);
  }
  crcWord(table: number, at: I32): I32 {
    return ld('i32', 32, at, CRC_HOST + table);
  }
  count(): I64 {
    return bin('sub', this.doubleword(STATE.COUNT), extu(BUDGET));
  }

  // Flags

  #readsFlags(): void {
    this.use.flags = 'reads';
  }
  /** What is set in a branch only keeps the flags in the other. */
  #setsFlags(): void {
    if (this.depth > 0) this.#readsFlags();
    else if (this.use.flags === 'none') this.use.flags = 'sets';
  }
  flags(kind: FlagKind, a: Val<'i32'> | Val<'i64'>, b?: Val<'i32'> | Val<'i64'>): void {
    this.#setsFlags();
    const wide = (v: Val<'i32'> | Val<'i64'>): I64 => (v.t === 'i32' ? exts(v as I32) : (v as I64));
    lower(this.f, wide(a));
    lower(this.f, b === undefined ? LOGIC_OPERAND : wide(b));
    this.f.set(LOCAL.B);
    this.f.set(LOCAL.A);
    this.assign(LOCAL.KIND, k32(FLAG_KIND_OF[kind]));
  }
  flagsIf(
    holds: I32,
    kind: FlagKind,
    a: Val<'i32'> | Val<'i64'>,
    b: Val<'i32'> | Val<'i64'>,
    otherwise: I32,
  ): void {
    this.setNzcv(sel(holds, this.nzcvOf(kind, a, b), otherwise));
  }
  setNzcv(v: I32): void {
    this.#setsFlags();
    this.assign(LOCAL.A, extu(v));
    this.assign(LOCAL.KIND, k32(FLAG_KIND.PACKED));
  }
  nzcv(): I32 {
    this.#readsFlags();
    return { o: 'call', t: 'i32', f: this.helpers.nzcv, args: [KIND, FLAG_A, FLAG_B] };
  }
  nzcvOf(kind: FlagKind, a: Val<'i32'> | Val<'i64'>, b?: Val<'i32'> | Val<'i64'>): I32 {
    const pin = <T extends 'i32' | 'i64'>(v: Val<T>): Val<T> => this.let(v);
    return nzcvOfOperation(kind, pin(a as I64), b && pin(b as I64), pin);
  }
  raise(bits: I32): void {
    const fpsr = ld('i32', 32, ZERO_BASE, STATE.FPSR);
    this.put('i32', 32, ZERO_BASE, STATE.FPSR, bin('or', fpsr, bits));
  }
  condition(c: ConditionField): I32 {
    this.#readsFlags();
    if (typeof c === 'string') {
      const code = ld('i32', 8, RECORD_POINTER, RECORD.CONDITION);
      return { o: 'call', t: 'i32', f: this.helpers.condition, args: [code, KIND, FLAG_A, FLAG_B] };
    }
    if (c >= 14) return k32(1);
    const general: I32 = {
      o: 'call',
      t: 'i32',
      f: this.helpers.condition,
      args: [k32(c), KIND, FLAG_A, FLAG_B],
    };
    const direct = directCondition(c, FLAG_A, FLAG_B);
    if (direct === undefined) return general;
    const result = this.f.local('i32');
    const first = FLAG_KIND.SUB64;
    this.if(
      cmp('leu', bin('sub', KIND, k32(first)), k32(direct.last - first)),
      () => this.assign(result, direct.value),
      () => this.assign(result, general),
    );
    return { o: 'local', t: 'i32', index: result, pinned: true };
  }
}
