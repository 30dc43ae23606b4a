/**
 * Guest memory at the end of the VM's WebAssembly memory: RAM, and behind it a range that stores do not change (ROM)
 * when the machine has one. An *offset* counts through both, so that whatever is kept by offset or page knows no
 * difference; only stores ask.
 */
import { assert } from '../../base/assert.ts';

export const PAGE_SIZE = 4096;
export const PAGE_SHIFT = 12;

/** Physical addresses [base, base + size); whole pages. */
export interface MemoryRange {
  readonly base: number;
  readonly size: number;
}

const whole = ({ base, size }: MemoryRange): boolean => base % PAGE_SIZE === 0 && size % PAGE_SIZE === 0;

export class GuestRam {
  /** First physical address of RAM. */
  readonly base: number;
  readonly size: number;
  readonly rom: MemoryRange | null;
  /** Byte offset of `base` in the WebAssembly memory. */
  readonly host: number;
  readonly #bytes: Uint8Array;

  constructor(buffer: ArrayBuffer, ram: MemoryRange, rom: MemoryRange | null, host: number) {
    assert(whole(ram) && (rom === null || whole(rom)), 'memory consists of whole pages');
    this.base = ram.base;
    this.size = ram.size;
    this.rom = rom;
    this.host = host;
    this.#bytes = new Uint8Array(buffer, host, ram.size + (rom?.size ?? 0));
  }

  /** Offset of a physical address, or -1 when any of `length` bytes is in no memory, or not in the same. */
  offset(physical: number, length: number): number {
    const at = physical - this.base;
    if (at >= 0 && at + length <= this.size) return at;
    const { rom } = this;
    if (rom === null) return -1;
    const inRom = physical - rom.base;
    return inRom >= 0 && inRom + length <= rom.size ? this.size + inRom : -1;
  }
  /** The guest's and the devices' stores may change what is at an offset. */
  writable(offset: number): boolean {
    return offset < this.size;
  }
  /** Physical address of an offset. */
  physical(offset: number): number {
    return offset < this.size ? this.base + offset : this.rom!.base + (offset - this.size);
  }
  /** The bytes themselves, for whoever only looks. */
  view(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset, offset + length);
  }
  /** Copy of the bytes at an offset. */
  read(offset: number, length: number): Uint8Array {
    return this.#bytes.slice(offset, offset + length);
  }
  write(offset: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, offset);
  }
}
