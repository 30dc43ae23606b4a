/** The compiled regions of one VM, found by what may happen to them. */
import type { Windows } from './made-for.ts';
import type { RecordSet } from './record-set.ts';
import { pageOf } from './source.ts';

export interface Compiled {
  readonly opcode: number;
  readonly head: number;
  /** Opcode of the first record without the region. */
  readonly original: number;
  readonly records: RecordSet;
  readonly brinks: ReadonlySet<number>;
  readonly rare: ReadonlyMap<number, number>;
  /** STATE.ALIGN_STRICT that it needs, or null. */
  readonly strict: number | null;
  /** Whether floating point takes fast paths, or null where there is none. */
  readonly fast: boolean | null;
  readonly windows: Windows;
}

function addTo<T>(sets: Map<number, Set<T>>, key: number, value: T): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}
function removeFrom<T>(sets: Map<number, Set<T>>, key: number, value: T): void {
  const set = sets.get(key);
  set?.delete(value);
  if (set?.size === 0) sets.delete(key);
}

export class CompiledRegions {
  /** The oldest first. */
  readonly #byOpcode = new Map<number, Compiled>();
  /** By pages of records that they depend on. */
  readonly #byPage = new Map<number, Set<Compiled>>();
  /** By the records before which they end for want of room, or because control hardly ever goes there. */
  readonly #byBrink = new Map<number, Set<Compiled>>();

  add(compiled: Compiled): void {
    this.#byOpcode.set(compiled.opcode, compiled);
    for (const page of compiled.records.pages) addTo(this.#byPage, page, compiled);
    for (const record of compiled.brinks) addTo(this.#byBrink, record, compiled);
    for (const record of compiled.rare.keys()) addTo(this.#byBrink, record, compiled);
  }
  remove(compiled: Compiled): void {
    this.#byOpcode.delete(compiled.opcode);
    for (const page of compiled.records.pages) removeFrom(this.#byPage, page, compiled);
    for (const record of compiled.brinks) removeFrom(this.#byBrink, record, compiled);
    for (const record of compiled.rare.keys()) removeFrom(this.#byBrink, record, compiled);
  }

  /** The region that is entered by an opcode; undefined when that is an instruction's. */
  at(opcode: number): Compiled | undefined {
    return this.#byOpcode.get(opcode);
  }
  /** The one that was made first; there is one. */
  oldest(): Compiled {
    return this.#byOpcode.values().next().value!;
  }
  all(): Iterable<Compiled> {
    return this.#byOpcode.values();
  }
  /** Those that depend on records of the page of a record. */
  inPageOf(record: number): readonly Compiled[] {
    return [...(this.#byPage.get(pageOf(record)) ?? [])];
  }
  /** Those that depend on the records `first` to `last` of a page. */
  dependingOn(first: number, last: number): readonly Compiled[] {
    return this.inPageOf(first).filter(({ records }) => records.hasAny(first, last));
  }
  /** Those that end before a record though it could be compiled. */
  endingBefore(record: number): readonly Compiled[] {
    return [...(this.#byBrink.get(record) ?? [])];
  }
}
