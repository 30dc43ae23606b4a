/**
 * The host's side of the software TLB and the code TLB. Both cache translations that the walker made; generated
 * code reads them, only this class writes them. Tags carry the context, so a context switch flushes nothing.
 */
import { CODE_TLB, HOST, KNOWN, TLB } from '../host-map.ts';
import { PAGE_SHIFT } from './ram.ts';

const entryOf = (vaLo: number): number => HOST.TLB + ((vaLo >>> PAGE_SHIFT) & (TLB.ENTRIES - 1)) * TLB.ENTRY;
const codeEntryOf = (vaLo: number): number =>
  HOST.CODE_TLB + ((vaLo >>> PAGE_SHIFT) & (CODE_TLB.ENTRIES - 1)) * CODE_TLB.ENTRY;
const PAGE_MASK = -(1 << PAGE_SHIFT);

export class SoftwareTlb {
  readonly #i32: Int32Array;
  #used = false;
  #codeUsed = false;

  constructor(buffer: ArrayBuffer) {
    this.#i32 = new Int32Array(buffer);
  }

  /** A translation is there no more: regions may not go by what they have found. */
  #changed(): void {
    this.#i32[HOST.RECENT_CONTEXT >> 2] = 0;
    this.#i32[HOST.WINDOW_CONTEXT >> 2] = 0;
  }
  #setTag(at: number, vaLo: number, vaHi: number, context: number): void {
    this.#i32[at >> 2] = (vaLo & PAGE_MASK) | context;
    this.#i32[(at >> 2) + 1] = vaHi;
  }
  #clearTag(at: number): void {
    this.#i32[at >> 2] = 0;
    this.#i32[(at >> 2) + 1] = 0;
  }

  /**
   * Cache the page of a virtual address. `host` is the host address of the page's first byte. `known`: bits of `KNOWN`;
   * `read`, `write`: generated code may do any load and any store in place.
   */
  fill(
    vaLo: number,
    vaHi: number,
    context: number,
    host: number,
    ramPage: number,
    read: boolean,
    write: boolean,
    known: number,
  ): void {
    const entry = entryOf(vaLo);
    this.#used = true;
    const tag = (vaLo & PAGE_MASK) | context;
    const addend = host - (vaLo & PAGE_MASK);
    const moved = this.#i32[(entry + TLB.ADDEND) >> 2] !== addend;
    const lostRead = this.#replace(entry + TLB.READ_TAG, read ? tag : 0, read ? vaHi : 0, moved);
    const lostWrite = this.#replace(entry + TLB.WRITE_TAG, write ? tag : 0, write ? vaHi : 0, moved);
    const lostKnown = this.#replace(entry + TLB.KNOWN_TAG, tag | known, vaHi, moved);
    if (lostRead || lostWrite || lostKnown) this.#changed();
    this.#i32[(entry + TLB.ADDEND) >> 2] = addend;
    this.#i32[(entry + TLB.PAGE) >> 2] = ramPage;
  }
  /** Returns whether a tag was there that is not what it was, or stands for another page now that this has `moved`. */
  #replace(at: number, lo: number, hi: number, moved: boolean): boolean {
    const [oldLo, oldHi] = [this.#i32[at >> 2]!, this.#i32[(at >> 2) + 1]!];
    this.#i32[at >> 2] = lo;
    this.#i32[(at >> 2) + 1] = hi;
    return oldLo !== 0 && (moved || oldLo !== lo || oldHi !== hi);
  }
  #hasTag(at: number, vaLo: number, vaHi: number, context: number): boolean {
    return this.#i32[at >> 2] === ((vaLo & PAGE_MASK) | context) && this.#i32[(at >> 2) + 1] === vaHi;
  }
  /** Bits of `KNOWN` for the page of a virtual address; 0 when nothing is known of it. */
  find(vaLo: number, vaHi: number, context: number): number {
    const at = (entryOf(vaLo) + TLB.KNOWN_TAG) >> 2;
    const low = this.#i32[at]! ^ ((vaLo & PAGE_MASK) | context);
    return (low & ~KNOWN.BITS) === 0 && this.#i32[at + 1] === vaHi ? low : 0;
  }
  /** RAM page of an entry that `find` found. */
  ramPageOf(vaLo: number): number {
    return this.#i32[(entryOf(vaLo) + TLB.PAGE) >> 2]!;
  }
  /** Cache the page of predecoded records of a virtual address. */
  fillCode(vaLo: number, vaHi: number, context: number, records: number, guarded: boolean): void {
    const entry = codeEntryOf(vaLo);
    this.#codeUsed = true;
    this.#setTag(entry + CODE_TLB.TAG, vaLo, vaHi, context);
    this.#i32[(entry + CODE_TLB.BASE) >> 2] = records;
    this.#i32[(entry + CODE_TLB.GUARDED) >> 2] = guarded ? 1 : 0;
  }
  /** Cached records page of a virtual address, or 0. */
  lookupCode(vaLo: number, vaHi: number, context: number): number {
    const entry = codeEntryOf(vaLo);
    const hit = this.#hasTag(entry + CODE_TLB.TAG, vaLo, vaHi, context);
    return hit ? this.#i32[(entry + CODE_TLB.BASE) >> 2]! : 0;
  }

  /** Forget every translation. */
  flush(): void {
    if (this.#used) {
      this.#i32.fill(0, HOST.TLB >> 2, (HOST.TLB + TLB.ENTRIES * TLB.ENTRY) >> 2);
      this.#changed();
    }
    this.#used = false;
    this.flushCode();
  }
  /** Forget where predecoded records are. */
  flushCode(): void {
    if (this.#codeUsed) {
      this.#i32.fill(0, HOST.CODE_TLB >> 2, (HOST.CODE_TLB + CODE_TLB.ENTRIES * CODE_TLB.ENTRY) >> 2);
    }
    this.#codeUsed = false;
  }
  /** Forget one page, in every context, whatever the upper half of its address. */
  flushPage(vaLo: number): void {
    const entry = entryOf(vaLo);
    this.#changed();
    this.#flushTag(entry + TLB.READ_TAG, vaLo);
    this.#flushTag(entry + TLB.WRITE_TAG, vaLo);
    this.#flushTag(entry + TLB.KNOWN_TAG, vaLo);
    this.#flushTag(codeEntryOf(vaLo) + CODE_TLB.TAG, vaLo);
  }
  #flushTag(at: number, vaLo: number): void {
    if (((this.#i32[at >> 2]! ^ vaLo) & PAGE_MASK) === 0) this.#clearTag(at);
  }
  /** Stores to a page of RAM shall reach the slow path, whatever virtual address they use. */
  protect(ramPage: number): void {
    if (!this.#used) return;
    this.#changed();
    const end = (HOST.TLB + TLB.ENTRIES * TLB.ENTRY) >> 2;
    for (let at = HOST.TLB >> 2; at < end; at += TLB.ENTRY / 4) {
      if (this.#i32[at + TLB.PAGE / 4] !== ramPage) continue;
      this.#clearTag((at << 2) + TLB.WRITE_TAG);
      this.#i32[at + TLB.KNOWN_TAG / 4]! &= ~KNOWN.STORABLE;
    }
  }
}
