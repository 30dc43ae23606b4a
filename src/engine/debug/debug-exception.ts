/** Debug exceptions: routed to EL2 (a stop) when MDCR_EL2.TDE is set, else taken to EL1. */
import { EC, esr, FAULT, ISS_ABORT, ISS_STEP } from '../../abi/arm/esr.ts';
import { hi32, lo32 } from '../../base/u64.ts';
import type { DebugRegisterFile } from '../hardware.ts';
import type { DataAccess, DebugCause, DebugException, Stop } from '../stop.ts';
import { setFar, takeException } from '../system/exceptions.ts';
import type { Pe } from '../system/pe.ts';

export type DebugKind = DebugException['kind'];

/** EC when taken from a lower Exception level; the same level has the next number, BRK has one for both. */
const EC_LOWER: { readonly [K in DebugKind]: number } = {
  breakpoint: EC.BREAKPOINT_LOWER,
  watchpoint: EC.WATCHPOINT_LOWER,
  'software-step': EC.STEP_LOWER,
  brk: EC.BRK64,
};

/** LSC bit for loads. */
const LSC_LOAD = 0x08;

/**
 * Take a debug exception; PC is at the preferred return address. `far` and `access` belong to watchpoints.
 * The caller has decided that the exception is enabled here.
 */
export function debugException(
  pe: Pe,
  kind: DebugKind,
  causes: readonly DebugCause[],
  far?: bigint,
  access?: DataAccess,
): void {
  const iss = issOf(pe, kind, causes, access);
  if (pe.controls.tde) {
    pe.stop = new DebugStop(describe(kind, esr(EC_LOWER[kind], iss), causes, far, access));
    pe.debug.stepped = false;
    pe.debug.steppedExclusive = false;
    return;
  }
  const same = pe.state.el === 1 && kind !== 'brk' ? 1 : 0;
  if (far !== undefined) setFar(pe.state, lo32(far), hi32(far));
  takeException(pe, 'synchronous', esr(EC_LOWER[kind] + same, iss));
}

/*
 * Single-stepping makes one of each for every instruction. Classes, because V8 counts for each object literal how many of its
 * objects survive: it sometimes concludes from the first few hundred that they all live long, and then allocates each in the
 * old generation, for the rest of the process, at two thirds of the speed. `declare`: otherwise each field is written twice.
 */
class DebugStop implements Extract<Stop, { kind: 'debug' }> {
  declare readonly kind: 'debug';
  declare readonly exception: DebugException;

  constructor(exception: DebugException) {
    this.kind = 'debug';
    this.exception = exception;
  }
}
class TakenWithoutAddress implements DebugException {
  declare readonly kind: DebugKind;
  declare readonly esr: number;
  declare readonly causes: readonly DebugCause[];

  constructor(kind: DebugKind, syndrome: number, causes: readonly DebugCause[]) {
    this.kind = kind;
    this.esr = syndrome;
    this.causes = causes;
  }
}

function describe(
  kind: DebugKind,
  syndrome: number,
  causes: readonly DebugCause[],
  far: bigint | undefined,
  access: DataAccess | undefined,
): DebugException {
  if (far === undefined) return new TakenWithoutAddress(kind, syndrome, causes);
  if (access === undefined) return { kind, esr: syndrome, causes, far };
  return { kind, esr: syndrome, causes, far, access };
}

function issOf(
  pe: Pe,
  kind: DebugKind,
  causes: readonly DebugCause[],
  access: DataAccess | undefined,
): number {
  switch (kind) {
    case 'breakpoint':
      return FAULT.DEBUG;
    case 'software-step':
      if (!pe.debug.stepped) return FAULT.DEBUG;
      return FAULT.DEBUG | ISS_STEP.ISV | (pe.debug.steppedExclusive ? ISS_STEP.EX : 0);
    case 'watchpoint':
      return FAULT.DEBUG | (reportsWrite(pe.debug.file, causes, access) ? ISS_ABORT.WNR : 0);
    case 'brk':
      return commentOf(causes);
  }
}

/** WnR. An access that reads and writes reports a read when a read of the location would have hit. */
function reportsWrite(
  file: DebugRegisterFile | null,
  causes: readonly DebugCause[],
  access: DataAccess | undefined,
): boolean {
  if (access === undefined || !access.write) return false;
  if (!access.read || file === null) return true;
  return !causes.some(
    (c) => c.source === 'watchpoint' && (Number(file.wcr[c.slot]! & 0x18n) & LSC_LOAD) !== 0,
  );
}

function commentOf(causes: readonly DebugCause[]): number {
  const brk = causes.find((c) => c.source === 'brk');
  return brk === undefined ? 0 : brk.comment;
}

/** The address that FAR reports when several watchpoints fire: the lowest watched byte accessed. */
export function lowestAddress(causes: readonly DebugCause[]): bigint | undefined {
  let lowest: bigint | undefined;
  for (const cause of causes) {
    if (cause.source === 'watchpoint' && (lowest === undefined || cause.address < lowest))
      lowest = cause.address;
  }
  return lowest;
}
