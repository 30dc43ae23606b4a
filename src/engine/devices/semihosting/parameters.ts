/** The parameter block at X1, strings, and the two ways an operation can end early. */
import { ERRNO } from '../../../base/errno.ts';
import type { GuestView } from './host.ts';

/** An operation failed: X0 is -1, SYS_ERRNO says why. */
export class SemihostingError extends Error {
  override readonly name = 'SemihostingError';
  readonly errno: number;
  constructor(errno: number) {
    super(`errno ${errno}`);
    this.errno = errno;
  }
}

/** Bytes that one operation moves at most. */
const TRANSFER_LIMIT = 16 << 20;
const PIECE = 4096;

/** The block's 64-bit fields. */
export function fields(memory: GuestView, block: bigint, count: number): bigint[] {
  const bytes = readGuest(memory, block, count * 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, n) => view.getBigUint64(n * 8, true));
}

export function readGuest(memory: GuestView, address: bigint, length: number): Uint8Array {
  const bytes = memory.read(address, length);
  if (bytes === null) throw new SemihostingError(ERRNO.EFAULT);
  return bytes;
}
export function writeGuest(memory: GuestView, address: bigint, bytes: Uint8Array): void {
  if (!memory.write(address, bytes)) throw new SemihostingError(ERRNO.EFAULT);
}

/** Bytes of a string that is written: the console has to find room for all of it. */
const STRING_LIMIT = 512 << 10;
/** Bytes of a file's name (Linux, PATH_MAX). */
const NAME_LIMIT = 4096;

/** A guest's length as a number within bounds. */
export function bounded(length: bigint): number {
  if (length > BigInt(TRANSFER_LIMIT)) throw new SemihostingError(ERRNO.EINVAL);
  return Number(length);
}

/** Bytes up to a NUL, in pieces that stay within a page. */
export function readTerminated(memory: GuestView, address: bigint): Uint8Array {
  const parts: number[] = [];
  for (let at = address; parts.length < STRING_LIMIT; ) {
    const room = PIECE - Number(at & BigInt(PIECE - 1));
    const bytes = readGuest(memory, at, room);
    const end = bytes.indexOf(0);
    for (const byte of end < 0 ? bytes : bytes.subarray(0, end)) parts.push(byte);
    if (end >= 0) return Uint8Array.from(parts);
    at += BigInt(room);
  }
  throw new SemihostingError(ERRNO.EINVAL);
}

/** A name, in Latin-1, so that every byte survives. */
export function readName(memory: GuestView, address: bigint, length: bigint): string {
  if (length > BigInt(NAME_LIMIT)) throw new SemihostingError(ERRNO.ENAMETOOLONG);
  const bytes = readGuest(memory, address, Number(length));
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** Latin-1, so that every byte survives. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}
