/** The SQL of a timeline query. */
import { hex64, MASK64 } from '../base/u64.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { EventQuery } from '../session/ports.ts';

const { sql, join } = Prisma;

/** A part of the timeline: sequences above `low`, up to `high`. */
export interface Window {
  readonly low: number;
  readonly high: number;
}

/** Does the query ask for more than a scope? Then matches may be rare, and the search for them long. */
export function isFiltered(query: EventQuery): boolean {
  const { kinds, vcpu, exitReason, cause, slot, pcFrom, pcTo } = query;
  return [kinds, vcpu, exitReason, cause, slot, pcFrom, pcTo].some((value) => value !== undefined);
}

/**
 * Rows of a query in order of sequence. The session index holds every column that a filter can name, so that a
 * rare match is found in the index without touching the wide rows between; the planner needs no sort for any shape.
 * Only sequences above `low` and up to `high`.
 */
export function eventStatement(query: EventQuery, { low, high }: Window): Prisma.Sql {
  const window = sql`"sequence" > ${low} AND "sequence" <= ${high}`;
  const conditions = [window, ...equalities(query), ...kinds(query), ...pcRange(query)];
  return sql`SELECT "sequence", "kind", "session", "vm", "run", "vcpu", "at", "exitReason", "cause", "slot", "pc", "body"
    FROM "Event" WHERE ${join(conditions, ' AND ')}
    ORDER BY "sequence" ${query.order === 'descending' ? sql`DESC` : sql`ASC`} LIMIT ${query.limit}`;
}

function equalities(query: EventQuery): Prisma.Sql[] {
  const { session, run } = query;
  // A plus keeps the planner, which has no statistics, from taking the index of the wider scope.
  const columns: readonly [Prisma.Sql, string | number | undefined][] = [
    [sql`"run"`, run],
    [run === undefined ? sql`"session"` : sql`+"session"`, session],
    [run === undefined && session === undefined ? sql`"vm"` : sql`+"vm"`, query.vm],
    [sql`"vcpu"`, query.vcpu],
    [sql`"exitReason"`, query.exitReason],
    [sql`"cause"`, query.cause],
    [sql`"slot"`, query.slot],
  ];
  return columns.flatMap(([column, value]) => (value === undefined ? [] : [sql`${column} = ${value}`]));
}

function kinds({ kinds }: EventQuery): Prisma.Sql[] {
  return kinds === undefined || kinds.length === 0 ? [] : [sql`"kind" IN (${join([...kinds])})`];
}

/** Both ends included. */
function pcRange({ pcFrom, pcTo }: EventQuery): Prisma.Sql[] {
  if (pcFrom === undefined && pcTo === undefined) return [];
  return [sql`"pc" BETWEEN ${hex64(pcFrom ?? 0n)} AND ${hex64(pcTo ?? MASK64)}`];
}
