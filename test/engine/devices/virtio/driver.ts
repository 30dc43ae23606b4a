/** A driver of a virtio-mmio device, as VIRTIO 1.2, 3.1.1 and 4.2.3 tell one to behave, over a piece of memory. */
import { expect } from 'vitest';
import type { GuestMemory } from '../../../../src/engine/devices/virtio/guest-memory.ts';
import { VirtioMmio, type VirtioDevice } from '../../../../src/engine/devices/virtio/mmio-transport.ts';
import { wire } from '../lines.ts';

export const BASE = 0x4000_0000;
const SIZE = 0x40_0000;
const DESCRIPTORS = BASE + 0x1000;
const AVAILABLE = BASE + 0x2000;
const USED = BASE + 0x3000;
export const DATA = BASE + 0x1_0000;

export class Ram implements GuestMemory {
  readonly bytes = new Uint8Array(SIZE);
  readonly view = new DataView(this.bytes.buffer);

  #at(address: number, length: number): number {
    const at = address - BASE;
    return at >= 0 && at + length <= SIZE ? at : -1;
  }
  readPhysical(address: number, length: number): Uint8Array | null {
    const at = this.#at(address, length);
    return at < 0 ? null : this.bytes.slice(at, at + length);
  }
  writePhysical(address: number, bytes: Uint8Array): boolean {
    const at = this.#at(address, bytes.length);
    if (at >= 0) this.bytes.set(bytes, at);
    return at >= 0;
  }
}

export interface Piece {
  readonly address: number;
  readonly length: number;
  readonly write?: boolean;
}

export class Driver {
  readonly ram = new Ram();
  readonly line = wire();
  readonly mmio: VirtioMmio;
  readonly size = 8;
  #sent = 0;

  constructor(device: VirtioDevice) {
    this.mmio = new VirtioMmio(device, this.ram, this.line);
  }

  /** 3.1.1 Driver requirements: device initialization. */
  start(features = 1n << 32n): this {
    const { mmio } = this;
    mmio.write(0x070, 4, 0);
    mmio.write(0x070, 4, 1);
    mmio.write(0x070, 4, 3);
    for (const select of [0, 1]) {
      mmio.write(0x024, 4, select);
      mmio.write(0x020, 4, Number((features >> BigInt(32 * select)) & 0xffff_ffffn));
    }
    mmio.write(0x070, 4, 0xb);
    expect(mmio.read(0x070, 4) & 8, 'FEATURES_OK').toBe(8);
    mmio.write(0x030, 4, 0);
    expect(mmio.read(0x034, 4)).toBeGreaterThanOrEqual(this.size);
    mmio.write(0x038, 4, this.size);
    mmio.write(0x080, 4, DESCRIPTORS);
    mmio.write(0x090, 4, AVAILABLE);
    mmio.write(0x0a0, 4, USED);
    mmio.write(0x044, 4, 1);
    mmio.write(0x070, 4, 0xf);
    return this;
  }

  /** Describe a request in descriptors 0 and up, offer it, and notify. */
  send(pieces: readonly Piece[], flags = 0): void {
    const { view } = this.ram;
    for (const [n, { address, length, write }] of pieces.entries()) {
      const at = DESCRIPTORS - BASE + n * 16;
      view.setBigUint64(at, BigInt(address), true);
      view.setUint32(at + 8, length, true);
      view.setUint16(at + 12, (write === true ? 2 : 0) | (n < pieces.length - 1 ? 1 : 0), true);
      view.setUint16(at + 14, n + 1, true);
    }
    const ring = AVAILABLE - BASE;
    view.setUint16(ring, flags, true);
    view.setUint16(ring + 4 + (this.#sent % this.size) * 2, 0, true);
    this.#sent++;
    view.setUint16(ring + 2, this.#sent & 0xffff, true);
    this.mmio.write(0x050, 4, 0);
  }
  get used(): { readonly index: number; readonly id: number; readonly length: number } {
    const { view } = this.ram;
    const index = view.getUint16(USED - BASE + 2, true);
    const at = USED - BASE + 4 + ((index + 0xffff) % this.size) * 8;
    return { index, id: view.getUint32(at, true), length: view.getUint32(at + 4, true) };
  }
  get needsReset(): boolean {
    return (this.mmio.read(0x070, 4) & 0x40) !== 0;
  }
}
