/**
 * Exclusive monitors of the vcpus that are switched out. The running vcpu's monitor is in its state block; the
 * others' reservations are kept here by RAM offset, and stores to their pages are announced. Exact because one
 * vcpu runs at a time. Source: Arm ARM, Synchronization and semaphores.
 */
import { PAGE_SIZE } from './memory/ram.ts';

/** Exclusives reservation granule in bytes; CTR_EL0.ERG may promise more. */
const GRANULE = 64;

interface Reservation {
  readonly granule: number;
  readonly open: () => void;
}

export class Monitors {
  readonly #parked = new Map<number, Reservation>();

  get empty(): boolean {
    return this.#parked.size === 0;
  }
  /** Vcpu `index` is switched out with a reservation at a RAM offset; `open` clears its monitor. */
  park(index: number, offset: number, open: () => void): void {
    this.#parked.set(index, { granule: Math.floor(offset / GRANULE), open });
  }
  /** Vcpu `index` is switched in. */
  resume(index: number): void {
    this.#parked.delete(index);
  }
  /** Stores to this RAM page have to be announced. */
  watches(ramPage: number): boolean {
    for (const { granule } of this.#parked.values()) {
      if (Math.floor((granule * GRANULE) / PAGE_SIZE) === ramPage) return true;
    }
    return false;
  }
  /** Bytes were stored: reservations that they touch are gone. */
  stored(offset: number, length: number): void {
    if (this.#parked.size === 0) return;
    const first = Math.floor(offset / GRANULE);
    const last = Math.floor((offset + length - 1) / GRANULE);
    for (const [index, { granule, open }] of this.#parked) {
      if (granule < first || granule > last) continue;
      this.#parked.delete(index);
      open();
    }
  }
}
