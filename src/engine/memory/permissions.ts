/** Stage 1 permissions of the EL1&0 regime. Source: Arm ARM, Access permissions for stage 1 translations. */
import { LOWER, UPPER } from './descriptors.ts';

/** What one Exception level may do. */
export interface Permissions {
  readable: boolean;
  writable: boolean;
  executable: boolean;
}

/** Attributes that permissions depend on, after the table descriptors above have had their say. */
export interface PermissionInputs {
  /** AP[1], bit 6 of a descriptor: EL0 has access. */
  el0: boolean;
  /** AP[2], bit 7: nobody writes. */
  readOnly: boolean;
  uxn: boolean;
  pxn: boolean;
}

/** Combine a block or page descriptor with the OR of the table descriptors' upper halves. */
export function effectiveAttributes(lo: number, hi: number, tables: number, out: PermissionInputs): void {
  out.el0 = (lo & LOWER.AP_EL0) !== 0 && (tables & UPPER.AP_TABLE_NO_EL0) === 0;
  out.readOnly = (lo & LOWER.AP_READ_ONLY) !== 0 || (tables & UPPER.AP_TABLE_READ_ONLY) !== 0;
  out.uxn = (hi & UPPER.UXN) !== 0 || (tables & UPPER.UXN_TABLE) !== 0;
  out.pxn = (hi & UPPER.PXN) !== 0 || (tables & UPPER.PXN_TABLE) !== 0;
}

/** Permissions of EL0 or EL1. `pan` takes data access to EL0's pages away from EL1. */
export function permissionsOf(
  a: PermissionInputs,
  el: 0 | 1,
  wxn: boolean,
  pan: boolean,
  out: Permissions,
): void {
  const data = el === 1 || a.el0;
  const write = data && !a.readOnly;
  if (el === 0) {
    out.executable = !a.uxn && !(wxn && write);
    out.readable = data;
    out.writable = write;
    return;
  }
  // Memory that EL0 can write is never executable at EL1.
  const el0Writes = a.el0 && !a.readOnly;
  out.executable = !a.pxn && !el0Writes && !(wxn && write);
  const hidden = pan && a.el0;
  out.readable = !hidden;
  out.writable = write && !hidden;
}
