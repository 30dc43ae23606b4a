/** PSCI and SMCCC as a guest sees them. Expected values: Arm DEN 0022, and the recordings for what KVM adds. */
import { describe, expect, it } from 'vitest';
import type { KernelGeneration } from '../../src/kvm/contract.ts';
import { profile } from '../../src/kvm/profiles.ts';
import { ADD_X0_1, CODE, exit, get, guest, HVC_0, run, SMC_0, STR_X0_X28, set } from './guest.ts';

const NOT_SUPPORTED = 0xffff_ffff_ffff_ffffn;
const INVALID = 0xffff_ffff_ffff_fffen;
const ALREADY_ON = 0xffff_ffff_ffff_fffcn;
const INTERNAL_FAILURE = 0xffff_ffff_ffff_fffan;

interface CallOptions {
  readonly kernel?: KernelGeneration;
  readonly word?: number;
  readonly features?: readonly string[];
  readonly vcpus?: number;
}
/** x0 to x3 after a call that returns; the guest then stores to a device. */
function call(args: readonly bigint[], options: CallOptions = {}): bigint[] {
  const { vcpu } = guest([options.word ?? HVC_0, STR_X0_X28], {
    profile: profile('neoverse-n1', options.kernel ?? '6.18'),
    features: options.features ?? ['psci_0_2'],
    vcpus: options.vcpus ?? 1,
  });
  set(vcpu, { x0: args[0] ?? 0n, x1: args[1] ?? 0n, x2: args[2] ?? 0n, x3: args[3] ?? 0n });
  expect(exit(vcpu).reason).toBe('KVM_EXIT_MMIO');
  return ['x0', 'x1', 'x2', 'x3'].map((name) => get(vcpu, name));
}

describe('hypercalls', () => {
  it.each([
    ['6.1', 0x10001n],
    ['6.12', 0x10001n],
    ['6.18', 0x10003n],
  ] as const)('PSCI_VERSION in %s is 0x%s', (kernel, version) => {
    expect(call([0x8400_0000n], { kernel })).toEqual([version, 0n, 0n, 0n]);
  });
  it.each([
    ['unknown function', 0x1234n],
    ['MIGRATE', 0x8400_0005n],
    ['SYSTEM_SUSPEND without its capability', 0xc400_000en],
    ['PSCI 0.1 id', 0x95c1_ba60n],
    ['64-bit form of a 32-bit call', 0xc400_0000n],
  ])('%s is not supported', (_, id) => expect(call([id])[0]).toBe(NOT_SUPPORTED));
  it.each([
    ['CPU_ON', 0xc400_0003n, 0n],
    ['SYSTEM_RESET2', 0x8400_0012n, 0n],
    ['SMCCC_VERSION', 0x8000_0000n, 0n],
    ['MIGRATE', 0x8400_0005n, NOT_SUPPORTED],
  ])('PSCI_FEATURES of %s', (_, id, result) => expect(call([0x8400_000an, id])[0]).toBe(result));
  it('SYSTEM_OFF2 came with PSCI 1.3', () => {
    expect(call([0x8400_000an, 0x8400_0015n], { kernel: '6.12' })[0]).toBe(NOT_SUPPORTED);
    expect(call([0x8400_000an, 0x8400_0015n], { kernel: '6.18' })[0]).toBe(1n);
  });
  it('says SMCCC 1.1, no trusted OS to migrate, and who it is', () => {
    expect(call([0x8000_0000n])[0]).toBe(0x10001n);
    expect(call([0x8400_0006n])[0]).toBe(2n);
    expect(call([0x8600_ff01n])).toEqual([0xb66fb428n, 0xe911c52en, 0x564bcaa9n, 0x743a004dn]);
  });
  it.each([
    ['SMCCC_ARCH_WORKAROUND_1', 0x8000_8000n, 1n],
    ['SMCCC_ARCH_WORKAROUND_2', 0x8000_7fffn, INVALID],
    ['SMCCC_ARCH_WORKAROUND_3', 0x8000_3fffn, 1n],
    ['PV_TIME_FEATURES', 0xc500_0020n, NOT_SUPPORTED],
    ['SMCCC_VERSION', 0x8000_0000n, NOT_SUPPORTED],
  ])('SMCCC_ARCH_FEATURES of %s: nothing is needed where nothing is speculated', (_, id, result) => {
    expect(call([0x8000_0001n, id])[0]).toBe(result);
  });
  it.each([
    ['TRNG_VERSION', 0x8400_0050n],
    ['TRNG_RND64', 0xc400_0053n],
    ['PTP', 0x8600_0001n],
    ['PV_TIME_ST', 0xc500_0021n],
  ])('%s is not supported: the firmware registers do not offer it', (_, id) => {
    expect(call([id])[0]).toBe(NOT_SUPPORTED);
  });
  it('VENDOR_HYP calls go with KVM_REG_ARM_VENDOR_HYP_BMAP', () => {
    expect(call([0x8600_0000n])[0]).toBe(1n);
    const { vcpu } = guest([HVC_0, STR_X0_X28]);
    set(vcpu, { kvm_reg_arm_vendor_hyp_bmap: 0n, x0: 0x8600_0000n });
    expect(exit(vcpu)).toMatchObject({ mmio: { data: NOT_SUPPORTED } });
  });
  it('SMC is the same call from 6.12 on, -1 before', () => {
    expect(call([0x8400_0000n], { word: SMC_0, kernel: '6.12' })[0]).toBe(0x10001n);
    expect(call([0x8400_0000n], { word: SMC_0, kernel: '6.1' })[0]).toBe(NOT_SUPPORTED);
  });
  it('without the psci_0_2 feature there is PSCI 0.1 only', () => {
    expect(call([0x8400_0000n], { features: [] })[0]).toBe(NOT_SUPPORTED);
    expect(call([0x95c1_ba60n, 9n], { features: [] })[0]).toBe(INVALID);
  });
});

describe('power', () => {
  it('AFFINITY_INFO knows who is on', () => {
    expect(call([0xc400_0004n, 0n, 0n])[0]).toBe(0n);
    expect(call([0xc400_0004n, 7n, 0n])[0]).toBe(INVALID);
    expect(call([0xc400_0004n, 0n, 4n])[0]).toBe(INVALID);
  });
  it('CPU_ON refuses vcpus that are on or do not exist', () => {
    expect(call([0xc400_0003n, 1n, CODE], { vcpus: 2 })[0]).toBe(ALREADY_ON);
    expect(call([0xc400_0003n, 2n, CODE], { vcpus: 2 })[0]).toBe(INVALID);
  });
  it('CPU_ON starts a vcpu that is off, at the entry with the context in x0', () => {
    const { vm } = guest([HVC_0, STR_X0_X28, ADD_X0_1], { vcpus: 2 });
    const [first, second] = vm.vcpus;
    second!.init(['psci_0_2', 'power_off']);
    expect(second!.run(100)).toEqual({ kind: 'blocked' });
    set(first!, { x0: 0xc400_0003n, x1: 1n, x2: CODE + 8n, x3: 0x77n });
    expect(exit(first!)).toMatchObject({ mmio: { data: 0n } });
    expect(second!.run(1)).toEqual({ kind: 'preempted' });
    second!.interrupt();
    expect([get(second!, 'x0'), get(second!, 'pc'), get(second!, 'pstate')]).toEqual([
      0x78n,
      CODE + 12n,
      0x3c5n,
    ]);
  });
  it('reserved bits of an affinity are refused', () => {
    expect(call([0xc400_0003n, 0x8000_0001n, CODE], { vcpus: 2 })[0]).toBe(INVALID);
    expect(call([0xc400_0004n, 0x8000_0000n, 0n])[0]).toBe(INVALID);
    expect(call([0xc400_0004n, 1n << 40n, 0n])[0]).toBe(INVALID);
    expect(call([0x8400_0004n, 1n << 40n, 0n])[0]).toBe(0n);
  });
  it('user space sees the registers of a vcpu that CPU_ON started, and may change them before it runs', () => {
    const { vm } = guest([HVC_0, STR_X0_X28, ADD_X0_1, STR_X0_X28], { vcpus: 2 });
    const [first, second] = vm.vcpus;
    second!.setMpState('KVM_MP_STATE_STOPPED');
    set(second!, { x1: 5n });
    set(first!, { x0: 0xc400_0003n, x1: 1n, x2: CODE + 8n, x3: 0x77n });
    exit(first!);
    expect([get(second!, 'pc'), get(second!, 'x0'), get(second!, 'x1')]).toEqual([CODE + 8n, 0x77n, 0n]);
    set(second!, { x0: 1n, x28: 0x0900_0000n });
    expect(exit(second!)).toMatchObject({ mmio: { data: 2n } });
  });
  it('SYSTEM_RESET2 leaves its arguments in their registers', () => {
    const { vcpu } = guest([HVC_0]);
    set(vcpu, { x0: 0xc400_0012n, x1: 0x8000_0000n, x2: 7n, x3: 8n });
    exit(vcpu);
    expect(['x0', 'x1', 'x2', 'x3'].map((name) => get(vcpu, name))).toEqual([
      INTERNAL_FAILURE,
      0x8000_0000n,
      7n,
      8n,
    ]);
  });
  it('CPU_OFF blocks the caller', () => {
    const { vcpu } = guest([HVC_0, STR_X0_X28]);
    set(vcpu, { x0: 0x8400_0002n });
    expect(run(vcpu)).toEqual({ kind: 'blocked' });
    expect(vcpu.getMpState()).toBe('KVM_MP_STATE_STOPPED');
  });
  it.each([
    ['SYSTEM_OFF', [0x8400_0008n], 'KVM_SYSTEM_EVENT_SHUTDOWN', 0n, INTERNAL_FAILURE],
    ['SYSTEM_RESET', [0x8400_0009n], 'KVM_SYSTEM_EVENT_RESET', 0n, INTERNAL_FAILURE],
    ['SYSTEM_RESET2', [0xc400_0012n, 0n], 'KVM_SYSTEM_EVENT_RESET', 1n, INTERNAL_FAILURE],
    ['SYSTEM_OFF2', [0xc400_0015n, 1n], 'KVM_SYSTEM_EVENT_SHUTDOWN', 1n, INTERNAL_FAILURE],
  ] as const)('%s exits with a system event and stops every vcpu', (_, args, type, flags, x0) => {
    const { vm, vcpu } = guest([HVC_0, STR_X0_X28], { vcpus: 2 });
    set(vcpu, { x0: args[0], x1: args[1] ?? 0n });
    expect(exit(vcpu)).toEqual({ reason: 'KVM_EXIT_SYSTEM_EVENT', systemEvent: { type, data: [flags] } });
    expect([get(vcpu, 'pc'), get(vcpu, 'x0')]).toEqual([CODE + 4n, x0]);
    for (const one of vm.vcpus) expect(one.getMpState()).toBe('KVM_MP_STATE_STOPPED');
  });
  it('SYSTEM_SUSPEND leaves the machine as it is, once user space takes it on', () => {
    const { vm, vcpu } = guest([HVC_0, STR_X0_X28]);
    vm.enableCap(216);
    set(vcpu, { x0: 0xc400_000en, x1: CODE, x2: 5n });
    const systemEvent = { type: 'KVM_SYSTEM_EVENT_SUSPEND', data: [] };
    expect(exit(vcpu)).toEqual({ reason: 'KVM_EXIT_SYSTEM_EVENT', systemEvent });
    expect([get(vcpu, 'x0'), get(vcpu, 'x1'), vcpu.getMpState()]).toEqual([
      0xc400_000en,
      CODE,
      'KVM_MP_STATE_RUNNABLE',
    ]);
  });
  it('a suspended vcpu reports its wake-up and stays suspended until made runnable', () => {
    const { vcpu } = guest([STR_X0_X28]);
    vcpu.setMpState('KVM_MP_STATE_SUSPENDED');
    expect(run(vcpu)).toEqual({ kind: 'blocked' });
    vcpu.irqLine('irq', true);
    expect(exit(vcpu)).toMatchObject({ systemEvent: { type: 'KVM_SYSTEM_EVENT_WAKEUP' } });
    expect(exit(vcpu)).toMatchObject({ systemEvent: { type: 'KVM_SYSTEM_EVENT_WAKEUP' } });
    vcpu.setMpState('KVM_MP_STATE_RUNNABLE');
    expect(exit(vcpu).reason).toBe('KVM_EXIT_MMIO');
  });
});
