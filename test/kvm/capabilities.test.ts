/** How many slots a host and a VM report, and which of them work: KVM_CHECK_EXTENSION, profiles, the policy. */
import { describe, expect, it } from 'vitest';
import { checkHostExtension } from '../../src/kvm/capabilities.ts';
import { KERNEL_GENERATIONS } from '../../src/kvm/kernel-behaviour.ts';
import { customProfile, PROFILE_NAMES, profile, profiles } from '../../src/kvm/profiles.ts';
import { createVm } from '../../src/kvm/vm.ts';
import { breakpoint, CODE, debug, errnoOf, get, hsr, NOP, STR_X0_X28, set } from './guest.ts';

const BPS = 119;
const WPS = 120;

describe.each(KERNEL_GENERATIONS)('a host with kernel %s', (kernel) => {
  it.each(PROFILE_NAMES)('%s answers as its ID_AA64DFR0_EL1 says (C03, C04)', (name) => {
    const host = profile(name, kernel);
    const dfr0 = host.idRegisters['id_aa64dfr0_el1']!;
    expect(checkHostExtension(BPS, host)).toBe(Number((dfr0 >> 12n) & 0xfn) + 1);
    expect(checkHostExtension(WPS, host)).toBe(Number((dfr0 >> 20n) & 0xfn) + 1);
    expect(host.contextAware).toBe(Number((dfr0 >> 28n) & 0xfn) + 1);
  });
  it('knows guest debug, and no capability of other architectures (C01, C02, C05)', () => {
    const answers = [23, 195, 50, 51, 176, 9999].map((cap) =>
      checkHostExtension(cap, profile('max', kernel)),
    );
    expect(answers).toEqual([1, 0x30003, 0, 0, 0, 0]);
  });
});

describe('profiles', () => {
  it('default to the newest kernel', () => {
    expect(profiles().map((one) => one.kernel)).toEqual(PROFILE_NAMES.map(() => '6.18'));
  });
  it('show a DebugVer that the kernel allows', () => {
    const versions = KERNEL_GENERATIONS.map(
      (kernel) => profile('neoverse-n1', kernel).idRegisters['id_aa64dfr0_el1']! & 0xfn,
    );
    expect(versions).toEqual([6n, 8n, 8n]);
  });
  it("of one's own take 2 to 16 slots", () => {
    expect(customProfile({ breakpoints: 16, watchpoints: 2 })).toMatchObject({
      breakpoints: 16,
      watchpoints: 2,
      contextAware: 2,
    });
    expect(customProfile({ breakpoints: 16, watchpoints: 2 }).idRegisters['id_aa64dfr0_el1']).toBe(
      0x1010f008n,
    );
    for (const wrong of [
      { breakpoints: 1 },
      { watchpoints: 17 },
      { breakpoints: 4, contextAware: 5 },
      { contextAware: 0 },
      { watchpoints: 2.5 },
    ]) {
      expect(errnoOf(() => customProfile(wrong))).toBe('EINVAL');
    }
    expect(errnoOf(() => profile('cortex-m0'))).toBe('ENOENT');
    expect(errnoOf(() => customProfile({ base: 'toString' }))).toBe('ENOENT');
  });
});

describe('a VM of mixed hosts', () => {
  const big = customProfile({ base: 'neoverse-n1', breakpoints: 16, watchpoints: 16, contextAware: 4 });
  const little = profile('cortex-a53');
  const mixed = (debugResources: 'per-vcpu' | 'lowest-common-denominator', order = [big, little]) => {
    const vm = createVm({
      memory: { base: Number(CODE), size: 0x10_0000 },
      vcpus: order.map((one) => ({ profile: one, features: [] })),
      debugResources,
    });
    const words = [...Array(8).fill(NOP), STR_X0_X28];
    vm.hardware.writePhysical(Number(CODE), new Uint8Array(new Uint32Array(words).buffer));
    for (const vcpu of vm.vcpus) {
      vcpu.init(['psci_0_2']);
      set(vcpu, { pc: CODE, x28: 0x0900_0000n });
    }
    return vm;
  };
  const slot = (n: number) => debug(0x20001, { [n]: 0x1e7n }, { [n]: CODE + 4n });

  it('promises the lowest common denominator, in capabilities, ID registers and slots', () => {
    const vm = mixed('lowest-common-denominator');
    expect([vm.checkExtension(BPS), vm.checkExtension(WPS)]).toEqual([6, 4]);
    for (const vcpu of vm.vcpus) {
      expect(vcpu.debugResources).toEqual({ breakpoints: 6, watchpoints: 4, contextAware: 2 });
      expect(get(vcpu, 'id_aa64dfr0_el1') & ~0xfn).toBe(0x10305000n);
      vcpu.setGuestDebug(slot(6));
      expect(hsr(vcpu)).toBe('KVM_EXIT_MMIO');
    }
  });
  it('per vcpu: each has its own, and the VM answers as its first vcpu does', () => {
    const vm = mixed('per-vcpu');
    expect([vm.checkExtension(BPS), vm.checkExtension(WPS)]).toEqual([16, 16]);
    expect(vm.vcpus.map((vcpu) => vcpu.debugResources.breakpoints)).toEqual([16, 6]);
    expect(vm.vcpus.map((vcpu) => get(vcpu, 'id_aa64dfr0_el1') & ~0xfn)).toEqual([0x30f0f000n, 0x10305000n]);
    for (const vcpu of vm.vcpus) vcpu.setGuestDebug(slot(6));
    expect(vm.vcpus.map((vcpu) => hsr(vcpu))).toEqual([0xc2000022, 'KVM_EXIT_MMIO']);
    expect(mixed('per-vcpu', [little, big]).checkExtension(BPS)).toBe(6);
  });
  it('debugs both kinds alike where both have the slot', () => {
    for (const vcpu of mixed('per-vcpu').vcpus) {
      vcpu.setGuestDebug(breakpoint(CODE + 4n));
      expect(hsr(vcpu)).toBe(0xc2000022);
    }
  });
  it('needs a vcpu', () => {
    const config = {
      memory: { base: Number(CODE), size: 0x1000 },
      vcpus: [],
      debugResources: 'per-vcpu' as const,
    };
    expect(errnoOf(() => createVm(config))).toBe('EINVAL');
  });
});
