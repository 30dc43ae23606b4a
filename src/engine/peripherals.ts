/**
 * The devices of a machine as its run loop sees them: when a timer has to be looked at next, and which vcpus are
 * interrupted. What is known is worked out again only after something has changed.
 */
import type { SysregKey } from '../abi/arm/sysreg-key.ts';
import type { StateTree } from '../base/state-tree.ts';
import type { Board, Tenant } from './board.ts';
import { VirtDevices } from './devices/virt-devices.ts';
import type { GuestMemory } from './devices/virtio/guest-memory.ts';
import type { VcpuTimers } from './devices/timer.ts';
import type { BoardDevices, MachineDevices } from './hardware.ts';
import { STATE } from './layout.ts';
import type { DeviceBus } from './memory/device-bus.ts';
import type { CpuInterfaceRegisters } from './system/pe.ts';
import { SLOT } from './system/storage.ts';

/** The system counter runs at 62.5 MHz: CNTFRQ_EL0 at reset. */
const TICKS_PER_SECOND = 62_500_000n;

export class Peripherals implements DeviceBus, MachineDevices {
  readonly #board: Board;
  readonly #devices: VirtDevices;
  readonly #tenants: readonly Tenant[];
  readonly #scratch: DataView;
  /** Count of ticks at which time has to be looked at again. */
  #deadline = 0;
  #timesStale = true;
  #signalsStale = true;

  constructor(options: BoardDevices, board: Board, tenants: readonly Tenant[], memory: GuestMemory) {
    this.#board = board;
    this.#tenants = tenants;
    this.#scratch = new DataView(board.memory.buffer);
    this.#devices = new VirtDevices({
      ...options,
      memory,
      ticks: () => BigInt(board.ticks),
      ticksPerSecond: TICKS_PER_SECOND,
      accessor: () => board.current!.index,
    });
  }

  // The run loop's side

  /** A timer's registers were written: by its vcpu, or from outside. */
  timersChanged(): void {
    this.#timesStale = true;
  }

  /** Bring timers and interrupt lines up to the present. Cheap when nothing has happened. */
  settle(): void {
    const now = this.#board.ticks;
    if (this.#timesStale || now >= this.#deadline) {
      this.#deadline = now + this.#devices.advance(this.#tenants.map(timersOf));
      this.#timesStale = false;
      this.#signalsStale = true;
    }
    if (!this.#signalsStale) return;
    this.#signalsStale = false;
    for (const { controls, index } of this.#tenants) {
      const { irq, fiq } = this.#devices.gic.pending(index);
      controls.irq = irq;
      controls.fiq = fiq;
    }
  }
  /** Ticks until then, right after `settle`; Infinity when nothing is to come. */
  get ticksLeft(): number {
    return this.#deadline - this.#board.ticks;
  }

  /** ICC registers as a vcpu accesses them. */
  cpuInterface(vcpu: number): CpuInterfaceRegisters {
    const { gic } = this.#devices;
    return {
      read: (key: SysregKey) => {
        this.#signalsStale = true;
        return gic.readSysreg(vcpu, key);
      },
      write: (key: SysregKey, value: bigint) => {
        this.#signalsStale = true;
        return gic.writeSysreg(vcpu, key, value);
      },
    };
  }

  // The bus, for the slow path

  answers(address: number, bytes: number): boolean {
    return this.#devices.bus.answers(address, bytes);
  }
  load(address: number, bytes: number): void {
    this.#touched();
    this.#devices.bus.read(address, bytes, this.#scratch, STATE.SCRATCH);
  }
  store(address: number, bytes: number): void {
    this.#touched();
    this.#devices.bus.write(address, bytes, this.#scratch, STATE.SCRATCH);
  }
  /** A device may have changed a line or its alarm. */
  #touched(): void {
    this.#timesStale = true;
  }

  // The host's side

  drainConsole(): { readonly bytes: Uint8Array; readonly lost: number } {
    return this.#devices.uart.drain();
  }
  typeConsole(bytes: Uint8Array): number {
    this.#touched();
    return this.#devices.uart.type(bytes);
  }
  get consolePending(): number {
    return this.#devices.uart.pending;
  }
  sayConsole(bytes: Uint8Array): void {
    this.#devices.uart.say(bytes);
  }
  takeConsole(length: number): Uint8Array {
    this.#touched();
    return this.#devices.uart.take(length);
  }
  get interrupts(): number {
    return this.#devices.gic.interrupts;
  }
  setSpi(intid: number, level: boolean): void {
    this.#touched();
    this.#devices.gic.setSpi(intid, level);
  }
  setPpi(vcpu: number, intid: number, level: boolean): void {
    this.#touched();
    this.#devices.gic.setPpi(vcpu, intid, level);
  }
  snapshot(): Readonly<Record<string, StateTree>> {
    this.settle();
    return this.#devices.snapshot();
  }
  skipToDeadline(): boolean {
    this.settle();
    const ticks = this.ticksLeft;
    if (!Number.isFinite(ticks)) return false;
    this.#board.skipped += ticks;
    this.settle();
    return true;
  }
}

function timersOf({ state }: Tenant): VcpuTimers {
  return {
    virtual: { control: state.sysreg(SLOT.CNTV_CTL_EL0), compare: state.sysreg(SLOT.CNTV_CVAL_EL0) },
    physical: { control: state.sysreg(SLOT.CNTP_CTL_EL0), compare: state.sysreg(SLOT.CNTP_CVAL_EL0) },
  };
}
