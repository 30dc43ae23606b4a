/** The SQL of a timeline query: which index serves it, and that none reads more of a session than it must. */
import { hex64, MASK64 } from '../base/u64.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { EventQuery } from '../session/ports.ts';

const { sql, join } = Prisma;

/**
 * Rows of a query in order of sequence. Within a session every single filter has its own index, and index order is
 * sequence order. Two shapes would make SQLite read and sort whole sessions, and are written so that it does not:
 * several kinds are one ordered, limited branch each; a range of pc picks sequences from the index alone.
 */
export function eventStatement(query: EventQuery): Prisma.Sql {
  const page = pageOf(query);
  const conditions = [sql`"sequence" > ${query.after}`, ...equalities(query), ...pcRange(query)];
  const kinds = [...new Set(query.kinds ?? [])];
  const [first, ...rest] = kinds;
  if (first === undefined) return select(conditions, page);
  if (rest.length === 0) return select([...conditions, sql`"kind" = ${first}`], page);
  const branches = kinds.map(
    (kind) => sql`SELECT * FROM (${select([...conditions, sql`"kind" = ${kind}`], page)})`,
  );
  return sql`SELECT * FROM (${join(branches, ' UNION ALL ')}) ${page}`;
}

function pageOf(query: EventQuery): Prisma.Sql {
  return sql`ORDER BY "sequence" ${query.order === 'descending' ? sql`DESC` : sql`ASC`} LIMIT ${query.limit}`;
}

function select(conditions: readonly Prisma.Sql[], page: Prisma.Sql): Prisma.Sql {
  return sql`SELECT "sequence", "kind", "session", "vm", "run", "vcpu", "at", "exitReason", "cause", "slot", "pc", "body"
    FROM "Event" WHERE ${join([...conditions], ' AND ')} ${page}`;
}

function equalities(query: EventQuery): Prisma.Sql[] {
  const columns: readonly [Prisma.Sql, string | number | undefined][] = [
    [sql`"session"`, query.session],
    [sql`"vm"`, query.vm],
    [sql`"run"`, query.run],
    [sql`"vcpu"`, query.vcpu],
    [sql`"exitReason"`, query.exitReason],
    [sql`"cause"`, query.cause],
    [sql`"slot"`, query.slot],
    [sql`"pc"`, isOnePc(query) && query.pcFrom !== undefined ? hex64(query.pcFrom) : undefined],
  ];
  return columns.flatMap(([column, value]) => (value === undefined ? [] : [sql`${column} = ${value}`]));
}

/** A true range of pc, both ends included. */
function pcRange(query: EventQuery): Prisma.Sql[] {
  if ((query.pcFrom === undefined && query.pcTo === undefined) || isOnePc(query)) return [];
  const range = sql`"pc" BETWEEN ${hex64(query.pcFrom ?? 0n)} AND ${hex64(query.pcTo ?? MASK64)}`;
  if (query.session === undefined) return [range];
  const picked = sql`SELECT "sequence" FROM "Event" WHERE "session" = ${query.session} AND ${range}`;
  const newer = sql`"sequence" > ${query.after}`;
  return [sql`"sequence" IN (${picked} AND ${newer} ${nothingElseFilters(query) ? pageOf(query) : sql``})`];
}

function isOnePc(query: EventQuery): boolean {
  return query.pcFrom !== undefined && query.pcFrom === query.pcTo;
}

/** Beside session and pc. Only exits have a pc, so that asking for exits filters nothing more. */
function nothingElseFilters({ vm, run, vcpu, exitReason, cause, slot, kinds }: EventQuery): boolean {
  const others = [vm, run, vcpu, exitReason, cause, slot];
  return others.every((value) => value === undefined) && (kinds === undefined || kinds.includes('exit'));
}
