/** Data accesses in a region: the software TLB looked up in place; what is not in it is tier 1's. */
import { HOST, MISSED, OPCODE, RECENT, TLB, WATCHED, WINDOW } from '../../host-map.ts';
import { REG, STATE } from '../../layout.ts';
import { bin, cmp, eqz, k32, k64, ld, sel, wrap } from '../../semantics/build.ts';
import { accessWord } from '../../memory/access-word.ts';
import type { Access, Host, Piece } from '../../semantics/emitter.ts';
import type { I32, I64, V128 } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import { BUDGET, FLAG_A, FLAG_B, KIND, RECORD_POINTER } from '../interpreter/abi.ts';
import { lower } from '../lower.ts';
import { ExitEmitter } from './exits.ts';
import type { MadeFor } from './made-for.ts';
import type { Block } from './region.ts';
import { local, type RegionHelpers } from './registers.ts';

const wordOf = ({ size, bytes = size, aligned = false, unprivileged = false }: Access): I32 =>
  k32(accessWord(size, bytes, aligned, unprivileged));

const PAGE = 4096;

/** An access that is not to the page of the last one by its base register. */
interface Place {
  readonly at: I64;
  readonly access: Access;
  readonly write: boolean;
  /** Local for the host address. */
  readonly host: number;
  /** Offset of what is remembered; null: nothing is. */
  readonly recent: number | null;
}

export class MemoryEmitter extends ExitEmitter {
  protected readonly madeFor: MadeFor;
  /** The region has accesses for which that matters. */
  dependsOnAlignment = false;
  #remembers = false;

  constructor(f: FunctionWriter, helpers: RegionHelpers, entry: Block, madeFor: MadeFor) {
    super(f, helpers, entry);
    this.madeFor = madeFor;
  }

  /** Host address of an access in place; leaves the region when there is none: tier 1 knows what to do then. */
  inPlace(address: I64, access: Access, write: boolean): Host {
    const at = this.let(address);
    const host = this.temporaries.take('i32');
    if (access.unprivileged) {
      this.#onAnotherPage({ at, access, write, host, recent: null });
    } else {
      const recent = this.#recent(at, write);
      this.set(host, bin('add', wrap(at), this.word(recent + this.#remembered.ADDEND)));
      this.#ifElsewhere(at, recent, access, () => this.#onAnotherPage({ at, access, write, host, recent }));
    }
    return { o: 'local', t: 'i32', index: host, pinned: true };
  }
  #onAnotherPage({ at, access, write, host, recent }: Place): void {
    const { missing, addend } = this.#lookup(at, access, write);
    const found = (): void => {
      const here = recent === null ? addend : this.let(addend);
      if (recent !== null) this.#remember(recent, bin('and', at, k64(-PAGE)), here);
      this.set(host, bin('add', wrap(at), here));
    };
    if (this.#asksNear(access)) {
      lower(this.f, missing);
      this.f.if(() => {
        this.set(host, this.#near({ at, access, write, host, recent }));
        this.guard(eqz(local('i32', host)));
      }, found);
      return;
    }
    lower(this.f, missing);
    this.f.if(() => this.#refuse({ at, access, write, host, recent }));
    found();
  }
  #refuse({ at, access, write, recent }: Place): void {
    if (this.madeFor.windows === 'exits') {
      const base = this.#baseOf(at) << MISSED.BASE_SHIFT;
      this.setDoubleword(HOST.MISSED_ADDRESS, at);
      this.setWord(HOST.MISSED_ACCESS, bin('or', wordOf(access), k32(base | (write ? MISSED.WRITE : 0))));
      this.sideExit(k32(OPCODE.REFUSED));
    } else if (recent !== null && this.#mayCross(access)) this.sideExit(this.#opcodeFor(at, access));
    else this.sideExit();
  }
  #remember(recent: number, page: I64, addend: I32): void {
    const { START, ADDEND } = this.#remembered;
    this.setDoubleword(recent + START, page);
    this.setWord(recent + ADDEND, addend);
    if (this.#hasWindows) this.setDoubleword(recent + WINDOW.LIMIT, k64(PAGE - WINDOW.LEAST));
  }
  /** Host address by a function. */
  #near({ at, access, write, recent }: Place): I32 {
    const word = wordOf(access);
    if (recent === null || !this.#hasWindows) return this.asTier1(write ? 'nearWrite' : 'nearRead', at, word);
    return this.asTier1(write ? 'windowWrite' : 'windowRead', at, word, k32(recent));
  }
  /** What the software TLB has for an access, and the condition under which that is not it. */
  #lookup(at: I64, access: Access, write: boolean): { missing: I32; addend: I32 } {
    const entry = this.let(bin('and', wrap(bin('shr', at, k64(7))), k32((TLB.ENTRIES - 1) * TLB.ENTRY)));
    const context = this.doubleword(access.unprivileged ? STATE.CONTEXT_UNPRIVILEGED : STATE.CONTEXT);
    const tag = bin('add', this.#page(at, access), context);
    const known = ld('i64', 64, entry, HOST.TLB + (write ? TLB.WRITE_TAG : TLB.READ_TAG));
    return { missing: cmp('ne', tag, known), addend: ld('i32', 32, entry, HOST.TLB + TLB.ADDEND) };
  }
  /** A function looks further: this instruction crosses pages often, or moves between the bytes beside what is watched. */
  #asksNear(access: Access): boolean {
    if (this.madeFor.windows === 'calls') return true;
    return this.#mayCross(access) && !access.unprivileged && this.madeFor.refused.has(this.step!.record);
  }
  #mayCross({ size, bytes = size, aligned }: Access): boolean {
    return bytes > 1 && aligned !== true;
  }
  /** With what tier 1 goes on: an access that crosses pages is counted as refused. */
  #opcodeFor(at: I64, { size, bytes = size }: Access): I32 {
    const crosses = cmp('gtu', bin('and', wrap(at), k32(4095)), k32(4096 - bytes));
    return sel(crosses, k32(OPCODE.REFUSED), k32(this.step!.instruction.opcode));
  }
  /** Where it is remembered what the last access by the same base register found. */
  #recent(at: I64, write: boolean): number {
    this.#remembers = true;
    const { STRIDE, LOAD, STORE } = this.#remembered;
    const table = this.#hasWindows ? HOST.WINDOWS : HOST.RECENT;
    return table + this.#baseOf(at) * STRIDE + (write ? STORE : LOAD);
  }
  #baseOf(at: I64): number {
    return at.o === 'const' ? REG.ZERO : this.step!.instruction.operands.rn;
  }
  get #hasWindows(): boolean {
    return this.madeFor.windows !== 'none';
  }
  get #remembered(): typeof WINDOW | typeof RECENT {
    return this.#hasWindows ? WINDOW : RECENT;
  }
  /** What is done where an access is not within what is remembered, or not aligned as it has to be. */
  #ifElsewhere(at: I64, recent: number, access: Access, then: () => void): void {
    const bytes = access.bytes ?? access.size;
    let alignment = 1;
    if (access.aligned) alignment = bytes;
    else if (this.madeFor.strict) alignment = access.size;
    const shift = 31 - Math.clz32(alignment);
    const offset = bin('sub', at, this.doubleword(recent + this.#remembered.START));
    if (!this.#hasWindows) {
      // What is not aligned becomes a large number.
      const place = shift === 0 ? offset : bin('rotr', offset, k64(shift));
      lower(this.f, cmp('gtu', place, k64((PAGE - bytes) >> shift)));
      this.f.if(then);
      return;
    }
    const [place, limit] = [this.let(offset), this.doubleword(recent + WINDOW.LIMIT)];
    const isMisaligned = bin('and', wrap(at), k32(alignment - 1));
    const last = bin('add', limit, k64(WINDOW.LEAST - bytes));
    lower(this.f, bin('or', cmp('gtu', place, last), isMisaligned));
    this.f.if(then);
  }
  /** At entry: what is remembered must be what the software TLB has now, for the context that is in force. */
  protected recallPages(): void {
    if (!this.#remembers) return;
    const windows = this.#hasWindows;
    if (windows) this.#leaveWhenIdle();
    const context = windows ? HOST.WINDOW_CONTEXT : HOST.RECENT_CONTEXT;
    lower(this.f, cmp('ne', this.word(context), this.word(STATE.CONTEXT)));
    this.f.if(() => this.callTier1(windows ? 'forgetWindows' : 'forgetRecent'));
  }
  /** At entry: the host is asked to make the region anew when nothing has been watched for long. */
  #leaveWhenIdle(): void {
    lower(this.f, eqz(this.word(HOST.WATCHED + WATCHED.ALL)));
    this.f.if(() => {
      this.setWord(HOST.IDLE_LEFT, bin('sub', this.word(HOST.IDLE_LEFT), k32(1)));
      lower(this.f, cmp('les', this.word(HOST.IDLE_LEFT), k32(0)));
      this.f.if(() =>
        this.tailCallTier1('dispatch', RECORD_POINTER, BUDGET, KIND, FLAG_A, FLAG_B, k32(OPCODE.REFUSED)),
      );
    });
  }
  /** The page of the access, with bits that make the tag differ where the access is not for here. */
  #page(at: I64, access: Access): I64 {
    const bytes = access.bytes ?? access.size;
    if (access.aligned) return bin('and', at, k64(-4096n | BigInt(bytes - 1)));
    if (bytes > 1) this.dependsOnAlignment = true;
    if (!this.madeFor.strict) return bin('and', bin('add', at, k64(bytes - 1)), k64(-4096));
    const last = bin('add', at, k64(bytes - access.size));
    return bin('and', last, k64(-4096n | BigInt(access.size - 1)));
  }
  load(address: I64, access: Access): Host {
    return this.inPlace(address, access, false);
  }
  atomic(address: I64, access: Access): Host {
    return this.inPlace(address, access, true);
  }
  store(address: I64, access: Access, pieces: readonly Piece[]): void {
    const at = this.let(address);
    const host = this.inPlace(at, access, true);
    for (const { value, size, offset } of pieces) this.put(size * 8, host, offset, value);
    if (!this.#asksNear(access) || !this.#mayCross(access)) return;
    lower(this.f, cmp('eq', host, k32(STATE.SCRATCH)));
    this.f.if(() => this.callTier1('scatter', at, wordOf(access)));
  }
  peek(h: Host, size: 1 | 2 | 4 | 8, offset = 0): I64 {
    return ld('i64', (size * 8) as 8 | 16 | 32 | 64, h, offset);
  }
  peekV(h: Host, offset = 0): V128 {
    return ld('v128', 128, h, offset);
  }
  poke(h: Host, size: 1 | 2 | 4 | 8, v: I64, offset = 0): void {
    this.put(size * 8, h, offset, v);
  }

  setExclusive(address: I64, bytes: number): void {
    this.setDoubleword(STATE.EXCLUSIVE_ADDRESS, address);
    this.setWord(STATE.EXCLUSIVE_BYTES, k32(bytes));
    this.setWord(STATE.EXCLUSIVE_BUDGET, this.budget());
  }
  isExclusive(address: I64, bytes: number): I32 {
    return bin(
      'and',
      cmp('eq', this.doubleword(STATE.EXCLUSIVE_ADDRESS), address),
      cmp('eq', this.word(STATE.EXCLUSIVE_BYTES), k32(bytes)),
    );
  }
  clearExclusive(): void {
    this.setWord(STATE.EXCLUSIVE_BYTES, k32(0));
  }
}
