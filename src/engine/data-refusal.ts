/** What becomes of a data access that the slow path refused: an exception, or a stop when there is no memory. */
import { fromHalves } from '../base/u64.ts';
import { abortSyndrome, isExclusive } from './abort-syndrome.ts';
import type { Board, Tenant } from './board.ts';
import { debugException, lowestAddress } from './debug/debug-exception.ts';
import { HOST } from './host-map.ts';
import { STATE } from './layout.ts';
import { accessBytes } from './memory/access-word.ts';
import type { Refusal } from './memory/refusal.ts';
import type { DataAccess, Stop } from './stop.ts';
import { takeAlignmentFault, takeDataAbort } from './system/exceptions.ts';

/**
 * A device answers it when the instruction is executed alone. Exclusives go to none, as on KVM: their syndrome is not
 * valid, so that the access is user space's.
 */
export function isForDevice(board: Board, { state }: Tenant): boolean {
  return board.slow.refusal.kind === 'device' && !isExclusive(wordOf(board, state));
}

/** Act on the refusal that generated code was left for. PC is at the instruction. */
export function actOnRefusal(board: Board, pe: Tenant): void {
  const { refusal } = board.slow;
  const { vaLo, vaHi, write, causes } = refusal;
  switch (refusal.kind) {
    case 'fault':
      takeDataAbort(pe, refusal.status, vaLo, vaHi, write);
      return;
    case 'alignment':
      takeAlignmentFault(pe, vaLo, vaHi, write);
      return;
    case 'watchpoint':
      debugException(pe, 'watchpoint', causes, lowestAddress(causes), accessOf(refusal));
      return;
    case 'device':
    case 'stage2':
      pe.stop = stage2(board, pe, refusal);
      return;
  }
}

/** The instruction that was refused. */
function wordOf({ cache }: Board, { i32 }: Tenant['state']): number {
  return cache.wordOf(i32[HOST.RECORD / 4]!);
}

function accessOf({ startLo, startHi, access, reads, writes }: Refusal): DataAccess {
  return { address: fromHalves(startLo, startHi), bytes: accessBytes(access), read: reads, write: writes };
}

function stage2(board: Board, { state }: Tenant, refusal: Refusal): Stop {
  const { vaLo, vaHi, physical, readOnly } = refusal;
  const syndrome = abortSyndrome(wordOf(board, state));
  const access = accessOf(refusal);
  const stop = {
    kind: 'stage2-data',
    ipa: physical,
    readOnly,
    far: fromHalves(vaLo, vaHi),
    access,
    syndrome,
  } as const;
  if (!syndrome.isv || !access.write) return stop;
  const bytes = state.u64[STATE.SCRATCH / 8]!;
  return { ...stop, data: BigInt.asUintN(syndrome.size * 8, bytes) };
}
