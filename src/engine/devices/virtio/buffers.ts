/** Bytes of a request's buffers, which may be cut anywhere (VIRTIO 1.2, 2.7.4: message framing). */
import type { GuestMemory } from './guest-memory.ts';
import { type Buffer, QueueError } from './split-queue.ts';

export function totalLength(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}

/** The part of a list of buffers from `start` on, `length` bytes at most. */
export function slice(buffers: readonly Buffer[], start: number, length: number): Buffer[] {
  const parts: Buffer[] = [];
  let skip = start;
  let left = length;
  for (const buffer of buffers) {
    const from = Math.min(skip, buffer.length);
    const bytes = Math.min(buffer.length - from, left);
    if (bytes > 0) parts.push({ address: buffer.address + from, length: bytes });
    skip -= from;
    left -= bytes;
  }
  return parts;
}

/** Copy the buffers' bytes out. Callers bound the length. */
export function gather(memory: GuestMemory, buffers: readonly Buffer[]): Uint8Array {
  const all = new Uint8Array(totalLength(buffers));
  let at = 0;
  for (const { address, length } of buffers) {
    const bytes = memory.readPhysical(address, length);
    if (bytes === null) throw new QueueError(`a buffer at 0x${address.toString(16)} is no RAM`);
    all.set(bytes, at);
    at += length;
  }
  return all;
}

/** Copy bytes into the buffers, which have room for them. */
export function scatter(memory: GuestMemory, buffers: readonly Buffer[], bytes: Uint8Array): void {
  let at = 0;
  for (const { address, length } of slice(buffers, 0, bytes.length)) {
    if (!memory.writePhysical(address, bytes.subarray(at, at + length))) {
      throw new QueueError(`a buffer at 0x${address.toString(16)} is no RAM`);
    }
    at += length;
  }
}
