/** Features of KVM_ARM_VCPU_INIT by name, with their bit. Source: Linux uapi asm/kvm.h, KVM_ARM_VCPU_*. */
const VCPU_FEATURE = {
  power_off: 0,
  el1_32bit: 1,
  psci_0_2: 2,
  pmu_v3: 3,
  sve: 4,
  ptrauth_address: 5,
  ptrauth_generic: 6,
  has_el2: 7,
} as const;
export type VcpuFeature = keyof typeof VCPU_FEATURE;

export function isVcpuFeature(name: string): name is VcpuFeature {
  return Object.hasOwn(VCPU_FEATURE, name);
}
