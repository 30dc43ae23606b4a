/** Layouts and numbers of the KVM ABI. Expected values: Linux uapi headers, as the reference tables give them. */
import { describe, expect, it } from 'vitest';
import { capabilityName, capabilityNumber, KVM_CAP } from '../../../src/abi/kvm/capabilities.ts';
import {
  guestDebugControl,
  guestDebugFlagNames,
  KVM_GUESTDBG,
  KVM_GUESTDBG_VALID_MASK,
  packDebugExitArch,
  packGuestDebug,
  unpackGuestDebug,
} from '../../../src/abi/kvm/guest-debug.ts';
import {
  CORE_REGISTERS,
  ONE_REGS,
  oneRegById,
  oneRegByName,
  oneRegGroup,
  refusalOf,
} from '../../../src/abi/kvm/one-reg.ts';

const sixteen = (from: bigint): bigint[] => Array.from({ length: 16 }, (_, n) => from + BigInt(n));

describe('struct kvm_guest_debug', () => {
  const debug = {
    control: 0x20001,
    bcr: sixteen(0x100n),
    bvr: sixteen(0x200n),
    wcr: sixteen(0x300n),
    wvr: sixteen(0x400n),
  };

  it('is 520 bytes with dbg_bcr at 8, dbg_bvr at 136, dbg_wcr at 264, dbg_wvr at 392 (C06)', () => {
    const bytes = packGuestDebug(debug);
    const view = new DataView(bytes.buffer);
    expect(bytes).toHaveLength(520);
    expect(view.getUint32(0, true)).toBe(0x20001);
    expect(view.getBigUint64(8, true)).toBe(0x100n);
    expect(view.getBigUint64(136 - 8, true)).toBe(0x10fn);
    expect(view.getBigUint64(136, true)).toBe(0x200n);
    expect(view.getBigUint64(264, true)).toBe(0x300n);
    expect(view.getBigUint64(392, true)).toBe(0x400n);
    expect(view.getBigUint64(512, true)).toBe(0x40fn);
  });
  it('reads back what it wrote, and ignores pad (C12)', () => {
    const bytes = packGuestDebug(debug);
    bytes.fill(0xff, 4, 8);
    expect(unpackGuestDebug(bytes)).toEqual(debug);
  });
  it('takes missing entries as 0 and no other length', () => {
    const short = unpackGuestDebug(packGuestDebug({ control: 1, bcr: [0x1e7n], bvr: [], wcr: [], wvr: [] }));
    expect(short?.bcr).toEqual([0x1e7n, ...Array(15).fill(0n)]);
    expect(unpackGuestDebug(new Uint8Array(519))).toBeUndefined();
  });
  it('has debug exits of 16 bytes: hsr, hsr_high, far', () => {
    const bytes = packDebugExitArch({ hsr: 0xd2000062, hsrHigh: 0, far: 0x40100008n });
    expect(Buffer.from(bytes).toString('hex')).toBe('620000d2000000000800104000000000');
  });
});

describe('control bits', () => {
  it('has one bit 17 under both of its names', () => {
    expect(KVM_GUESTDBG.KVM_GUESTDBG_USE_HW).toBe(1 << 17);
    expect(KVM_GUESTDBG.KVM_GUESTDBG_USE_HW_BP).toBe(1 << 17);
    expect(guestDebugControl(['ENABLE', 'kvm_guestdbg_use_hw_bp'])).toBe(0x20001);
    expect(guestDebugControl(['KVM_GUESTDBG_INJECT_DB'])).toBeUndefined();
  });
  it('names set bits, unknown ones as numbers', () => {
    expect(guestDebugFlagNames(0x8002_0003)).toEqual([
      'KVM_GUESTDBG_ENABLE',
      'KVM_GUESTDBG_SINGLESTEP',
      'KVM_GUESTDBG_USE_HW',
      '0x80000000',
    ]);
    expect(KVM_GUESTDBG_VALID_MASK).toBe(0x30003);
  });
});

describe('capabilities', () => {
  it.each([
    ['KVM_CAP_SET_GUEST_DEBUG', 23],
    ['KVM_CAP_VCPU_EVENTS', 41],
    ['KVM_CAP_DEBUGREGS', 50],
    ['KVM_CAP_ONE_REG', 70],
    ['KVM_CAP_ARM_PSCI_0_2', 102],
    ['KVM_CAP_GUEST_DEBUG_HW_BPS', 119],
    ['KVM_CAP_GUEST_DEBUG_HW_WPS', 120],
    ['KVM_CAP_IMMEDIATE_EXIT', 136],
    ['KVM_CAP_ARM_VM_IPA_SIZE', 165],
    ['KVM_CAP_PPC_GUEST_DEBUG_SSTEP', 176],
    ['KVM_CAP_ARM_NISV_TO_USER', 177],
    ['KVM_CAP_SET_GUEST_DEBUG2', 195],
    ['KVM_CAP_ARM_SYSTEM_SUSPEND', 216],
  ] as const)('%s is %i', (name, number) => {
    expect(KVM_CAP[name]).toBe(number);
    expect(capabilityNumber(name)).toBe(number);
    expect(capabilityNumber(name.slice('KVM_CAP_'.length).toLowerCase())).toBe(number);
    expect(capabilityName(number)).toBe(name);
  });
  it('has every number once', () => {
    expect(new Set(Object.values(KVM_CAP)).size).toBe(Object.keys(KVM_CAP).length);
    expect(capabilityNumber('KVM_CAP_NOTHING')).toBeUndefined();
    expect(capabilityName(9999)).toBeUndefined();
  });
});

describe('ONE_REG identifiers', () => {
  it.each([
    ['x0', 0x6030000000100000n],
    ['x30', 0x603000000010003cn],
    ['sp', 0x603000000010003en],
    ['pc', 0x6030000000100040n],
    ['pstate', 0x6030000000100042n],
    ['sp_el1', 0x6030000000100044n],
    ['elr_el1', 0x6030000000100046n],
    ['spsr_el1', 0x6030000000100048n],
    ['spsr_fiq', 0x6030000000100050n],
    ['v0', 0x6040000000100054n],
    ['v31', 0x60400000001000d0n],
    ['fpsr', 0x60200000001000d4n],
    ['fpcr', 0x60200000001000d5n],
    ['dbgbvr0_el1', 0x6030000000138004n],
    ['dbgbcr0_el1', 0x6030000000138005n],
    ['dbgwvr3_el1', 0x603000000013801en],
    ['dbgwcr15_el1', 0x603000000013807fn],
    ['mdccint_el1', 0x6030000000138010n],
    ['mdscr_el1', 0x6030000000138012n],
    ['oslsr_el1', 0x603000000013808cn],
    ['dbgvcr32_el2', 0x603000000013a038n],
    ['midr_el1', 0x603000000013c000n],
    ['mpidr_el1', 0x603000000013c005n],
    ['id_aa64dfr0_el1', 0x603000000013c028n],
    ['sctlr_el1', 0x603000000013c080n],
    ['esr_el1', 0x603000000013c290n],
    ['far_el1', 0x603000000013c300n],
    ['vbar_el1', 0x603000000013c600n],
    ['contextidr_el1', 0x603000000013c681n],
    ['tpidr_el1', 0x603000000013c684n],
  ])('%s is %s (C22)', (name, id) => {
    expect(oneRegByName(name)?.id).toBe(id);
    expect(oneRegByName(name.toUpperCase())?.id).toBe(id);
    expect(oneRegById(id)).toBe(oneRegByName(name));
  });
  it('has the timer ids swapped: the ABI froze them that way', () => {
    expect(oneRegByName('cntvct_el0')?.id).toBe(
      0x6030000000130000n | BigInt((3 << 14) | (3 << 11) | (14 << 7) | (3 << 3) | 2),
    );
    expect(oneRegByName('cntv_cval_el0')?.id).toBe(
      0x6030000000130000n | BigInt((3 << 14) | (3 << 11) | (14 << 7) | 2),
    );
  });
  it('has all 64 comparator registers and not the write-only OSLAR_EL1 (C26)', () => {
    expect(ONE_REGS.filter(({ name }) => /^dbg[bw][cv]r\d+_el1$/.test(name))).toHaveLength(64);
    expect(oneRegByName('oslar_el1')).toBeUndefined();
  });
  it('has every id and every name once', () => {
    expect(new Set(ONE_REGS.map(({ id }) => id)).size).toBe(ONE_REGS.length);
    expect(new Set(ONE_REGS.map(({ name }) => name)).size).toBe(ONE_REGS.length);
  });
  it('knows the groups', () => {
    expect(oneRegGroup('core')).toContain('pstate');
    expect(oneRegGroup('simd')).toHaveLength(34);
    expect(oneRegGroup('system')).toContain('mdscr_el1');
    expect((oneRegGroup('core')?.length ?? 0) + 34).toBe(CORE_REGISTERS.length);
    expect(oneRegGroup('everything')).toBeUndefined();
  });
  it.each([
    [0x2030000000100000n, 'EINVAL'],
    [0x6020000000100000n, 'EINVAL'],
    [0x6030000000100001n, 'EINVAL'],
    [0x60300000001000d8n, 'ENOENT'],
    [0x6030000000138084n, 'ENOENT'],
  ])('%s is no register: %s', (id, errno) => {
    expect(oneRegById(id)).toBeUndefined();
    expect(refusalOf(id).errno).toBe(errno);
  });
});
