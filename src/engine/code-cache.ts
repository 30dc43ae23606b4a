/**
 * Predecoded code: pages of records, keyed by virtual page, physical page and GP bit, and otherwise independent of
 * the translation context. Records are decoded one by one when they are first reached. RAM pages that have records are never
 * written behind this cache's back, so a record always agrees with its word.
 */
import { landingPad } from './decode/landing-pad.ts';
import type { Decoder } from './decode/decoder.ts';
import type { Operands } from './decode/row.ts';
import { HOST, LANDED, OPCODE, POOL_PAGE, POOL_PAGES, RECORD } from './host-map.ts';
import { REG, STATE } from './layout.ts';
import { type GuestRam, PAGE_SIZE } from './memory/ram.ts';
import { ROWS } from './semantics/rows.ts';
import type { Form } from './tiers/interpreter/module.ts';
import type { Instruction } from './tiers/jit/source.ts';

/** An instruction address as int32 halves. */
export interface CodeAddress {
  readonly lo: number;
  readonly hi: number;
}

/** What is made from records, and has to go when they do. */
export interface RecordObserver {
  /** The records `first` to `last` of a page are about to change. */
  changed(first: number, last: number): void;
  /** A breakpoint comes to a record, or goes. */
  planted(record: number): void;
  /** All records are about to go. */
  clear(): void;
}

interface PoolPage {
  vaLo: number;
  vaHi: number;
  ramPage: number;
  /** Guarded page (FEAT_BTI): part of what its records depend on. */
  guarded: boolean;
}

const blankOperands = (): Operands => ({
  variant: 0,
  rd: 0,
  rn: 0,
  rm: 0,
  ra: 0,
  cond: 0,
  immLo: 0,
  immHi: 0,
  imm2Lo: 0,
  imm2Hi: 0,
  branchOffset: 0,
  vectorMask: 0,
});
const pageBase = (index: number): number => HOST.POOL + index * POOL_PAGE.STRIDE;
const poolIndex = (record: number): number => ((record - HOST.POOL) / POOL_PAGE.STRIDE) | 0;
const opcodeOf = (form: Form, o: Operands): number =>
  o.rn === REG.SP && (o.vectorMask & 2) === 0 ? form.stackOpcode : form.opcode;
const sameAddresses = (a: readonly CodeAddress[], b: readonly CodeAddress[]): boolean =>
  a.length === b.length && a.every(({ lo, hi }, n) => lo === b[n]!.lo && hi === b[n]!.hi);
/** Breakpoint addresses count up to VA[52] only. */
const sameHigh = (a: number, b: number): boolean => ((a ^ b) & 0x001f_ffff) === 0;

export class CodeCache {
  readonly #u8: Uint8Array;
  readonly #u16: Uint16Array;
  readonly #i32: Int32Array;
  readonly #ram: GuestRam;
  readonly #decoder: Decoder;
  readonly #forms: readonly (readonly Form[])[];
  readonly #onNewCode: (ramPage: number) => void;
  readonly #operands = blankOperands();
  readonly #pages: PoolPage[] = [];
  /** Pool pages of a RAM page. */
  readonly #byRamPage = new Map<number, number[]>();
  /** Pages below this one have been used since the memory was created, so they may hold old records. */
  #touched = 0;
  /** Addresses with a breakpoint, and the opcodes of the records that it replaced. */
  #breakpoints: readonly CodeAddress[] = [];
  readonly #planted = new Map<number, number>();

  /** Told before records change. */
  observer: RecordObserver | null = null;

  /** `onNewCode` is called before a RAM page gets its first records: stores to it must be seen from then on. */
  constructor(
    buffer: ArrayBuffer,
    ram: GuestRam,
    decoder: Decoder,
    forms: readonly (readonly Form[])[],
    onNewCode: (ramPage: number) => void,
  ) {
    this.#u8 = new Uint8Array(buffer);
    this.#u16 = new Uint16Array(buffer);
    this.#i32 = new Int32Array(buffer);
    this.#ram = ram;
    this.#decoder = decoder;
    this.#forms = forms;
    this.#onNewCode = onNewCode;
  }

  hasCode(ramPage: number): boolean {
    return this.#byRamPage.has(ramPage);
  }
  get full(): boolean {
    return this.#pages.length === POOL_PAGES;
  }

  /** Records of a virtual page that is mapped to a RAM page; there is room unless `full`. */
  recordsOf(vaLo: number, vaHi: number, ramPage: number, guarded = false): number {
    const pageLo = vaLo & -PAGE_SIZE;
    const siblings = this.#byRamPage.get(ramPage);
    for (const index of siblings ?? []) {
      const page = this.#pages[index]!;
      if (page.vaLo === pageLo && page.vaHi === vaHi && page.guarded === guarded) return pageBase(index);
    }
    const index = this.#pages.push({ vaLo: pageLo, vaHi, ramPage, guarded }) - 1;
    if (siblings) {
      siblings.push(index);
    } else {
      this.#onNewCode(ramPage);
      this.#byRamPage.set(ramPage, [index]);
    }
    this.#blank(index, pageLo, vaHi);
    return pageBase(index);
  }
  #blank(index: number, pageLo: number, vaHi: number): void {
    const base = pageBase(index);
    if (index < this.#touched) this.#u8.fill(0, base, base + POOL_PAGE.END_RECORD);
    else this.#touched = index + 1;
    const end = base + POOL_PAGE.END_RECORD;
    const nextLo = (pageLo + PAGE_SIZE) | 0;
    this.#u16[(end + RECORD.OPCODE) >> 1] = OPCODE.PAGE_END;
    this.#setPair(end + RECORD.IMM, nextLo, nextLo === 0 ? (vaHi + 1) | 0 : vaHi);
    this.#setPair(base + POOL_PAGE.VA, pageLo, vaHi);
  }
  #setPair(at: number, lo: number, hi: number): void {
    this.#i32[at >> 2] = lo;
    this.#i32[(at >> 2) + 1] = hi;
  }

  /** Address of a record's instruction, as halves. */
  addressLo(record: number): number {
    const index = poolIndex(record);
    return this.#pages[index]!.vaLo + ((record - pageBase(index)) >> 3);
  }
  addressHi(record: number): number {
    return this.#pages[poolIndex(record)]!.vaHi;
  }
  /** The instruction word of a record. */
  wordOf(record: number): number {
    const index = poolIndex(record);
    const offset = (this.#pages[index]!.ramPage * PAGE_SIZE + ((record - pageBase(index)) >> 3)) >>> 0;
    return this.#i32[(this.#ram.host + offset) / 4]!;
  }

  /** Decode a record; returns the opcode to run. */
  decode(record: number): number {
    const index = poolIndex(record);
    const page = this.#pages[index]!;
    const lo = page.vaLo + ((record - pageBase(index)) >> 3);
    const opcode = this.#decodeAt(record, lo, page.vaHi, page.guarded);
    if (this.#isPlanted(lo, page.vaHi)) {
      this.#planted.set(record, opcode);
      this.#u16[record >> 1] = OPCODE.BREAKPOINT;
      return OPCODE.BREAKPOINT;
    }
    this.#u16[record >> 1] = opcode;
    return opcode;
  }
  /** The instruction of a record; null when it has never run, is not allocated, or hides behind a breakpoint. */
  instructionAt(record: number): Instruction | null {
    const current = this.#u16[record >> 1]!;
    if (current === OPCODE.DECODE || current === OPCODE.BREAKPOINT) return null;
    const page = this.#pages[poolIndex(record)]!;
    const operands = blankOperands();
    const lo = this.addressLo(record);
    const row = this.#decoder.decode(this.wordOf(record), lo, page.vaHi, operands, page.guarded);
    if (row < 0) return null;
    const form = this.#forms[row]![operands.variant]!;
    return { row: ROWS[row]!, form, operands, opcode: opcodeOf(form, operands) };
  }
  /** An indirect branch has come to this record. */
  isLanding(record: number): boolean {
    return (this.#u8[record + RECORD.LANDING]! & LANDED) !== 0;
  }
  /** Branches of this type may land at the record: the page is not guarded, or it is known that its instruction is a landing pad for them. */
  accepts(record: number, type: number): boolean {
    const { guarded } = this.#pages[poolIndex(record)]!;
    return type === 0 || !guarded || (this.#u8[record + RECORD.LANDING]! & (1 << type)) !== 0;
  }
  /** How often tier 1 has run a conditional branch, and how often it was taken: modulo 2^16, and not exact when that has been exceeded. */
  ways(record: number): { readonly run: number; readonly taken: number } {
    const at = (record + RECORD.WAYS) >> 1;
    return { run: this.#u16[at]!, taken: this.#u16[at + 1]! };
  }
  /** Count anew which way a conditional branch goes. */
  forgetWays(record: number): void {
    this.#i32[(record + RECORD.WAYS) >> 2] = 0;
  }
  /** Where the indirect call of a record went last, as halves; 0 when it is not known. */
  calledLast(record: number): { readonly lo: number; readonly hi: number } {
    const at = (record + RECORD.IMM2) >> 2;
    return { lo: this.#i32[at]!, hi: this.#i32[at + 1]! };
  }
  #decodeAt(record: number, lo: number, hi: number, guarded: boolean): number {
    const o = this.#operands;
    const word = this.wordOf(record);
    const row = this.#decoder.decode(word, lo, hi, o, guarded);
    this.#u8[record + RECORD.LANDING] = guarded ? landingPad(word, false) : 0;
    if (row < 0) return OPCODE.UNALLOCATED;
    const form = this.#forms[row]![o.variant]!;
    const at = record >> 1;
    this.#u8[record + RECORD.CONDITION] = o.cond;
    this.#u16[at + RECORD.RD / 2] = this.#slot(o.rd, o.vectorMask & 1);
    this.#u16[at + RECORD.RN / 2] = this.#slot(o.rn, o.vectorMask & 2);
    this.#u16[at + RECORD.RM / 2] = this.#slot(o.rm, o.vectorMask & 4);
    this.#u16[at + RECORD.RA / 2] = this.#slot(o.ra, o.vectorMask & 8);
    this.#setPair(record + RECORD.IMM, o.immLo, o.immHi);
    if (form.control === 'conditional') this.forgetWays(record);
    if (form.branches) this.#setTarget(record, lo, hi, o.branchOffset);
    else this.#setPair(record + RECORD.IMM2, o.imm2Lo, o.imm2Hi);
    return opcodeOf(form, o);
  }
  #slot(register: number, vector: number): number {
    return vector === 0 ? register * 8 : STATE.V + register * 16;
  }
  #setTarget(record: number, lo: number, hi: number, offset: number): void {
    const targetLo = (lo + offset) | 0;
    const carry = (lo >>> 0) + (offset >>> 0) > 0xffff_ffff ? 1 : 0;
    const targetHi = (hi + (offset >> 31) + carry) | 0;
    const near = ((targetLo ^ lo) & -PAGE_SIZE) === 0 && targetHi === hi;
    this.#i32[(record + RECORD.DELTA) >> 2] = near ? offset * (RECORD.SIZE / 4) : 0;
    this.#setPair(record + RECORD.IMM2, targetLo, targetHi);
  }

  /** Bytes of RAM have changed or are about to: their records decode anew. */
  invalidate(offset: number, length: number): void {
    const last = offset + length - 1;
    for (let ramPage = Math.floor(offset / PAGE_SIZE); ramPage * PAGE_SIZE <= last; ramPage++) {
      const pages = this.#byRamPage.get(ramPage);
      if (pages === undefined) continue;
      const start = ramPage * PAGE_SIZE;
      const first = Math.max(0, offset - start) >> 2;
      const end = Math.min(PAGE_SIZE - 1, last - start) >> 2;
      for (const index of pages) this.#forget(pageBase(index), first, end);
    }
  }
  #forget(base: number, first: number, end: number): void {
    this.observer?.changed(base + first * RECORD.SIZE, base + end * RECORD.SIZE);
    for (let word = first; word <= end; word++) {
      const record = base + word * RECORD.SIZE;
      if (this.#u16[record >> 1] === OPCODE.BREAKPOINT) this.#planted.delete(record);
      this.#u16[record >> 1] = OPCODE.DECODE;
      this.#u8[record + RECORD.LANDING] = 0;
    }
  }

  #isPlanted(lo: number, hi: number): boolean {
    for (const at of this.#breakpoints) if (at.lo === lo && sameHigh(at.hi, hi)) return true;
    return false;
  }
  /** Make these the addresses at which the host is asked before the instruction runs. */
  plant(addresses: readonly CodeAddress[]): void {
    if (sameAddresses(addresses, this.#breakpoints)) return;
    for (const [record, opcode] of this.#planted) {
      this.observer?.planted(record);
      this.#u16[record >> 1] = opcode;
    }
    this.#planted.clear();
    this.#breakpoints = addresses;
    if (addresses.length === 0) return;
    for (const [index, page] of this.#pages.entries()) {
      for (const { lo, hi } of addresses) {
        if ((lo & -PAGE_SIZE) !== page.vaLo || !sameHigh(hi, page.vaHi)) continue;
        const record = pageBase(index) + ((lo & (PAGE_SIZE - 4)) << 3);
        this.observer?.planted(record);
        const opcode = this.#u16[record >> 1]!;
        if (opcode === OPCODE.DECODE || opcode === OPCODE.BREAKPOINT) continue;
        this.#planted.set(record, opcode);
        this.#u16[record >> 1] = OPCODE.BREAKPOINT;
      }
    }
  }
  /** Opcode of the instruction that a planted breakpoint hides. */
  originalOpcode(record: number): number {
    return this.#planted.get(record) ?? OPCODE.DECODE;
  }

  /** Forget all records. The caller flushes the code TLB. */
  clear(): void {
    this.observer?.clear();
    this.#pages.length = 0;
    this.#byRamPage.clear();
    this.#planted.clear();
  }
}
