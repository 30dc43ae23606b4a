/**
 * The encoding of a system register as one number: op0:op1:CRn:CRm:op2 packed as KVM's ONE_REG ids pack it,
 * `op0<<14 | op1<<11 | CRn<<7 | CRm<<3 | op2` (16 bits).
 */
export type SysregKey = number;

/** Pack an encoding. Source: Linux uapi asm/kvm.h, ARM64_SYS_REG. */
export function sysregKey(op0: number, op1: number, crn: number, crm: number, op2: number): SysregKey {
  return (op0 << 14) | (op1 << 11) | (crn << 7) | (crm << 3) | op2;
}
