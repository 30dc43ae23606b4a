/**
 * Semihosting, which KVM does not have: a call is intercepted and answered as a debugger would, and the guest goes on
 * after the HLT. Off unless the VM is created with it; then HLT is UNDEFINED, as on KVM.
 */
import { stoppedReason } from '../abi/arm/semihosting.ts';
import type { StateTree } from '../base/state-tree.ts';
import { u64 } from '../base/u64.ts';
import { ConsoleBuffers, type ConsoleLimits } from '../engine/devices/console-buffers.ts';
import { semihostingCall } from '../engine/devices/semihosting/call.ts';
import {
  type Console,
  createSemihosting,
  type Files,
  type GuestView,
  type SemihostingAction,
  type SemihostingHost,
} from '../engine/devices/semihosting/host.ts';
import type { MachineDevices, MachineHardware, VcpuHardware } from '../engine/hardware.ts';
import type { SemihostingConfig, VmConsole } from './contract.ts';

const PAGE = 4096;
const TICKS_PER_SECOND = 62_500_000n;

/** The console of a VM that has a board or semihosting: the host's side, and the side of semihosting calls. */
export interface SharedConsole extends VmConsole {
  readonly guest: Console;
  /** Typed, not yet read, and in no device. */
  readonly typed: readonly number[];
}

export function createConsole(devices: MachineDevices | null, limits: ConsoleLimits): SharedConsole {
  return devices === null ? ownConsole(new ConsoleBuffers(limits)) : boardConsole(devices);
}

function ownConsole(buffers: ConsoleBuffers): SharedConsole {
  return {
    get pending() {
      return buffers.pending;
    },
    drain: () => buffers.drain(),
    type: (bytes) => buffers.type(bytes),
    typed: buffers.state.waiting,
    guest: {
      write(bytes) {
        for (const byte of bytes) buffers.send(byte);
      },
      read(length) {
        const taken: number[] = [];
        for (let byte = buffers.take(); byte !== undefined; byte = buffers.take()) {
          taken.push(byte);
          if (taken.length === length) break;
        }
        return Uint8Array.from(taken);
      },
    },
  };
}

function boardConsole(devices: MachineDevices): SharedConsole {
  return {
    get pending() {
      return devices.consolePending;
    },
    drain: () => devices.drainConsole(),
    type: (bytes) => devices.typeConsole(bytes),
    typed: [],
    guest: {
      write: (bytes) => devices.sayConsole(bytes),
      read: (length) => devices.takeConsole(length),
    },
  };
}

/** Memory as a debugger sees it through a vcpu: permissions do not matter, every page has its own translation. */
function guestView(machine: MachineHardware, vcpu: number, moves: (bytes: number) => void): GuestView {
  /** Physical address and length of each part; null when the guest does not map one. */
  const parts = (address: bigint, length: number): (readonly [number, number])[] | null => {
    const found: (readonly [number, number])[] = [];
    for (let done = 0; done < length; ) {
      const at = u64(address + BigInt(done));
      const size = Math.min(length - done, PAGE - Number(at % BigInt(PAGE)));
      const physical = machine.physicalAddress(vcpu, at);
      if (physical === null || machine.readPhysical(physical, size) === null) return null;
      found.push([physical, size]);
      done += size;
    }
    return found;
  };
  return {
    read(address, length) {
      moves(length);
      const found = parts(address, length);
      if (found === null) return null;
      const bytes = new Uint8Array(length);
      let done = 0;
      for (const [physical, size] of found) {
        bytes.set(machine.readPhysical(physical, size)!, done);
        done += size;
      }
      return bytes;
    },
    write(address, bytes) {
      moves(bytes.length);
      const found = parts(address, bytes.length);
      if (found === null) return false;
      let done = 0;
      for (const [physical, size] of found) {
        machine.writePhysical(physical, bytes.subarray(done, done + size));
        done += size;
      }
      return true;
    },
  };
}

export interface SemihostingOptions extends SemihostingConfig {
  readonly console: Console;
  readonly files: Files | null;
}

export class Semihosting {
  readonly #state = createSemihosting();
  readonly #machine: MachineHardware;
  readonly #options: SemihostingOptions;
  /** Bytes of guest memory that calls have looked at or changed: what they cost the host. */
  moved = 0;

  constructor(machine: MachineHardware, options: SemihostingOptions) {
    this.#machine = machine;
    this.#options = options;
  }

  snapshot(): StateTree {
    return { ...this.#state };
  }
  /** Carry out the call that a vcpu stopped at; its registers are the caller's to change. */
  call(hw: VcpuHardware): SemihostingAction {
    const { console, files, commandLine, heap } = this.#options;
    const host: SemihostingHost = {
      memory: guestView(this.#machine, hw.index, (bytes) => {
        this.moved += bytes;
      }),
      console,
      files,
      commandLine,
      heap,
      // They grow towards each other.
      stack: { base: heap.limit, limit: heap.base },
      ticks: () => BigInt(hw.ticks),
      tickFrequency: TICKS_PER_SECOND,
      epoch: 0n,
    };
    const operation = Number(hw.getX(0) & 0xffff_ffffn);
    return semihostingCall(this.#state, host, operation, hw.getX(1));
  }
}

/** Why a program ended, for people. */
export function explainProgramEnd(reason: bigint): string {
  return `the guest ended its program by semihosting SYS_EXIT, ${stoppedReason(reason)}`;
}
