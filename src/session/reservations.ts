/** What VMs take from the service before they exist and until they are gone: their number, their memory, their names. */
import { SessionError } from './errors.ts';
import type { Limits } from './limits.ts';
import type { VmId } from './types.ts';
import { checkName } from './validate.ts';

/** What one VM takes. */
export interface Reservation {
  readonly name: string | null;
  /** Bytes of guest memory. */
  readonly memory: number;
  /** Bytes of its disks: images and what overlays may hold. */
  readonly disks: number;
}

export class Reservations {
  readonly #limits: Limits;
  /** Names in use, also those of VMs that are being created (null). */
  readonly #names = new Map<string, VmId | null>();
  #vms = 0;
  #memory = 0;
  #disks = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Bytes of guest memory. */
  get memory(): number {
    return this.#memory;
  }

  /** The VM that has the name. */
  named(name: string): VmId | undefined {
    return this.#names.get(name) ?? undefined;
  }

  /** Refused with nothing taken when a limit is reached or the name is taken. */
  take({ name, memory: size, disks }: Reservation): void {
    const { vms, memoryTotal, diskTotal } = this.#limits;
    if (this.#vms >= vms) {
      throw new SessionError('vm-limit', `${vms} VMs exist; delete some or wait for a lease to end.`, {
        facts: { limit: vms, used: this.#vms },
      });
    }
    if (this.#memory + size > memoryTotal) {
      throw new SessionError(
        'memory-limit',
        `All VMs together may have ${memoryTotal} bytes of memory and have ${this.#memory}; delete some or ask for less.`,
        { facts: { limit: memoryTotal, used: this.#memory, requested: size } },
      );
    }
    if (this.#disks + disks > diskTotal) {
      throw new SessionError(
        'memory-limit',
        `The disks of all VMs together may have ${diskTotal} bytes and have ${this.#disks}; delete some VMs or ask for less.`,
        { facts: { limit: diskTotal, used: this.#disks, requested: disks } },
      );
    }
    if (name !== null) {
      this.#requireFree(name);
      this.#names.set(name, null);
    }
    this.#vms += 1;
    this.#memory += size;
    this.#disks += disks;
  }

  /** The VM exists now. */
  bind(name: string | null, vm: VmId): void {
    if (name !== null) {
      this.#names.set(name, vm);
    }
  }

  rename(vm: VmId, from: string | null, to: string | null): void {
    if (to !== null) {
      checkName(this.#limits, to);
      this.#requireFree(to);
      this.#names.set(to, vm);
    }
    if (from !== null) {
      this.#names.delete(from);
    }
  }

  giveBack({ name, memory, disks }: Reservation): void {
    this.#vms -= 1;
    this.#memory -= memory;
    this.#disks -= disks;
    if (name !== null) {
      this.#names.delete(name);
    }
  }

  #requireFree(name: string): void {
    if (this.#names.has(name)) {
      throw new SessionError(
        'name-taken',
        `A VM is called ${JSON.stringify(name)} already. Choose another name, or delete that VM.`,
      );
    }
  }
}
