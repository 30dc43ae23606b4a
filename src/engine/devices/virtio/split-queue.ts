/**
 * A split virtqueue as the device sees it. Everything in guest memory is the guest's and is checked: a queue that makes
 * no sense throws `QueueError`, which the transport turns into DEVICE_NEEDS_RESET.
 * Source: VIRTIO 1.2 (OASIS), 2.7 Split Virtqueues.
 */
import type { GuestMemory } from './guest-memory.ts';

/** The guest broke the rules of the queue. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
}

export const QUEUE_SIZE_MAXIMUM = 256;

export interface QueueState {
  size: number;
  ready: boolean;
  /** Physical addresses of descriptor table, available ring and used ring. */
  descriptors: number;
  available: number;
  used: number;
  /** Available entries that were taken. */
  taken: number;
  /** Used entries that were given back. */
  given: number;
}

export function createQueue(): QueueState {
  return { size: 0, ready: false, descriptors: 0, available: 0, used: 0, taken: 0, given: 0 };
}

/** A piece of guest memory of a request. */
export interface Buffer {
  readonly address: number;
  readonly length: number;
}
/** A request: what the device reads, then what it may write. */
export interface Chain {
  readonly head: number;
  readonly readable: readonly Buffer[];
  readonly writable: readonly Buffer[];
}

const FLAG = { NEXT: 1, WRITE: 2 } as const;
const AVAIL_NO_INTERRUPT = 1;
const DESCRIPTOR_BYTES = 16;

function view(memory: GuestMemory, address: number, length: number): DataView {
  const bytes = memory.readPhysical(address, length);
  if (bytes === null) throw new QueueError(`queue memory at 0x${address.toString(16)} is no RAM`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The next request, or null when there is none. */
export function takeChain(queue: QueueState, memory: GuestMemory): Chain | null {
  const index = view(memory, queue.available + 2, 2).getUint16(0, true);
  const waiting = (index - queue.taken) & 0xffff;
  if (waiting === 0) return null;
  if (waiting > queue.size) throw new QueueError(`${waiting} requests in a queue of ${queue.size}`);
  const slot = queue.taken & (queue.size - 1);
  const head = view(memory, queue.available + 4 + slot * 2, 2).getUint16(0, true);
  const chain = readChain(queue, memory, head);
  queue.taken = (queue.taken + 1) & 0xffff;
  return chain;
}

function readChain(queue: QueueState, memory: GuestMemory, head: number): Chain {
  const readable: Buffer[] = [];
  const writable: Buffer[] = [];
  let next: number | null = head;
  for (let count = 0; next !== null; count++) {
    if (next >= queue.size || count === queue.size)
      throw new QueueError('a descriptor chain that does not end');
    const d: DataView = view(memory, queue.descriptors + next * DESCRIPTOR_BYTES, DESCRIPTOR_BYTES);
    const flags = d.getUint16(12, true);
    const buffer = { address: Number(d.getBigUint64(0, true)), length: d.getUint32(8, true) };
    if ((flags & FLAG.WRITE) !== 0) writable.push(buffer);
    else if (writable.length > 0) throw new QueueError('a readable buffer after a writable one');
    else readable.push(buffer);
    next = (flags & FLAG.NEXT) === 0 ? null : d.getUint16(14, true);
  }
  return { head, readable, writable };
}

/** Give a request back with the number of bytes written. True when the guest wants to be interrupted. */
export function giveBack(queue: QueueState, memory: GuestMemory, head: number, written: number): boolean {
  const entry = new DataView(new ArrayBuffer(8));
  entry.setUint32(0, head, true);
  entry.setUint32(4, written, true);
  const slot = queue.given & (queue.size - 1);
  queue.given = (queue.given + 1) & 0xffff;
  const index = Uint8Array.of(queue.given & 0xff, queue.given >>> 8);
  const stored =
    memory.writePhysical(queue.used + 4 + slot * 8, new Uint8Array(entry.buffer)) &&
    memory.writePhysical(queue.used + 2, index);
  if (!stored) throw new QueueError('the used ring is no RAM');
  return (view(memory, queue.available, 2).getUint16(0, true) & AVAIL_NO_INTERRUPT) === 0;
}
