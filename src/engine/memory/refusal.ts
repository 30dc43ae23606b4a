/** Why a data access was refused: what the slow path leaves for the run loop to act on. */
import type { DebugCause } from '../stop.ts';

export type RefusalKind = 'fault' | 'alignment' | 'stage2' | 'device' | 'watchpoint';
/** Why the last access was refused. */
export interface Refusal {
  kind: RefusalKind;
  /** Fault status code, for 'fault'. */
  status: number;
  /** Address that faulted, or the access's own. */
  vaLo: number;
  vaHi: number;
  /** Reported as a write. */
  write: boolean;
  /** Physical address without memory, for 'stage2' and 'device'; `readOnly`: without memory that can be written. */
  physical: number;
  readOnly: boolean;
  causes: readonly DebugCause[];
  access: number;
  /** The access's own address and direction. */
  startLo: number;
  startHi: number;
  reads: boolean;
  writes: boolean;
}

export function noRefusal(): Refusal {
  return {
    kind: 'fault',
    status: 0,
    vaLo: 0,
    vaHi: 0,
    write: false,
    physical: 0,
    readOnly: false,
    causes: [],
    access: 0,
    startLo: 0,
    startHi: 0,
    reads: false,
    writes: false,
  };
}
