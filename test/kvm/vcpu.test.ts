/** The vcpu's other ioctls: init, ONE_REG, MP_STATE, run and its errors, MMIO. */
import { describe, expect, it } from 'vitest';
import { KvmError } from '../../src/kvm/errors.ts';
import { explainExceptionLoop } from '../../src/kvm/exception-loop.ts';
import { KERNEL_GENERATIONS } from '../../src/kvm/kernel-behaviour.ts';
import { profile } from '../../src/kvm/profiles.ts';
import { createVm } from '../../src/kvm/vm.ts';
import {
  ADD_X0_1,
  B_SELF,
  breakpoint,
  CODE,
  DEVICE,
  debug,
  errnoOf,
  exit,
  get,
  guest,
  hsr,
  idOf,
  LDR_X1_X28,
  LDRSB_X1_X28,
  NOP,
  run,
  STP_X0_X1_X28,
  STR_X0_X28,
  set,
  WFI,
} from './guest.ts';

const LDRSB_W1_X28 = 0x39c00381;
const BR_X11 = 0xd61f0160;

function fresh(kernel: (typeof KERNEL_GENERATIONS)[number] = '6.18') {
  const host = profile('neoverse-n1', kernel);
  return createVm({
    memory: { base: Number(CODE), size: 0x10_0000 },
    vcpus: [
      { profile: host, features: [] },
      { profile: host, features: [] },
    ],
    debugResources: 'lowest-common-denominator',
  }).vcpus;
}

describe('KVM_ARM_VCPU_INIT', () => {
  it('must come before registers and KVM_RUN, but not before KVM_SET_GUEST_DEBUG (C17)', () => {
    const vcpu = fresh()[0]!;
    expect(vcpu.initialized).toBe(false);
    expect(errnoOf(() => vcpu.setGuestDebug(breakpoint(CODE)))).toBeUndefined();
    expect(errnoOf(() => vcpu.getOneReg(idOf('pc')))).toBe('ENOEXEC');
    expect(errnoOf(() => vcpu.setOneReg(idOf('pc'), 0n))).toBe('ENOEXEC');
    expect(errnoOf(() => vcpu.regList())).toBe('ENOEXEC');
    expect(errnoOf(() => vcpu.run(1))).toBe('ENOEXEC');
    vcpu.init([]);
    expect(vcpu.initialized).toBe(true);
  });
  it('refuses unknown, unsupported and changed features', () => {
    const vcpu = fresh()[0]!;
    expect(errnoOf(() => vcpu.init(['turbo']))).toBe('ENOENT');
    expect(errnoOf(() => vcpu.init(['sve']))).toBe('EINVAL');
    expect(errnoOf(() => vcpu.init(['el1_32bit']))).toBe('EINVAL');
    expect(vcpu.initialized).toBe(false);
    vcpu.init(['psci_0_2']);
    expect(errnoOf(() => vcpu.init([]))).toBe('EINVAL');
    expect(errnoOf(() => vcpu.init(['psci_0_2', 'power_off']))).toBeUndefined();
  });
  it('wants the same features on all vcpus since 6.5', () => {
    for (const kernel of KERNEL_GENERATIONS) {
      const [first, second] = fresh(kernel);
      first!.init(['psci_0_2']);
      expect(errnoOf(() => second!.init([]))).toBe(kernel === '6.1' ? undefined : 'EINVAL');
    }
  });
  it('resets to EL1h at 0 with everything masked, ESR and FAR to the value that means UNKNOWN', () => {
    const vcpu = fresh()[0]!;
    vcpu.init(['psci_0_2']);
    expect([get(vcpu, 'pc'), get(vcpu, 'pstate'), get(vcpu, 'x5')]).toEqual([0n, 0x3c5n, 0n]);
    expect([get(vcpu, 'esr_el1'), get(vcpu, 'far_el1')]).toEqual([0x1de7ec7edbadc0den, 0x1de7ec7edbadc0den]);
    expect(get(vcpu, 'sctlr_el1')).toBe(0x00c50078n);
  });
  it('numbers MPIDR_EL1 by vcpu', () => {
    const [, second] = fresh();
    second!.init(['psci_0_2']);
    expect(get(second!, 'mpidr_el1')).toBe(0x8000_0001n);
  });
});

describe('KVM_GET_ONE_REG and KVM_SET_ONE_REG', () => {
  it('keeps every register of KVM_GET_REG_LIST readable, 64 comparator registers among them (C26)', () => {
    const { vcpu } = guest([NOP]);
    const ids = vcpu.regList();
    for (const id of ids) expect(errnoOf(() => vcpu.getOneReg(id))).toBeUndefined();
    expect(ids).toContain(idOf('dbgwcr15_el1'));
    expect(ids).toContain(idOf('fpcr'));
  });
  it('moves 128-bit and 32-bit registers whole and refuses more', () => {
    const { vcpu } = guest([NOP]);
    const value = 0x0123456789abcdef_fedcba9876543210n;
    set(vcpu, { v7: value, fpsr: 0x0800009fn });
    expect([get(vcpu, 'v7'), get(vcpu, 'fpsr')]).toEqual([value, 0x0800009fn]);
    expect(errnoOf(() => vcpu.setOneReg(idOf('fpsr'), 1n << 32n))).toBe('EINVAL');
  });
  it('has SP_EL0 as sp whatever PSTATE selects', () => {
    const { vcpu } = guest([NOP]);
    set(vcpu, { sp: 0x1000n, sp_el1: 0x2000n });
    expect([get(vcpu, 'sp_el0'), get(vcpu, 'sp_el1')]).toEqual([0x1000n, 0x2000n]);
  });
  it.each([
    [0x0n, undefined],
    [0x3c4n, undefined],
    [0x3c5n, undefined],
    [0x3c9n, 'EINVAL'],
    [0x3c8n, 'EINVAL'],
    [0x1d0n, 'EINVAL'],
    [0x3c1n, 'EINVAL'],
  ])('pstate 0x%s: %s (C23)', (value, errno) => {
    const { vcpu } = guest([NOP]);
    expect(errnoOf(() => vcpu.setOneReg(idOf('pstate'), value))).toBe(errno);
    expect(get(vcpu, 'pstate')).toBe(errno === undefined ? value : 0x3c5n);
  });
  it.each([
    [0x8n, undefined],
    [0xan, undefined],
    [0x0n, 'EINVAL'],
    [0x9n, 'EINVAL'],
  ])('oslsr_el1 %s: %s (C24)', (value, errno) => {
    expect(errnoOf(() => set(guest([NOP]).vcpu, { oslsr_el1: value }))).toBe(errno);
  });
  it('lets user space lower WRPs and DebugVer before the first run only, BRPs and CTX_CMPs never (C25)', () => {
    const { vcpu } = guest([STR_X0_X28]);
    expect(errnoOf(() => set(vcpu, { id_aa64dfr0_el1: 0x10302008n }))).toBe('EINVAL');
    expect(errnoOf(() => set(vcpu, { id_aa64dfr0_el1: 0x00305008n }))).toBe('EINVAL');
    expect(errnoOf(() => set(vcpu, { id_aa64dfr0_el1: 0x10505008n }))).toBe('EINVAL');
    expect(errnoOf(() => set(vcpu, { id_aa64dfr0_el1: 0x10305005n }))).toBe('EINVAL');
    set(vcpu, { id_aa64dfr0_el1: 0x10105006n });
    exit(vcpu);
    expect(get(vcpu, 'id_aa64dfr0_el1')).toBe(0x10105006n);
    expect(errnoOf(() => set(vcpu, { id_aa64dfr0_el1: 0x10005006n }))).toBe('EBUSY');
    expect(errnoOf(() => set(vcpu, { id_aa64dfr0_el1: 0x10105006n }))).toBeUndefined();
  });
  it('has fixed ID registers in 6.1', () => {
    const { vcpu } = guest([NOP], { profile: profile('neoverse-n1', '6.1') });
    expect(get(vcpu, 'id_aa64dfr0_el1')).toBe(0x10305006n);
    expect(errnoOf(() => set(vcpu, { id_aa64dfr0_el1: 0x10105006n }))).toBe('EINVAL');
  });
  it.each([
    [0x2030000000100000n, 'EINVAL'],
    [0x60300000001000d8n, 'ENOENT'],
    [0x6020000000100040n, 'EINVAL'],
    [0x6030000000138084n, 'ENOENT'],
  ])('refuses id 0x%s with %s', (id, errno) => {
    const { vcpu } = guest([NOP]);
    expect(errnoOf(() => vcpu.getOneReg(id))).toBe(errno);
    expect(errnoOf(() => vcpu.setOneReg(id, 0n))).toBe(errno);
  });
  it('says whose fault a refusal is', () => {
    const { vcpu } = guest([NOP]);
    expect(() => vcpu.setOneReg(idOf('pstate'), 0x3c9n)).toThrow(KvmError);
    expect(() => vcpu.setOneReg(idOf('pstate'), 0x3c9n)).toThrow(/EL2h.*EL0t, EL1t and EL1h only/);
  });
});

describe('firmware registers', () => {
  const PSCI_VERSION = 0x6030_0000_0014_0000n;
  /** Id, value, and the largest that is accepted. */
  const constants: readonly (readonly [string, bigint, bigint])[] = [
    ['kvm_reg_arm_smccc_arch_workaround_1', 0x6030_0000_0014_0001n, 2n],
    ['kvm_reg_arm_smccc_arch_workaround_2', 0x6030_0000_0014_0002n, 3n],
    ['kvm_reg_arm_smccc_arch_workaround_3', 0x6030_0000_0014_0003n, 2n],
    ['kvm_reg_arm_std_bmap', 0x6030_0000_0016_0000n, 0n],
    ['kvm_reg_arm_std_hyp_bmap', 0x6030_0000_0016_0001n, 0n],
    ['kvm_reg_arm_vendor_hyp_bmap', 0x6030_0000_0016_0002n, 1n],
  ];
  it.each(constants)(
    '%s is listed, has the most that this host offers, and takes no more',
    (name, id, value) => {
      const { vcpu } = guest([NOP]);
      expect(idOf(name)).toBe(id);
      expect(vcpu.regList()).toContain(id);
      expect(vcpu.getOneReg(id)).toBe(value);
      expect(errnoOf(() => vcpu.setOneReg(id, value))).toBeUndefined();
      expect(errnoOf(() => vcpu.setOneReg(id, value + 1n))).toBe('EINVAL');
      expect(errnoOf(() => vcpu.setOneReg(id, 0n))).toBeUndefined();
    },
  );
  it.each([
    ['6.1', 0x10001n],
    ['6.12', 0x10001n],
    ['6.18', 0x10003n],
  ] as const)('KVM_REG_ARM_PSCI_VERSION in %s starts as 0x%s and takes older ones', (kernel, newest) => {
    const { vcpu } = guest([NOP], { profile: profile('neoverse-n1', kernel) });
    expect(vcpu.regList()).toContain(PSCI_VERSION);
    expect(vcpu.getOneReg(PSCI_VERSION)).toBe(newest);
    const answers = [0x2n, 0x10000n, 0x10001n, 0n, 1n, 0x10004n].map((v) =>
      errnoOf(() => vcpu.setOneReg(PSCI_VERSION, v)),
    );
    expect(answers).toEqual([undefined, undefined, undefined, 'EINVAL', 'EINVAL', 'EINVAL']);
    expect(vcpu.getOneReg(PSCI_VERSION)).toBe(0x10001n);
  });
  it('KVM_REG_ARM_PSCI_VERSION is 0.1 without the psci_0_2 feature, and nothing else', () => {
    const { vcpu } = guest([NOP], { features: [] });
    expect(vcpu.getOneReg(PSCI_VERSION)).toBe(0n);
    expect(errnoOf(() => vcpu.setOneReg(PSCI_VERSION, 0n))).toBeUndefined();
    expect(errnoOf(() => vcpu.setOneReg(PSCI_VERSION, 0x10000n))).toBe('EINVAL');
  });
  it('belong to the VM, and the services are fixed once it has run', () => {
    const { vm } = guest([STR_X0_X28], { vcpus: 2 });
    const [first, second] = vm.vcpus;
    first!.setOneReg(PSCI_VERSION, 2n);
    set(first!, { kvm_reg_arm_vendor_hyp_bmap: 0n });
    expect([second!.getOneReg(PSCI_VERSION), get(second!, 'kvm_reg_arm_vendor_hyp_bmap')]).toEqual([2n, 0n]);
    exit(first!);
    expect(errnoOf(() => set(second!, { kvm_reg_arm_vendor_hyp_bmap: 1n }))).toBe('EBUSY');
    expect(errnoOf(() => set(second!, { kvm_reg_arm_vendor_hyp_bmap: 0n }))).toBeUndefined();
  });
});

describe('trapped system registers', () => {
  const UNDEFINED = 0x0200_0000n;
  /** x0 after the word, or what ESR_EL1 says when it trapped. */
  function outcome(
    word: number,
    name: string,
    kernel?: '6.1' | '6.12' | '6.18',
  ): { x0: bigint } | { esr: bigint } {
    const { vcpu, vm } = guest([word, STR_X0_X28], { profile: profile(name, kernel) });
    vm.hardware.writePhysical(Number(CODE) + 0x2200, new Uint8Array(new Uint32Array([STR_X0_X28]).buffer));
    set(vcpu, { x0: 0x77n });
    exit(vcpu);
    return get(vcpu, 'pc') === CODE + 4n ? { x0: get(vcpu, 'x0') } : { esr: get(vcpu, 'esr_el1') };
  }
  it.each([
    ['mrs x0, lorsa_el1', 0xd538a400, { x0: 0n }],
    ['msr lorc_el1, x0', 0xd518a460, { x0: 0x77n }],
    ['mrs x0, lorid_el1', 0xd538a4e0, { x0: 0n }],
    ['msr lorid_el1, x0', 0xd518a4e0, { esr: UNDEFINED }],
  ] as const)(
    '%s: LORegions are RAZ/WI where the PE has FEAT_LOR, UNDEFINED elsewhere',
    (_, word, expected) => {
      expect(outcome(word, 'neoverse-n1')).toEqual(expected);
      expect(outcome(word, 'cortex-a72')).toEqual({ esr: UNDEFINED });
    },
  );
  // Linux: access_ras in arch/arm64/kvm/sys_regs.c (trap_raz_wi before 6.18), HCR_EL2.TERR.
  it.each([
    ['mrs x0, erridr_el1', 0xd5385300, { x0: 0n }],
    ['mrs x0, errselr_el1', 0xd5385320, { x0: 0n }],
    ['mrs x0, erxfr_el1', 0xd5385400, { x0: 0n }],
    ['mrs x0, erxctlr_el1', 0xd5385420, { x0: 0n }],
    ['mrs x0, erxstatus_el1', 0xd5385440, { x0: 0n }],
    ['mrs x0, erxaddr_el1', 0xd5385460, { x0: 0n }],
    ['mrs x0, erxmisc0_el1', 0xd5385500, { x0: 0n }],
    ['mrs x0, erxmisc1_el1', 0xd5385520, { x0: 0n }],
    ['msr errselr_el1, x0', 0xd5185320, { x0: 0x77n }],
    ['msr erxctlr_el1, x0', 0xd5185420, { x0: 0x77n }],
    ['msr erxstatus_el1, x0', 0xd5185440, { x0: 0x77n }],
    ['msr erxaddr_el1, x0', 0xd5185460, { x0: 0x77n }],
    ['msr erxmisc0_el1, x0', 0xd5185500, { x0: 0x77n }],
    ['msr erxmisc1_el1, x0', 0xd5185520, { x0: 0x77n }],
    ['msr erridr_el1, x0', 0xd5185300, { esr: UNDEFINED }],
    ['msr erxfr_el1, x0', 0xd5185400, { esr: UNDEFINED }],
    ['mrs x0, erxpfgf_el1', 0xd5385480, { esr: UNDEFINED }],
    ['mrs x0, erxmisc2_el1', 0xd5385540, { esr: UNDEFINED }],
  ] as const)(
    '%s: error records of RAS, version 1, are RAZ/WI where the PE has it, UNDEFINED elsewhere',
    (_, word, expected) => {
      for (const kernel of ['6.1', '6.12', '6.18'] as const) {
        expect(outcome(word, 'neoverse-n1', kernel), kernel).toEqual(expected);
      }
      expect(outcome(word, 'cortex-a72')).toEqual({ esr: UNDEFINED });
    },
  );
  it('a step over one is reported as emulated: ISV is 0', () => {
    const { vcpu } = guest([0xd538a400, NOP]);
    vcpu.setGuestDebug(debug(0x3));
    expect(hsr(vcpu)).toBe(0xca000022);
  });
  it.each([
    ['mrs x0, S3_0_C0_C3_7', 0xd53803e0],
    ['mrs x0, S3_0_C0_C5_7', 0xd53805e0],
    ['mrs x0, S3_0_C0_C7_7', 0xd53807e0],
  ])('%s: the unallocated ID space reads as zero', (_, word) => {
    expect(outcome(word, 'neoverse-n1')).toEqual({ x0: 0n });
    expect(outcome((word & ~(1 << 21)) >>> 0, 'neoverse-n1')).toEqual({ esr: UNDEFINED });
  });
});

describe('MMIO', () => {
  it('a store exits with the bytes, and the next run goes on after it', () => {
    const { vcpu } = guest([STR_X0_X28, ADD_X0_1, STR_X0_X28]);
    set(vcpu, { x0: 0x11n });
    expect(exit(vcpu)).toEqual({
      reason: 'KVM_EXIT_MMIO',
      mmio: { physAddr: DEVICE, data: 0x11n, len: 8, isWrite: true },
    });
    expect(get(vcpu, 'pc')).toBe(CODE);
    expect(exit(vcpu)).toMatchObject({ mmio: { data: 0x12n } });
    expect(get(vcpu, 'pc')).toBe(CODE + 8n);
  });
  it.each([
    ['ldr x1', LDR_X1_X28, 8, 0xffff_ffff_ffff_ff80n, 0xffff_ffff_ffff_ff80n],
    ['ldrsb x1: zero-extended, as in every recording', LDRSB_X1_X28, 1, 0xff80n, 0x80n],
    ['ldrsb w1', LDRSB_W1_X28, 1, 0x80n, 0x80n],
  ])('a load takes the answer: %s', (_, word, len, data, expected) => {
    const { vcpu } = guest([word, STR_X0_X28]);
    set(vcpu, { x1: 0x5555_5555_5555_5555n });
    expect(exit(vcpu)).toMatchObject({ mmio: { len, isWrite: false } });
    exit(vcpu, { mmioData: data });
    expect(get(vcpu, 'x1')).toBe(expected);
  });
  it('a pair has no valid syndrome: ENOSYS, or KVM_EXIT_ARM_NISV once that is enabled', () => {
    const { vcpu, vm } = guest([STP_X0_X1_X28]);
    expect(run(vcpu)).toMatchObject({ kind: 'error', errno: 'ENOSYS', exit: { reason: 'KVM_EXIT_UNKNOWN' } });
    expect(errnoOf(() => vm.enableCap(23))).toBe('EINVAL');
    vm.enableCap(177);
    expect(exit(vcpu)).toMatchObject({ reason: 'KVM_EXIT_ARM_NISV', armNisv: { faultIpa: DEVICE } });
  });
  it('an atomic access reports a read', () => {
    const { vcpu, vm } = guest([0xf8218382]); // swp x1, x2, [x28]
    vm.enableCap(177);
    const armNisv = { esrIss: 7n, faultIpa: DEVICE };
    expect(exit(vcpu)).toEqual({ reason: 'KVM_EXIT_ARM_NISV', armNisv });
  });
  it('a fetch from where there is no memory is an External abort for the guest', () => {
    for (const kernel of KERNEL_GENERATIONS) {
      const { vcpu, vm } = guest([BR_X11], { profile: profile('neoverse-n1', kernel) });
      vm.hardware.writePhysical(Number(CODE) + 0x2200, new Uint8Array(new Uint32Array([STR_X0_X28]).buffer));
      set(vcpu, { x11: 0x8000_0000n });
      exit(vcpu);
      expect(get(vcpu, 'esr_el1')).toBe(kernel === '6.1' ? 0xffff_ffff_8600_0010n : 0x8600_0010n);
      expect(get(vcpu, 'far_el1')).toBe(0x8000_0000n);
    }
  });
});

describe('KVM_RUN', () => {
  it('an access that KVM emulates clears the local monitor', () => {
    // ldxr x1, [x10]; mrs x2, id_aa64pfr0_el1; stxr w0, x1, [x10]
    const { vcpu } = guest([0xc85f7d41, 0xd5380402, 0xc8007d41, STR_X0_X28]);
    expect(exit(vcpu)).toMatchObject({ mmio: { data: 1n } });
  });
  it('the virtual count is there for user space, too', () => {
    const { vcpu } = guest([NOP, NOP, 0xd53be040, STR_X0_X28]); // mrs x0, cntvct_el0
    expect(exit(vcpu)).toMatchObject({ mmio: { data: 2n } });
    expect(get(vcpu, 'cntvct_el0')).toBe(3n);
  });
  it('is preempted when the budget is spent and goes on, or is interrupted', () => {
    const { vcpu } = guest([B_SELF]);
    expect(vcpu.run(1000)).toEqual({ kind: 'preempted' });
    expect([vcpu.inRun, vcpu.instructionCount]).toEqual([true, 1000]);
    expect(vcpu.run(234)).toEqual({ kind: 'preempted' });
    expect(vcpu.instructionCount).toBe(1234);
    expect(vcpu.interrupt()).toMatchObject({
      kind: 'error',
      errno: 'EINTR',
      exit: { reason: 'KVM_EXIT_INTR' },
    });
    expect(vcpu.inRun).toBe(false);
  });
  it('blocks in WFI until an interrupt line rises, masked or not', () => {
    const { vcpu } = guest([WFI, STR_X0_X28]);
    expect(vcpu.run(1000)).toEqual({ kind: 'blocked' });
    expect(vcpu.run(1000)).toEqual({ kind: 'blocked' });
    vcpu.irqLine('irq', true);
    expect(exit(vcpu).reason).toBe('KVM_EXIT_MMIO');
  });
  it('blocks while the vcpu is stopped', () => {
    const { vcpu } = guest([STR_X0_X28]);
    vcpu.setMpState('KVM_MP_STATE_STOPPED');
    expect(vcpu.run(1000)).toEqual({ kind: 'blocked' });
    expect(vcpu.getMpState()).toBe('KVM_MP_STATE_STOPPED');
    vcpu.setMpState('KVM_MP_STATE_RUNNABLE');
    expect(exit(vcpu).reason).toBe('KVM_EXIT_MMIO');
  });
  it('gives the instruction of an exit as long as the vcpu stays there', () => {
    const { vcpu } = guest([NOP, ADD_X0_1, NOP]);
    vcpu.setGuestDebug(debug(0x3));
    const first = run(vcpu);
    if (first.kind !== 'exit') throw new Error(first.kind);
    expect(first.detail.instruction).toBe(ADD_X0_1);
    expect(hsr(vcpu)).toBe(0xcb000022);
    expect(first.detail.instruction).toBeUndefined();
  });
});

describe('a guest that takes exceptions only', () => {
  const fruitless = (vbar: bigint, words: readonly number[]) => {
    const { vcpu } = guest(words);
    set(vcpu, { vbar_el1: vbar });
    for (let turns = 0; turns < 1000; turns++) {
      const result = vcpu.run(10);
      if (result.kind !== 'preempted') throw new Error(result.kind);
      if (result.exceptionLoop !== undefined) return { vcpu, loop: result.exceptionLoop };
    }
    throw new Error('nothing was reported');
  };

  it('is reported with its last exception: no memory at the vectors', () => {
    const { vcpu, loop } = fruitless(0n, [0]); // udf #0
    // Instruction Abort from the current EL, synchronous External abort (Arm ARM, ESR_EL1: EC 0x21, IL, IFSC 0x10).
    expect(loop).toEqual({ attempts: 65_536, esr: 0x8600_0010, elr: 0x200n, far: 0x200n, vbar: 0n });
    expect(vcpu.instructionCount).toBe(0);
    expect(explainExceptionLoop(0, loop)).toMatch(
      /^vcpu 0 takes exceptions only: 65536 in a row .* The last is Instruction Abort from the current Exception level at 0x0000000000000200 .*FAR_EL1 0x0000000000000200.* VBAR_EL1 is 0x0000000000000000/,
    );
  });
  it('is reported with its last exception: UNDEFINED at the vectors', () => {
    const { loop } = fruitless(CODE + 0x2000n, [0]);
    expect(loop).toMatchObject({ attempts: 65_536, esr: 0x0200_0000, elr: CODE + 0x2200n });
    expect(explainExceptionLoop(3, loop)).toContain(
      'The last is UNDEFINED instruction at 0x0000000040002200 (ESR_EL1 0x02000000, ELR_EL1 0x0000000040002200).',
    );
  });
  it('is not what a guest is whose exceptions are handled', () => {
    const { vcpu, vm } = guest([0, 0x17ffffff]); // udf #0; b .-4
    // mrs x0, elr_el1; add x0, x0, #4; msr elr_el1, x0; eret
    const handler = new Uint32Array([0xd5384020, 0x91001000, 0xd5184020, 0xd69f03e0]);
    vm.hardware.writePhysical(Number(CODE) + 0x2200, new Uint8Array(handler.buffer));
    expect(vcpu.run(500_000)).toEqual({ kind: 'preempted' });
    expect(vcpu.instructionCount).toBe(500_000);
  });
});
