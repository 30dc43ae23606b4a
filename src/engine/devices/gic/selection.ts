/** Which interrupt a CPU interface would be offered: the pending, enabled, inactive one of highest priority. */
import { type InterruptBank, isPending } from './bank.ts';

/** Reads as "no interrupt": INTID 1023. */
export const SPURIOUS = 1023;
/** Lower than every priority of an interrupt. */
export const IDLE_PRIORITY = 0x100;

export interface Candidate {
  id: number;
  /** 0 is the highest; `IDLE_PRIORITY` when there is no candidate. */
  priority: number;
  group: number;
}

/**
 * Replace `best` by a better candidate of ids `first` to the end of the bank. At equal priority the lowest INTID wins
 * (the specifications leave it open; QEMU and KVM's list sort agree in effect). `groups` has bit g set when the
 * distributor forwards group g; `mine` says whether a shared interrupt is for this CPU.
 */
export function select(
  bank: InterruptBank,
  first: number,
  groups: number,
  mine: ((id: number) => boolean) | null,
  best: Candidate,
): void {
  const { enabled, active, priority, group } = bank;
  for (let id = first; id < bank.count; id++) {
    if (enabled[id] === 0 || active[id] === 1 || priority[id]! >= best.priority) continue;
    if (((groups >>> group[id]!) & 1) === 0 || !isPending(bank, id) || mine?.(id) === false) continue;
    best.id = id;
    best.priority = priority[id]!;
    best.group = group[id]!;
  }
}
