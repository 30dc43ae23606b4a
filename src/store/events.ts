/** The timeline's table: grouped ingest, queries, retention. */
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { EventRows } from '../session/event-rows.ts';
import type { EventQuery, HistoryChanges } from '../session/ports.ts';
import type { EventKind, SessionId, TimelineEvent } from '../session/types.ts';
import { sqlTime } from './database.ts';
import { eventStatement, isFiltered, type Window } from './event-query.ts';
import { saveRuns } from './runs.ts';

/** Rows that one transaction of a trim deletes, so that it never holds the service up for long. */
const TRIM_BATCH = 500;

/** Sequences that one statement of a filtered query looks at: some twenty milliseconds when nothing matches. */
const WINDOW = 100_000;

interface EventRow {
  readonly sequence: number;
  readonly kind: EventKind;
  readonly session: string;
  readonly vm: string;
  readonly run: string | null;
  readonly vcpu: number | null;
  readonly at: Date;
  readonly exitReason: string | null;
  readonly cause: string | null;
  readonly slot: number | null;
  readonly pc: string | null;
  readonly body: string;
}

export class Events {
  readonly #prisma: PrismaClient;
  /** Rows in the table: counting them takes a walk, so it is done once. */
  #count: number;

  private constructor(prisma: PrismaClient, count: number) {
    this.#prisma = prisma;
    this.#count = count;
  }

  static async open(prisma: PrismaClient): Promise<Events> {
    return new Events(prisma, await prisma.event.count());
  }

  /** Greatest sequence ever stored, trimmed ones included. */
  async last(): Promise<number> {
    const rows = await this.#prisma.$queryRaw<{ seq: number | bigint }[]>`
      SELECT "seq" FROM "sqlite_sequence" WHERE "name" = 'Event'`;
    return Number(rows[0]?.seq ?? 0);
  }

  /** All or none, in one interactive transaction (Prisma's batch form copies the parameters twice more). */
  async append(
    first: number,
    rows: readonly EventRows[],
    { runs = [], endedSessions = [] }: HistoryChanges = {},
  ): Promise<void> {
    const exits = exitsPerSession(rows);
    await this.#prisma.$transaction(async (transaction) => {
      if (rows.length > 0) await insert(transaction, first, rows);
      if (exits.size > 0) await countExits(transaction, exits);
      if (runs.length > 0) await saveRuns(transaction, runs);
      if (endedSessions.length > 0) await endSessions(transaction, endedSessions);
    });
    for (const { count } of rows) this.#count += count;
  }

  /**
   * The rows of a query. A filter is looked for one window of the timeline after the other, so that one that matches
   * nothing never holds the service up for longer than a window takes.
   */
  async find(query: EventQuery): Promise<readonly TimelineEvent[]> {
    if (!isFiltered(query)) return this.#page(query, { low: query.after, high: Number.MAX_SAFE_INTEGER });
    const found: TimelineEvent[] = [];
    for (const window of windows(query, await this.#extent())) {
      found.push(...(await this.#page({ ...query, limit: query.limit - found.length }, window)));
      if (found.length >= query.limit) break;
      await new Promise(setImmediate);
    }
    return found;
  }

  async #page(query: EventQuery, window: Window): Promise<readonly TimelineEvent[]> {
    const rows = await this.#prisma.$queryRaw<EventRow[]>(eventStatement(query, window));
    return rows.map((row) => ({ ...row, pc: row.pc === null ? null : BigInt(row.pc) }));
  }

  /** The window that holds every row. */
  async #extent(): Promise<Window> {
    const rows = await this.#prisma.$queryRaw<
      { low: number | bigint | null; high: number | bigint | null }[]
    >`
      SELECT (SELECT min("sequence") FROM "Event") AS "low", (SELECT max("sequence") FROM "Event") AS "high"`;
    return { low: Number(rows[0]?.low ?? 1) - 1, high: Number(rows[0]?.high ?? 0) };
  }

  /** Delete the oldest rows beyond `keep`; sessions remember what they lost. Returns how many went. */
  async trim(keep: number): Promise<number> {
    let gone = 0;
    while (this.#count > keep) {
      const batch = Math.min(TRIM_BATCH, this.#count - keep);
      const deleted = await this.#trimOldest(batch);
      if (deleted === 0) break;
      this.#count -= deleted;
      gone += deleted;
      await new Promise(setImmediate);
    }
    return gone;
  }

  async #trimOldest(count: number): Promise<number> {
    const [last] = await this.#prisma.$queryRaw<{ sequence: number | bigint }[]>`
      SELECT "sequence" FROM "Event" WHERE "sequence" > 0 ORDER BY "sequence" LIMIT 1 OFFSET ${count - 1}`;
    if (!last) return 0;
    // A plus keeps the planner from walking the whole index of sessions.
    const [, deleted] = await this.#prisma.$transaction([
      this.#prisma.$executeRaw`
        UPDATE "Session" SET "trimmedTo" = lost."last"
        FROM (SELECT "session", max("sequence") AS "last" FROM "Event"
              WHERE "sequence" <= ${last.sequence} GROUP BY +"session") AS lost
        WHERE "Session"."id" = lost."session"`,
      this.#prisma.$executeRaw`DELETE FROM "Event" WHERE "sequence" <= ${last.sequence}`,
    ]);
    return deleted;
  }
}

/** Windows that cover what a query may find, in its order. */
function* windows({ after, order }: EventQuery, extent: Window): Generator<Window> {
  const start = Math.max(after, extent.low);
  if (order === 'descending') {
    for (let high = extent.high; high > start; high -= WINDOW)
      yield { low: Math.max(start, high - WINDOW), high };
  } else {
    for (let low = start; low < extent.high; low += WINDOW)
      yield { low, high: Math.min(extent.high, low + WINDOW) };
  }
}

/**
 * The rows cross as one JSON parameter, which SQLite takes apart itself: many times as fast as createMany, which binds
 * every value of every row. Materialised, because json_each makes the text of a row anew each time that it is named.
 */
async function insert(
  prisma: Prisma.TransactionClient,
  first: number,
  rows: readonly EventRows[],
): Promise<void> {
  await prisma.$executeRaw`
    WITH "rows" AS MATERIALIZED (SELECT "key" AS "n", "value" AS "row" FROM json_each(${`[${rows.map(({ text }) => text).join()}]`}))
    INSERT INTO "Event" ("sequence", "kind", "session", "vm", "run", "vcpu", "at", "exitReason", "cause", "slot", "pc", "body")
    SELECT ${first} + "n", "row"->>0, "row"->>1, "row"->>2, "row"->>3, "row"->>4,
           "row"->>5, "row"->>6, "row"->>7, "row"->>8, "row"->>9, "row"->10
    FROM "rows"`;
}

async function countExits(
  prisma: Prisma.TransactionClient,
  exits: ReadonlyMap<SessionId, number>,
): Promise<void> {
  await prisma.$executeRaw`
    UPDATE "Session" SET "exits" = "exits" + (more.value->>1)
    FROM json_each(${JSON.stringify([...exits])}) AS more WHERE "Session"."id" = more.value->>0`;
}

/** Only what is open ends: the first reason stands. */
async function endSessions(
  prisma: Prisma.TransactionClient,
  ended: NonNullable<HistoryChanges['endedSessions']>,
): Promise<void> {
  const rows = ended.map(({ id, at, reason }) => [id, sqlTime(at), reason]);
  await prisma.$executeRaw`
    UPDATE "Session" SET "state" = 'ended', "endedAt" = gone.value->>1, "endReason" = gone.value->>2
    FROM json_each(${JSON.stringify(rows)}) AS gone
    WHERE "Session"."id" = gone.value->>0 AND "Session"."state" = 'open'`;
}

function exitsPerSession(rows: readonly EventRows[]): Map<SessionId, number> {
  const counts = new Map<SessionId, number>();
  for (const { session, exits } of rows) {
    if (exits > 0) counts.set(session, (counts.get(session) ?? 0) + exits);
  }
  return counts;
}
