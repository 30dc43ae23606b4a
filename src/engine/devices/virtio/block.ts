/**
 * virtio-blk over an image in memory. A writable disk keeps changed sectors in an overlay: the image is shared and
 * never changed. Source: VIRTIO 1.2 (OASIS), 5.2 Block Device.
 */
import { gather, scatter, slice, totalLength } from './buffers.ts';
import type { GuestMemory } from './guest-memory.ts';
import type { VirtioDevice } from './mmio-transport.ts';
import { type Buffer, type Chain, QueueError } from './split-queue.ts';

const SECTOR = 512;
const FEATURE = { SEG_MAX: 1n << 2n, RO: 1n << 5n, FLUSH: 1n << 9n } as const;
const TYPE = { IN: 0, OUT: 1, FLUSH: 4, GET_ID: 8 } as const;
const RESULT = { OK: 0, IO_ERROR: 1, UNSUPPORTED: 2 } as const;
const HEADER_BYTES = 16;
const ID_BYTES = 20;
/** Data segments of one request: what fits a queue beside header and status. */
const SEGMENTS = 254;
/** Bytes of one request; more than a driver sends, and a bound for one that errs. */
const REQUEST_LIMIT = 2 << 20;

/** Sectors that were written, by number; plain data. */
export interface BlockState {
  readonly overlay: Map<number, Uint8Array>;
}

export interface BlockOptions {
  /** The image; a partial last sector is filled with zeros. */
  readonly image: Uint8Array;
  readonly readOnly: boolean;
  /** Bytes that the overlay may hold; writes beyond them fail. */
  readonly overlayLimit: number;
  /** What the guest reads as the disk's serial number, 20 ASCII characters at most. */
  readonly serial: string;
}

export class VirtioBlock implements VirtioDevice {
  readonly id = 2;
  readonly queues = 1;
  readonly features: bigint;
  readonly configuration: Uint8Array;
  readonly state: BlockState = { overlay: new Map() };
  readonly #options: BlockOptions;
  readonly #sectors: number;

  constructor(options: BlockOptions) {
    this.#options = options;
    this.#sectors = Math.ceil(options.image.length / SECTOR);
    this.features = FEATURE.SEG_MAX | FEATURE.FLUSH | (options.readOnly ? FEATURE.RO : 0n);
    // struct virtio_blk_config: capacity, size_max, seg_max; the rest belongs to features that are not offered.
    this.configuration = new Uint8Array(64);
    const fields = new DataView(this.configuration.buffer);
    fields.setBigUint64(0, BigInt(this.#sectors), true);
    fields.setUint32(12, SEGMENTS, true);
  }

  request({ readable, writable }: Chain, memory: GuestMemory): number {
    const room = totalLength(writable);
    if (totalLength(readable) < HEADER_BYTES || room < 1)
      throw new QueueError('a block request without its parts');
    if (Math.max(room, totalLength(readable)) > REQUEST_LIMIT)
      throw new QueueError('a block request that is too long');
    const header = new DataView(gather(memory, slice(readable, 0, HEADER_BYTES)).buffer);
    const sector = Number(header.getBigUint64(8, true));
    const into = slice(writable, 0, room - 1);
    const from = slice(readable, HEADER_BYTES, REQUEST_LIMIT);
    const status = this.#carryOut(header.getUint32(0, true), sector, from, into, memory);
    scatter(memory, slice(writable, room - 1, 1), Uint8Array.of(status));
    return status === RESULT.OK ? room : 1;
  }

  #carryOut(type: number, sector: number, from: Buffer[], into: Buffer[], memory: GuestMemory): number {
    switch (type) {
      case TYPE.IN:
        return this.#readSectors(sector, into, memory);
      case TYPE.OUT:
        return this.#writeSectors(sector, from, memory);
      case TYPE.FLUSH:
        return RESULT.OK;
      case TYPE.GET_ID: {
        const name = new Uint8Array(ID_BYTES);
        for (let n = 0; n < ID_BYTES; n++) name[n] = this.#options.serial.charCodeAt(n) & 0x7f;
        scatter(memory, into, name.subarray(0, totalLength(into)));
        return RESULT.OK;
      }
      default:
        return RESULT.UNSUPPORTED;
    }
  }
  #inside(sector: number, bytes: number): boolean {
    return bytes % SECTOR === 0 && sector + bytes / SECTOR <= this.#sectors;
  }
  #readSectors(sector: number, into: Buffer[], memory: GuestMemory): number {
    const bytes = totalLength(into);
    if (!this.#inside(sector, bytes)) return RESULT.IO_ERROR;
    const data = new Uint8Array(bytes);
    for (let n = 0; n < bytes / SECTOR; n++) data.set(this.#sector(sector + n), n * SECTOR);
    scatter(memory, into, data);
    return RESULT.OK;
  }
  /** Shorter than a sector at the image's end. */
  #sector(number: number): Uint8Array {
    const start = number * SECTOR;
    return this.state.overlay.get(number) ?? this.#options.image.subarray(start, start + SECTOR);
  }
  #writeSectors(sector: number, from: Buffer[], memory: GuestMemory): number {
    const bytes = totalLength(from);
    if (this.#options.readOnly || !this.#inside(sector, bytes)) return RESULT.IO_ERROR;
    if (!this.#hasRoom(sector, bytes / SECTOR)) return RESULT.IO_ERROR;
    const data = gather(memory, from);
    for (let n = 0; n < bytes / SECTOR; n++) {
      this.state.overlay.set(sector + n, data.slice(n * SECTOR, (n + 1) * SECTOR));
    }
    return RESULT.OK;
  }
  /** The overlay can take these sectors. */
  #hasRoom(first: number, count: number): boolean {
    const { overlay } = this.state;
    const left = Math.floor(this.#options.overlayLimit / SECTOR) - overlay.size;
    if (count <= left) return true;
    let fresh = 0;
    for (let n = 0; n < count; n++) if (!overlay.has(first + n)) fresh++;
    return fresh <= left;
  }
}
