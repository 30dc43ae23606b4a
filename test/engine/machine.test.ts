import { describe, expect, it } from 'vitest';
import { createMachine } from '../../src/engine/machine.ts';
import {
  bytesOf,
  CODE,
  HVC,
  machineWith,
  MODEL,
  modelWith,
  RAM_BASE,
  RAM_SIZE,
  readWord64,
  SYSREG,
  writeWord64,
} from './machine-fixture.ts';

const MIB = 1 << 20;
const READ = { kind: 'read' } as const;

describe('RAM', () => {
  it('is read and written by physical address, all or nothing', () => {
    const machine = machineWith([]);
    const end = RAM_BASE + RAM_SIZE;
    expect(machine.ram).toMatchObject({ base: RAM_BASE, size: RAM_SIZE });
    expect(machine.writePhysical(end - 2, new Uint8Array([1, 2]))).toBe(true);
    expect([...machine.readPhysical(end - 2, 2)!]).toEqual([1, 2]);
    expect(machine.writePhysical(end - 1, new Uint8Array([9, 9]))).toBe(false);
    expect([...machine.readPhysical(end - 1, 1)!]).toEqual([2]);
    expect(machine.readPhysical(end - 1, 2)).toBeNull();
    expect(machine.readPhysical(RAM_BASE - 1, 2)).toBeNull();
  });

  it('may have 3 GiB, which cost nothing until they are used', () => {
    const before = process.memoryUsage().rss;
    const size = 3 * 2 ** 30;
    const machine = createMachine({ ramBase: RAM_BASE, ramSize: size, models: [MODEL] });
    const vcpu = machine.vcpus[0]!;
    const top = RAM_BASE + size - 0x2000;
    machine.writePhysical(top, bytesOf([0xf9000001, 0xf9400002, HVC])); // str x1, [x0]; ldr x2, [x0]; hvc
    vcpu.pc = BigInt(top);
    vcpu.setX(0, BigInt(RAM_BASE + size - 8));
    vcpu.setX(1, 0x1234n);
    expect(vcpu.run(10).kind).toBe('hvc');
    expect([vcpu.getX(2), readWord64(machine, RAM_BASE + size - 8)]).toEqual([0x1234n, 0x1234n]);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * MIB);
  });
});

describe('registers', () => {
  it('keep what was set, whether the vcpu is switched in or not', () => {
    const machine = machineWith([], 2);
    for (const vcpu of machine.vcpus) {
      const tag = BigInt(vcpu.index + 1);
      vcpu.setX(30, tag);
      vcpu.setV(31, (tag << 64n) | 7n);
      vcpu.setSp(0, tag + 16n);
      vcpu.setSp(1, tag + 32n);
      vcpu.setSysreg(SYSREG.VBAR_EL1, tag << 11n);
    }
    machine.vcpus[1]!.run(1);
    for (const vcpu of machine.vcpus) {
      const tag = BigInt(vcpu.index + 1);
      expect(vcpu.getX(30)).toBe(tag);
      expect(vcpu.getV(31)).toBe((tag << 64n) | 7n);
      expect([vcpu.getSp(0), vcpu.getSp(1)]).toEqual([tag + 16n, tag + 32n]);
    }
    expect(machine.vcpus[0]!.getSysreg(SYSREG.VBAR_EL1)).toBe(1n << 11n);
  });

  it('swap the stack pointers when PSTATE selects another one', () => {
    const vcpu = machineWith([0x910003e0, HVC]).vcpus[0]!; // mov x0, sp
    vcpu.setSp(0, 0x1000n);
    vcpu.setSp(1, 0x2000n);
    vcpu.pstate = 0x3c4n; // EL1t
    vcpu.run(10);
    expect(vcpu.getX(0)).toBe(0x1000n);
    expect(vcpu.getSp(1)).toBe(0x2000n);
  });

  it('reset to EL1h with interrupts masked', () => {
    const vcpu = machineWith([HVC]).vcpus[0]!;
    vcpu.setX(3, 1n);
    vcpu.run(1);
    vcpu.reset();
    expect([vcpu.pc, vcpu.pstate, vcpu.getX(3)]).toEqual([0n, 0x3c5n, 0n]);
  });

  it('has no register where the PE has none', () => {
    expect(machineWith([]).vcpus[0]!.getSysreg(0)).toBeUndefined();
  });

  it("takes an exception on the hypervisor's word", () => {
    const vcpu = machineWith([]).vcpus[0]!;
    vcpu.setSysreg(SYSREG.VBAR_EL1, 0x8000n);
    vcpu.takeException('synchronous', 0x9600_0050n, 0xdead_0000n);
    expect(vcpu.pc).toBe(0x8200n);
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)).toBe(0x9600_0050n);
    expect(vcpu.getSysreg(SYSREG.FAR_EL1)).toBe(0xdead_0000n);
    expect(vcpu.getSysreg(SYSREG.ELR_EL1)).toBe(BigInt(CODE));
  });
});

describe('translation for tools', () => {
  it('shows the walk of any vcpu without disturbing the one that runs', () => {
    const machine = machineWith([0x91000400, 0x91000400, HVC], 2); // add x0, x0, #1 twice
    const [a, b] = [machine.vcpus[0]!, machine.vcpus[1]!];
    const table = RAM_BASE + 0x80_0000;
    writeWord64(machine, table + 8, BigInt(RAM_BASE) | 0x701n);
    b.setSysreg(SYSREG.TCR_EL1, 25n);
    b.setSysreg(SYSREG.TTBR0_EL1, BigInt(table));
    b.setSysreg(SYSREG.SCTLR_EL1, 1n);
    a.run(1);
    const seen = machine.translate(1, BigInt(RAM_BASE + 0x1234), READ);
    expect(seen).toMatchObject({
      ok: true,
      physical: RAM_BASE + 0x1234,
      levels: [{ level: 1, kind: 'block' }],
    });
    expect(machine.translate(0, 0x1234n, READ)).toMatchObject({ ok: true, physical: 0x1234, levels: [] });
    expect(machine.translate(1, 0x1234n, READ).ok).toBe(false);
    expect(a.run(10).kind).toBe('hvc');
    expect(a.getX(0)).toBe(2n);
  });
});

it('PSTATE has no fields of absent features', () => {
  const fields = 0x01c0_1c05n; // DIT, UAO, PAN, SSBS, BTYPE, EL1h
  const plain = machineWith([HVC]).vcpus[0]!;
  plain.pstate = fields;
  expect(plain.pstate).toBe(5n);
  const features = ['FEAT_DIT', 'FEAT_UAO', 'FEAT_PAN', 'FEAT_SSBS', 'FEAT_BTI'];
  const rich = machineWith([HVC], 1, modelWith(...features)).vcpus[0]!;
  rich.pstate = fields;
  expect(rich.pstate).toBe(fields);
});
