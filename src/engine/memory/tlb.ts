/**
 * The host's side of the software TLB and the code TLB. Both cache translations that the walker made; generated
 * code reads them, only this class writes them. Tags carry the context, so a context switch flushes nothing.
 */
import { CODE_TLB, HOST, TLB } from '../host-map.ts';
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
   * Cache the page of a virtual address. `host` is the host address of the page's first byte. `writable`: the
   * translation permits stores; `read`, `write`: generated code may do loads and stores in place.
   */
  fill(
    vaLo: number,
    vaHi: number,
    context: number,
    host: number,
    ramPage: number,
    read: boolean,
    write: boolean,
    writable: boolean,
  ): void {
    const entry = entryOf(vaLo);
    this.#used = true;
    if (this.#i32[(entry + TLB.READ_TAG) >> 2] !== 0 || this.#i32[(entry + TLB.WRITE_TAG) >> 2] !== 0)
      this.#changed();
    this.#set(entry + TLB.READ_TAG, vaLo, vaHi, context, read);
    this.#set(entry + TLB.WRITE_TAG, vaLo, vaHi, context, write);
    this.#set(entry + TLB.WRITABLE_TAG, vaLo, vaHi, context, writable);
    this.#i32[(entry + TLB.ADDEND) >> 2] = host - (vaLo & PAGE_MASK);
    this.#i32[(entry + TLB.PAGE) >> 2] = ramPage;
  }
  #set(at: number, vaLo: number, vaHi: number, context: number, valid: boolean): void {
    if (valid) this.#setTag(at, vaLo, vaHi, context);
    else this.#clearTag(at);
  }
  #hasTag(at: number, vaLo: number, vaHi: number, context: number): boolean {
    return this.#i32[at >> 2] === ((vaLo & PAGE_MASK) | context) && this.#i32[(at >> 2) + 1] === vaHi;
  }
  /** What is known of the page of a virtual address: 'writable' implies readable. */
  find(vaLo: number, vaHi: number, context: number): 'writable' | 'readable' | null {
    const entry = entryOf(vaLo);
    if (this.#hasTag(entry + TLB.WRITABLE_TAG, vaLo, vaHi, context)) return 'writable';
    return this.#hasTag(entry + TLB.READ_TAG, vaLo, vaHi, context) ? 'readable' : null;
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
    this.#flushTag(entry + TLB.WRITABLE_TAG, vaLo);
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
      if (this.#i32[at + TLB.PAGE / 4] === ramPage) this.#clearTag((at << 2) + TLB.WRITE_TAG);
    }
  }
}
