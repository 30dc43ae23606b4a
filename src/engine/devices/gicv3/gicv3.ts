/** A GICv3: inputs and registers in, IRQ and FIQ of each vcpu out. */
import type { SysregKey } from '../../../abi/arm/sysreg-key.ts';
import { assert } from '../../../base/assert.ts';
import type { Bus } from '../bus.ts';
import { driveInput } from '../gic/bank.ts';
import { VIRT } from '../virt-map.ts';
import { type InterruptController, type Signals, SILENT } from '../gic/interrupt-controller.ts';
import { Offers } from '../gic/offers.ts';
import { type Candidate, select } from '../gic/selection.ts';
import { signalled } from './cpu-interface.ts';
import { createDistributor } from './distributor.ts';
import { readIcc, writeIcc } from './icc.ts';
import { createRedistributors } from './redistributor.ts';
import { createState, type GicV3State, INTERRUPTS } from './state.ts';

const IRQ: Signals = { irq: true, fiq: false };
const FIQ: Signals = { irq: false, fiq: true };

export class GicV3 implements InterruptController {
  readonly state: GicV3State;
  readonly #offers: Offers;

  /** `mpidrs`: MPIDR_EL1 of the vcpus, in order. */
  constructor(mpidrs: readonly bigint[]) {
    this.state = createState(mpidrs);
    this.#offers = new Offers(mpidrs.length, (vcpu, best) => this.#choose(vcpu, best));
  }

  attach(bus: Bus): void {
    const changed = (): void => this.#offers.changed();
    bus.register(VIRT.GICD.base, VIRT.GICD.size, createDistributor(this.state, changed));
    const bytes = VIRT.GICR.size * this.state.cpus.length;
    bus.register(VIRT.GICR.base, bytes, createRedistributors(this.state, changed));
  }

  readonly interrupts = INTERRUPTS;

  setSpi(intid: number, level: boolean): void {
    assert(intid >= 32 && intid < INTERRUPTS, () => `no shared interrupt ${intid}`);
    if (driveInput(this.state.shared, intid, level)) this.#offers.changed();
  }
  setPpi(vcpu: number, intid: number, level: boolean): void {
    assert(intid >= 16 && intid < 32, () => `no private interrupt ${intid}`);
    if (driveInput(this.#cpu(vcpu).bank, intid, level)) this.#offers.changed();
  }

  /** One security state: group 0 is signalled as FIQ, group 1 as IRQ (IHI 0069, 4.6.2). */
  pending(vcpu: number): Signals {
    const offer = this.#offers.of(vcpu);
    if (!signalled(this.#cpu(vcpu).cpu, offer)) return SILENT;
    return offer.group === 0 ? FIQ : IRQ;
  }

  readSysreg(vcpu: number, key: SysregKey): bigint | undefined {
    const value = readIcc(this.state, this.#cpu(vcpu), this.#offers.of(vcpu), key);
    this.#offers.changed();
    return value;
  }
  writeSysreg(vcpu: number, key: SysregKey, value: bigint): boolean {
    this.#offers.changed();
    return writeIcc(this.state, this.#cpu(vcpu), key, value);
  }

  #cpu(vcpu: number): GicV3State['cpus'][number] {
    const cpu = this.state.cpus[vcpu];
    assert(cpu !== undefined, () => `no vcpu ${vcpu}`);
    return cpu;
  }
  #choose(vcpu: number, best: Candidate): void {
    const { shared, route } = this.state;
    const { bank, affinity, cpu } = this.#cpu(vcpu);
    // A group that is off at the CPU interface does not stand in the way of the other one.
    const groups = this.state.groups & (cpu.groupEnabled[0] | (cpu.groupEnabled[1] << 1));
    select(bank, 0, groups, null, best);
    select(shared, 32, groups, (id) => route[id] === affinity, best);
  }
}
