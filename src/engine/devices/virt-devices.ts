/** The devices of one virt board, wired: what a machine puts behind the addresses that are no RAM. */
import type { StateTree } from '../../base/state-tree.ts';
import { Bus } from './bus.ts';
import type { InterruptController } from './gic/interrupt-controller.ts';
import { GicV2 } from './gicv2/gicv2.ts';
import { GicV3 } from './gicv3/gicv3.ts';
import { spiLine } from './interrupt-line.ts';
import type { ConsoleLimits } from './console-buffers.ts';
import { Pl011 } from './pl011.ts';
import { Pl031 } from './pl031.ts';
import { driveTimers, type VcpuTimers } from './timer.ts';
import { VIRT } from './virt-map.ts';
import { type BlockOptions, VirtioBlock } from './virtio/block.ts';
import { VirtioEntropy } from './virtio/entropy.ts';
import type { GuestMemory } from './virtio/guest-memory.ts';
import { type VirtioDevice, VirtioMmio } from './virtio/mmio-transport.ts';

export interface VirtOptions {
  readonly gic: 2 | 3;
  /** MPIDR_EL1 of each vcpu, in order. */
  readonly mpidrs: readonly bigint[];
  readonly memory: GuestMemory;
  readonly console: ConsoleLimits;
  /** Seconds since 1970 at the start of virtual time. */
  readonly epoch: number;
  readonly disks: readonly BlockOptions[];
  /** Seed of the entropy device; without one there is no such device. */
  readonly entropySeed?: bigint;
  /** Virtual time in ticks, exact also in the middle of a slice. */
  readonly ticks: () => bigint;
  readonly ticksPerSecond: bigint;
  /** The vcpu whose accesses reach the bus now. */
  readonly accessor: () => number;
}

export class VirtDevices {
  readonly bus = new Bus();
  readonly gic: InterruptController;
  readonly uart: Pl011;
  readonly rtc: Pl031;
  /** In the order of their transports: disks, then the entropy device. */
  readonly virtio: readonly VirtioMmio[];
  readonly disks: readonly VirtioBlock[];
  readonly entropy: VirtioEntropy | null;
  readonly #options: VirtOptions;

  constructor(options: VirtOptions) {
    this.#options = options;
    const { gic, mpidrs, accessor, console, epoch, disks, entropySeed } = options;
    this.gic = gic === 3 ? new GicV3(mpidrs) : new GicV2(mpidrs.length, accessor);
    this.gic.attach(this.bus);
    this.uart = new Pl011(spiLine(this.gic, VIRT.UART.spi), console);
    this.bus.register(VIRT.UART.base, VIRT.UART.size, this.uart);
    const seconds = (): number => Number(options.ticks() / options.ticksPerSecond);
    this.rtc = new Pl031(spiLine(this.gic, VIRT.RTC.spi), epoch, seconds);
    this.bus.register(VIRT.RTC.base, VIRT.RTC.size, this.rtc);
    this.disks = disks.map((disk) => new VirtioBlock(disk));
    this.entropy = entropySeed === undefined ? null : new VirtioEntropy(entropySeed);
    const behind: VirtioDevice[] = [...this.disks, ...(this.entropy === null ? [] : [this.entropy])];
    this.virtio = behind.map((device, n) => this.#plug(device, n));
  }

  #plug(device: VirtioDevice, n: number): VirtioMmio {
    const { base, size, spi } = VIRT.VIRTIO;
    const transport = new VirtioMmio(device, this.#options.memory, spiLine(this.gic, spi + n));
    this.bus.register(base + n * size, size, transport);
    return transport;
  }

  /** State by device. */
  snapshot(): Readonly<Record<string, StateTree>> {
    const virtio = this.virtio.map(({ state }, n) => [`virtio${n}`, { ...state }] as const);
    const disks = this.disks.map(({ state }, n) => [`disk${n}`, { ...state }] as const);
    return {
      gic: { ...this.gic.state },
      uart: this.uart.snapshot(),
      rtc: { ...this.rtc.state },
      ...Object.fromEntries([...virtio, ...disks]),
      ...(this.entropy === null ? {} : { entropy: { ...this.entropy.state } }),
    };
  }

  /**
   * Bring everything that depends on time up to the present: timers of each vcpu and the clock's alarm. Returns the
   * ticks until it has to be done again, or Infinity. To be called between slices, and after a write to a timer.
   */
  advance(timers: readonly VcpuTimers[]): number {
    const { ticks, ticksPerSecond } = this.#options;
    const now = ticks();
    let deadline = Infinity;
    for (const [vcpu, registers] of timers.entries()) {
      deadline = Math.min(deadline, driveTimers(this.gic, vcpu, registers, now));
    }
    this.rtc.advance();
    const seconds = this.rtc.secondsToMatch();
    if (seconds === Infinity) return deadline;
    const alarm = Number(BigInt(seconds) * ticksPerSecond - (now % ticksPerSecond));
    return Math.min(deadline, alarm);
  }
}
