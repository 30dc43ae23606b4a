import { describe, expect, it } from 'vitest';
import { ICC } from '../../../src/abi/arm/gic-sysregs.ts';
import type { TimerRegisters } from '../../../src/engine/devices/timer.ts';
import { VirtDevices } from '../../../src/engine/devices/virt-devices.ts';
import { Ram } from './virtio/driver.ts';

const HZ = 1000n;
const OFF: TimerRegisters = { control: 0n, compare: 0n };

function board(gic: 2 | 3): {
  devices: VirtDevices;
  time: { now: bigint };
  poke: (at: number, v: number) => void;
} {
  const time = { now: 0n };
  const devices = new VirtDevices({
    gic,
    mpidrs: [0n, 1n],
    memory: new Ram(),
    console: { output: 100, input: 100 },
    epoch: 1_000_000,
    disks: [{ image: new Uint8Array(512), readOnly: true, overlayLimit: 0, serial: 'a' }],
    entropySeed: 1n,
    ticks: () => time.now,
    ticksPerSecond: HZ,
    accessor: () => 0,
  });
  const data = new DataView(new ArrayBuffer(4));
  return {
    devices,
    time,
    poke(address, value) {
      data.setUint32(0, value, true);
      expect(devices.bus.write(address, 4, data, 0)).toBe(true);
    },
  };
}

describe('the virt board', () => {
  it('has everything where QEMU has it', () => {
    const v3 = board(3).devices.bus;
    const v2 = board(2).devices.bus;
    const there = [0x0800_0000, 0x0900_0000, 0x0901_0000, 0x0a00_0000, 0x0a00_0200];
    for (const address of there) {
      expect(v3.answers(address, 4)).toBe(true);
      expect(v2.answers(address, 4)).toBe(true);
    }
    expect([v3.answers(0x080c_0000, 4), v2.answers(0x080c_0000, 4)]).toEqual([true, false]);
    expect([v3.answers(0x0801_0000, 4), v2.answers(0x0801_0000, 4)]).toEqual([false, true]);
    for (const address of [0x0, 0x0a00_0400, 0x4000_0000]) expect(v3.answers(address, 4)).toBe(false);
  });

  it('carries interrupts from a device to a vcpu: PL011 is SPI 1, INTID 33', () => {
    const { devices, poke } = board(3);
    poke(0x0800_0000, 2);
    poke(0x0800_0084, 2);
    poke(0x0800_0104, 2);
    devices.gic.writeSysreg(0, ICC.PMR_EL1, 0xf0n);
    devices.gic.writeSysreg(0, ICC.IGRPEN1_EL1, 1n);
    poke(0x0900_0038, 0x10);
    expect(devices.gic.pending(0).irq).toBe(false);
    devices.uart.type(Uint8Array.of(0x61));
    expect(devices.gic.pending(0).irq).toBe(true);
    expect(devices.gic.readSysreg(0, ICC.IAR1_EL1)).toBe(33n);
  });

  it('advances to the nearest of all timers and the alarm', () => {
    const { devices, time, poke } = board(3);
    const at = (compare: bigint): TimerRegisters => ({ control: 1n, compare });
    const idle = { virtual: OFF, physical: OFF };
    expect(devices.advance([idle, idle])).toBe(Infinity);
    expect(devices.advance([{ virtual: at(9000n), physical: OFF }, idle])).toBe(9000);
    time.now = 2_500n;
    expect(
      devices.advance([
        { virtual: at(9000n), physical: OFF },
        { virtual: OFF, physical: at(2600n) },
      ]),
    ).toBe(100);
    // The alarm at second 5.
    poke(0x0901_0004, 1_000_005);
    poke(0x0901_0010, 1);
    expect(devices.advance([idle, idle])).toBe(2500);
    time.now = 5_000n;
    expect(devices.advance([idle, idle])).toBe(Infinity);
    expect(devices.rtc.read(0x18)).toBe(1);
  });
});
