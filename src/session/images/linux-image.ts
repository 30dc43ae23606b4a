/** The header of an arm64 Linux `Image` (Linux, Documentation/arch/arm64/booting.rst). */
import { SessionError } from '../errors.ts';

const HEADER_SIZE = 64;
/** "ARM\x64", little-endian, at offset 56. */
const MAGIC = 0x644d_5241;

export function isLinuxImage(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length >= HEADER_SIZE && view.getUint32(56, true) === MAGIC;
}

/** Offset of the image from a 2 MiB aligned base of RAM; it is entered at its first byte. */
export function linuxTextOffset(bytes: Uint8Array): bigint {
  if (!isLinuxImage(bytes)) {
    throw new SessionError(
      'image-invalid',
      'The bytes are no arm64 Linux Image: its magic at offset 56 is missing.',
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // An image_size of 0 means a kernel before 3.17, whose text_offset field is not to be trusted.
  return view.getBigUint64(16, true) === 0n ? 0x80000n : view.getBigUint64(8, true);
}
