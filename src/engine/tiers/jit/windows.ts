/**
 * Accesses of hot code to pages with watchpoints. At first each leaves its region, and tier 1 compares it with what is watched; where that is
 * frequent, regions are made anew so that they remember runs of bytes that are not watched (`HOST.WINDOWS`), for as long as
 * anything is watched at all.
 */
import { HOST, MISSED, NOWHERE, WATCHED, WINDOW } from '../../host-map.ts';
import { STATE } from '../../layout.ts';
import type { InterpreterExports } from '../interpreter/abi.ts';
import type { Windows } from './made-for.ts';
import type { RecordSet } from './record-set.ts';
import { Refusals } from './refusals.ts';

/** Tier 1 tells of one access in so many. */
const TOLD = 16;

export class WindowPolicy {
  readonly #i32: Int32Array;
  readonly #u64: BigUint64Array;
  readonly #interpreter: InterpreterExports;
  /** Instructions that have accessed such pages in tier 1; that have moved from one run of bytes to another in regions. */
  readonly #watched = new Refusals(TOLD);
  readonly #moving = new Refusals();

  constructor(buffer: ArrayBuffer, interpreter: InterpreterExports) {
    this.#i32 = new Int32Array(buffer);
    this.#u64 = new BigUint64Array(buffer);
    this.#interpreter = interpreter;
    this.#i32[HOST.UNASKED / 4] = TOLD;
  }

  get #isAnyWatched(): boolean {
    return this.#i32[(HOST.WATCHED + WATCHED.ALL) / 4] !== 0;
  }
  /** What a region of these records is to be made with now. */
  windowsOf(records: RecordSet): Windows {
    const isAmong = ({ slow }: Refusals): boolean =>
      [...slow].some((record) => records.hasAny(record, record));
    if (!this.#isAnyWatched) return 'none';
    if (isAmong(this.#moving)) return 'calls';
    return isAmong(this.#watched) ? 'exits' : 'none';
  }
  /** Whether a region that is made so has been made so for nothing for long. */
  isIdle(windows: Windows): boolean {
    return windows !== 'none' && !this.#isAnyWatched && this.#i32[HOST.IDLE_LEFT / 4]! <= 0;
  }

  /** Tier 1 has compared an access, of the instruction of a record: true when regions that have it are to have windows. */
  compared(record: number, retired: number): boolean {
    if (this.#i32[HOST.UNASKED / 4]! > 0) return false;
    this.#i32[HOST.UNASKED / 4] = TOLD;
    return this.#watched.note(record, retired) || this.#watched.slow.has(record);
  }

  /**
   * What the refusal counts among that a region has just called the host for: `others` unless it is an access that is not where the last one
   * was, null when it does not count, since tier 1 has to do it or no last one is known. Where that access is, the next one finds a window.
   */
  kindOf(others: Refusals): Refusals | null {
    const missed = this.#i32[HOST.MISSED_ACCESS / 4]!;
    this.#i32[HOST.MISSED_ACCESS / 4] = 0;
    if (missed === 0) return others;
    const isWrite = (missed & MISSED.WRITE) !== 0;
    const base = (missed >> MISSED.BASE_SHIFT) & MISSED.BASE;
    const slot = HOST.WINDOWS + base * WINDOW.STRIDE + (isWrite ? WINDOW.STORE : WINDOW.LOAD);
    const isKnown = (): boolean => this.#u64[(slot + WINDOW.START) / 8] !== NOWHERE;
    const wasKnown = isKnown();
    const { findRead, findWrite } = this.#interpreter;
    const find = isWrite ? findWrite : findRead;
    const host = find(this.#u64[HOST.MISSED_ADDRESS / 8]!, missed & MISSED.ACCESS, slot);
    if (host === STATE.SCRATCH) return others;
    const isFirst = !wasKnown && isKnown();
    return host === 0 || isFirst ? null : this.#moving;
  }

  /** The records `first` to `last` stand for other instructions from now on. */
  forget(first: number, last: number): void {
    this.#watched.forget(first, last);
    this.#moving.forget(first, last);
  }
}
