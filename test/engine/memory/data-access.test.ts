import { describe, expect, it } from 'vitest';
import {
  CODE,
  DATA,
  enableMmu,
  HVC,
  machineWith,
  type Mapping,
  MODEL,
  RAM_BASE,
  readWord64,
  SYSREG,
  TABLES,
  writeWord64,
  bytesOf,
} from '../machine-fixture.ts';

/** DATA and the page after it lie in reverse order in RAM, so a crossing access cannot work by accident. */
const LOW = DATA + 0x8000;
const HIGH = DATA + 0x6000;
const MAPPINGS: readonly Mapping[] = [
  { va: CODE, pa: CODE },
  { va: DATA, pa: LOW },
  { va: DATA + 4096, pa: HIGH },
];
function withMmu(words: readonly number[], mappings = MAPPINGS) {
  const machine = machineWith([...words, HVC]);
  const vcpu = machine.vcpus[0]!;
  enableMmu(machine, vcpu, RAM_BASE, mappings);
  vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(CODE + 0x800));
  machine.writePhysical(CODE + 0x800 + 0x200, bytesOf([0xd40000e2])); // hvc #7
  return { machine, vcpu };
}
const VALUE = 0x1122_3344_5566_7788n;

describe('unaligned and page-crossing accesses', () => {
  // At the last 8 bytes of a page, a little before, and at each offset over the boundary.
  it.each([0, 1, 3, 4083, 4088, 4089, 4090, 4092, 4095])('STR and LDR at page offset %d', (offset) => {
    const { machine, vcpu } = withMmu([0xf9000001, 0xf9400002]); // str x1, [x0]; ldr x2, [x0]
    vcpu.setX(0, BigInt(DATA + offset));
    vcpu.setX(1, VALUE);
    expect(vcpu.run(10)).toEqual({ kind: 'hvc', imm: 0 });
    expect(vcpu.getX(2)).toBe(VALUE);
    const stored = Array.from({ length: 8 }, (_, i) => {
      const at = offset + i;
      return machine.readPhysical(at < 4096 ? LOW + at : HIGH + at - 4096, 1)![0];
    });
    expect(stored).toEqual([0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11]);
  });

  it.each([0, 8, 4076, 4079, 4080, 4081, 4087, 4088, 4095])(
    'STP and LDP at page offset %d, twice',
    (offset) => {
      const { vcpu } = withMmu([0xa9000801, 0xa9401003, 0xa9000801, 0xa9401805]); // stp x1, x2; ldp x3, x4; stp; ldp x5, x6
      vcpu.setX(0, BigInt(DATA + offset));
      vcpu.setX(1, VALUE);
      vcpu.setX(2, ~VALUE);
      expect(vcpu.run(10)).toEqual({ kind: 'hvc', imm: 0 });
      expect([3, 4, 5, 6].map((n) => vcpu.getX(n))).toEqual([VALUE, vcpu.getX(2), VALUE, vcpu.getX(2)]);
    },
  );

  it.each([1, 4081, 4090])('16-byte vectors at page offset %d', (offset) => {
    const { vcpu } = withMmu([0x3d800000, 0x3dc00001]); // str q0, [x0]; ldr q1, [x0]
    vcpu.setSysreg(0xc082, 3n << 20n); // CPACR_EL1.FPEN
    vcpu.setX(0, BigInt(DATA + offset));
    vcpu.setV(0, 0x0123_4567_89ab_cdef_0011_2233_4455_6677n);
    expect(vcpu.run(10)).toEqual({ kind: 'hvc', imm: 0 });
    expect(vcpu.getV(1)).toBe(vcpu.getV(0));
  });

  it('leave memory alone when the second page faults, and report that page', () => {
    const { machine, vcpu } = withMmu([0xf9000001], MAPPINGS.slice(0, 2)); // str x1, [x0]
    vcpu.setX(0, BigInt(DATA + 4092));
    vcpu.setX(1, VALUE);
    expect(vcpu.run(10)).toEqual({ kind: 'hvc', imm: 7 });
    expect(vcpu.getSysreg(SYSREG.FAR_EL1)).toBe(BigInt(DATA + 4096));
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)).toBe(0x9600_0047n); // same EL, WnR, translation fault level 3
    expect(readWord64(machine, LOW + 4088)).toBe(0n);
  });

  it('store to a page that may only be read: permission fault, also after a load cached the page', () => {
    const { vcpu } = withMmu(
      [0xf9400002, 0xf9000001],
      [
        { va: CODE, pa: CODE },
        { va: DATA, pa: LOW, readOnly: true },
      ],
    );
    vcpu.setX(0, BigInt(DATA));
    expect(vcpu.run(10)).toEqual({ kind: 'hvc', imm: 7 });
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)).toBe(0x9600_004fn);
    expect(vcpu.getSysreg(SYSREG.ELR_EL1)).toBe(BigInt(CODE + 4));
  });
});

describe('alignment', () => {
  it.each([
    ['MMU off: all data is Device', 0n, 0xf9400002],
    ['SCTLR_EL1.A', 3n, 0xf9400002],
    ['an atomic', 1n, 0xf8230004], // ldadd x3, x4, [x0]
    ['a load-acquire', 1n, 0xc8dffc02], // ldar x2, [x0]
  ])('faults: %s', (_, sctlr, word) => {
    const { vcpu } = withMmu([word]);
    vcpu.setSysreg(SYSREG.SCTLR_EL1, sctlr);
    vcpu.setX(0, BigInt(DATA + 4));
    expect(vcpu.run(10)).toEqual({ kind: 'hvc', imm: 7 });
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)! & 0xfc00_003fn).toBe(0x9400_0021n);
    expect(vcpu.getSysreg(SYSREG.FAR_EL1)).toBe(BigInt(DATA + 4));
  });

  it.each([
    ['atomic that is misaligned: a read would be, too', 0xf8230004, 4, false, 0x9600_0021n],
    ['atomic on a page that may only be read', 0xf8230004, 0, true, 0x9600_004fn],
    ['atomic on a missing page', 0xf8230004, 0x1000, true, 0x9600_0007n],
  ])('WnR of an %s', (_, word, offset, readOnly, syndrome) => {
    const { vcpu } = withMmu(
      [word],
      [
        { va: CODE, pa: CODE },
        { va: DATA, pa: LOW, readOnly },
      ],
    );
    vcpu.setX(0, BigInt(DATA + offset));
    expect(vcpu.run(10)).toEqual({ kind: 'hvc', imm: 7 });
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)).toBe(syndrome);
  });

  it('of Device memory comes before its permissions', () => {
    const { vcpu } = withMmu(
      [0xf9000001],
      [
        { va: CODE, pa: CODE },
        { va: DATA, pa: LOW, readOnly: true },
      ],
    );
    vcpu.setSysreg(SYSREG.MAIR_EL1, 0n);
    vcpu.setX(0, BigInt(DATA + 4));
    expect(vcpu.run(10)).toEqual({ kind: 'hvc', imm: 7 });
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)).toBe(0x9600_0061n);
    vcpu.pc = BigInt(CODE);
    vcpu.setX(0, BigInt(DATA + 8));
    expect(vcpu.run(10)).toEqual({ kind: 'hvc', imm: 7 });
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)).toBe(0x9600_004fn);
  });

  it('of the stack pointer is checked when SCTLR_EL1.SA says so', () => {
    const { vcpu } = withMmu([0xf94003e0]); // ldr x0, [sp]
    vcpu.setSp(1, BigInt(DATA + 8));
    vcpu.setSysreg(SYSREG.SCTLR_EL1, 1n);
    expect(vcpu.run(10)).toEqual({ kind: 'hvc', imm: 0 });
    vcpu.pc = BigInt(CODE);
    vcpu.setSysreg(SYSREG.SCTLR_EL1, 9n);
    expect(vcpu.run(10)).toEqual({ kind: 'hvc', imm: 7 });
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)! >> 26n).toBe(0x26n);
  });
});

describe('the software TLB', () => {
  it('keeps 4096 pages apart from those that share their entries', () => {
    const { machine, vcpu } = withMmu([0xf9400002, HVC, 0xf9400002], MAPPINGS); // ldr x2, [x0]; hvc; ldr
    writeWord64(machine, LOW, 1n);
    writeWord64(machine, DATA + 0x20_0000, 2n);
    vcpu.setX(0, BigInt(DATA));
    vcpu.run(10);
    expect(vcpu.getX(2)).toBe(1n);
    // The same page under another root: not mapped there.
    vcpu.setSysreg(SYSREG.TTBR0_EL1, BigInt(DATA + 0x30_0000));
    vcpu.run(1);
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)! >> 26n).toBe(0x21n);
  });

  it('sees pages that the host writes', () => {
    const { machine, vcpu } = withMmu([0xf9400002, HVC, 0xf9400002]);
    vcpu.setX(0, BigInt(DATA));
    vcpu.run(10);
    writeWord64(machine, LOW, VALUE);
    vcpu.run(10);
    expect(vcpu.getX(2)).toBe(VALUE);
  });
});

describe('accesses without memory', () => {
  const MMIO = 0x900_0000;
  const accesses: readonly [string, number, object][] = [
    [
      'LDRSH W',
      0x79c00807,
      { isv: true, size: 2, signExtend: true, register: 7, sixtyFour: false, acquireRelease: false },
    ],
    [
      'STR W',
      0xb9000808,
      { isv: true, size: 4, signExtend: false, register: 8, sixtyFour: false, acquireRelease: false },
    ],
    [
      'STRB WZR',
      0x3900001f,
      { isv: true, size: 1, signExtend: false, register: 31, sixtyFour: false, acquireRelease: false },
    ],
    [
      'LDAR W',
      0x88dffc03,
      { isv: true, size: 4, signExtend: false, register: 3, sixtyFour: false, acquireRelease: true },
    ],
    [
      'STLRH W',
      0x489ffc04,
      { isv: true, size: 2, signExtend: false, register: 4, sixtyFour: false, acquireRelease: true },
    ],
    [
      'LDR X, register offset',
      0xf8667805,
      { isv: true, size: 8, signExtend: false, register: 5, sixtyFour: true, acquireRelease: false },
    ],
    [
      'LDRSW',
      0xb9800009,
      { isv: true, size: 4, signExtend: true, register: 9, sixtyFour: true, acquireRelease: false },
    ],
    [
      'LDRSB X',
      0x39800001,
      { isv: true, size: 1, signExtend: true, register: 1, sixtyFour: true, acquireRelease: false },
    ],
    [
      'LDTR W',
      0xb8400804,
      { isv: true, size: 4, signExtend: false, register: 4, sixtyFour: false, acquireRelease: false },
    ],
    ['LDP', 0xa9400801, { isv: false }],
    ['LDR post-indexed', 0xf8408401, { isv: false }],
    ['LDR pre-indexed', 0xf8408c01, { isv: false }],
    ['LDXR', 0xc85f7c01, { isv: false }],
    ['SWP', 0xf8218002, { isv: false }],
    ['STR D', 0xfd000000, { isv: false }],
  ];
  it.each(accesses)('%s leaves before the instruction with its syndrome', (_, word, syndrome) => {
    const vcpu = machineWith([word, HVC]).vcpus[0]!;
    vcpu.setSysreg(0xc082, 3n << 20n);
    vcpu.setX(0, BigInt(MMIO));
    const stop = vcpu.run(10);
    expect(stop).toMatchObject({ kind: 'stage2-data', syndrome });
    expect([vcpu.pc, vcpu.instructionCount, vcpu.getX(0)]).toEqual([BigInt(CODE), 0, BigInt(MMIO)]);
  });
  it('carries address, direction and data of a store', () => {
    const vcpu = machineWith([0xb9000808, HVC]).vcpus[0]!; // str w8, [x0, #8]
    vcpu.setX(0, BigInt(MMIO));
    vcpu.setX(8, VALUE);
    expect(vcpu.run(10)).toEqual({
      kind: 'stage2-data',
      ipa: MMIO + 8,
      readOnly: false,
      far: BigInt(MMIO + 8),
      access: { address: BigInt(MMIO + 8), bytes: 4, read: false, write: true },
      syndrome: {
        isv: true,
        size: 4,
        signExtend: false,
        register: 8,
        sixtyFour: false,
        acquireRelease: false,
      },
      data: 0x5566_7788n,
    });
    vcpu.skipInstruction();
    expect(vcpu.run(10).kind).toBe('hvc');
  });
});

describe('watchpoints', () => {
  it('see the second page of an access that crosses 4 GiB', () => {
    const { machine, vcpu } = withMmu([0xf9400001]); // ldr x1, [x0]
    const [level2, level3] = [DATA + 0x20_0000, DATA + 0x20_1000];
    writeWord64(machine, TABLES + 3 * 8, BigInt(level2) | 3n);
    writeWord64(machine, level2 + 511 * 8, BigInt(level3) | 3n);
    writeWord64(machine, level3 + 511 * 8, BigInt(LOW) | 0x703n);
    writeWord64(machine, TABLES + 4 * 8, BigInt(RAM_BASE) | 0x701n);
    const file = {
      bcr: new BigUint64Array(16),
      bvr: new BigUint64Array(16),
      wcr: new BigUint64Array([0x1fffn]),
      wvr: new BigUint64Array([0x1_0000_0000n]),
    };
    vcpu.controls.tde = true;
    vcpu.loadDebug(file, 1n << 15n);
    vcpu.setX(0, 0xffff_fffcn);
    expect(vcpu.run(10)).toMatchObject({ kind: 'debug', exception: { far: 0x1_0000_0000n } });
    vcpu.setX(0, 0xffff_fff8n);
    expect(vcpu.run(10).kind).toBe('hvc');
  });

  it('hit before the access, and cost other pages nothing but the flush', () => {
    const { machine, vcpu } = withMmu([0xf9000001]); // str x1, [x0]
    const file = {
      bcr: new BigUint64Array(16),
      bvr: new BigUint64Array(16),
      wcr: new BigUint64Array(16),
      wvr: new BigUint64Array(16),
    };
    file.wvr[1] = BigInt(DATA + 16);
    file.wcr[1] = 0x1ff7n; // both directions, all bytes, EL0 and EL1
    vcpu.controls.tde = true;
    vcpu.setX(0, BigInt(DATA + 16));
    vcpu.setX(1, VALUE);
    vcpu.run(10);
    vcpu.pc = BigInt(CODE);
    vcpu.setX(1, 0n);
    vcpu.loadDebug(file, 1n << 15n);
    expect(vcpu.run(10)).toMatchObject({
      kind: 'debug',
      exception: { kind: 'watchpoint', esr: 0xd200_0062, far: BigInt(DATA + 16), causes: [{ slot: 1 }] },
    });
    expect(readWord64(machine, LOW + 16)).toBe(VALUE);
    vcpu.setX(0, BigInt(DATA + 24));
    expect(vcpu.run(10).kind).toBe('hvc');
    vcpu.pc = BigInt(CODE);
    vcpu.setX(0, BigInt(DATA + 16));
    vcpu.loadDebug(null, 0n);
    expect(vcpu.run(10).kind).toBe('hvc');
    expect(readWord64(machine, LOW + 16)).toBe(0n);
  });
});

describe('a page with a watchpoint', () => {
  it('is looked at again and again, its other bytes are stored and loaded, and it opens when the watchpoint goes', () => {
    const { machine, vcpu } = withMmu([0xf9000001, 0xf9400002]); // str x1, [x0]; ldr x2, [x0]
    const file = {
      bcr: new BigUint64Array(16),
      bvr: new BigUint64Array(16),
      wcr: new BigUint64Array([0x1fefn]), // loads, all bytes, EL0 and EL1
      wvr: new BigUint64Array([BigInt(DATA + 16)]),
    };
    const runAt = (address: number, value: bigint) => {
      vcpu.pc = BigInt(CODE);
      vcpu.setX(0, BigInt(address));
      vcpu.setX(1, value);
      return vcpu.run(10);
    };
    vcpu.controls.tde = true;
    vcpu.loadDebug(file, 1n << 15n);
    for (let n = 1n; n <= 4n; n++) {
      expect(runAt(DATA + 24, n).kind).toBe('hvc');
      expect([readWord64(machine, LOW + 24), vcpu.getX(2)]).toEqual([n, n]);
      expect(runAt(DATA + 16, n)).toMatchObject({ kind: 'debug', exception: { far: BigInt(DATA + 16) } });
      expect([readWord64(machine, LOW + 16), vcpu.getX(2)]).toEqual([n, n]);
    }
    vcpu.loadDebug(null, 0n);
    expect(runAt(DATA + 16, VALUE).kind).toBe('hvc');
    expect(vcpu.getX(2)).toBe(VALUE);
  });
});

describe('two vcpus', () => {
  const EXCLUSIVE = [0xc85f7c01, 0xd503201f, 0xc8027c03, HVC, 0xf9000005, HVC]; // ldxr x1,[x0]; nop; stxr w2,x3,[x0]; hvc; str x5,[x0]; hvc
  function pair() {
    const machine = machineWith(EXCLUSIVE, 2);
    const [a, b] = [machine.vcpus[0]!, machine.vcpus[1]!];
    for (const vcpu of [a, b]) {
      vcpu.setX(0, BigInt(DATA));
      vcpu.setX(2, 99n);
      vcpu.setX(3, 5n + BigInt(vcpu.index));
    }
    return { machine, a, b };
  }
  it('keep their registers apart', () => {
    const { a, b } = pair();
    a.setX(7, 1n);
    b.setX(7, 2n);
    a.run(1);
    b.setX(7, 3n);
    b.run(2);
    expect([a.getX(7), b.getX(7), a.pc, b.pc]).toEqual([1n, 3n, BigInt(CODE + 4), BigInt(CODE + 8)]);
    expect(a.instructionCount).toBe(3);
    expect(a.model).toBe(MODEL);
  });
  it("lose a reservation to the other one's store", () => {
    const { machine, a, b } = pair();
    b.pc = BigInt(CODE + 16);
    b.run(10); // the page is in the TLB for stores
    b.pc = BigInt(CODE + 16);
    a.run(2);
    b.setX(5, 77n);
    b.run(10);
    a.run(10);
    expect(a.getX(2)).toBe(1n);
    expect(readWord64(machine, DATA)).toBe(77n);
  });
  it('keep it when the other one stores elsewhere', () => {
    const { machine, a, b } = pair();
    a.run(2);
    b.pc = BigInt(CODE + 16);
    b.setX(0, BigInt(DATA + 128));
    b.run(10);
    a.run(10);
    expect(a.getX(2)).toBe(0n);
    expect(readWord64(machine, DATA)).toBe(5n);
  });
  it('cannot both succeed', () => {
    const { machine, a, b } = pair();
    a.run(2);
    b.run(2);
    expect([b.run(10).kind, a.run(10).kind]).toEqual(['hvc', 'hvc']);
    expect([a.getX(2), b.getX(2), readWord64(machine, DATA)]).toEqual([1n, 0n, 6n]);
  });
});
