/** The emulated machine: RAM, vcpus and, when it is a board, devices. */
import { assert } from '../base/assert.ts';
import { Board } from './board.ts';
import type { BoardDevices, MachineHardware, PeModel, Tier, VcpuHardware } from './hardware.ts';
import type { GuestMemory } from './devices/virtio/guest-memory.ts';
import { explainTranslation, physicalAddress } from './memory/explain-translation.ts';
import type { MemoryRange } from './memory/ram.ts';
import { Peripherals } from './peripherals.ts';
import { RunLoop } from './run-loop.ts';
import type { Translation, TranslationAccess } from './translation.ts';
import { Vcpu } from './vcpu.ts';

export interface MachineOptions {
  /** First physical address of RAM; page-aligned. */
  readonly ramBase: number;
  /** Bytes of RAM; whole pages, at most 3 GiB. */
  readonly ramSize: number;
  /** A second range of memory, which the guest and its devices only read; whole pages. */
  readonly rom?: MemoryRange;
  /** One per vcpu, in order. They share what the decoder implements: the first one's features decide. */
  readonly models: readonly PeModel[];
  /** Without: every other address is the hypervisor's business. */
  readonly devices?: BoardDevices;
  /** Default 'auto'. */
  readonly tier?: Tier;
}

class Machine implements MachineHardware {
  readonly vcpus: readonly VcpuHardware[];
  readonly #board: Board;
  readonly #tenants: readonly Vcpu[];
  readonly devices: Peripherals | null;

  constructor({ ramBase, ramSize, rom, models, devices, tier = 'auto' }: MachineOptions) {
    assert(models.length > 0, 'a machine has a vcpu');
    const board = new Board({ base: ramBase, size: ramSize }, rom ?? null, models[0]!.features);
    const loop = new RunLoop(board, tier);
    this.#board = board;
    this.#tenants = models.map((model, index) => new Vcpu(index, model, board, loop));
    this.vcpus = this.#tenants;
    board.activate(this.#tenants[0]!);
    this.devices =
      devices === undefined ? null : new Peripherals(devices, board, this.#tenants, this.#busMaster());
    if (this.devices === null) return;
    board.slow.connect(this.devices);
    loop.connect(this.devices);
    for (const tenant of this.#tenants) tenant.connect(this.devices);
  }

  get ram(): { readonly base: number; readonly size: number } {
    return this.#board.ram;
  }
  get rom(): MemoryRange | null {
    return this.#board.ram.rom;
  }
  get stopWord(): Int32Array {
    return this.#board.stopWord;
  }
  viewPhysical(address: number, length: number): Uint8Array | null {
    const offset = this.#board.ram.offset(address, length);
    return offset < 0 ? null : this.#board.ram.view(offset, length);
  }
  readPhysical(address: number, length: number): Uint8Array | null {
    const offset = this.#board.ram.offset(address, length);
    return offset < 0 ? null : this.#board.ram.read(offset, length);
  }
  /** Memory for devices that master the bus: they change RAM only. */
  #busMaster(): GuestMemory {
    const { ram } = this.#board;
    return {
      readPhysical: (address, length) => this.readPhysical(address, length),
      writePhysical: (address, bytes) =>
        ram.writable(ram.offset(address, bytes.length)) && this.writePhysical(address, bytes),
    };
  }
  writePhysical(address: number, bytes: Uint8Array): boolean {
    const board = this.#board;
    const offset = board.ram.offset(address, bytes.length);
    if (offset < 0) return false;
    board.physicalWritten(address, bytes.length);
    board.ram.write(offset, bytes);
    // The running vcpu's reservation is known by virtual address only; losing it is always allowed.
    this.#tenants.find((t) => t === board.current)?.clearExclusive();
    return true;
  }
  translate(vcpu: number, address: bigint, access: TranslationAccess): Translation {
    return explainTranslation(this.#active(vcpu), address, access);
  }
  physicalAddress(vcpu: number, address: bigint): number | null {
    return physicalAddress(this.#active(vcpu), address);
  }
  /** The walker reads RAM through the state of the vcpu that is switched in. */
  #active(vcpu: number): Vcpu {
    const tenant = this.#tenants[vcpu];
    assert(tenant !== undefined, () => `no vcpu ${vcpu}`);
    this.#board.activate(tenant);
    return tenant;
  }
}

/** Build a machine; every vcpu is reset. */
export function createMachine(options: MachineOptions): MachineHardware {
  return new Machine(options);
}
