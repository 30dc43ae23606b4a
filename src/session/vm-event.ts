/** Events of a VM that are no exits. */
import type { EventDraft } from './event-rows.ts';
import { toJson } from './exit-json.ts';
import type { EventKind } from './types.ts';
import type { VmRecord } from './vm-record.ts';

export function vmEvent(
  record: Pick<VmRecord, 'id' | 'session'>,
  kind: EventKind,
  at: Date,
  body: unknown,
  vcpu: number | null = null,
): EventDraft {
  const { id, session } = record;
  const none = { run: null, exitReason: null, cause: null, slot: null, pc: null };
  return { kind, session, vm: id, vcpu, at, ...none, body: toJson(body) };
}
