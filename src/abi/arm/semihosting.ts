/** Numbers and names of semihosting. Source: Arm, Semihosting for AArch32 and AArch64 (ABI release 2.0). */

/** The immediate of the HLT that is a call in A64. */
export const SEMIHOSTING_HLT = 0xf000;

/** Operations, as W0 has them. */
export const SYS = {
  OPEN: 0x01,
  CLOSE: 0x02,
  WRITEC: 0x03,
  WRITE0: 0x04,
  WRITE: 0x05,
  READ: 0x06,
  READC: 0x07,
  ISERROR: 0x08,
  ISTTY: 0x09,
  SEEK: 0x0a,
  FLEN: 0x0c,
  TMPNAM: 0x0d,
  REMOVE: 0x0e,
  RENAME: 0x0f,
  CLOCK: 0x10,
  TIME: 0x11,
  ERRNO: 0x13,
  GET_CMDLINE: 0x15,
  HEAPINFO: 0x16,
  EXIT: 0x18,
  EXIT_EXTENDED: 0x20,
  ELAPSED: 0x30,
  TICKFREQ: 0x31,
} as const;

/** The reason of SYS_EXIT that says that a program is done; its subcode is the exit status. */
export const ADP_STOPPED_APPLICATION_EXIT = 0x2_0026n;

/** Reasons of SYS_EXIT: all but one are failures. */
const STOPPED: Readonly<Record<number, string>> = {
  131072: 'BranchThroughZero',
  131073: 'UndefinedInstr',
  131074: 'SoftwareInterrupt',
  131075: 'PrefetchAbort',
  131076: 'DataAbort',
  131077: 'AddressException',
  131078: 'IRQ',
  131079: 'FIQ',
  131104: 'BreakPoint',
  131105: 'WatchPoint',
  131106: 'StepComplete',
  131107: 'RunTimeErrorUnknown',
  131108: 'InternalError',
  131109: 'UserInterruption',
  131110: 'ApplicationExit',
  131111: 'StackOverflow',
  131112: 'DivisionByZero',
  131113: 'OSSpecific',
};

/** `ADP_Stopped_...`, or the number of a reason that the specification does not have. */
export function stoppedReason(reason: bigint): string {
  const name = STOPPED[Number(reason)];
  return name === undefined ? `reason 0x${reason.toString(16)}` : `ADP_Stopped_${name}`;
}
