/** What the one connection promises and the stock adapter does not. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../src/store/database.ts';

let directory: string;
let database: OpenDatabase;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'guestdbg-connection-'));
  database = await openDatabase(join(directory, 'x.db'));
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

const row = (id: string, trimmedTo = 0n) => ({
  ...{ id, vm: 'vm_1', labels: '{}', state: 'open', openedAt: new Date(0) },
  trimmedTo,
});
const pragma = async (name: string): Promise<unknown> => {
  const rows = await database.prisma.$queryRawUnsafe<Record<string, unknown>[]>(`PRAGMA ${name}`);
  return Object.values(rows[0] ?? {})[0];
};

it('keeps every digit of a 64-bit integer', async () => {
  for (const value of [2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    const id = `ses_${value}`;
    await database.prisma.session.create({ data: row(id, value) });
    expect(await database.prisma.session.findUnique({ where: { id } })).toMatchObject({ trimmedTo: value });
  }
});

it('keeps its pragmas, and opens no file, through transactions that commit and that fail', async () => {
  const { prisma } = database;
  await prisma.session.count();
  const files = (): number => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0);
  const before = files();
  for (let i = 0; i < 50; i++) {
    await prisma.$transaction((transaction) => transaction.session.create({ data: row(`ses_${i}`) }));
    const failing = prisma.$transaction((transaction) =>
      transaction.session.create({ data: row(`ses_${i}`) }),
    );
    await expect(failing).rejects.toMatchObject({ code: 'P2002' });
  }
  expect(files()).toBeLessThan(before + 5);
  expect(await pragma('journal_mode')).toBe('wal');
  expect(Number(await pragma('synchronous'))).toBe(1);
  expect(Number(await pragma('foreign_keys'))).toBe(1);
});

it('keeps other statements out of an open transaction that will fail', async () => {
  const { prisma } = database;
  const work = Array.from({ length: 40 }, async (_, i) => {
    if (i % 2 === 0) return prisma.session.create({ data: row(`ses_kept_${i}`) });
    return prisma
      .$transaction(async (transaction) => {
        await transaction.session.create({ data: row(`ses_undone_${i}`) });
        await new Promise(setImmediate);
        throw new Error('changed my mind');
      })
      .catch((error: Error) => expect(error.message).toBe('changed my mind'));
  });
  await Promise.all(work);
  const ids = (await prisma.session.findMany({ select: { id: true } })).map(({ id }) => id);
  expect(ids).toHaveLength(20);
  expect(ids.every((id) => id.startsWith('ses_kept_'))).toBe(true);
});
