/** A GICv2: inputs and registers in, IRQ and FIQ of each vcpu out. Its CPU interface has no system registers. */
import { assert } from '../../../base/assert.ts';
import type { Bus } from '../bus.ts';
import { driveInput } from '../gic/bank.ts';
import { VIRT } from '../virt-map.ts';
import { type InterruptController, type Signals, SILENT } from '../gic/interrupt-controller.ts';
import { Offers } from '../gic/offers.ts';
import { type Candidate, select } from '../gic/selection.ts';
import { createCpuInterfaces, signalled } from './cpu-interface.ts';
import { createDistributor } from './distributor.ts';
import { CONTROL, createState, type GicV2Cpu, type GicV2State, INTERRUPTS, MAXIMUM_CPUS } from './state.ts';

export class GicV2 implements InterruptController {
  readonly state: GicV2State;
  readonly #accessor: () => number;
  readonly #offers: Offers;

  /** `accessor`: the vcpu whose accesses reach the bus now, because registers are banked. */
  constructor(vcpus: number, accessor: () => number) {
    assert(vcpus >= 1 && vcpus <= MAXIMUM_CPUS, 'a GICv2 serves one to eight CPUs');
    this.state = createState(vcpus);
    this.#accessor = accessor;
    this.#offers = new Offers(vcpus, (cpu, best) => this.#choose(cpu, best));
  }

  attach(bus: Bus): void {
    const { state } = this;
    const accessor = this.#accessor;
    const changed = (): void => this.#offers.changed();
    const offer = (cpu: number): Candidate => this.#offers.of(cpu);
    bus.register(VIRT.GICD.base, VIRT.GICD.size, createDistributor(state, accessor, changed));
    bus.register(VIRT.GICC.base, VIRT.GICC.size, createCpuInterfaces({ state, accessor, offer, changed }));
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

  /** Group 0 is signalled as FIQ when GICC_CTLR.FIQEn says so, all else as IRQ (IHI 0048, 2.3.1). */
  pending(vcpu: number): Signals {
    const { cpu } = this.#cpu(vcpu);
    const offer = this.#offers.of(vcpu);
    if (!signalled(cpu, offer)) return SILENT;
    const fiq = offer.group === 0 && (cpu.control & CONTROL.FIQ_EN) !== 0;
    return { irq: !fiq, fiq };
  }
  readSysreg(): undefined {
    return undefined;
  }
  writeSysreg(): boolean {
    return false;
  }

  #cpu(vcpu: number): GicV2Cpu {
    const cpu = this.state.cpus[vcpu];
    assert(cpu !== undefined, () => `no vcpu ${vcpu}`);
    return cpu;
  }
  #choose(vcpu: number, best: Candidate): void {
    const { shared, targets, cpus } = this.state;
    const { bank, cpu } = this.#cpu(vcpu);
    const groups = this.state.groups & cpu.control & CONTROL.GROUPS;
    const only = cpus.length === 1;
    select(bank, 0, groups, null, best);
    select(shared, 32, groups, (id) => only || ((targets[id]! >>> vcpu) & 1) === 1, best);
  }
}
