/** VIRTIO 1.2 (OASIS), 5.2 Block Device. */
import { describe, expect, it } from 'vitest';
import { VirtioBlock } from '../../../../src/engine/devices/virtio/block.ts';
import { DATA, Driver, type Piece } from './driver.ts';

const [IN, OUT, FLUSH, GET_ID, DISCARD] = [0, 1, 4, 8, 11];
const HEADER = DATA;
const STATUS = DATA + 0x100;
const BODY = DATA + 0x1000;

const image = Uint8Array.from({ length: 4 * 512 + 100 }, (_, n) => (n * 7) & 0xff);

class Disk extends Driver {
  constructor(readOnly: boolean, bytes = image, overlayLimit = 1 << 20) {
    super(new VirtioBlock({ image: bytes, readOnly, overlayLimit, serial: 'disk-0' }));
    this.start((1n << 32n) | (1n << 9n) | (readOnly ? 1n << 5n : 0n));
  }
  /** Status byte after a request; 0xee when the device did not write it. */
  ask(type: number, sector: number, body: readonly Piece[]): number {
    const header = new DataView(new ArrayBuffer(16));
    header.setUint32(0, type, true);
    header.setBigUint64(8, BigInt(sector), true);
    this.ram.writePhysical(HEADER, new Uint8Array(header.buffer));
    this.ram.writePhysical(STATUS, Uint8Array.of(0xee));
    this.send([{ address: HEADER, length: 16 }, ...body, { address: STATUS, length: 1, write: true }]);
    return this.ram.readPhysical(STATUS, 1)![0]!;
  }
  read(sector: number, length: number): Uint8Array {
    expect(this.ask(IN, sector, [{ address: BODY, length, write: true }])).toBe(0);
    expect(this.used.length).toBe(length + 1);
    return this.ram.readPhysical(BODY, length)!;
  }
}

describe('virtio-blk', () => {
  it('has a capacity in sectors, the last one filled with zeros', () => {
    const disk = new Disk(true);
    expect(disk.mmio.read(0x100, 4)).toBe(5);
    expect(disk.mmio.read(0x104, 4)).toBe(0);
    const last = disk.read(4, 512);
    expect(last.subarray(0, 100)).toEqual(image.subarray(2048, 2148));
    expect(last.subarray(100)).toEqual(new Uint8Array(412));
  });

  it('reads into buffers that are cut anywhere', () => {
    const disk = new Disk(true);
    const status = disk.ask(IN, 1, [
      { address: BODY, length: 1, write: true },
      { address: BODY + 0x100, length: 700, write: true },
      { address: BODY + 0x1000, length: 323, write: true },
    ]);
    expect(status).toBe(0);
    const seen = [
      disk.ram.readPhysical(BODY, 1)!,
      disk.ram.readPhysical(BODY + 0x100, 700)!,
      disk.ram.readPhysical(BODY + 0x1000, 323)!,
    ].flatMap((part) => [...part]);
    expect(seen).toEqual([...image.subarray(512, 1536)]);
  });

  it('writes to an overlay: the guest reads it back, the image stays', () => {
    const before = image.slice();
    const disk = new Disk(false);
    disk.ram.writePhysical(BODY, new Uint8Array(1024).fill(0x5a));
    expect(disk.ask(OUT, 2, [{ address: BODY, length: 1024 }])).toBe(0);
    expect(disk.used.length).toBe(1);
    expect(disk.read(1, 512)).toEqual(image.subarray(512, 1024));
    expect(disk.read(2, 1024)).toEqual(new Uint8Array(1024).fill(0x5a));
    expect(disk.ask(FLUSH, 0, [])).toBe(0);
    expect(image).toEqual(before);
  });

  it('takes no more into its overlay than the limit, and what is there can change', () => {
    const disk = new Disk(false, image, 1024);
    const write = (sector: number, length: number): number =>
      disk.ask(OUT, sector, [{ address: BODY, length }]);
    disk.ram.writePhysical(BODY, new Uint8Array(1024).fill(0x11));
    expect([write(0, 512), write(2, 1024), write(3, 512), write(1, 512)]).toEqual([0, 1, 0, 1]);
    disk.ram.writePhysical(BODY, new Uint8Array(512).fill(0x22));
    expect(write(3, 512)).toBe(0);
    expect(disk.read(3, 512)).toEqual(new Uint8Array(512).fill(0x22));
    expect(disk.read(2, 512)).toEqual(image.subarray(1024, 1536));
  });

  it('refuses writes to a read-only disk, and what is beyond its end or no whole sector', () => {
    const disk = new Disk(true);
    expect(disk.ask(OUT, 0, [{ address: BODY, length: 512 }])).toBe(1);
    expect(disk.ask(IN, 4, [{ address: BODY, length: 1024, write: true }])).toBe(1);
    expect(disk.ask(IN, 2 ** 40, [{ address: BODY, length: 512, write: true }])).toBe(1);
    expect(disk.ask(IN, 0, [{ address: BODY, length: 100, write: true }])).toBe(1);
    expect(disk.needsReset).toBe(false);
  });

  it('names itself, and answers UNSUPP to what it does not know', () => {
    const disk = new Disk(true);
    expect(disk.ask(GET_ID, 0, [{ address: BODY, length: 20, write: true }])).toBe(0);
    expect(disk.ram.readPhysical(BODY, 8)).toEqual(new TextEncoder().encode('disk-0\0\0'));
    expect(disk.ask(DISCARD, 0, [{ address: BODY, length: 16 }])).toBe(2);
  });

  it('wants a reset after a request without header or status, or one that is too long', () => {
    const short = new Disk(true);
    short.send([
      { address: HEADER, length: 8 },
      { address: STATUS, length: 1, write: true },
    ]);
    expect(short.needsReset).toBe(true);
    const mute = new Disk(true);
    mute.send([{ address: HEADER, length: 16 }]);
    expect(mute.needsReset).toBe(true);
    const long = new Disk(true);
    expect(long.ask(IN, 0, [{ address: BODY, length: 0x8000_0000, write: true }])).toBe(0xee);
    expect(long.needsReset).toBe(true);
  });
});
