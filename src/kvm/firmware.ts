/**
 * Firmware registers: what user space decides about the hypervisor calls of a VM. They belong to the VM, whichever
 * vcpu they are set through. Source: Linux Documentation/virt/kvm/arm/fw-pseudo-registers.rst, hypercalls.c.
 */
import type { FirmwareRegister } from '../abi/kvm/one-reg.ts';
import { PSCI_VERSION, VENDOR_HYP_FEATURE } from '../abi/kvm/psci.ts';
import { KvmError } from './errors.ts';
import type { KernelBehaviour } from './kernel-behaviour.ts';

type Bitmap = 'std_bmap' | 'std_hyp_bmap' | 'vendor_hyp_bmap';

/** Per VM. */
export interface FirmwareState {
  /** As user space chose it; null: the newest that the kernel has. */
  psciVersion: number | null;
  readonly bitmaps: Record<Bitmap, bigint>;
}

/** What this host offers: no TRNG, no stolen time, no PTP; KVM's own identification. */
const OFFERED: Readonly<Record<Bitmap, bigint>> = {
  std_bmap: 0n,
  std_hyp_bmap: 0n,
  vendor_hyp_bmap: VENDOR_HYP_FEATURE.FUNC_FEAT,
};

/** Levels of the workaround registers: the emulated PE does not speculate, so that none is required. */
const WORKAROUND: Readonly<Record<'arch_workaround_1' | 'arch_workaround_2' | 'arch_workaround_3', bigint>> =
  {
    arch_workaround_1: 2n,
    arch_workaround_2: 3n,
    arch_workaround_3: 2n,
  };
const LEVEL_MASK = 0xfn;

/** What the rules below consult of a vcpu. */
interface FirmwareVcpu {
  /** KVM_ARM_VCPU_INIT had the feature `psci_0_2`. */
  readonly psci02: boolean;
  readonly kernel: KernelBehaviour;
  readonly vm: { readonly firmware: FirmwareState; readonly hasRun: boolean };
}

export function createFirmwareState(): FirmwareState {
  return { psciVersion: null, bitmaps: { ...OFFERED } };
}

/** The PSCI version that a vcpu's calls follow. */
export function psciVersionOf({ psci02, kernel, vm }: FirmwareVcpu): number {
  return psci02 ? (vm.firmware.psciVersion ?? kernel.psciVersion) : PSCI_VERSION.V0_1;
}

export function getFirmware(vcpu: FirmwareVcpu, register: FirmwareRegister): bigint {
  switch (register) {
    case 'psci_version':
      return BigInt(psciVersionOf(vcpu));
    case 'arch_workaround_1':
    case 'arch_workaround_2':
    case 'arch_workaround_3':
      return WORKAROUND[register];
    default:
      return vcpu.vm.firmware.bitmaps[register];
  }
}

function setPsciVersion({ psci02, kernel, vm }: FirmwareVcpu, value: bigint): void {
  const wanted = Number(value);
  const known = (Object.values(PSCI_VERSION) as number[]).includes(wanted) && wanted <= kernel.psciVersion;
  if (!known || psci02 !== (wanted !== PSCI_VERSION.V0_1)) {
    throw new KvmError('EINVAL', `this vcpu and kernel offer no PSCI version 0x${value.toString(16)}`);
  }
  vm.firmware.psciVersion = wanted === PSCI_VERSION.V0_1 ? vm.firmware.psciVersion : wanted;
}

function setBitmap({ vm }: FirmwareVcpu, register: Bitmap, value: bigint): void {
  const { bitmaps } = vm.firmware;
  if ((value & ~OFFERED[register]) !== 0n) {
    throw new KvmError(
      'EINVAL',
      `this host offers 0x${OFFERED[register].toString(16)} at most in ${register}`,
    );
  }
  if (vm.hasRun && value !== bitmaps[register]) {
    throw new KvmError('EBUSY', 'the services of a VM are fixed once a vcpu has run; set them before');
  }
  bitmaps[register] = value;
}

/** No level above the host's, which is the highest; any other is accepted and changes nothing. */
function checkWorkaround(register: keyof typeof WORKAROUND, value: bigint): void {
  if ((value & ~LEVEL_MASK) === 0n && value <= WORKAROUND[register]) return;
  throw new KvmError('EINVAL', `the level of a workaround is 0 to ${WORKAROUND[register]} on this host`);
}

/** @throws KvmError EINVAL, EBUSY; nothing has changed then. */
export function setFirmware(vcpu: FirmwareVcpu, register: FirmwareRegister, value: bigint): void {
  switch (register) {
    case 'psci_version':
      setPsciVersion(vcpu, value);
      return;
    case 'arch_workaround_1':
    case 'arch_workaround_2':
    case 'arch_workaround_3':
      checkWorkaround(register, value);
      return;
    default:
      setBitmap(vcpu, register, value);
  }
}
