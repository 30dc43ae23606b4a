/** Data accesses in a region: the software TLB looked up in place; what is not in it is tier 1's. */
import { HOST, RECENT, TLB } from '../../host-map.ts';
import { REG, STATE } from '../../layout.ts';
import { bin, cmp, k32, k64, ld, wrap } from '../../semantics/build.ts';
import type { Access, Host, Piece } from '../../semantics/emitter.ts';
import type { I32, I64, V128 } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import { lower } from '../lower.ts';
import { ExitEmitter } from './exits.ts';
import type { Block } from './region.ts';
import type { RegionHelpers } from './registers.ts';

export class MemoryEmitter extends ExitEmitter {
  /** Unaligned accesses fault (STATE.ALIGN_STRICT). */
  protected readonly strict: boolean;
  /** The region has accesses for which that matters. */
  dependsOnAlignment = false;
  #remembers = false;

  constructor(f: FunctionWriter, helpers: RegionHelpers, entry: Block, strict: boolean) {
    super(f, helpers, entry);
    this.strict = strict;
  }

  /** Host address of an access in place; leaves the region when there is none: tier 1 knows what to do then. */
  inPlace(address: I64, access: Access, write: boolean): Host {
    const at = this.let(address);
    const host = this.temporaries.take('i32');
    if (access.unprivileged) {
      this.set(host, bin('add', wrap(at), this.#addend(at, access, write)));
    } else {
      const recent = this.#recent(at, write);
      this.set(host, bin('add', wrap(at), this.word(recent + RECENT.ADDEND)));
      lower(this.f, this.#elsewhere(at, this.doubleword(recent + RECENT.PAGE), access));
      this.f.if(() => {
        const addend = this.#addend(at, access, write);
        this.setDoubleword(recent + RECENT.PAGE, bin('and', at, k64(-4096)));
        this.setWord(recent + RECENT.ADDEND, addend);
        this.set(host, bin('add', wrap(at), addend));
      });
    }
    return { o: 'local', t: 'i32', index: host, pinned: true };
  }
  /** What the software TLB has for an access; leaves the region when there is nothing. */
  #addend(at: I64, access: Access, write: boolean): I32 {
    const entry = this.let(bin('and', wrap(bin('shr', at, k64(7))), k32((TLB.ENTRIES - 1) * TLB.ENTRY)));
    const context = this.doubleword(access.unprivileged ? STATE.CONTEXT_UNPRIVILEGED : STATE.CONTEXT);
    const tag = bin('add', this.#page(at, access), context);
    this.guard(cmp('ne', tag, ld('i64', 64, entry, HOST.TLB + (write ? TLB.WRITE_TAG : TLB.READ_TAG))));
    return this.let(ld('i32', 32, entry, HOST.TLB + TLB.ADDEND));
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
    else if (this.strict) alignment = access.size;
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
    this.f.if(() => this.f.call(this.helpers.forgetRecent));
  }
  /** The page of the access, with bits that make the tag differ where the access is not for here. */
  #page(at: I64, access: Access): I64 {
    const bytes = access.bytes ?? access.size;
    if (access.aligned) return bin('and', at, k64(-4096n | BigInt(bytes - 1)));
    if (bytes > 1) this.dependsOnAlignment = true;
    if (!this.strict) return bin('and', bin('add', at, k64(bytes - 1)), k64(-4096));
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
    const host = this.inPlace(address, access, true);
    for (const { value, size, offset } of pieces) this.put(size * 8, host, offset, value);
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
