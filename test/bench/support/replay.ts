/** A guest that executes the same instructions from the same state again and again: pieces of work that can be compared. */
import { CORE_REGISTERS } from '../../../src/abi/kvm/one-reg.ts';
import type { Tier } from '../../../src/engine/hardware.ts';
import type { GuestDebug, Vcpu, Vm } from '../../../src/kvm/contract.ts';
import type { Kernel } from './kernels.ts';
import { bootKernel, cpuSeconds, retire } from './machine.ts';

/** More than any kernel comes to within a measurement. */
const ITERATIONS = 20_000_000;

export class Replay {
  readonly #vm: Vm;
  readonly #vcpu: Vcpu;
  readonly #dataAt: number;
  readonly #data: Uint8Array;
  readonly #registers: readonly (readonly [bigint, bigint])[];

  /** What is replayed begins `start` instructions after the entry of the kernel. */
  constructor(kernel: Kernel, tier: Tier, start: number) {
    const { vm, vcpu } = bootKernel(kernel, ITERATIONS, tier);
    retire(vcpu, start);
    this.#vm = vm;
    this.#vcpu = vcpu;
    this.#dataAt = Number(kernel.symbol('iterations'));
    this.#data = vm.hardware.readPhysical(this.#dataAt, kernel.end - this.#dataAt)!;
    this.#registers = CORE_REGISTERS.map(({ id }) => [id, vcpu.getOneReg(id)] as const);
  }

  /**
   * CPU seconds of `instructions` with these slots, none of which is hit. An eighth as many are executed before, or `settled` if that is
   * more, unmeasured: what arming itself costs is paid there.
   */
  seconds(debug: GuestDebug, instructions: number, settled = 0): number {
    this.#vcpu.setGuestDebug(debug);
    this.#restore();
    retire(this.#vcpu, Math.max(settled, Math.ceil(instructions / 8)));
    return cpuSeconds(() => retire(this.#vcpu, instructions));
  }
  #restore(): void {
    this.#vm.hardware.writePhysical(this.#dataAt, this.#data);
    for (const [id, value] of this.#registers) this.#vcpu.setOneReg(id, value);
  }
}
