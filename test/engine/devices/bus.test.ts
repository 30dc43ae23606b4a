import { describe, expect, it } from 'vitest';
import { Bus, type MmioDevice } from '../../../src/engine/devices/bus.ts';

function recorder(): { device: MmioDevice; seen: string[] } {
  const seen: string[] = [];
  const device: MmioDevice = {
    read(offset, bytes) {
      seen.push(`r${bytes}@${offset}`);
      return bytes === 4 ? 0x8899_aa00 + offset : offset;
    },
    write(offset, bytes, value) {
      seen.push(`w${bytes}@${offset}=${value.toString(16)}`);
    },
  };
  return { device, seen };
}

describe('the bus', () => {
  const view = (): DataView => new DataView(new ArrayBuffer(32));

  it('refuses two devices at one address', () => {
    const bus = new Bus();
    bus.register(0x1000, 0x1000, recorder().device);
    expect(() => bus.register(0x1fff, 1, recorder().device)).toThrow(/two devices/);
    expect(() => bus.register(0xfff, 2, recorder().device)).toThrow(/two devices/);
    bus.register(0x2000, 1, recorder().device);
  });

  it('answers only accesses that lie within one device', () => {
    const bus = new Bus();
    const { device, seen } = recorder();
    bus.register(0x1000, 0x10, device);
    expect(bus.answers(0x1000, 16)).toBe(true);
    expect(bus.answers(0x100c, 8)).toBe(false);
    expect(bus.read(0xffc, 4, view(), 0)).toBe(false);
    expect(bus.write(0x100e, 4, view(), 0)).toBe(false);
    expect(seen).toEqual([]);
  });

  it('cuts long accesses into words, lowest first, and keeps small ones', () => {
    const bus = new Bus();
    const { device, seen } = recorder();
    bus.register(0x1000, 0x100, device);
    const data = view();
    expect(bus.read(0x1008, 8, data, 4)).toBe(true);
    expect(data.getBigUint64(4, true)).toBe(0x8899_aa0c_8899_aa08n);
    bus.read(0x1002, 2, data, 0);
    bus.read(0x1003, 1, data, 0);
    data.setBigUint64(8, 0x1122_3344_5566_7788n, true);
    bus.write(0x1010, 8, data, 8);
    bus.write(0x1021, 4, data, 8);
    expect(seen).toEqual([
      'r4@8',
      'r4@12',
      'r2@2',
      'r1@3',
      'w4@16=55667788',
      'w4@20=11223344',
      'w1@33=88',
      'w2@34=6677',
      'w1@36=55',
    ]);
  });
});
