/**
 * Tier 2's emitter: operands are constants, registers are locals of one WebAssembly function, control flow is
 * structured. An instruction that cannot go on leaves the region before it (a side exit): tier 1 runs it.
 */
import { assert } from '../../../base/assert.ts';
import type { OperandFields } from '../../decode/row.ts';
import type { FpSize } from '../../fp/format.ts';
import type { FpOperation } from '../../fp/operation.ts';
import { CODE_TLB, HOST, TLB } from '../../host-map.ts';
import { REG, STATE } from '../../layout.ts';
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
} from '../../semantics/emitter.ts';
import {
  FLAG_KIND,
  FLAG_KIND_OF,
  type FlagKindNumber,
  LOGIC_OPERAND,
  nzcvOfOperation,
} from '../../semantics/flags.ts';
import type { I32, I64, Ty, V128, Val } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import { BUDGET, FLAG_A, FLAG_B, KIND, LOCAL, RECORD_POINTER } from '../interpreter/abi.ts';
import type { FloatingPointFunctions } from '../interpreter/floating-point.ts';
import { lower } from '../lower.ts';
import { holds, type KnownFlags, nzcvOf } from './conditions.ts';
import type { Block, Edge, Region, Step } from './region.ts';
import { type CodeSource, pageOf } from './source.ts';
import type { Structure } from './structure.ts';
import { Temporaries } from './temporaries.ts';

/** Function indices in the region's module. */
export interface RegionHelpers {
  readonly arrive: number;
  readonly goTo: number;
  readonly nzcv: number;
  readonly condition: number;
  readonly fp: FloatingPointFunctions;
  readonly dispatch: number;
}

const ORIGIN = k32(0);
const EXIT = 'exit';
/** Up to so many known targets of an indirect branch are compared one by one. */
const MOST_COMPARISONS = 3;
const MOST_TABLE = 1024;

const bigOf = (lo: number, hi: number): bigint => BigInt.asUintN(64, (BigInt(hi) << 32n) | BigInt(lo >>> 0));

export class RegionEmitter implements Emitter {
  readonly #f: FunctionWriter;
  readonly #helpers: RegionHelpers;
  readonly #source: CodeSource;
  readonly #region: Region;
  readonly #structure: Structure;
  /** Unaligned accesses fault (STATE.ALIGN_STRICT). */
  readonly #strict: boolean;
  /** The region has accesses for which that matters. */
  dependsOnAlignment = false;

  // Locals
  readonly #general = new Map<number, number>();
  readonly #vectors = new Map<number, number>();
  readonly #written = new Set<number>();
  readonly #writtenVectors = new Set<number>();
  readonly #temporaries: Temporaries;
  #context = -1;
  #fpEnabled = -1;
  /** What the epilogue goes on with: a record, the opcode to run it with (0: its own), or an address (no record). */
  readonly #exitRecord: number;
  readonly #exitOpcode: number;
  readonly #exitAddress: number;

  // Where emission is
  #block: Block;
  /** Steps of the block whose instructions are complete. */
  #done = 0;
  #step: Step | null = null;
  /** Flags that an instruction of the block has set, not yet in the flag locals. */
  #flags: KnownFlags | null = null;
  /** What is known of the flag locals. */
  #kind: FlagKindNumber | 'any' = 'any';
  #fpChecked = false;
  readonly #kinds = new Map<Block, FlagKindNumber | 'any'>();

  constructor(
    f: FunctionWriter,
    helpers: RegionHelpers,
    source: CodeSource,
    region: Region,
    structure: Structure,
    strict: boolean,
  ) {
    this.#f = f;
    this.#helpers = helpers;
    this.#source = source;
    this.#region = region;
    this.#structure = structure;
    this.#strict = strict;
    this.#block = region.entry;
    this.#temporaries = new Temporaries(f);
    this.#exitRecord = f.local('i32');
    this.#exitOpcode = f.local('i32');
    this.#exitAddress = f.local('i64');
  }

  // The function

  emit(): void {
    const f = this.#f;
    f.block(EXIT, () => this.#tree(this.#region.entry));
    this.#epilogue();
    f.prologue(() => this.#prologue());
  }

  #prologue(): void {
    const f = this.#f;
    const { entry } = this.#region;
    let unfit = cmp('les', BUDGET, k32(this.#structure.shape(entry).need));
    if (this.dependsOnAlignment) {
      const strict = ld('i32', 32, ORIGIN, STATE.ALIGN_STRICT);
      unfit = bin('or', unfit, this.#strict ? eqz(strict) : strict);
    }
    lower(f, unfit);
    f.if(() => {
      for (const v of [RECORD_POINTER, BUDGET, KIND, FLAG_A, FLAG_B]) lower(f, v);
      f.i32(entry.steps[0]!.instruction.opcode);
      f.tailCall(this.#helpers.dispatch);
    });
    for (const [register, local] of this.#general) this.#set(local, ld('i64', 64, ORIGIN, register * 8));
    for (const [register, local] of this.#vectors) {
      this.#set(local, ld('v128', 128, ORIGIN, STATE.V + register * 16));
    }
    if (this.#context >= 0) this.#set(this.#context, ld('i64', 64, ORIGIN, STATE.CONTEXT));
    if (this.#fpEnabled >= 0) this.#set(this.#fpEnabled, ld('i32', 32, ORIGIN, STATE.FP_ENABLED));
  }

  #epilogue(): void {
    const f = this.#f;
    for (const r of this.#written) this.#store('i64', 64, ORIGIN, r * 8, local('i64', this.#general.get(r)!));
    for (const r of this.#writtenVectors) {
      this.#store('v128', 128, ORIGIN, STATE.V + r * 16, local('v128', this.#vectors.get(r)!));
    }
    const record = local('i32', this.#exitRecord);
    const opcode = local('i32', this.#exitOpcode);
    const state = [BUDGET, KIND, FLAG_A, FLAG_B];
    lower(f, opcode);
    f.if(() => {
      for (const v of [record, ...state, opcode]) lower(f, v);
      f.tailCall(this.#helpers.dispatch);
    });
    lower(f, record);
    f.if(() => {
      for (const v of [record, ...state]) lower(f, v);
      f.tailCall(this.#helpers.arrive);
    });
    for (const v of [record, ...state, local('i64', this.#exitAddress)]) lower(f, v);
    f.tailCall(this.#helpers.goTo);
  }

  // Blocks

  #tree(block: Block): void {
    const shape = this.#structure.shape(block);
    const { shape: shapeOf } = this.#structure;
    const merges = shape.children
      .filter((c) => shapeOf(c).merge)
      .sort((a, b) => shapeOf(b).order - shapeOf(a).order);
    const within = (): void => this.#within(block, merges, 0);
    if (shape.loop) this.#f.loop(`loop${block.id}`, within);
    else within();
  }
  #within(block: Block, merges: readonly Block[], n: number): void {
    const merge = merges[n];
    if (merge === undefined) {
      this.#body(block);
      return;
    }
    this.#f.block(`block${merge.id}`, () => this.#within(block, merges, n + 1));
    this.#tree(merge);
  }
  #body(block: Block): void {
    const shape = this.#structure.shape(block);
    this.#block = block;
    this.#done = 0;
    this.#flags = null;
    this.#fpChecked = false;
    this.#kind = shape.loop || block === this.#region.entry ? 'any' : (this.#kinds.get(block) ?? 'any');
    const first = block.steps[0] ?? block.outside!;
    this.#step = first;
    this.#temporaries.release([]);
    if (shape.loop) {
      this.if(cmp('les', BUDGET, k32(shape.need)), () => this.#exitBefore(first));
    }
    if (block.steps.length > 0) this.#set(LOCAL.BUDGET, bin('sub', BUDGET, k32(block.steps.length)));
    for (const [n, step] of block.steps.entries()) this.#instruction(step, n);
    this.#done = block.steps.length;
    if (block.outside !== null) {
      this.#syncFlags();
      this.#exitBefore(block.outside);
    } else if (block.fall !== null && block.taken === null) {
      this.#syncFlags();
      this.#go(block.fall);
    }
  }
  #instruction(step: Step, n: number): void {
    const { form, opcode, operands: o, row } = step.instruction;
    this.#step = step;
    this.#done = n;
    this.#temporaries.release([this.#flags?.a, this.#flags?.b]);
    if (row.fp && !this.#fpChecked) {
      if (this.#fpEnabled < 0) this.#fpEnabled = this.#f.local('i32');
      this.#guard(eqz(local('i32', this.#fpEnabled)));
      this.#fpChecked = true;
    }
    if (opcode === form.stackOpcode && opcode !== form.opcode) {
      this.#guard(bin('and', wrap(this.X(REG.SP)), k32(15)));
    }
    const fields: OperandFields = {
      rd: o.rd,
      rn: o.rn,
      rm: o.rm,
      ra: o.ra,
      cond: o.cond,
      imm: bigOf(o.immLo, o.immHi),
      imm2: bigOf(o.imm2Lo, o.imm2Hi),
      target: 0n,
    };
    row.emit(this, row.variants[o.variant], fields);
  }

  // Leaving

  /** Leave before the instruction when the condition holds. */
  #guard(c: I32): void {
    lower(this.#f, c);
    this.#f.if(() => this.#sideExit());
  }
  /** Leave before the instruction that is being emitted. */
  #sideExit(): void {
    this.#syncFlags();
    this.#set(LOCAL.BUDGET, this.#budget());
    this.#exitBefore(this.#step!);
  }
  /** As tier 1 has it: the local is that of the block's end. */
  #budget(): I32 {
    return bin('add', BUDGET, k32(this.#undone()));
  }
  /** Instructions of the block from this one on. */
  #undone(): number {
    return this.#block.steps.length - this.#done;
  }
  #exitBefore({ record, instruction }: Step): void {
    this.#set(this.#exitRecord, k32(record));
    this.#set(this.#exitOpcode, k32(instruction.opcode));
    this.#f.br(EXIT);
  }
  #exitTo({ record, lo, hi }: Edge): void {
    const page = this.#block.page;
    if (record !== 0 && pageOf(record) === page) this.#set(this.#exitRecord, k32(record));
    else this.#set(this.#exitAddress, k64(bigOf(lo, hi)));
    this.#f.br(EXIT);
  }

  /** Go on along an edge; the flags are in their locals. */
  #go(edge: Edge): void {
    const target = this.#region.blocks.get(edge.record);
    if (edge.record === 0 || target === undefined || this.#structure.isCut(this.#block, target)) {
      this.#exitTo(edge);
      return;
    }
    if (target.page !== this.#block.page) this.#checkPage(target, edge);
    this.#enter(target);
  }
  /** Leave unless the page is still mapped to the records that the region was made from. */
  #checkPage(target: Block, edge: Edge): void {
    const entry = k32(HOST.CODE_TLB + ((edge.lo >>> 12) & (CODE_TLB.ENTRIES - 1)) * CODE_TLB.ENTRY);
    const tag = bin('add', k64(bigOf(edge.lo & -4096, edge.hi)), this.#contextLocal());
    lower(
      this.#f,
      bin(
        'or',
        cmp('ne', ld('i64', 64, entry, CODE_TLB.TAG), tag),
        cmp('ne', ld('i32', 32, entry, CODE_TLB.BASE), k32(target.page)),
      ),
    );
    this.#f.if(() => {
      this.#set(this.#exitAddress, k64(bigOf(edge.lo, edge.hi)));
      this.#f.br(EXIT);
    });
  }
  #note(target: Block): void {
    const known = this.#kinds.get(target);
    this.#kinds.set(target, known === undefined || known === this.#kind ? this.#kind : 'any');
  }
  #labelOf(target: Block): string {
    const shape = this.#structure.shape(target);
    const back = shape.order <= this.#structure.shape(this.#block).order;
    return back ? `loop${target.id}` : `block${target.id}`;
  }
  #enter(target: Block): void {
    const shape = this.#structure.shape(target);
    this.#note(target);
    if (shape.merge || shape.order <= this.#structure.shape(this.#block).order) {
      this.#f.br(this.#labelOf(target));
      return;
    }
    const saved = [this.#block, this.#done, this.#step, this.#kind] as const;
    this.#tree(target);
    [this.#block, this.#done, this.#step, this.#kind] = saved;
    this.#flags = null;
  }

  // Registers

  #generalLocal(r: number): number {
    let index = this.#general.get(r);
    if (index === undefined) {
      index = this.#f.local('i64');
      this.#general.set(r, index);
    }
    return index;
  }
  #vectorLocal(r: number): number {
    let index = this.#vectors.get(r);
    if (index === undefined) {
      index = this.#f.local('v128');
      this.#vectors.set(r, index);
    }
    return index;
  }
  #contextLocal(): I64 {
    if (this.#context < 0) this.#context = this.#f.local('i64');
    return local('i64', this.#context);
  }
  X(r: RegisterField): I64 {
    const n = numberOf(r);
    return n === REG.ZERO ? k64(0) : local('i64', this.#generalLocal(n));
  }
  W(r: RegisterField): I32 {
    return wrap(this.X(r));
  }
  setX(r: RegisterField, v: I64): void {
    const n = numberOf(r);
    if (n === REG.ZERO || n === REG.SINK) return;
    this.#written.add(n);
    this.#set(this.#generalLocal(n), v);
  }
  setW(r: RegisterField, v: I32): void {
    this.setX(r, extu(v));
  }
  V(r: RegisterField, next = 0): V128 {
    return local('v128', this.#vectorLocal((numberOf(r) + next) % 32));
  }
  setV(r: RegisterField, v: V128, next = 0): void {
    const n = (numberOf(r) + next) % 32;
    this.#writtenVectors.add(n);
    this.#set(this.#vectorLocal(n), v);
  }
  imm(f: ImmediateField): I64 {
    assert(typeof f === 'bigint', 'an immediate is known');
    return k64(f);
  }

  word(at: number): I32 {
    return ld('i32', 32, ORIGIN, at);
  }
  setWord(at: number, v: I32): void {
    this.#store('i32', 32, ORIGIN, at, v);
  }
  doubleword(at: number): I64 {
    return ld('i64', 64, ORIGIN, at);
  }
  setDoubleword(at: number, v: I64): void {
    this.#store('i64', 64, ORIGIN, at, v);
  }
  count(): I64 {
    return bin('sub', this.doubleword(STATE.COUNT), extu(this.#budget()));
  }

  let<T extends Ty>(v: Val<T>): Val<T> {
    if (v.o === 'const' || (v.o === 'local' && v.pinned)) return v;
    const t = v.t as T;
    const index = this.#temporaries.take(t);
    this.#set(index, v);
    return { o: 'local', t, index, pinned: true };
  }
  /** Flags set in one of the branches are in the flag locals behind it, as are those from before. */
  if(c: I32, then: () => void, otherwise?: () => void): void {
    const condition = this.let(c);
    this.#syncFlags();
    const before = this.#flags;
    let changed = false;
    const branch = (body: () => void) => () => {
      body();
      if (this.#flags !== before) {
        changed = true;
        this.#syncFlags();
      }
      this.#flags = before;
    };
    lower(this.#f, condition);
    this.#f.if(branch(then), otherwise && branch(otherwise));
    if (changed) {
      this.#flags = null;
      this.#kind = 'any';
    }
  }
  #set(index: number, v: Val): void {
    lower(this.#f, v);
    this.#f.set(index);
  }
  #store(t: Ty, bits: number, at: I32, offset: number, v: Val): void {
    lower(this.#f, at);
    lower(this.#f, v);
    this.#f.store(t, bits, offset);
  }

  // Flags

  flags(kind: FlagKind, a: Val<'i32'> | Val<'i64'>, b?: Val<'i32'> | Val<'i64'>): void {
    const first = this.let(a as I64);
    this.#flags =
      b === undefined
        ? { kind: FLAG_KIND_OF[kind], a: first }
        : { kind: FLAG_KIND_OF[kind], a: first, b: this.let(b as I64) };
  }
  setNzcv(v: I32): void {
    this.#flags = { kind: FLAG_KIND.PACKED, a: this.let(v) };
  }
  /** Put the flags of the block's instructions into the flag locals. */
  #syncFlags(): void {
    const flags = this.#flags;
    if (flags === null) return;
    const wide = (v: Val<'i32' | 'i64'>): I64 => (v.t === 'i32' ? exts(v as I32) : (v as I64));
    this.#set(LOCAL.A, wide(flags.a));
    this.#set(LOCAL.B, flags.b === undefined ? LOGIC_OPERAND : wide(flags.b));
    this.#set(LOCAL.KIND, k32(flags.kind));
    this.#kind = flags.kind;
  }
  #known(): KnownFlags | null {
    if (this.#flags !== null) return this.#flags;
    const narrow = this.#kind === FLAG_KIND.SUB32 || this.#kind === FLAG_KIND.ADD32;
    if (this.#kind === 'any') return null;
    if (this.#kind === FLAG_KIND.LOGIC || this.#kind === FLAG_KIND.PACKED)
      return { kind: this.#kind, a: FLAG_A };
    if (narrow) return { kind: this.#kind, a: this.let(wrap(FLAG_A)), b: this.let(wrap(FLAG_B)) };
    return { kind: this.#kind, a: FLAG_A, b: FLAG_B };
  }
  nzcv(): I32 {
    const known = this.#known();
    if (known !== null) return nzcvOf(known, (v) => this.let(v));
    return this.let<'i32'>({ o: 'call', t: 'i32', f: this.#helpers.nzcv, args: [KIND, FLAG_A, FLAG_B] });
  }
  nzcvOf(kind: FlagKind, a: Val<'i32'> | Val<'i64'>, b?: Val<'i32'> | Val<'i64'>): I32 {
    const pin = <T extends 'i32' | 'i64'>(v: Val<T>): Val<T> => this.let(v);
    return nzcvOfOperation(kind, pin(a as I64), b && pin(b as I64), pin);
  }
  raise(bits: I32): void {
    const fpsr = ld('i32', 32, ORIGIN, STATE.FPSR);
    this.#store('i32', 32, ORIGIN, STATE.FPSR, bin('or', fpsr, bits));
  }
  condition(c: ConditionField): I32 {
    assert(typeof c === 'number', 'a condition is known');
    if (c >= 14) return k32(1);
    const known = this.#known();
    if (known !== null) return holds(c, known, (v) => this.let(v));
    const args = [k32(c), KIND, FLAG_A, FLAG_B];
    return this.let<'i32'>({ o: 'call', t: 'i32', f: this.#helpers.condition, args });
  }

  fp(operation: FpOperation, size: FpSize, ...operands: readonly I64[]): I64 {
    const f = this.#helpers.fp.indexOf(operation, size, operands.length);
    return this.let<'i64'>({ o: 'call', t: 'i64', f, args: operands });
  }

  // Memory

  /** Host address of an access in place; leaves the region when there is none. */
  #inPlace(address: I64, access: Access, write: boolean): Host {
    const at = this.let(address);
    const entry = this.let(bin('and', wrap(bin('shr', at, k64(7))), k32((TLB.ENTRIES - 1) * TLB.ENTRY)));
    const context = access.unprivileged
      ? ld('i64', 64, ORIGIN, STATE.CONTEXT_UNPRIVILEGED)
      : this.#contextLocal();
    const tag = bin('add', this.#page(at, access), context);
    this.#guard(cmp('ne', tag, ld('i64', 64, entry, HOST.TLB + (write ? TLB.WRITE_TAG : TLB.READ_TAG))));
    return this.let(bin('add', wrap(at), ld('i32', 32, entry, HOST.TLB + TLB.ADDEND)));
  }
  /** The page of the access, with bits that make the tag differ where the access is not for here. */
  #page(at: I64, access: Access): I64 {
    const bytes = access.bytes ?? access.size;
    if (access.aligned) return bin('and', at, k64(-4096n | BigInt(bytes - 1)));
    if (bytes > 1) this.dependsOnAlignment = true;
    if (!this.#strict) return bin('and', bin('add', at, k64(bytes - 1)), k64(-4096));
    const last = bin('add', at, k64(bytes - access.size));
    return bin('and', last, k64(-4096n | BigInt(access.size - 1)));
  }
  load(address: I64, access: Access): Host {
    return this.#inPlace(address, access, false);
  }
  atomic(address: I64, access: Access): Host {
    return this.#inPlace(address, access, true);
  }
  store(address: I64, access: Access, pieces: readonly Piece[]): void {
    const host = this.#inPlace(address, access, true);
    for (const { value, size, offset } of pieces) this.#store(value.t, size * 8, host, offset, value);
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
    this.#store('i64', 64, ORIGIN, STATE.EXCLUSIVE_ADDRESS, address);
    this.#store('i32', 32, ORIGIN, STATE.EXCLUSIVE_BYTES, k32(bytes));
    this.#store('i32', 32, ORIGIN, STATE.EXCLUSIVE_BUDGET, this.#budget());
  }
  isExclusive(address: I64, bytes: number): I32 {
    return bin(
      'and',
      cmp('eq', ld('i64', 64, ORIGIN, STATE.EXCLUSIVE_ADDRESS), address),
      cmp('eq', ld('i32', 32, ORIGIN, STATE.EXCLUSIVE_BYTES), k32(bytes)),
    );
  }
  clearExclusive(): void {
    this.#store('i32', 32, ORIGIN, STATE.EXCLUSIVE_BYTES, k32(0));
  }

  // Control

  jump(): void {
    this.#syncFlags();
    this.#go(this.#block.taken!);
  }
  jumpIf(c: I32): void {
    const { fall, taken } = this.#block;
    this.#syncFlags();
    lower(this.#f, c);
    this.#f.if(() => this.#go(taken!));
    this.#go(fall!);
  }
  jumpRegister(v: I64, _: unknown, type: BranchType = 0): void {
    assert(type === 0, 'branches with a type are outside');
    const target = this.let(v);
    this.#syncFlags();
    const known = this.#block.candidates.filter((c) => !this.#structure.isCut(this.#block, c));
    if (known.length <= MOST_COMPARISONS) this.#compare(target, known);
    else if (!this.#table(target, known)) this.#compare(target, known);
    this.#set(this.#exitAddress, target);
    this.#f.br(EXIT);
  }
  #compare(target: I64, known: readonly Block[]): void {
    for (const block of known) {
      const { lo, hi } = this.#source.addressOf(block.record);
      lower(this.#f, cmp('eq', target, k64(bigOf(lo, hi))));
      this.#f.if(() => this.#go({ record: block.record, lo, hi }));
    }
  }
  /** A dense switch over the targets in this page; the others are compared. False when the switch would be too large. */
  #table(target: I64, known: readonly Block[]): boolean {
    const inPage = known.filter((block) => block.page === this.#block.page);
    const indexOf = (block: Block): number => this.#source.addressOf(block.record).lo >>> 2;
    const first = inPage[0];
    const last = inPage.at(-1);
    if (first === undefined || last === undefined) return false;
    const { lo, hi } = this.#source.addressOf(first.record);
    const span = indexOf(last) - indexOf(first) + 1;
    if (span > MOST_TABLE) return false;
    this.#compare(
      target,
      known.filter((block) => block.page !== this.#block.page),
    );
    const f = this.#f;
    const unknown = `unknown${this.#block.id}`;
    const labels = Array<string>(span).fill(unknown);
    for (const block of inPage) {
      this.#note(block);
      labels[indexOf(block) - indexOf(first)] = this.#labelOf(block);
    }
    f.block(unknown, () => {
      const index = this.let(bin('rotr', bin('sub', target, k64(bigOf(lo, hi))), k64(2)));
      lower(f, cmp('geu', index, k64(span)));
      f.brIf(unknown);
      lower(f, wrap(index));
      f.brTable(labels, unknown);
    });
    return true;
  }
  /** The unusual case of an instruction. */
  system(): void {
    this.#sideExit();
  }
}

function local<T extends Ty>(t: T, index: number): Val<T> {
  return { o: 'local', t, index };
}
function numberOf(r: RegisterField): number {
  assert(typeof r === 'number', 'a register is known');
  return r;
}
