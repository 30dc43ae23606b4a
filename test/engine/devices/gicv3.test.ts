/** Section numbers are those of Arm IHI 0069 (GIC architecture specification, v3 and v4). */
import { describe, expect, it } from 'vitest';
import { ICC, ICC_ACCESS } from '../../../src/abi/arm/gic-sysregs.ts';
import { sysregKey } from '../../../src/abi/arm/sysreg-key.ts';
import { GICD, GICR, SGI_FRAME, SoftwareView } from './gicv3-fixture.ts';

const SPURIOUS = 1023;

describe('distributor and redistributors (12.9, 12.11)', () => {
  it('identify themselves: ARE and DS set, PIDR2 revision 3, the frames in affinity order', () => {
    const gic = new SoftwareView(3);
    expect(gic.load(GICD)).toBe(0x50);
    expect(gic.load(GICD + 4) & 0x1f).toBe(8);
    expect(gic.load(GICD + 0xffe8)).toBe(0x3b);
    for (const vcpu of [0, 1, 2]) {
      const frame = GICR + vcpu * 0x2_0000;
      expect(gic.load(frame + 0xffe8)).toBe(0x3b);
      // Affinity, processor number, Last.
      expect(gic.load(frame + 8, 8)).toBe(vcpu * 2 ** 32 + vcpu * 256 + (vcpu === 2 ? 16 : 0));
      expect(gic.load(frame + 0x14)).toBe(0);
    }
    expect(gic.bus.answers(GICR + 3 * 0x2_0000, 4)).toBe(false);
  });

  it('keep five bits of a priority, and take byte accesses', () => {
    const gic = new SoftwareView();
    gic.store(GICD + 0x400 + 40, 0xffff_ffff);
    expect(gic.load(GICD + 0x400 + 40)).toBe(0xf8f8_f8f8);
    gic.store(GICD + 0x400 + 41, 0x13, 1);
    expect(gic.load(GICD + 0x400 + 40)).toBe(0xf8f8_10f8);
  });

  it('leave private interrupts to the redistributor while affinity routing is on (12.9.7)', () => {
    const gic = new SoftwareView();
    gic.store(GICD + 0x100, 0xffff_ffff);
    expect(gic.load(GICD + 0x100)).toBe(0);
    expect(gic.load(GICR + SGI_FRAME + 0x100)).toBe(0);
    gic.store(GICR + SGI_FRAME + 0x100, 0x0800_0001);
    gic.store(GICR + SGI_FRAME + 0x180, 0x0000_0001);
    expect(gic.load(GICR + SGI_FRAME + 0x100)).toBe(0x0800_0000);
  });

  it('have SGIs as edges for good, and PPIs as software says (GICR_ICFGR0 and 1)', () => {
    const gic = new SoftwareView();
    gic.store(GICR + SGI_FRAME + 0xc00, 0);
    gic.store(GICR + SGI_FRAME + 0xc04, 0xffff_ffff);
    expect(gic.load(GICR + SGI_FRAME + 0xc00)).toBe(0xaaaa_aaaa);
    expect(gic.load(GICR + SGI_FRAME + 0xc04)).toBe(0xaaaa_aaaa);
  });

  it('keep GICD_IROUTER in 64 and 32-bit accesses', () => {
    const gic = new SoftwareView();
    gic.store(GICD + 0x6000 + 8 * 40, 0x5_8011_2233, 8);
    expect(gic.load(GICD + 0x6000 + 8 * 40, 8)).toBe(0x5_0011_2233);
    gic.store(GICD + 0x6000 + 8 * 40 + 4, 7);
    expect(gic.load(GICD + 0x6000 + 8 * 40, 8)).toBe(0x7_0011_2233);
  });
});

describe('states of an interrupt (4.1)', () => {
  it('level-sensitive: pending as long as the input is asserted, again after deactivation', () => {
    const gic = new SoftwareView().open();
    gic.enable(33);
    gic.gic.setSpi(33, true);
    expect(gic.irq()).toBe(true);
    expect(gic.mrs('IAR1_EL1')).toBe(33);
    expect(gic.load(GICD + 0x204)).toBe(2);
    expect(gic.load(GICD + 0x304)).toBe(2);
    expect(gic.irq()).toBe(false);
    gic.msr('EOIR1_EL1', 33);
    expect(gic.irq()).toBe(true);
    gic.gic.setSpi(33, false);
    expect(gic.irq()).toBe(false);
    expect(gic.mrs('IAR1_EL1')).toBe(SPURIOUS);
  });

  it('edge-triggered: one edge is one interrupt, and an edge while active is kept', () => {
    const gic = new SoftwareView().open();
    gic.enable(33, { edge: true });
    gic.gic.setSpi(33, true);
    gic.gic.setSpi(33, true);
    gic.gic.setSpi(33, false);
    expect(gic.mrs('IAR1_EL1')).toBe(33);
    expect(gic.load(GICD + 0x204)).toBe(0);
    gic.gic.setSpi(33, true);
    expect(gic.irq()).toBe(false);
    gic.msr('EOIR1_EL1', 33);
    expect(gic.mrs('IAR1_EL1')).toBe(33);
    gic.msr('EOIR1_EL1', 33);
    expect(gic.irq()).toBe(false);
  });

  it('pending by software: GICD_ISPENDR sets, acknowledge and GICD_ICPENDR clear', () => {
    const gic = new SoftwareView().open();
    gic.enable(34);
    gic.store(GICD + 0x204, 4);
    expect(gic.irq()).toBe(true);
    gic.store(GICD + 0x284, 4);
    expect(gic.irq()).toBe(false);
    gic.gic.setSpi(34, true);
    gic.store(GICD + 0x284, 4);
    expect(gic.load(GICD + 0x204), 'the input is still asserted').toBe(4);
  });

  it('an interrupt made active by GICD_ISACTIVER is not signalled', () => {
    const gic = new SoftwareView().open();
    gic.enable(34);
    gic.store(GICD + 0x304, 4);
    gic.gic.setSpi(34, true);
    expect(gic.irq()).toBe(false);
    gic.store(GICD + 0x384, 4);
    expect(gic.irq()).toBe(true);
  });
});

describe('groups (4.6)', () => {
  it('group 0 is signalled as FIQ, group 1 as IRQ, each acknowledged by its own register', () => {
    const gic = new SoftwareView().open();
    gic.enable(40, { group: 0 });
    gic.gic.setSpi(40, true);
    expect(gic.gic.pending(0)).toEqual({ irq: false, fiq: true });
    expect(gic.mrs('HPPIR1_EL1')).toBe(SPURIOUS);
    expect(gic.mrs('IAR1_EL1')).toBe(SPURIOUS);
    expect(gic.mrs('HPPIR0_EL1')).toBe(40);
    expect(gic.mrs('IAR0_EL1')).toBe(40);
    gic.msr('EOIR1_EL1', 40);
    expect(gic.mrs('RPR_EL1'), 'the other group does not end it').toBe(0xa0);
    gic.msr('EOIR0_EL1', 40);
    expect(gic.mrs('RPR_EL1')).toBe(0xff);
  });

  it('a group that is off at distributor or CPU interface signals nothing and blocks nothing', () => {
    const gic = new SoftwareView().open();
    gic.enable(40, { group: 0, priority: 0x10 });
    gic.enable(41, { group: 1, priority: 0x80 });
    gic.gic.setSpi(40, true);
    gic.gic.setSpi(41, true);
    gic.msr('IGRPEN0_EL1', 0);
    expect(gic.gic.pending(0)).toEqual({ irq: true, fiq: false });
    gic.msr('IGRPEN0_EL1', 1);
    expect(gic.gic.pending(0)).toEqual({ irq: false, fiq: true });
    gic.store(GICD, 2);
    expect(gic.gic.pending(0)).toEqual({ irq: true, fiq: false });
    gic.msr('IGRPEN1_EL1', 0);
    expect(gic.gic.pending(0)).toEqual({ irq: false, fiq: false });
    expect(gic.mrs('HPPIR1_EL1')).toBe(SPURIOUS);
  });
});

describe('priority and preemption (4.8)', () => {
  it('ICC_PMR lets through what is strictly higher', () => {
    const gic = new SoftwareView().open();
    gic.enable(40, { priority: 0x80 });
    gic.gic.setSpi(40, true);
    gic.msr('PMR_EL1', 0x80);
    expect(gic.irq()).toBe(false);
    expect(gic.mrs('HPPIR1_EL1'), 'the mask is not considered').toBe(40);
    gic.msr('PMR_EL1', 0x88);
    expect(gic.irq()).toBe(true);
    gic.msr('PMR_EL1', 0xff);
    expect(gic.mrs('PMR_EL1')).toBe(0xf8);
  });

  it('a higher group priority preempts, and priority drops go back the way they came', () => {
    const gic = new SoftwareView().open();
    for (const [id, priority] of [
      [40, 0xc0],
      [41, 0x80],
      [42, 0x40],
    ] as const) {
      gic.enable(id, { priority, edge: true });
      gic.gic.setSpi(id, true);
      expect(gic.mrs('IAR1_EL1')).toBe(id);
      expect(gic.mrs('RPR_EL1')).toBe(priority);
    }
    expect(gic.mrs('AP1R0_EL1')).toBe((1 << 24) | (1 << 16) | (1 << 8));
    gic.msr('EOIR1_EL1', 42);
    expect(gic.mrs('RPR_EL1')).toBe(0x80);
    gic.msr('EOIR1_EL1', 41);
    gic.msr('EOIR1_EL1', 40);
    expect(gic.mrs('RPR_EL1')).toBe(0xff);
  });

  it('the binary point decides what preempts: BPR1 of n keeps bits 7..n (4.8.3)', () => {
    const gic = new SoftwareView().open();
    gic.msr('BPR1_EL1', 6);
    gic.enable(40, { priority: 0xb0, edge: true });
    gic.enable(41, { priority: 0x80, edge: true });
    gic.enable(42, { priority: 0x70, edge: true });
    gic.gic.setSpi(40, true);
    expect(gic.mrs('IAR1_EL1')).toBe(40);
    expect(gic.mrs('RPR_EL1')).toBe(0x80);
    gic.gic.setSpi(41, true);
    expect(gic.irq(), 'same group priority').toBe(false);
    gic.gic.setSpi(42, true);
    expect(gic.irq()).toBe(true);
  });

  it('binary points have minima, and CBPR makes BPR0 serve both groups', () => {
    const gic = new SoftwareView().open();
    gic.msr('BPR0_EL1', 0);
    gic.msr('BPR1_EL1', 0);
    expect([gic.mrs('BPR0_EL1'), gic.mrs('BPR1_EL1')]).toEqual([2, 3]);
    gic.msr('BPR0_EL1', 5);
    gic.msr('CTLR_EL1', 1);
    gic.msr('BPR1_EL1', 3);
    expect(gic.mrs('BPR1_EL1')).toBe(6);
    gic.enable(40, { priority: 0xb0, edge: true });
    gic.gic.setSpi(40, true);
    gic.mrs('IAR1_EL1');
    expect(gic.mrs('RPR_EL1')).toBe(0x80);
  });

  it('the lowest INTID wins among equals', () => {
    const gic = new SoftwareView().open();
    for (const id of [50, 35, 44]) {
      gic.enable(id);
      gic.gic.setSpi(id, true);
    }
    expect(gic.mrs('IAR1_EL1')).toBe(35);
  });
});

describe('the system registers (12.2)', () => {
  it('can be read and written as their rights say', () => {
    for (const name of Object.keys(ICC) as (keyof typeof ICC)[]) {
      const { gic } = new SoftwareView();
      expect(gic.readSysreg(0, ICC[name]) !== undefined, name).toBe(ICC_ACCESS[name].includes('r'));
      expect(gic.writeSysreg(0, ICC[name], 0n), name).toBe(ICC_ACCESS[name].includes('w'));
    }
  });

  it('EOImode 1 separates priority drop from deactivation', () => {
    const gic = new SoftwareView().open();
    gic.msr('CTLR_EL1', 2);
    gic.enable(40);
    gic.gic.setSpi(40, true);
    gic.mrs('IAR1_EL1');
    gic.msr('EOIR1_EL1', 40);
    expect(gic.mrs('RPR_EL1')).toBe(0xff);
    expect(gic.load(GICD + 0x304)).toBe(1 << 8);
    expect(gic.irq()).toBe(false);
    gic.msr('DIR_EL1', 40);
    expect(gic.load(GICD + 0x304)).toBe(0);
    expect(gic.irq()).toBe(true);
  });

  it('ICC_CTLR says five bits of priority, ICC_SRE that system registers are on for good', () => {
    const gic = new SoftwareView();
    expect((gic.mrs('CTLR_EL1') >>> 8) & 7).toBe(4);
    gic.msr('SRE_EL1', 0);
    expect(gic.mrs('SRE_EL1')).toBe(7);
    expect(gic.gic.readSysreg(0, sysregKey(3, 0, 12, 9, 1)), 'AP1R1').toBeUndefined();
    expect(gic.gic.writeSysreg(0, sysregKey(3, 0, 12, 8, 5), 0n), 'AP0R1').toBe(false);
  });

  it('special and absent INTIDs in EOIR do nothing', () => {
    const gic = new SoftwareView().open();
    gic.enable(40);
    gic.gic.setSpi(40, true);
    gic.mrs('IAR1_EL1');
    gic.msr('EOIR1_EL1', 1023);
    gic.msr('EOIR1_EL1', 500);
    expect(gic.mrs('RPR_EL1')).toBe(0xa0);
  });
});

describe('routing and SGIs (4.2, ICC_SGI1R_EL1)', () => {
  it('a shared interrupt goes to the vcpu whose affinity GICD_IROUTER names, and to nobody if none has it', () => {
    const gic = new SoftwareView(3).open();
    gic.enable(40);
    gic.store(GICD + 0x6000 + 8 * 40, 2, 8);
    gic.gic.setSpi(40, true);
    expect([0, 1, 2].map((n) => gic.irq(n))).toEqual([false, false, true]);
    gic.store(GICD + 0x6000 + 8 * 40, 0x100, 8);
    expect([0, 1, 2].map((n) => gic.irq(n))).toEqual([false, false, false]);
  });

  it('a private interrupt belongs to its vcpu', () => {
    const gic = new SoftwareView(2).open();
    gic.enable(27, { vcpu: 0 });
    gic.enable(27, { vcpu: 1 });
    gic.gic.setPpi(1, 27, true);
    expect([gic.irq(0), gic.irq(1)]).toEqual([false, true]);
    expect(gic.mrs('IAR1_EL1', 1)).toBe(27);
  });

  it('ICC_SGI1R reaches the listed vcpus of a cluster, or with IRM all others', () => {
    const gic = new SoftwareView(0, [0x8000_0000n, 0x8000_0001n, 0x8000_0100n, 0x3_8000_0001n]).open();
    for (const vcpu of [0, 1, 2, 3]) gic.enable(5, { vcpu });
    const targets = (): number[] => [0, 1, 2, 3].filter((n) => gic.irq(n));
    const finish = (): void => {
      for (const n of targets()) gic.msr('EOIR1_EL1', gic.mrs('IAR1_EL1', n), n);
    };
    gic.msr('SGI1R_EL1', (5n << 24n) | 3n);
    expect(targets()).toEqual([0, 1]);
    finish();
    gic.msr('SGI1R_EL1', (5n << 24n) | (1n << 16n) | 1n);
    expect(targets()).toEqual([2]);
    finish();
    gic.msr('SGI1R_EL1', (5n << 24n) | (3n << 48n) | 2n);
    expect(targets()).toEqual([3]);
    finish();
    gic.msr('SGI1R_EL1', (5n << 24n) | (1n << 40n), 1);
    expect(targets()).toEqual([0, 2, 3]);
    finish();
    gic.msr('SGI1R_EL1', (5n << 24n) | (1n << 44n) | 3n);
    expect(targets(), 'range 1 is Aff0 16 to 31').toEqual([]);
  });

  it('ICC_SGI0R makes only SGIs of group 0 pending', () => {
    const gic = new SoftwareView().open();
    gic.enable(5, { group: 1 });
    gic.enable(6, { group: 0 });
    gic.msr('SGI0R_EL1', (5n << 24n) | 1n);
    expect(gic.gic.pending(0)).toEqual({ irq: false, fiq: false });
    gic.msr('SGI0R_EL1', (6n << 24n) | 1n);
    expect(gic.gic.pending(0)).toEqual({ irq: false, fiq: true });
  });
});

describe('state', () => {
  it('is plain data: a structured copy is equal', () => {
    const gic = new SoftwareView(2).open();
    gic.enable(40);
    gic.gic.setSpi(40, true);
    gic.mrs('IAR1_EL1');
    expect(structuredClone(gic.gic.state)).toEqual(gic.gic.state);
  });
});
