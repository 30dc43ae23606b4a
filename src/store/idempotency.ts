/** The idempotency port: which POSTs have been done, and what they answered. */
import { randomUUID } from 'node:crypto';
import { assert } from '../base/assert.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { IdempotencyPort } from '../session/ports.ts';
import { sqlTime } from './database.ts';

export function openIdempotency(prisma: PrismaClient): IdempotencyPort {
  const owner = randomUUID();
  return {
    async claim(key, fingerprint, at) {
      // The insert decides between concurrent claims: only one of them adds the row.
      const added = await prisma.$executeRaw`
        INSERT INTO "IdempotencyKey" ("key", "fingerprint", "owner", "at")
        VALUES (${key}, ${fingerprint}, ${owner}, ${sqlTime(at)}) ON CONFLICT DO NOTHING`;
      if (added === 1) return { kind: 'new' };
      const row = await prisma.idempotencyKey.findUnique({ where: { key } });
      // Released between the two statements: its first request may be tried again, by a client that asks again.
      if (!row) return { kind: 'busy' };
      if (row.fingerprint !== fingerprint) return { kind: 'mismatch' };
      if (row.status === null || row.headers === null || row.body === null) return { kind: 'busy' };
      const headers = JSON.parse(row.headers) as Record<string, string>;
      return { kind: 'replay', response: { status: row.status, headers, body: row.body } };
    },
    async complete(key, { status, headers, body }) {
      const data = { status, headers: JSON.stringify(headers), body };
      const { count } = await prisma.idempotencyKey.updateMany({ where: { key, status: null }, data });
      assert(count === 1, () => `idempotency key ${key} was completed without a claim`);
    },
    async release(key) {
      await prisma.idempotencyKey.deleteMany({ where: { key, status: null } });
    },
    async expire(before) {
      await prisma.idempotencyKey.deleteMany({ where: { at: { lt: before } } });
      await prisma.idempotencyKey.deleteMany({ where: { status: null, owner: { not: owner } } });
    },
  };
}
