/** Guest RAM: one range of physical addresses at the end of the VM's WebAssembly memory. */
import { assert } from '../../base/assert.ts';

export const PAGE_SIZE = 4096;
export const PAGE_SHIFT = 12;

export class GuestRam {
  /** First physical address. */
  readonly base: number;
  readonly size: number;
  /** Byte offset of `base` in the WebAssembly memory. */
  readonly host: number;
  readonly #bytes: Uint8Array;

  /** `base` and `size` are multiples of the page size. */
  constructor(buffer: ArrayBuffer, base: number, size: number, host: number) {
    assert(base % PAGE_SIZE === 0 && size % PAGE_SIZE === 0, 'RAM consists of whole pages');
    this.base = base;
    this.size = size;
    this.host = host;
    this.#bytes = new Uint8Array(buffer, host, size);
  }

  get pages(): number {
    return this.size / PAGE_SIZE;
  }
  /** Offset of a physical address in RAM, or -1 when any of `length` bytes is outside. */
  offset(physical: number, length: number): number {
    const at = physical - this.base;
    return at >= 0 && at + length <= this.size ? at : -1;
  }
  /** Copy of RAM bytes. */
  read(offset: number, length: number): Uint8Array {
    return this.#bytes.slice(offset, offset + length);
  }
  write(offset: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, offset);
  }
}
