/**
 * `struct kvm_guest_debug` and `struct kvm_debug_exit_arch` of arm64, byte for byte, and the control bits.
 * Source: Linux include/uapi/linux/kvm.h and arch/arm64/include/uapi/asm/kvm.h.
 */

/** Control bits. `KVM_GUESTDBG_USE_HW_BP` is the name of bit 17 in the first posting and on other architectures. */
export const KVM_GUESTDBG = {
  KVM_GUESTDBG_ENABLE: 0x0000_0001,
  KVM_GUESTDBG_SINGLESTEP: 0x0000_0002,
  KVM_GUESTDBG_USE_SW_BP: 0x0001_0000,
  KVM_GUESTDBG_USE_HW: 0x0002_0000,
  KVM_GUESTDBG_USE_HW_BP: 0x0002_0000,
} as const;
type GuestDebugFlag = keyof typeof KVM_GUESTDBG;

/** Every bit that KVM_SET_GUEST_DEBUG accepts on arm64; also the value of KVM_CAP_SET_GUEST_DEBUG2. */
export const KVM_GUESTDBG_VALID_MASK = 0x0003_0003;

/** Bit 0 of `kvm_run.flags` on debug exits: `hsr_high` is valid. */
export const KVM_DEBUG_ARCH_HSR_HIGH_VALID = 1;

/** Entries of each of the four register arrays, whatever the PE implements. */
export const KVM_ARM_MAX_DBG_REGS = 16;

export const KVM_GUEST_DEBUG_SIZE = 520;
const KVM_GUEST_DEBUG_OFFSET = {
  control: 0,
  pad: 4,
  dbg_bcr: 8,
  dbg_bvr: 136,
  dbg_wcr: 264,
  dbg_wvr: 392,
} as const;
const KVM_DEBUG_EXIT_ARCH_SIZE = 16;

/** The canonical names of the bits that are set; bits without a name are given as hex numbers. */
export function guestDebugFlagNames(control: number): string[] {
  const names: string[] = [];
  let rest = control >>> 0;
  for (const name of Object.keys(KVM_GUESTDBG) as GuestDebugFlag[]) {
    if ((rest & KVM_GUESTDBG[name]) === 0) continue;
    names.push(name);
    rest = (rest & ~KVM_GUESTDBG[name]) >>> 0;
  }
  for (let bit = 0; bit < 32; bit++) {
    if ((rest >>> bit) & 1) names.push(`0x${(2 ** bit).toString(16)}`);
  }
  return names;
}

/** A control word from flag names, with or without the `KVM_GUESTDBG_` prefix; undefined when one is unknown. */
export function guestDebugControl(names: readonly string[]): number | undefined {
  let control = 0;
  for (const name of names) {
    const upper = name.toUpperCase();
    const full = upper.startsWith('KVM_GUESTDBG_') ? upper : `KVM_GUESTDBG_${upper}`;
    if (!Object.hasOwn(KVM_GUESTDBG, full)) return undefined;
    control |= KVM_GUESTDBG[full as GuestDebugFlag];
  }
  return control >>> 0;
}

/** The fields of `struct kvm_guest_debug`; `pad` is ignored by the kernel and written as 0. */
interface GuestDebugStruct {
  readonly control: number;
  readonly bcr: readonly bigint[];
  readonly bvr: readonly bigint[];
  readonly wcr: readonly bigint[];
  readonly wvr: readonly bigint[];
}

/** The 520 little-endian bytes of the ioctl's argument. Missing entries are 0. */
export function packGuestDebug(debug: GuestDebugStruct): Uint8Array {
  const bytes = new Uint8Array(KVM_GUEST_DEBUG_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint32(KVM_GUEST_DEBUG_OFFSET.control, debug.control, true);
  const put = (offset: number, values: readonly bigint[]): void => {
    for (let n = 0; n < KVM_ARM_MAX_DBG_REGS; n++) view.setBigUint64(offset + 8 * n, values[n] ?? 0n, true);
  };
  put(KVM_GUEST_DEBUG_OFFSET.dbg_bcr, debug.bcr);
  put(KVM_GUEST_DEBUG_OFFSET.dbg_bvr, debug.bvr);
  put(KVM_GUEST_DEBUG_OFFSET.dbg_wcr, debug.wcr);
  put(KVM_GUEST_DEBUG_OFFSET.dbg_wvr, debug.wvr);
  return bytes;
}

/** The fields of 520 bytes; undefined when the length is another. */
export function unpackGuestDebug(bytes: Uint8Array): GuestDebugStruct | undefined {
  if (bytes.length !== KVM_GUEST_DEBUG_SIZE) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const take = (offset: number): bigint[] =>
    Array.from({ length: KVM_ARM_MAX_DBG_REGS }, (_, n) => view.getBigUint64(offset + 8 * n, true));
  return {
    control: view.getUint32(KVM_GUEST_DEBUG_OFFSET.control, true),
    bcr: take(KVM_GUEST_DEBUG_OFFSET.dbg_bcr),
    bvr: take(KVM_GUEST_DEBUG_OFFSET.dbg_bvr),
    wcr: take(KVM_GUEST_DEBUG_OFFSET.dbg_wcr),
    wvr: take(KVM_GUEST_DEBUG_OFFSET.dbg_wvr),
  };
}

/** The 16 bytes of `struct kvm_debug_exit_arch`: hsr, hsr_high, far. */
export function packDebugExitArch(debug: { hsr: number; hsrHigh: number; far: bigint }): Uint8Array {
  const bytes = new Uint8Array(KVM_DEBUG_EXIT_ARCH_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, debug.hsr, true);
  view.setUint32(4, debug.hsrHigh, true);
  view.setBigUint64(8, debug.far, true);
  return bytes;
}
