/**
 * The physical addresses that devices answer. A device sees naturally aligned accesses of 1, 2 or 4 bytes: the bus
 * cuts anything longer (a doubleword, a pair) or misaligned into such pieces, lowest address first. What a device
 * does not implement at an offset or size reads as zero and ignores writes, as Arm's peripherals do.
 */
import { assert } from '../../base/assert.ts';

export type AccessBytes = 1 | 2 | 4;

/** Registers behind a range of physical addresses. Offsets are from the start of the range. */
export interface MmioDevice {
  /** The value, zero-extended, as an unsigned number. */
  read(offset: number, bytes: AccessBytes): number;
  /** `value` is unsigned and fits `bytes`. */
  write(offset: number, bytes: AccessBytes, value: number): void;
}

interface Region {
  readonly base: number;
  readonly end: number;
  readonly device: MmioDevice;
}

/** The largest piece that is aligned at `address` and not longer than `left`. */
function pieceOf(address: number, left: number): AccessBytes {
  if ((address & 3) === 0 && left >= 4) return 4;
  return (address & 1) === 0 && left >= 2 ? 2 : 1;
}

export class Bus {
  readonly #regions: Region[] = [];
  /** Found last: accesses come in runs. */
  #recent: Region | null = null;

  /** Let a device answer [base, base + size). Ranges of two devices do not overlap. */
  register(base: number, size: number, device: MmioDevice): void {
    const end = base + size;
    assert(size > 0, 'a device has addresses');
    assert(
      this.#regions.every((other) => end <= other.base || other.end <= base),
      () => `addresses 0x${base.toString(16)}..0x${end.toString(16)} have two devices`,
    );
    this.#regions.push({ base, end, device });
  }

  /** True when one device answers all of the bytes. */
  answers(address: number, length: number): boolean {
    return this.#find(address, length) !== null;
  }

  /** Fill `length` bytes of `into` at `at`; false, with nothing read, when no device answers all of them. */
  read(address: number, length: number, into: DataView, at: number): boolean {
    const region = this.#find(address, length);
    if (region === null) return false;
    for (let done = 0; done < length; ) {
      const bytes = pieceOf(address + done, length - done);
      const value = region.device.read(address + done - region.base, bytes);
      if (bytes === 4) into.setUint32(at + done, value, true);
      else if (bytes === 2) into.setUint16(at + done, value, true);
      else into.setUint8(at + done, value);
      done += bytes;
    }
    return true;
  }

  /** Write `length` bytes of `from` at `at`; false, with nothing written, when no device answers all of them. */
  write(address: number, length: number, from: DataView, at: number): boolean {
    const region = this.#find(address, length);
    if (region === null) return false;
    for (let done = 0; done < length; ) {
      const bytes = pieceOf(address + done, length - done);
      region.device.write(address + done - region.base, bytes, valueAt(from, at + done, bytes));
      done += bytes;
    }
    return true;
  }

  #find(address: number, length: number): Region | null {
    const recent = this.#recent;
    if (recent !== null && address >= recent.base && address + length <= recent.end) return recent;
    const found = this.#regions.find(({ base, end }) => address >= base && address + length <= end);
    if (found === undefined) return null;
    this.#recent = found;
    return found;
  }
}

function valueAt(from: DataView, at: number, bytes: AccessBytes): number {
  if (bytes === 4) return from.getUint32(at, true);
  return bytes === 2 ? from.getUint16(at, true) : from.getUint8(at);
}
