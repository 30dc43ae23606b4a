/** Section numbers are those of Arm IHI 0048 (GIC architecture specification, v2). */
import { describe, expect, it } from 'vitest';
import { Bus } from '../../../src/engine/devices/bus.ts';
import { GicV2 } from '../../../src/engine/devices/gicv2/gicv2.ts';

const GICD = 0x0800_0000;
const GICC = 0x0801_0000;
const [CTLR, PMR, BPR, IAR, EOIR, RPR, HPPIR, ABPR, AIAR, AEOIR] = [
  0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x1c, 0x20, 0x24,
] as const;
const DIR = 0x1000;
const SPURIOUS = 1023;
const FIQ_EN = 8;
const EOI_MODE = 0x200;

class Board {
  readonly bus = new Bus();
  readonly gic: GicV2;
  cpu = 0;
  readonly #data = new DataView(new ArrayBuffer(4));

  constructor(cpus = 1, control = 1) {
    this.gic = new GicV2(cpus, () => this.cpu);
    this.gic.attach(this.bus);
    this.store(GICD, 3);
    for (this.cpu = 0; this.cpu < cpus; this.cpu++) {
      this.store(GICC + CTLR, control);
      this.store(GICC + PMR, 0xff);
    }
    this.cpu = 0;
  }
  load(address: number, bytes: 1 | 2 | 4 = 4): number {
    this.#data.setUint32(0, 0);
    expect(this.bus.read(address, bytes, this.#data, 0)).toBe(true);
    return this.#data.getUint32(0, true);
  }
  store(address: number, value: number, bytes: 1 | 2 | 4 = 4): void {
    this.#data.setUint32(0, value, true);
    expect(this.bus.write(address, bytes, this.#data, 0)).toBe(true);
  }
  enable(id: number, { priority = 0xa0, group = 0, targets = 1, edge = false } = {}): void {
    this.store(GICD + 0x400 + id, priority, 1);
    this.store(GICD + 0x800 + id, targets, 1);
    const bit = 2 ** (id & 31);
    const word = GICD + (id >>> 5) * 4;
    const groups = this.load(word + 0x80);
    this.store(word + 0x80, (group === 1 ? groups | bit : groups & ~bit) >>> 0);
    const configuration = GICD + 0xc00 + (id >>> 4) * 4;
    if (edge) this.store(configuration, (this.load(configuration) | (2 ** ((id & 15) * 2 + 1))) >>> 0);
    this.store(word + 0x100, bit);
  }
  as<T>(cpu: number, use: () => T): T {
    this.cpu = cpu;
    const result = use();
    this.cpu = 0;
    return result;
  }
}

describe('distributor (4.3)', () => {
  it('identifies itself as version 2 with the number of CPUs', () => {
    const one = new Board();
    expect(one.load(GICD + 4)).toBe(8);
    expect(one.load(GICD + 0xfe8)).toBe(0x2b);
    expect(new Board(4).load(GICD + 4)).toBe(8 | (3 << 5));
    expect(one.load(GICC + 0xfc)).toBe(0x2_043b);
  });

  it('has SGIs enabled and edge-triggered for good (4.3.5, 4.3.13)', () => {
    const b = new Board();
    b.store(GICD + 0x180, 0xffff_ffff);
    expect(b.load(GICD + 0x100)).toBe(0xffff);
    b.store(GICD + 0xc00, 0);
    expect(b.load(GICD + 0xc00)).toBe(0xaaaa_aaaa);
    b.store(GICD + 0x200, 1);
    expect(b.load(GICD + 0x200)).toBe(0);
  });

  it('banks what belongs to a CPU, and says in ITARGETSR0 to 7 who asks (4.3.12)', () => {
    const b = new Board(3);
    b.as(1, () => b.store(GICD + 0x100, 0x0800_0000));
    expect(b.load(GICD + 0x100)).toBe(0xffff);
    expect(b.as(1, () => b.load(GICD + 0x100))).toBe(0x0800_ffff);
    expect(b.as(2, () => b.load(GICD + 0x800))).toBe(0x0404_0404);
    expect(b.as(2, () => b.load(GICD + 0x805, 1))).toBe(4);
    b.store(GICD + 0x800, 0xffff_ffff);
    expect(b.load(GICD + 0x800)).toBe(0x0101_0101);
  });

  it('keeps targets that exist, and with one CPU has none to choose', () => {
    const b = new Board(3);
    b.store(GICD + 0x820, 0xff02_0407);
    expect(b.load(GICD + 0x820)).toBe(0x0702_0407);
    const one = new Board();
    one.store(GICD + 0x820, 0xffff_ffff);
    expect(one.load(GICD + 0x820)).toBe(0);
    one.enable(40);
    one.gic.setSpi(40, true);
    expect(one.gic.pending(0).irq).toBe(true);
  });
});

describe('CPU interface (4.4)', () => {
  it('keeps the bits that its registers have', () => {
    const b = new Board();
    for (const at of [CTLR, PMR, BPR, ABPR]) b.store(GICC + at, 0xffff_ffff);
    expect([CTLR, PMR, BPR, ABPR].map((at) => b.load(GICC + at))).toEqual([0x21f, 0xff, 7, 7]);
    b.store(GICC + ABPR, 0);
    expect(b.load(GICC + ABPR)).toBe(1);
  });

  it('acknowledges and ends a level-sensitive interrupt', () => {
    const b = new Board();
    b.enable(40);
    b.gic.setSpi(40, true);
    expect(b.gic.pending(0)).toEqual({ irq: true, fiq: false });
    expect(b.load(GICC + HPPIR)).toBe(40);
    expect(b.load(GICC + IAR)).toBe(40);
    expect(b.load(GICC + RPR)).toBe(0xa0);
    expect(b.load(GICC + IAR)).toBe(SPURIOUS);
    b.store(GICC + EOIR, 40);
    expect(b.load(GICC + RPR)).toBe(0xff);
    expect(b.load(GICC + IAR)).toBe(40);
    b.gic.setSpi(40, false);
    b.store(GICC + EOIR, 40);
    expect(b.load(GICC + IAR)).toBe(SPURIOUS);
  });

  it('preempts by group priority: GICC_BPR of n keeps bits 7..n+1 (3.3.3)', () => {
    const b = new Board();
    b.store(GICC + BPR, 3);
    b.enable(40, { priority: 0x9c, edge: true });
    b.enable(41, { priority: 0x91, edge: true });
    b.enable(42, { priority: 0x8e, edge: true });
    b.gic.setSpi(40, true);
    expect(b.load(GICC + IAR)).toBe(40);
    expect(b.load(GICC + RPR)).toBe(0x90);
    b.gic.setSpi(41, true);
    expect(b.gic.pending(0).irq).toBe(false);
    b.gic.setSpi(42, true);
    expect(b.load(GICC + IAR)).toBe(42);
    expect([b.load(GICC + 0xd0 + 8), b.load(GICC + 0xe0)]).toEqual([(1 << 8) | 1, 0]);
    b.store(GICC + EOIR, 42);
    b.store(GICC + EOIR, 40);
    expect(b.load(GICC + IAR)).toBe(41);
  });

  it('EOImode leaves deactivation to GICC_DIR', () => {
    const b = new Board(1, 1 | EOI_MODE);
    b.enable(40);
    b.gic.setSpi(40, true);
    b.load(GICC + IAR);
    b.store(GICC + EOIR, 40);
    expect([b.load(GICC + RPR), b.load(GICD + 0x304)]).toEqual([0xff, 0x100]);
    b.store(GICC + DIR, 40);
    expect(b.load(GICD + 0x304)).toBe(0);
  });

  it('signals group 0 as FIQ when told to, and acknowledges group 1 by GICC_AIAR or with AckCtl (4.4.4, 4.4.9)', () => {
    const b = new Board(1, 3 | FIQ_EN);
    b.enable(40, { group: 0, edge: true });
    b.enable(41, { group: 1, edge: true });
    b.gic.setSpi(40, true);
    expect(b.gic.pending(0)).toEqual({ irq: false, fiq: true });
    expect(b.load(GICC + AIAR)).toBe(SPURIOUS);
    expect(b.load(GICC + IAR)).toBe(40);
    b.store(GICC + EOIR, 40);
    b.gic.setSpi(41, true);
    expect(b.gic.pending(0)).toEqual({ irq: true, fiq: false });
    expect(b.load(GICC + IAR)).toBe(1022);
    expect(b.load(GICC + AIAR)).toBe(41);
    b.store(GICC + AEOIR, 41);
    b.gic.setSpi(41, false);
    b.gic.setSpi(41, true);
    b.store(GICC + CTLR, 7);
    expect(b.load(GICC + IAR)).toBe(41);
  });
});

describe('several CPUs (3.1, 4.3.15)', () => {
  it('a shared interrupt is offered to its targets; the first one to acknowledge has it', () => {
    const b = new Board(3);
    b.enable(40, { targets: 5 });
    b.gic.setSpi(40, true);
    expect([0, 1, 2].map((n) => b.gic.pending(n).irq)).toEqual([true, false, true]);
    expect(b.as(2, () => b.load(GICC + IAR))).toBe(40);
    expect(b.load(GICC + IAR)).toBe(SPURIOUS);
  });

  it('GICD_SGIR sends to a list, to the others or to oneself', () => {
    const b = new Board(3);
    const pending = (): boolean[] => [0, 1, 2].map((n) => b.gic.pending(n).irq);
    b.as(1, () => b.store(GICD + 0xf00, (5 << 16) | 3));
    expect(pending()).toEqual([true, false, true]);
    expect(b.load(GICC + IAR), 'with its source').toBe(3 | (1 << 10));
    b.store(GICC + EOIR, 3 | (1 << 10));
    b.as(2, () => b.store(GICC + EOIR, b.load(GICC + IAR)));
    b.as(1, () => b.store(GICD + 0xf00, (1 << 24) | 4));
    expect(pending()).toEqual([true, false, true]);
    const other = new Board(3);
    other.as(1, () => other.store(GICD + 0xf00, (2 << 24) | 4));
    expect([0, 1, 2].map((n) => other.gic.pending(n).irq)).toEqual([false, true, false]);
  });

  it('keeps an SGI pending once for each source, and shows them in GICD_SPENDSGIR', () => {
    const b = new Board(3);
    b.as(1, () => b.store(GICD + 0xf00, (1 << 16) | 6));
    b.as(2, () => b.store(GICD + 0xf00, (1 << 16) | 6));
    expect(b.load(GICD + 0xf26, 1)).toBe(6);
    expect(b.load(GICC + IAR)).toBe(6 | (1 << 10));
    b.store(GICC + EOIR, 6);
    expect(b.load(GICC + IAR)).toBe(6 | (2 << 10));
    b.store(GICC + EOIR, 6);
    expect(b.load(GICC + IAR)).toBe(SPURIOUS);
    b.store(GICD + 0xf20, 0x0400_0000);
    expect(b.load(GICC + HPPIR)).toBe(3 | (2 << 10));
    b.store(GICD + 0xf10, 0xffff_ffff);
    expect(b.load(GICC + HPPIR)).toBe(SPURIOUS);
  });

  it('keeps its state as plain data', () => {
    const b = new Board(2);
    b.enable(40);
    expect(structuredClone(b.gic.state)).toEqual(b.gic.state);
  });
});
