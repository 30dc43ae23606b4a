/** Leases: a VM that is not kept by its client goes away by itself. */
import type { Clock } from '../base/clock.ts';
import type { VmRecord } from './vm-record.ts';

/** The lease starts anew, and `onEnd` is called when it is over; null: the VM stays until it is deleted. */
export function setLease(record: VmRecord, ttlSeconds: number | null, clock: Clock, onEnd: () => void): void {
  record.cancelLease();
  record.ttlSeconds = ttlSeconds;
  record.expiresAt = ttlSeconds === null ? null : new Date(clock.now() + ttlSeconds * 1000);
  record.cancelLease = ttlSeconds === null ? () => {} : watch(record, clock, onEnd);
}

/** Timers are shorter than the longest lease: look again at each. */
function watch(record: VmRecord, clock: Clock, onEnd: () => void): () => void {
  const left = record.expiresAt!.getTime() - clock.now();
  return clock.after(left, () => {
    if (record.destroyed) {
      return;
    }
    if (record.expiresAt !== null && clock.now() < record.expiresAt.getTime()) {
      record.cancelLease = watch(record, clock, onEnd);
    } else {
      onEnd();
    }
  });
}
