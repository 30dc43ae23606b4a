/** Data accesses in a region: the software TLB looked up in place; what is not in it is tier 1's. */
import { HOST, TLB } from '../../host-map.ts';
import { STATE } from '../../layout.ts';
import { bin, cmp, k32, k64, ld, wrap } from '../../semantics/build.ts';
import type { Access, Host, Piece } from '../../semantics/emitter.ts';
import type { I32, I64, V128 } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import { ExitEmitter } from './exits.ts';
import type { Block } from './region.ts';
import type { RegionHelpers } from './registers.ts';

export class MemoryEmitter extends ExitEmitter {
  /** Unaligned accesses fault (STATE.ALIGN_STRICT). */
  protected readonly strict: boolean;
  /** The region has accesses for which that matters. */
  dependsOnAlignment = false;

  constructor(f: FunctionWriter, helpers: RegionHelpers, entry: Block, strict: boolean) {
    super(f, helpers, entry);
    this.strict = strict;
  }

  /** Host address of an access in place; leaves the region when there is none: tier 1 knows what to do then. */
  inPlace(address: I64, access: Access, write: boolean): Host {
    const at = this.let(address);
    const entry = this.let(bin('and', wrap(bin('shr', at, k64(7))), k32((TLB.ENTRIES - 1) * TLB.ENTRY)));
    const context = access.unprivileged ? this.doubleword(STATE.CONTEXT_UNPRIVILEGED) : this.context();
    const tag = bin('add', this.#page(at, access), context);
    this.guard(cmp('ne', tag, ld('i64', 64, entry, HOST.TLB + (write ? TLB.WRITE_TAG : TLB.READ_TAG))));
    return this.let(bin('add', wrap(at), ld('i32', 32, entry, HOST.TLB + TLB.ADDEND)));
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
