/**
 * Data accesses that generated code does not do in place: first touch of a page, page crossings, pages with
 * code, watchpoints or another vcpu's reservation, and faults. A refused access has changed nothing; `refusal`
 * says why, and the run loop acts on it. Addresses are int32 halves, physical addresses are numbers.
 */
import { FAULT } from '../../abi/arm/esr.ts';
import { KNOWN } from '../host-map.ts';
import { STATE } from '../layout.ts';
import type { DebugCause } from '../stop.ts';
import type { Pe } from '../system/pe.ts';
import { SLOT } from '../system/storage.ts';
import { ACCESS, accessBytes, accessSize } from './access-word.ts';
import type { DeviceBus } from './device-bus.ts';
import { type GuestRam, PAGE_SIZE } from './ram.ts';
import type { SoftwareTlb } from './tlb.ts';
import { noRefusal, type RefusalKind } from './refusal.ts';
import { translate } from './translate.ts';
import { createTranslationResult, type TranslationResult } from './walk.ts';

/** Watchpoints of the vcpu that runs. */
export interface Watch {
  /** A load from this page, or any access to it, may hit: it must not be done in place without a look at the bytes. */
  coversLoads(vaLo: number, vaHi: number): boolean;
  covers(vaLo: number, vaHi: number): boolean;
  match(
    vaLo: number,
    vaHi: number,
    bytes: number,
    read: boolean,
    write: boolean,
    unprivileged: boolean,
  ): readonly DebugCause[];
}

/** What has to know about stores. */
export interface StoreObserver {
  /** Stores to this RAM page must be announced one by one. */
  watches(ramPage: number): boolean;
  /** RAM bytes are about to change. */
  stored(offset: number, length: number): void;
}

const SCTLR_M = 1;

/** The access is a device's. */
const DEVICE = -2;
type Kind = 'read' | 'write' | 'atomic';

export class SlowPath {
  readonly refusal = noRefusal();
  readonly #u8: Uint8Array;
  readonly #i32: Int32Array;
  readonly #ram: GuestRam;
  readonly #tlb: SoftwareTlb;
  readonly #observer: StoreObserver;
  readonly #first = createTranslationResult();
  readonly #second = createTranslationResult();
  /** The vcpu that runs, and its watchpoints. */
  #pe: Pe | null = null;
  #watch: Watch | null = null;
  #devices: DeviceBus | null = null;
  /** The instruction runs alone, so that what a device does about it counts from the next one on; else refuse. */
  devicesAnswer = false;
  /** A device has answered since this was last cleared. */
  deviceAnswered = false;
  /** Told of accesses to pages with watchpoints that hit none, as far as the host is asked about them. */
  onUnhit: () => void = () => {};

  constructor(buffer: ArrayBuffer, ram: GuestRam, tlb: SoftwareTlb, observer: StoreObserver) {
    this.#u8 = new Uint8Array(buffer);
    this.#i32 = new Int32Array(buffer);
    this.#ram = ram;
    this.#tlb = tlb;
    this.#observer = observer;
  }

  /** Once, before anything runs: what answers where there is no RAM. */
  connect(devices: DeviceBus): void {
    this.#devices = devices;
  }

  /** Whose accesses these are. `watch` is null when no watchpoint is in force. */
  select(pe: Pe, watch: Watch | null): void {
    this.#pe = pe;
    this.#watch = watch;
  }

  /** Host address of bytes to load; 0: refused. */
  read(lo: number, hi: number, access: number): number {
    const split = this.#prepare(lo, hi, access, 'read');
    if (split === DEVICE) {
      this.deviceAnswered = true;
      this.#devices!.load(this.#first.physical, accessBytes(access));
      return STATE.SCRATCH;
    }
    if (split < 0) return 0;
    const bytes = accessBytes(access);
    if (split === 0) return this.#hostOf(this.#first.physical);
    this.#u8.copyWithin(
      STATE.SCRATCH,
      this.#hostOf(this.#first.physical),
      this.#hostOf(this.#first.physical) + split,
    );
    const rest = this.#hostOf(this.#second.physical);
    this.#u8.copyWithin(STATE.SCRATCH + split, rest, rest + bytes - split);
    return STATE.SCRATCH;
  }
  /** Store the bytes in SCRATCH; 0: refused, nothing stored. */
  write(lo: number, hi: number, access: number): number {
    const split = this.#prepare(lo, hi, access, 'write');
    if (split === DEVICE) {
      this.deviceAnswered = true;
      this.#devices!.store(this.#first.physical, accessBytes(access));
      return 1;
    }
    if (split < 0) return 0;
    const bytes = accessBytes(access);
    if (split === 0) {
      this.#commit(this.#first.physical, STATE.SCRATCH, bytes);
    } else {
      this.#commit(this.#first.physical, STATE.SCRATCH, split);
      this.#commit(this.#second.physical, STATE.SCRATCH + split, bytes - split);
    }
    return 1;
  }
  /** Host address of bytes to read and then write; 0: refused. */
  atomic(lo: number, hi: number, access: number): number {
    if (this.#prepare(lo, hi, access, 'atomic') < 0) return 0;
    const { physical } = this.#first;
    this.#announce(physical, accessBytes(access));
    return this.#hostOf(physical);
  }

  #hostOf(physical: number): number {
    return this.#ram.host + this.#ram.offset(physical, 1);
  }
  #announce(physical: number, length: number): void {
    const offset = this.#ram.offset(physical, length);
    if (this.#observer.watches(Math.floor(offset / PAGE_SIZE))) this.#observer.stored(offset, length);
  }
  #commit(physical: number, from: number, length: number): void {
    this.#announce(physical, length);
    this.#u8.copyWithin(this.#hostOf(physical), from, from + length);
  }

  /**
   * All checks, in the architecture's order: alignment, translation and permission, memory behind it,
   * watchpoints. Returns -1 when refused, DEVICE when a device is to be asked, 0 when the access lies within a page, else the bytes in the first page.
   */
  #prepare(lo: number, hi: number, access: number, kind: Kind): number {
    const bytes = accessBytes(access);
    const misaligned = (lo & (accessSize(access) - 1)) !== 0;
    this.#begin(lo, hi, access, kind);
    if (misaligned && this.#i32[STATE.ALIGN_STRICT / 4] !== 0) return this.#refuse('alignment', lo, hi);
    if ((access & ACCESS.ALIGNED) !== 0 && (lo & (bytes - 1)) !== 0) return this.#refuse('alignment', lo, hi);
    const room = PAGE_SIZE - (lo & (PAGE_SIZE - 1));
    const split = room < bytes ? room : 0;
    if (!this.#translate(lo, hi, access, kind, this.#first)) return -1;
    const nextLo = (lo + room) | 0;
    const nextHi = nextLo === 0 ? (hi + 1) | 0 : hi;
    if (split !== 0 && !this.#translate(nextLo, nextHi, access, kind, this.#second)) return -1;
    if (misaligned && (this.#first.device || (split !== 0 && this.#second.device))) {
      return this.#refuse('alignment', lo, hi);
    }
    const device = split === 0 && kind !== 'atomic' && this.#isDevice(this.#first.physical, bytes);
    if (!device && !this.#backed(this.#first, split === 0 ? bytes : split, lo, hi)) return -1;
    if (split !== 0 && !this.#backed(this.#second, bytes - split, nextLo, nextHi)) return -1;
    const covered = this.#covered(lo, hi, kind) || (split !== 0 && this.#covered(nextLo, nextHi, kind));
    if (covered && !this.#unwatched(lo, hi, bytes, access)) return -1;
    if (covered) this.onUnhit();
    if (device && this.devicesAnswer) return DEVICE;
    if (device) {
      this.refusal.physical = this.#first.physical;
      this.refusal.readOnly = false;
      return this.#refuse('device', lo, hi);
    }
    const context = this.#contextOf(access);
    this.#cache(lo, hi, context, this.#first);
    if (split !== 0) this.#cache(nextLo, nextHi, context, this.#second);
    return split;
  }
  #begin(lo: number, hi: number, access: number, kind: Kind): void {
    const r = this.refusal;
    r.access = access;
    r.startLo = lo;
    r.startHi = hi;
    r.reads = kind !== 'write';
    r.writes = kind !== 'read';
    // An atomic access reports a read wherever a read would have faulted, too (Arm ARM, ISS, WnR).
    r.write = kind === 'write';
  }
  #refuse(kind: RefusalKind, lo: number, hi: number): -1 {
    const r = this.refusal;
    r.kind = kind;
    r.vaLo = lo;
    r.vaHi = hi;
    return -1;
  }
  #translate(lo: number, hi: number, access: number, kind: Kind, out: TranslationResult): boolean {
    if (this.#known(lo, hi, access, kind, out)) return true;
    const unprivileged = (access & ACCESS.UNPRIVILEGED) !== 0;
    const first = kind === 'write' ? 'write' : 'read';
    let ok = translate(this.#pe!, lo, hi, first, unprivileged, out);
    const r = this.refusal;
    if (ok && kind === 'atomic') {
      ok = translate(this.#pe!, lo, hi, 'write', unprivileged, out);
      r.write = !ok;
    }
    if (ok) return true;
    r.status = out.status;
    // What the memory type says of alignment comes before the permission.
    const misaligned = (r.startLo & (accessSize(access) - 1)) !== 0;
    const permission = (out.status & ~3) === FAULT.PERMISSION;
    if (permission && misaligned && out.device) this.#refuse('alignment', r.startLo, r.startHi);
    else this.#refuse('fault', lo, hi);
    return false;
  }
  /** The translation, when the software TLB has it: pages with code or a watchpoint come here often. */
  #known(lo: number, hi: number, access: number, kind: Kind, out: TranslationResult): boolean {
    const known = this.#tlb.find(lo, hi, this.#contextOf(access));
    if ((known & (kind === 'read' ? KNOWN.READABLE : KNOWN.WRITABLE)) === 0) return false;
    out.physical = this.#ram.physical(this.#tlb.ramPageOf(lo) * PAGE_SIZE) + (lo & (PAGE_SIZE - 1));
    out.device = false;
    out.readable = true;
    out.writable = (known & KNOWN.WRITABLE) !== 0;
    return true;
  }
  #contextOf(access: number): number {
    const unprivileged = (access & ACCESS.UNPRIVILEGED) !== 0;
    return this.#i32[(unprivileged ? STATE.CONTEXT_UNPRIVILEGED : STATE.CONTEXT) / 4]!;
  }
  #isDevice(physical: number, bytes: number): boolean {
    if (this.#devices === null || this.#ram.offset(physical, bytes) >= 0) return false;
    return this.#devices.answers(physical, bytes);
  }
  #backed(at: TranslationResult, length: number, lo: number, hi: number): boolean {
    const offset = this.#ram.offset(at.physical, length);
    if (offset >= 0 && (!this.refusal.writes || this.#ram.writable(offset))) return true;
    this.refusal.physical = at.physical;
    this.refusal.readOnly = offset >= 0;
    this.#refuse('stage2', lo, hi);
    return false;
  }
  /** An access to this page may hit a watchpoint. */
  #covered(lo: number, hi: number, kind: Kind): boolean {
    if (this.#watch === null) return false;
    return kind === 'read' ? this.#watch.coversLoads(lo, hi) : this.#watch.covers(lo, hi);
  }
  #unwatched(lo: number, hi: number, bytes: number, access: number): boolean {
    const r = this.refusal;
    const unprivileged = (access & ACCESS.UNPRIVILEGED) !== 0;
    const causes = this.#watch!.match(lo, hi, bytes, r.reads, r.writes, unprivileged);
    if (causes.length === 0) return true;
    r.causes = causes;
    this.#refuse('watchpoint', lo, hi);
    return false;
  }

  /** Let later accesses to the page be done in place, as far as nobody has to see them. */
  #cache(lo: number, hi: number, context: number, at: TranslationResult): void {
    // An unaligned access to Device memory faults, which the TLB cannot tell; with the MMU off all do anyway.
    if (at.device && (this.#pe!.state.sysregLo(SLOT.SCTLR_EL1) & SCTLR_M) !== 0) return;
    const offset = this.#ram.offset(at.physical, 1);
    const ramPage = Math.floor(offset / PAGE_SIZE);
    const host = this.#ram.host + ramPage * PAGE_SIZE;
    const writable = at.writable && this.#ram.writable(offset);
    const storable = writable && !this.#observer.watches(ramPage);
    const read = at.readable && !this.#covered(lo, hi, 'read');
    const write = storable && !this.#covered(lo, hi, 'write');
    let known: number = at.readable ? KNOWN.READABLE : 0;
    if (writable) known |= KNOWN.WRITABLE;
    if (storable) known |= KNOWN.STORABLE;
    this.#tlb.fill(lo, hi, context, host, ramPage, read, write, known);
  }
  /** The same for a translation that was made for the current Exception level outside an access. */
  remember(lo: number, hi: number, at: TranslationResult): void {
    if (this.#ram.offset(at.physical, 1) >= 0) this.#cache(lo, hi, this.#i32[STATE.CONTEXT / 4]!, at);
  }
}
