/**
 * virtio-rng. Its bytes follow from the VM's seed, so that a run can be repeated: SplitMix64 over a counter. Not for
 * secrets that must hold against anybody. Source: VIRTIO 1.2 (OASIS), 5.4 Entropy Device.
 */
import { u64 } from '../../../base/u64.ts';
import { scatter, slice, totalLength } from './buffers.ts';
import type { GuestMemory } from './guest-memory.ts';
import type { VirtioDevice } from './mmio-transport.ts';
import type { Chain } from './split-queue.ts';

/** Bytes given for one request; a driver asks again for more. */
const REQUEST_BYTES = 4096;

export interface EntropyState {
  /** Where the generator is. */
  position: bigint;
}

/** Sequence of 64-bit numbers. Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014). */
export function nextRandom(state: EntropyState): bigint {
  state.position = u64(state.position + 0x9e37_79b9_7f4a_7c15n);
  let z = state.position;
  z = u64((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
  z = u64((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn);
  return z ^ (z >> 31n);
}

/** Bytes of the sequence, little-endian, whole numbers at a time. */
export function randomBytes(state: EntropyState, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(length / 8) * 8);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += 8) view.setBigUint64(at, nextRandom(state), true);
  return bytes.subarray(0, length);
}

export class VirtioEntropy implements VirtioDevice {
  readonly id = 4;
  readonly queues = 1;
  readonly features = 0n;
  readonly configuration = new Uint8Array(0);
  readonly state: EntropyState;

  constructor(seed: bigint) {
    this.state = { position: u64(seed) };
  }
  request({ writable }: Chain, memory: GuestMemory): number {
    const length = Math.min(totalLength(writable), REQUEST_BYTES);
    scatter(memory, slice(writable, 0, length), randomBytes(this.state, length));
    return length;
  }
}
