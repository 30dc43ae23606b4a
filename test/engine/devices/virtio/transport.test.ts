/** VIRTIO 1.2 (OASIS): 2.1 status, 2.7 split virtqueues, 4.2 MMIO transport. */
import { describe, expect, it } from 'vitest';
import { VirtioEntropy } from '../../../../src/engine/devices/virtio/entropy.ts';
import { BASE, DATA, Driver } from './driver.ts';

const driver = (): Driver => new Driver(new VirtioEntropy(1n));
const one = [{ address: DATA, length: 16, write: true }];

describe('virtio-mmio', () => {
  it('says what it is: magic, version 2, device id (4.2.2)', () => {
    const { mmio } = driver();
    expect([0, 4, 8].map((at) => mmio.read(at, 4))).toEqual([0x7472_6976, 2, 4]);
    mmio.write(0x014, 4, 1);
    expect(mmio.read(0x010, 4)).toBe(1);
    expect(mmio.read(0x034, 4)).toBe(256);
    mmio.write(0x030, 4, 1);
    expect(mmio.read(0x034, 4), 'no queue 1').toBe(0);
  });

  it('does not accept features that were not offered, nor a legacy driver (3.1.1)', () => {
    for (const features of [0n, (1n << 32n) | 1n]) {
      const { mmio } = driver();
      for (const select of [0, 1]) {
        mmio.write(0x024, 4, select);
        mmio.write(0x020, 4, Number((features >> BigInt(32 * select)) & 0xffff_ffffn));
      }
      mmio.write(0x070, 4, 0xb);
      expect(mmio.read(0x070, 4)).toBe(3);
    }
  });

  it('carries out a request on notification, and interrupts until acknowledged', () => {
    const d = driver().start();
    d.send(one);
    expect(d.used).toEqual({ index: 1, id: 0, length: 16 });
    expect([d.line.level, d.mmio.read(0x060, 4)]).toEqual([true, 1]);
    d.mmio.write(0x064, 4, 1);
    expect([d.line.level, d.mmio.read(0x060, 4)]).toEqual([false, 0]);
  });

  it('does not interrupt a driver that set VIRTQ_AVAIL_F_NO_INTERRUPT (2.7.7)', () => {
    const d = driver().start();
    d.send(one, 1);
    expect([d.used.index, d.line.level]).toEqual([1, false]);
  });

  it('wraps around the ring', () => {
    const d = driver().start();
    for (let n = 1; n <= 20; n++) {
      d.send(one);
      expect(d.used.index).toBe(n);
    }
  });

  it.each([
    ['memory that is not there', [{ address: 0x1000, length: 16, write: true }]],
    ['memory that ends too early', [{ address: BASE + 0x40_0000 - 8, length: 16, write: true }]],
    [
      'a readable buffer after a writable one',
      [
        { address: DATA, length: 1, write: true },
        { address: DATA, length: 1 },
      ],
    ],
  ])('wants a reset after %s, and does nothing until then (2.1.2)', (_, pieces) => {
    const d = driver().start();
    d.send(pieces);
    expect([d.needsReset, d.line.level, d.mmio.read(0x060, 4)]).toEqual([true, true, 2]);
    d.send(one);
    expect(d.used.index).toBe(0);
    d.mmio.write(0x070, 4, 0);
    expect([d.needsReset, d.line.level]).toEqual([false, false]);
  });

  it('wants a reset after a chain that goes in a circle, or more requests than the queue holds', () => {
    const circle = driver().start();
    circle.ram.view.setUint16(0x1000 + 12, 1, true);
    circle.ram.view.setUint16(0x1000 + 14, 0, true);
    circle.ram.view.setUint16(0x2000 + 2, 1, true);
    circle.mmio.write(0x050, 4, 0);
    expect(circle.needsReset).toBe(true);
    const many = driver().start();
    many.ram.view.setUint16(0x2000 + 2, 9, true);
    many.mmio.write(0x050, 4, 0);
    expect(many.needsReset).toBe(true);
  });

  it('ends even when a request writes over its own available ring', () => {
    const d = driver().start();
    d.send([{ address: BASE + 0x2000, length: 4, write: true }]);
    expect(d.used.index).toBeLessThanOrEqual(8);
  });

  it('keeps its state as plain data', () => {
    const d = driver().start();
    expect(structuredClone(d.mmio.state)).toEqual(d.mmio.state);
  });
});

describe('virtio-rng (5.4)', () => {
  it('gives the same bytes for the same seed, others for another', () => {
    const bytes = (seed: bigint): Uint8Array => {
      const d = new Driver(new VirtioEntropy(seed)).start();
      d.send([{ address: DATA, length: 20, write: true }]);
      expect(d.used.length).toBe(20);
      return d.ram.readPhysical(DATA, 20)!;
    };
    expect(bytes(7n)).toEqual(bytes(7n));
    expect(bytes(7n)).not.toEqual(bytes(8n));
  });

  it('is SplitMix64: the first numbers for seed 1234567, as the algorithm’s reference program prints them', () => {
    const d = new Driver(new VirtioEntropy(1234567n)).start();
    d.send([{ address: DATA, length: 24, write: true }]);
    const at = DATA - BASE;
    expect([0, 8, 16].map((n) => d.ram.view.getBigUint64(at + n, true))).toEqual([
      6457827717110365317n,
      3203168211198807973n,
      9817491932198370423n,
    ]);
  });
});
