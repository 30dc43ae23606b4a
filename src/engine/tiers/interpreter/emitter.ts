/**
 * Tier 1's emitter: operands are slots of the predecoded record, so one function serves every instruction
 * of its form. Control leaves a handler by a tail call to the next handler or to `leave`.
 */
import { assert } from '../../../base/assert.ts';
import type { FpSize } from '../../fp/format.ts';
import type { FpOperation } from '../../fp/operation.ts';
import { CODE_TLB, HEAT, HOST, LANDED, REASON, RECORD, TLB } from '../../host-map.ts';
import { REG, STATE } from '../../layout.ts';
import { accessWord } from '../../memory/access-word.ts';
import { bin, cmp, eqz, exts, extu, k32, k64, ld, wrap } from '../../semantics/build.ts';
import type {
  Access,
  BranchType,
  ConditionField,
  Emitter,
  FlagKind,
  Host,
  ImmediateField,
  Piece,
  RegisterField,
  TargetField,
} from '../../semantics/emitter.ts';
import {
  directCondition,
  FLAG_KIND,
  FLAG_KIND_OF,
  LOGIC_OPERAND,
  nzcvOfOperation,
} from '../../semantics/flags.ts';
import type { I32, I64, Ty, V128, Val } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import { lower } from '../lower.ts';
import { BUDGET, FLAG_A, FLAG_B, type Helpers, KIND, LOCAL, RECORD_POINTER } from './abi.ts';

const REGISTER_SLOT = { rd: RECORD.RD, rn: RECORD.RN, rm: RECORD.RM, ra: RECORD.RA } as const;
const IMMEDIATE_SLOT = { imm: RECORD.IMM, imm2: RECORD.IMM2 } as const;
const ZERO_BASE = k32(0);
const STATE_CONTEXT = { at: ZERO_BASE, offset: STATE.CONTEXT };
const V_SPAN = 32 * 16;
/** Where BTYPE is in PSTATE. */
const BTYPE_SHIFT = 10;
/** Which record fields a form reads in a way that the decoder must know. */
export interface FormUse {
  /** Accesses data memory: its base register may be the stack pointer. */
  memory: boolean;
  /** A direct branch. */
  target: boolean;
  control: Control;
}
/** How a form goes on: 'outside' when it leaves that to the host, or does more than branch. */
export type Control =
  | 'next'
  | 'branch'
  | 'call'
  | 'conditional'
  | 'indirect'
  | 'indirect-call'
  | 'return'
  | 'outside';

export class InterpreterEmitter implements Emitter {
  readonly use: FormUse = { memory: false, target: false, control: 'next' };
  readonly #f: FunctionWriter;
  readonly #helpers: Helpers;
  readonly #stackBase: boolean;
  #ended = false;

  /** `stackBase`: the form in which rn is the stack pointer. */
  constructor(f: FunctionWriter, helpers: Helpers, stackBase: boolean) {
    this.#f = f;
    this.#helpers = helpers;
    this.#stackBase = stackBase;
  }

  // Registers

  #slot(r: RegisterField): { at: I32; offset: number } {
    if (r === 'rn' && this.#stackBase) return { at: ZERO_BASE, offset: REG.SP * 8 };
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
    this.#store('i64', 64, at, offset, v);
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
    this.#store('v128', 128, at, offset, v);
  }
  imm(f: ImmediateField): I64 {
    return typeof f === 'bigint' ? k64(f) : ld('i64', 64, RECORD_POINTER, IMMEDIATE_SLOT[f]);
  }

  let<T extends Ty>(v: Val<T>): Val<T> {
    if (v.o === 'const' || (v.o === 'local' && v.pinned)) return v;
    const t = v.t as T;
    const index = this.#f.local(t);
    lower(this.#f, v);
    this.#f.set(index);
    return { o: 'local', t, index, pinned: true };
  }
  if(c: I32, then: () => void, otherwise?: () => void): void {
    assert(!this.#ended, 'code after the end of an instruction');
    lower(this.#f, c);
    let thenEnds = false;
    this.#f.if(() => {
      then();
      thenEnds = this.#ended;
      this.#ended = false;
    }, otherwise);
    this.#ended = otherwise !== undefined && thenEnds && this.#ended;
  }
  #set(local: number, v: Val): void {
    lower(this.#f, v);
    this.#f.set(local);
  }
  #store(t: Ty, bits: number, at: I32, offset: number, v: Val): void {
    lower(this.#f, at);
    lower(this.#f, v);
    this.#f.store(t, bits, offset);
  }

  // Flags

  flags(kind: FlagKind, a: Val<'i32'> | Val<'i64'>, b?: Val<'i32'> | Val<'i64'>): void {
    const wide = (v: Val<'i32'> | Val<'i64'>): I64 => (v.t === 'i32' ? exts(v as I32) : (v as I64));
    lower(this.#f, wide(a));
    lower(this.#f, b === undefined ? LOGIC_OPERAND : wide(b));
    this.#f.set(LOCAL.B);
    this.#f.set(LOCAL.A);
    this.#set(LOCAL.KIND, k32(FLAG_KIND_OF[kind]));
  }
  setNzcv(v: I32): void {
    this.#set(LOCAL.A, extu(v));
    this.#set(LOCAL.KIND, k32(FLAG_KIND.PACKED));
  }
  nzcv(): I32 {
    return { o: 'call', t: 'i32', f: this.#helpers.nzcv, args: [KIND, FLAG_A, FLAG_B] };
  }
  nzcvOf(kind: FlagKind, a: Val<'i32'> | Val<'i64'>, b?: Val<'i32'> | Val<'i64'>): I32 {
    const pin = <T extends 'i32' | 'i64'>(v: Val<T>): Val<T> => this.let(v);
    return nzcvOfOperation(kind, pin(a as I64), b && pin(b as I64), pin);
  }
  raise(bits: I32): void {
    const fpsr = ld('i32', 32, ZERO_BASE, STATE.FPSR);
    this.#store('i32', 32, ZERO_BASE, STATE.FPSR, bin('or', fpsr, bits));
  }
  condition(c: ConditionField): I32 {
    if (typeof c === 'string') {
      const code = ld('i32', 8, RECORD_POINTER, RECORD.CONDITION);
      return { o: 'call', t: 'i32', f: this.#helpers.condition, args: [code, KIND, FLAG_A, FLAG_B] };
    }
    if (c >= 14) return k32(1);
    const general: I32 = {
      o: 'call',
      t: 'i32',
      f: this.#helpers.condition,
      args: [k32(c), KIND, FLAG_A, FLAG_B],
    };
    const direct = directCondition(c, FLAG_A, FLAG_B);
    if (direct === undefined) return general;
    const result = this.#f.local('i32');
    const first = FLAG_KIND.SUB64;
    this.if(
      cmp('leu', bin('sub', KIND, k32(first)), k32(direct.last - first)),
      () => this.#set(result, direct.value),
      () => this.#set(result, general),
    );
    return { o: 'local', t: 'i32', index: result, pinned: true };
  }

  fp(operation: FpOperation, size: FpSize, ...operands: readonly I64[]): I64 {
    const f = this.#helpers.fp.indexOf(operation, size, operands.length);
    return this.let<'i64'>({ o: 'call', t: 'i64', f, args: operands });
  }

  // Memory

  /** Software-TLB lookup; returns the local with the host address and the condition under which it is not valid. */
  #lookup(address: I64, access: Access, write: boolean): { host: I32; index: number; miss: I32; word: I32 } {
    this.use.memory = true;
    const bytes = access.bytes ?? access.size;
    const alignment = access.aligned ? bytes : access.size;
    const entry = this.let(bin('and', wrap(bin('shr', address, k64(7))), k32((TLB.ENTRIES - 1) * TLB.ENTRY)));
    const index = this.#f.local('i32');
    this.#set(index, bin('add', wrap(address), ld('i32', 32, entry, HOST.TLB + TLB.ADDEND)));
    // The entry is that of the first byte's page; the last element has to lie in the same page.
    const last = access.aligned ? address : bin('add', address, k64(bytes - access.size));
    const context = access.unprivileged ? STATE.CONTEXT_UNPRIVILEGED : STATE.CONTEXT;
    const tag = bin(
      'add',
      bin('and', last, k64(-4096n | BigInt(alignment - 1))),
      ld('i64', 64, ZERO_BASE, context),
    );
    const miss = cmp('ne', tag, ld('i64', 64, entry, HOST.TLB + (write ? TLB.WRITE_TAG : TLB.READ_TAG)));
    const word = k32(accessWord(access.size, bytes, access.aligned === true, access.unprivileged === true));
    return { host: { o: 'local', t: 'i32', index }, index, miss, word };
  }
  /** Host address for an access in place, by the inline check or by `slow`. */
  #inPlace(address: I64, access: Access, write: boolean, slow: (a: I64, word: I32) => I32): Host {
    const at = this.let(address);
    const { host, index, miss, word } = this.#lookup(at, access, write);
    this.if(miss, () => {
      this.#set(index, slow(at, word));
      this.if(eqz(host), () => this.#leave(REASON.DATA));
    });
    return { o: 'local', t: 'i32', index, pinned: true };
  }
  load(address: I64, access: Access): Host {
    const f = this.#helpers.slowRead;
    return this.#inPlace(address, access, false, (a, word) => ({ o: 'call', t: 'i32', f, args: [a, word] }));
  }
  atomic(address: I64, access: Access): Host {
    const f = this.#helpers.atomic;
    const args = (a: I64, word: I32) => [wrap(a), wrap(bin('shr', a, k64(32))), word];
    return this.#inPlace(address, access, true, (a, word) => ({
      o: 'call',
      t: 'i32',
      f,
      args: args(a, word),
    }));
  }
  store(address: I64, access: Access, pieces: readonly Piece[]): void {
    const at = this.let(address);
    const pinned = pieces.map((piece) => ({ ...piece, value: this.let(piece.value as Val) }));
    const write = (base: I32, offset: number): void => {
      for (const { value, size, offset: o } of pinned)
        this.#store(value.t, size * 8, base, offset + o, value);
    };
    const { host, miss, word } = this.#lookup(at, access, true);
    this.if(
      miss,
      () => {
        write(ZERO_BASE, STATE.SCRATCH);
        const done: I32 = { o: 'call', t: 'i32', f: this.#helpers.slowWrite, args: [at, word] };
        this.if(eqz(done), () => this.#leave(REASON.DATA));
      },
      () => write(host, 0),
    );
  }
  peek(h: Host, size: 1 | 2 | 4 | 8, offset = 0): I64 {
    return ld('i64', (size * 8) as 8 | 16 | 32 | 64, h, offset);
  }
  peekV(h: Host, offset = 0): V128 {
    return ld('v128', 128, h, offset);
  }
  poke(h: Host, size: 1 | 2 | 4 | 8, v: I64, offset = 0): void {
    this.#store('i64', size * 8, h, offset, v);
  }

  setExclusive(address: I64, bytes: number): void {
    this.#store('i64', 64, ZERO_BASE, STATE.EXCLUSIVE_ADDRESS, address);
    this.#store('i32', 32, ZERO_BASE, STATE.EXCLUSIVE_BYTES, k32(bytes));
  }
  isExclusive(address: I64, bytes: number): I32 {
    return bin(
      'and',
      cmp('eq', ld('i64', 64, ZERO_BASE, STATE.EXCLUSIVE_ADDRESS), address),
      cmp('eq', ld('i32', 32, ZERO_BASE, STATE.EXCLUSIVE_BYTES), k32(bytes)),
    );
  }
  clearExclusive(): void {
    this.#store('i32', 32, ZERO_BASE, STATE.EXCLUSIVE_BYTES, k32(0));
  }

  // Control

  #continues(control: Control): void {
    if (this.use.control !== 'outside') this.use.control = control;
  }
  jump(t: TargetField, kind: 'branch' | 'call'): void {
    assert(typeof t === 'string', 'a constant target in the interpreter');
    this.use.target = true;
    this.#continues(kind);
    const delta = this.let(ld('i32', 32, RECORD_POINTER, RECORD.DELTA));
    this.if(eqz(delta), () => this.#retireTo(this.imm('imm2')));
    this.#set(LOCAL.RECORD, bin('add', RECORD_POINTER, delta));
    if (kind === 'call') this.heat();
    else this.if(cmp('lts', delta, k32(0)), () => this.heat());
    this.#retire();
  }
  jumpIf(c: I32, t: TargetField): void {
    this.if(c, () => this.jump(t, 'branch'));
    this.#continues('conditional');
  }
  jumpRegister(v: I64, kind: 'branch' | 'call' | 'return', type: BranchType = 0): void {
    if (type !== 0) this.#continues('outside');
    else this.#continues(kind === 'branch' ? 'indirect' : kind === 'call' ? 'indirect-call' : 'return');
    this.#retireTo(v, type, kind === 'branch');
  }
  system(): void {
    this.#continues('outside');
    const { spill, system } = this.#helpers;
    const f = this.#f;
    for (const v of [RECORD_POINTER, BUDGET, KIND, FLAG_A, FLAG_B]) lower(f, v);
    f.call(spill);
    const outcome = this.let({ o: 'call', t: 'i32', f: system, args: [RECORD_POINTER] } as I32);
    this.if(outcome, () => {
      this.#store('i32', 32, ZERO_BASE, STATE.REASON, k32(REASON.SYSTEM));
      lower(f, bin('sub', BUDGET, bin('and', outcome, k32(1))));
      f.return();
    });
    this.setNzcv(ld('i32', 32, ZERO_BASE, STATE.NZCV));
    this.#set(LOCAL.RECORD, bin('add', RECORD_POINTER, k32(RECORD.SIZE)));
    this.heat();
    this.#retire();
  }

  /** End of an instruction without a branch: nothing to do when `emit` has branched already. */
  finish(): void {
    if (!this.#ended) this.next();
    this.#f.unreachable();
  }
  /** Retire and go on with the next record. */
  next(): void {
    this.#set(LOCAL.RECORD, bin('add', RECORD_POINTER, k32(RECORD.SIZE)));
    this.#retire();
  }
  /** Leave before the instruction unless SIMD and floating point are enabled. */
  requireFp(): void {
    this.if(eqz(ld('i32', 32, ZERO_BASE, STATE.FP_ENABLED)), () => this.#leave(REASON.FP_TRAP));
  }
  /** Leave before the instruction when the stack pointer is misaligned and that is checked. */
  requireAlignedStack(): void {
    this.if(bin('and', ld('i32', 32, ZERO_BASE, STATE.SP), k32(15)), () => {
      const checked: I32 = { o: 'call', t: 'i32', f: this.#helpers.stackAlignment, args: [] };
      this.if(checked, () => this.#leave(REASON.SP_ALIGNMENT));
    });
  }
  /** Leave with PC at this record, the instruction not retired. */
  leave(reason: number): void {
    this.#leave(reason);
  }
  /** Run opcode `v` on this record. */
  dispatch(v: I32): void {
    for (const parameter of [RECORD_POINTER, BUDGET, KIND, FLAG_A, FLAG_B]) lower(this.#f, parameter);
    lower(this.#f, v);
    this.#f.tailCallIndirect(this.#helpers.handlerType);
    this.#ended = true;
  }
  /** Go on at an address; nothing retires. */
  goTo(address: I64): void {
    this.#find(this.let(address));
    this.heat();
    this.dispatch(ld('i32', 16, RECORD_POINTER, RECORD.OPCODE));
  }
  /** Point the record pointer at the record of an address, or leave. Returns the address of its code TLB entry. */
  #find(pc: I64): I32 {
    const entry = this.let(
      bin('and', wrap(bin('shr', pc, k64(8))), k32((CODE_TLB.ENTRIES - 1) * CODE_TLB.ENTRY)),
    );
    const tag = bin(
      'add',
      bin('and', pc, k64(-4096n | 3n)),
      ld('i64', 64, STATE_CONTEXT.at, STATE_CONTEXT.offset),
    );
    const offset = bin('mul', bin('and', wrap(pc), k32(0xffc)), k32(RECORD.SIZE / 4));
    this.if(
      cmp('eq', tag, ld('i64', 64, entry, HOST.CODE_TLB + CODE_TLB.TAG)),
      () => this.#set(LOCAL.RECORD, bin('add', ld('i32', 32, entry, HOST.CODE_TLB + CODE_TLB.BASE), offset)),
      () => {
        const args = [wrap(pc), wrap(bin('shr', pc, k64(32)))];
        this.#set(LOCAL.RECORD, { o: 'call', t: 'i32', f: this.#helpers.fetch, args });
        this.if(eqz(RECORD_POINTER), () => this.#leaveAt(pc, REASON.FETCH));
      },
    );
    return entry;
  }

  /** Control has come to the record other than from the one before it. */
  heat(): void {
    const at = this.let(bin('and', bin('shr', RECORD_POINTER, k32(4)), k32((HEAT.ENTRIES - 1) * HEAT.ENTRY)));
    const count = this.let(bin('add', ld('i32', 16, at, HOST.HEAT), k32(1)));
    this.#store('i32', 16, at, HOST.HEAT, count);
    this.if(bin('shr', count, k32(16)), () => {
      lower(this.#f, { o: 'call', t: 'i32', f: this.#helpers.hot, args: [RECORD_POINTER] });
      this.#f.drop();
    });
  }

  #countDown(): void {
    this.#set(LOCAL.BUDGET, bin('sub', BUDGET, k32(1)));
  }
  /** Retire the instruction; the record pointer is at the next one. */
  #retire(): void {
    this.#countDown();
    this.if(eqz(BUDGET), () => this.#leave(REASON.BUDGET));
    this.dispatch(ld('i32', 16, RECORD_POINTER, RECORD.OPCODE));
  }
  /** Retire the instruction and go on at an address; `type` is PSTATE.BTYPE there. */
  #retireTo(address: I64, type: BranchType = 0, mark = false): void {
    const pc = this.let(address);
    this.#countDown();
    if (type !== 0) {
      this.#store('i32', 32, ZERO_BASE, STATE.BTYPE, k32(type << BTYPE_SHIFT));
      this.#store('i32', 32, ZERO_BASE, STATE.BTYPE_BUDGET, BUDGET);
    }
    this.if(eqz(BUDGET), () => this.#leaveAt(pc, REASON.BUDGET));
    const entry = this.#find(pc);
    if (type !== 0) this.#checkLanding(pc, entry, type);
    if (mark) {
      const landing = ld('i32', 8, RECORD_POINTER, RECORD.LANDING);
      this.#store('i32', 8, RECORD_POINTER, RECORD.LANDING, bin('or', landing, k32(LANDED)));
    }
    this.heat();
    this.dispatch(ld('i32', 16, RECORD_POINTER, RECORD.OPCODE));
  }
  /** Leave when the page is guarded and its record is not known to be a landing pad for the branch. */
  #checkLanding(pc: I64, entry: I32, type: BranchType): void {
    this.if(ld('i32', 32, entry, HOST.CODE_TLB + CODE_TLB.GUARDED), () => {
      const accepted = bin('and', ld('i32', 8, RECORD_POINTER, RECORD.LANDING), k32(1 << type));
      this.if(eqz(accepted), () => this.#leaveAt(pc, REASON.LANDING));
    });
  }
  #leave(reason: number): void {
    for (const v of [RECORD_POINTER, BUDGET, KIND, FLAG_A, FLAG_B, k32(reason)]) lower(this.#f, v);
    this.#f.tailCall(this.#helpers.leave);
    this.#ended = true;
  }
  #leaveAt(pc: I64, reason: number): void {
    for (const v of [pc, BUDGET, KIND, FLAG_A, FLAG_B, k32(reason)]) lower(this.#f, v);
    this.#f.tailCall(this.#helpers.leaveAt);
    this.#ended = true;
  }
}
