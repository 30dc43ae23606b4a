/** MMIO exits and their completion on the next KVM_RUN. Source: Linux arch/arm64/kvm/mmio.c. */
import type { KvmExit } from '../abi/kvm/exits.ts';
import { ISS_ABORT } from '../abi/arm/esr.ts';
import type { Stop } from '../engine/stop.ts';

export type DataAbortStop = Extract<Stop, { kind: 'stage2-data' }>;

/** What the next KVM_RUN has to finish: a load's register, or nothing for a store. */
export interface PendingMmio {
  readonly write: boolean;
  readonly size: 1 | 2 | 4 | 8;
  readonly signExtend: boolean;
  readonly sixtyFour: boolean;
  readonly register: number;
}

/** The exit and what it leaves pending; undefined when the syndrome does not describe the access (ISV = 0). */
export function mmioExit(stop: DataAbortStop): { exit: KvmExit; pending: PendingMmio } | undefined {
  const { syndrome, access } = stop;
  if (!syndrome.isv) return undefined;
  const data = access.write ? BigInt.asUintN(8 * syndrome.size, stop.data ?? 0n) : 0n;
  return {
    exit: {
      reason: 'KVM_EXIT_MMIO',
      mmio: { physAddr: BigInt(stop.ipa), data, len: syndrome.size, isWrite: access.write },
    },
    pending: {
      write: access.write,
      size: syndrome.size,
      signExtend: syndrome.signExtend,
      sixtyFour: syndrome.sixtyFour,
      register: syndrome.register,
    },
  };
}

/** The register value of a completed load from the `len` bytes that user space supplied. */
export function loadedValue(pending: PendingMmio, data: bigint, signExtends: boolean): bigint {
  const bits = 8 * pending.size;
  let value = BigInt.asUintN(bits, data);
  if (signExtends && pending.signExtend) value = BigInt.asUintN(64, BigInt.asIntN(bits, value));
  return pending.sixtyFour ? value : BigInt.asUintN(32, value);
}

/** DFSC of stage 2 faults, level 3: what an address without memory gives, and what a store to read-only memory does. */
const STAGE2_FAULT = { TRANSLATION: 0x07, PERMISSION: 0x0f } as const;

/** KVM_EXIT_ARM_NISV: the parts of the syndrome that the kernel passes on, and the address. */
export function nisvExit(stop: DataAbortStop): KvmExit {
  // An atomic access reports a read where a read would have faulted, too (Arm ARM, ISS, WnR).
  const writes = stop.access.write && (stop.readOnly || !stop.access.read);
  const status = stop.readOnly ? STAGE2_FAULT.PERMISSION : STAGE2_FAULT.TRANSLATION;
  const iss = status | (writes ? ISS_ABORT.WNR : 0);
  return { reason: 'KVM_EXIT_ARM_NISV', armNisv: { esrIss: BigInt(iss), faultIpa: BigInt(stop.ipa) } };
}
