/** Runs as rows: the columns that lists filter by, and the rest of the view as text. */
import type { Prisma, Run as RunRow } from '../generated/prisma/client.ts';
import type { RunView } from '../session/types.ts';
import { decode, encode } from './codec.ts';
import { sqlTime } from './database.ts';

/** Store runs, replacing what was stored of them: one statement, one parameter, as for events. */
export async function saveRuns(prisma: Prisma.TransactionClient, runs: readonly RunView[]): Promise<void> {
  // "WHERE true" keeps the parser from reading ON CONFLICT as a join.
  await prisma.$executeRaw`
    INSERT INTO "Run" ("id", "vm", "session", "vcpu", "state", "startedAt", "endedAt", "detail")
    SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7
    FROM json_each(${JSON.stringify(runs.map(toRow))}) WHERE true
    ON CONFLICT ("id") DO UPDATE
    SET "state" = excluded."state", "endedAt" = excluded."endedAt", "detail" = excluded."detail"`;
}

export function runView({ detail, ...row }: RunRow): RunView {
  type Detail = Omit<RunView, keyof RunRow>;
  return { ...row, state: row.state === 'running' ? 'running' : 'ended', ...decode<Detail>(detail) };
}

function toRow(run: RunView): readonly (string | number | null)[] {
  const { id, vm, session, vcpu, state, startedAt, endedAt, ...detail } = run;
  return [id, vm, session, vcpu, state, sqlTime(startedAt), endedAt && sqlTime(endedAt), encode(detail)];
}
