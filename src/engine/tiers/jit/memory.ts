/** Data accesses in a region: the software TLB looked up in place; what is not in it is tier 1's. */
import { HOST, OPCODE, RECENT, TLB } from '../../host-map.ts';
import { REG, STATE } from '../../layout.ts';
import { bin, cmp, eqz, k32, k64, ld, sel, wrap } from '../../semantics/build.ts';
import { accessWord } from '../../memory/access-word.ts';
import type { Access, Host, Piece } from '../../semantics/emitter.ts';
import type { I32, I64, V128 } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import { lower } from '../lower.ts';
import { ExitEmitter } from './exits.ts';
import type { MadeFor } from './made-for.ts';
import type { Block } from './region.ts';
import { local, type RegionHelpers } from './registers.ts';

const wordOf = ({ size, bytes = size, aligned = false, unprivileged = false }: Access): I32 =>
  k32(accessWord(size, bytes, aligned, unprivileged));

/** An access that is not to the page of the last one by its base register. */
interface Place {
  readonly at: I64;
  readonly access: Access;
  readonly write: boolean;
  /** Local for the host address. */
  readonly host: number;
  /** Offset of what is remembered. */
  readonly recent: number;
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
      const { missing, addend } = this.#lookup(at, access, write);
      this.guard(missing);
      this.set(host, bin('add', wrap(at), addend));
    } else {
      const recent = this.#recent(at, write);
      this.set(host, bin('add', wrap(at), this.word(recent + RECENT.ADDEND)));
      lower(this.f, this.#elsewhere(at, this.doubleword(recent + RECENT.PAGE), access));
      this.f.if(() => this.#onAnotherPage({ at, access, write, host, recent }));
    }
    return { o: 'local', t: 'i32', index: host, pinned: true };
  }
  #onAnotherPage({ at, access, write, host, recent }: Place): void {
    const { missing, addend } = this.#lookup(at, access, write);
    const found = (): void => {
      const here = this.let(addend);
      this.setDoubleword(recent + RECENT.PAGE, bin('and', at, k64(-4096)));
      this.setWord(recent + RECENT.ADDEND, here);
      this.set(host, bin('add', wrap(at), here));
    };
    if (this.#asksNear(access)) {
      lower(this.f, missing);
      this.f.if(() => {
        this.set(host, this.asTier1(write ? 'nearWrite' : 'nearRead', at, wordOf(access)));
        this.guard(eqz(local('i32', host)));
      }, found);
    } else {
      this.guard(missing, this.#mayCross(access) ? this.#opcodeFor(at, access) : undefined);
      found();
    }
  }
  /** What the software TLB has for an access, and the condition under which that is not it. */
  #lookup(at: I64, access: Access, write: boolean): { missing: I32; addend: I32 } {
    const entry = this.let(bin('and', wrap(bin('shr', at, k64(7))), k32((TLB.ENTRIES - 1) * TLB.ENTRY)));
    const context = this.doubleword(access.unprivileged ? STATE.CONTEXT_UNPRIVILEGED : STATE.CONTEXT);
    const tag = bin('add', this.#page(at, access), context);
    const known = ld('i64', 64, entry, HOST.TLB + (write ? TLB.WRITE_TAG : TLB.READ_TAG));
    return { missing: cmp('ne', tag, known), addend: ld('i32', 32, entry, HOST.TLB + TLB.ADDEND) };
  }
  /** This instruction crosses pages so often that a function looks both up. */
  #asksNear(access: Access): boolean {
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
    const base = at.o === 'const' ? REG.ZERO : this.step!.instruction.operands.rn;
    return HOST.RECENT + base * RECENT.STRIDE + (write ? RECENT.STORE : RECENT.LOAD);
  }
  /** Not within that page, or not aligned as it has to be. */
  #elsewhere(at: I64, page: I64, access: Access): I32 {
    const bytes = access.bytes ?? access.size;
    let alignment = 1;
    if (access.aligned) alignment = bytes;
    else if (this.madeFor.strict) alignment = access.size;
    const shift = 31 - Math.clz32(alignment);
    const offset = bin('sub', at, page);
    // What is not aligned becomes a large number.
    const place = shift === 0 ? offset : bin('rotr', offset, k64(shift));
    return cmp('gtu', place, k64((4096 - bytes) >> shift));
  }
  /** At entry: what is remembered must be what the software TLB has now, for the context that is in force. */
  protected recallPages(): void {
    if (!this.#remembers) return;
    lower(this.f, cmp('ne', this.word(HOST.RECENT_CONTEXT), this.word(STATE.CONTEXT)));
    this.f.if(() => this.callTier1('forgetRecent'));
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
    if (!this.#asksNear(access)) return;
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
