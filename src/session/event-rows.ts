/**
 * Entries of the timeline as text. Engine threads write it and the store takes it apart in SQL; nobody in between
 * parses it unless somebody wants to see the entries. An entry is the JSON array
 * `[kind, session, vm, run, vcpu, at, exitReason, cause, slot, pc, body]`: `at` is RFC 3339 with `+00:00`, `pc` is `0x`
 * and 16 digits, `body` is the body's JSON itself. Sequences are counted from the first entry's.
 */
import { hex64 } from '../base/u64.ts';
import type { EventKind, SessionId, TimelineEvent, VmId } from './types.ts';

/** An event before it is numbered. */
export type EventDraft = Omit<TimelineEvent, 'sequence'>;

/** Entries of one VM and one session, one after the other. */
export interface EventRows {
  readonly vm: VmId;
  readonly session: SessionId;
  readonly count: number;
  /** How many of them are exits. */
  readonly exits: number;
  /** The arrays with commas between. */
  readonly text: string;
}

type Row = readonly [
  kind: EventKind,
  session: SessionId,
  vm: VmId,
  run: string | null,
  vcpu: number | null,
  at: string,
  exitReason: string | null,
  cause: string | null,
  slot: number | null,
  pc: string | null,
  body: unknown,
];

/** The last time formatted: entries come by the hundred in a millisecond. */
let last = { ms: Number.NaN, text: '' };

/** Milliseconds since the Unix epoch as rows have it. */
export function rowTime(ms: number): string {
  if (ms !== last.ms) {
    last = { ms, text: new Date(ms).toISOString().replace('Z', '+00:00') };
  }
  return last.text;
}

function eventRow(draft: EventDraft): string {
  const { kind, session, vm, run, vcpu, at, exitReason, cause, slot, pc, body } = draft;
  const time = rowTime(at.getTime());
  const columns = [
    kind,
    session,
    vm,
    run,
    vcpu,
    time,
    exitReason,
    cause,
    slot,
    pc === null ? null : hex64(pc),
  ];
  return `${JSON.stringify(columns).slice(0, -1)},${body}]`;
}

/** At least one entry, all of one VM and one session. */
export function rowsOf(drafts: readonly [EventDraft, ...EventDraft[]]): EventRows {
  const [{ vm, session }] = drafts;
  const exits = drafts.filter(({ kind }) => kind === 'exit').length;
  return { vm, session, count: drafts.length, exits, text: drafts.map(eventRow).join() };
}

/** The entries of rows whose first one has the sequence `first`. */
export function eventsOf(first: number, text: string): TimelineEvent[] {
  const rows = JSON.parse(`[${text}]`) as Row[];
  return rows.map(([kind, session, vm, run, vcpu, at, exitReason, cause, slot, pc, body], index) => ({
    sequence: first + index,
    kind,
    session,
    vm,
    run,
    vcpu,
    at: new Date(at),
    exitReason,
    cause,
    slot,
    pc: pc === null ? null : BigInt(pc),
    body: JSON.stringify(body),
  }));
}
