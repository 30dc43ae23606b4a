/** Records by page, a bit each: what a region was made from. */
import { POOL_PAGE, RECORD } from '../../host-map.ts';
import { pageOf } from './source.ts';

export class RecordSet {
  readonly #pages = new Map<number, Uint32Array>();

  get pages(): Iterable<number> {
    return this.#pages.keys();
  }
  add(record: number): void {
    const page = pageOf(record);
    let bits = this.#pages.get(page);
    if (bits === undefined) {
      bits = new Uint32Array(POOL_PAGE.RECORDS / 32);
      this.#pages.set(page, bits);
    }
    const index = (record - page) / RECORD.SIZE;
    bits[index >> 5]! |= 1 << (index & 31);
  }
  /** Whether one of the records `first` to `last`, which are in one page, is there. */
  hasAny(first: number, last: number): boolean {
    const page = pageOf(first);
    const bits = this.#pages.get(page);
    if (bits === undefined) return false;
    const end = (last - page) / RECORD.SIZE;
    for (let index = (first - page) / RECORD.SIZE; index <= end; index++) {
      if (((bits[index >> 5]! >>> (index & 31)) & 1) === 1) return true;
    }
    return false;
  }
}
