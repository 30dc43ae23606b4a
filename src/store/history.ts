/** The history port: timeline, sessions, runs. */
import type { PrismaClient, Session as SessionRow } from '../generated/prisma/client.ts';
import type { HistoryPort } from '../session/ports.ts';
import type { RunEnd, RunView, SessionId, SessionView } from '../session/types.ts';
import { decode, encode } from './codec.ts';
import { Events } from './events.ts';
import { runView, saveRuns } from './runs.ts';

const SERVICE_STOPPED = 'service-stopped' satisfies RunEnd['reason'];

export async function openHistory(prisma: PrismaClient): Promise<HistoryPort> {
  const events = await Events.open(prisma);
  return {
    lastSequence: () => events.last(),
    append: (first, rows, changes) => events.append(first, rows, changes),
    events: (query) => events.find(query),
    trim: (keep) => events.trim(keep),

    async oldestSequence({ session, vm }) {
      const where = { ...(session !== undefined && { id: session }), ...(vm !== undefined && { vm }) };
      const newest = await prisma.session.findFirst({
        where,
        orderBy: { trimmedTo: 'desc' },
        select: { trimmedTo: true },
      });
      return newest && newest.trimmedTo > 0n ? Number(newest.trimmedTo) + 1 : 0;
    },

    async openSession(session) {
      await prisma.session.create({
        data: { ...session, labels: encode(session.labels), exits: BigInt(session.exits) },
      });
    },
    async updateSession(id, { name, labels }) {
      const data = {
        ...(name !== undefined && { name }),
        ...(labels !== undefined && { labels: encode(labels) }),
      };
      const { count } = await prisma.session.updateMany({ where: { id }, data });
      return count === 0 ? null : findSession(prisma, id);
    },
    session: (id) => findSession(prisma, id),
    async sessions({ vm, state, after, limit }) {
      const where = {
        ...(vm !== undefined && { vm }),
        ...(state !== undefined && { state }),
        ...(after !== undefined && { id: { gt: after } }),
      };
      return (await prisma.session.findMany({ where, orderBy: { id: 'asc' }, take: limit })).map(sessionView);
    },

    async run(id) {
      const row = await prisma.run.findUnique({ where: { id } });
      return row && runView(row);
    },
    async runs({ vm, session, after, limit }) {
      const where = {
        ...(vm !== undefined && { vm }),
        ...(session !== undefined && { session }),
        ...(after !== undefined && { id: { gt: after } }),
      };
      return (await prisma.run.findMany({ where, orderBy: { id: 'asc' }, take: limit })).map(runView);
    },

    recover: (at) => recover(prisma, at),
  };
}

async function findSession(prisma: PrismaClient, id: SessionId): Promise<SessionView | null> {
  const row = await prisma.session.findUnique({ where: { id } });
  return row && sessionView(row);
}

function sessionView({ trimmedTo: _, ...row }: SessionRow): SessionView {
  return {
    ...row,
    state: row.state === 'open' ? 'open' : 'ended',
    labels: decode<SessionView['labels']>(row.labels),
    exits: Number(row.exits),
  };
}

async function recover(prisma: PrismaClient, at: Date): Promise<{ sessions: number; runs: number }> {
  const running = (await prisma.run.findMany({ where: { state: 'running' } })).map(runView);
  const end = { reason: SERVICE_STOPPED } as const;
  const ended = running.map((run): RunView => ({ ...run, state: 'ended', endedAt: at, end }));
  const { count } = await prisma.$transaction(async (transaction) => {
    await saveRuns(transaction, ended);
    return transaction.session.updateMany({
      where: { state: 'open' },
      data: { state: 'ended', endedAt: at, endReason: SERVICE_STOPPED },
    });
  });
  return { sessions: count, runs: running.length };
}
