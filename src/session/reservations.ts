/** What VMs take from the service before they exist and until they are gone: their number, their memory, their names. */
import { SessionError } from './errors.ts';
import type { Limits } from './limits.ts';
import type { VmId, VmSpec } from './types.ts';
import { checkName } from './validate.ts';

export class Reservations {
  readonly #limits: Limits;
  /** Names in use, also those of VMs that are being created (null). */
  readonly #names = new Map<string, VmId | null>();
  #vms = 0;
  #memory = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Bytes of guest RAM. */
  get memory(): number {
    return this.#memory;
  }

  /** The VM that has the name. */
  named(name: string): VmId | undefined {
    return this.#names.get(name) ?? undefined;
  }

  /** Refused with nothing taken when a limit is reached or the name is taken. */
  take({ name, memory: { size } }: VmSpec): void {
    const { vms, memoryTotal } = this.#limits;
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
    if (name !== undefined) {
      this.#requireFree(name);
      this.#names.set(name, null);
    }
    this.#vms += 1;
    this.#memory += size;
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

  giveBack(name: string | null, memory: number): void {
    this.#vms -= 1;
    this.#memory -= memory;
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
