/** A GICv3 as software sees it, with the defaults that make interrupts flow. */
import { ICC } from '../../../src/abi/arm/gic-sysregs.ts';
import { Bus } from '../../../src/engine/devices/bus.ts';
import { GicV3 } from '../../../src/engine/devices/gicv3/gicv3.ts';

export const GICD = 0x0800_0000;
export const GICR = 0x080a_0000;
export const SGI_FRAME = 0x1_0000;

export class SoftwareView {
  readonly gic: GicV3;
  readonly bus = new Bus();
  readonly #data = new DataView(new ArrayBuffer(8));

  constructor(vcpus = 1, mpidrs = Array.from({ length: vcpus }, (_, n) => 0x8000_0000n | BigInt(n))) {
    this.gic = new GicV3(mpidrs);
    this.gic.attach(this.bus);
  }
  load(address: number, bytes: 1 | 2 | 4 | 8 = 4): number {
    this.#data.setBigUint64(0, 0n);
    if (!this.bus.read(address, bytes, this.#data, 0)) throw new Error(`nothing at ${address.toString(16)}`);
    return Number(this.#data.getBigUint64(0, true));
  }
  store(address: number, value: number, bytes: 1 | 2 | 4 | 8 = 4): void {
    this.#data.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
    if (!this.bus.write(address, bytes, this.#data, 0)) throw new Error(`nothing at ${address.toString(16)}`);
  }
  mrs(name: keyof typeof ICC, vcpu = 0): number {
    const value = this.gic.readSysreg(vcpu, ICC[name]);
    if (value === undefined) throw new Error(`no ${name}`);
    return Number(value);
  }
  msr(name: keyof typeof ICC, value: number | bigint, vcpu = 0): void {
    if (!this.gic.writeSysreg(vcpu, ICC[name], BigInt(value))) throw new Error(`no ${name}`);
  }
  /** Both groups on, nothing masked. */
  open(): this {
    this.store(GICD, 3);
    for (const vcpu of this.gic.state.cpus.keys()) {
      this.msr('PMR_EL1', 0xff, vcpu);
      this.msr('IGRPEN0_EL1', 1, vcpu);
      this.msr('IGRPEN1_EL1', 1, vcpu);
    }
    return this;
  }
  /** Enable an interrupt of group 1 with a priority. */
  enable(id: number, { priority = 0xa0, group = 1, vcpu = 0, edge = false } = {}): void {
    const frame = id < 32 ? GICR + vcpu * 0x2_0000 + SGI_FRAME : GICD;
    const word = frame + (id >>> 5) * 4;
    const bit = 2 ** (id & 31);
    const groups = this.load(word + 0x80);
    this.store(word + 0x80, group === 1 ? (groups | bit) >>> 0 : (groups & ~bit) >>> 0);
    this.store(frame + 0x400 + id, priority, 1);
    const configuration = frame + 0xc00 + (id >>> 4) * 4;
    const edgeBit = 2 ** ((id & 15) * 2 + 1);
    const now = this.load(configuration);
    if (id >= 16) this.store(configuration, edge ? (now | edgeBit) >>> 0 : (now & ~edgeBit) >>> 0);
    this.store(word + 0x100, bit);
  }
  irq(vcpu = 0): boolean {
    return this.gic.pending(vcpu).irq;
  }
  fiq(vcpu = 0): boolean {
    return this.gic.pending(vcpu).fiq;
  }
}
