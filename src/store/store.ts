/** The store: every port of the session floor over one SQLite database and a directory of image files. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ports } from '../session/ports.ts';
import { openDatabase } from './database.ts';
import { openHistory } from './history.ts';
import { openIdempotency } from './idempotency.ts';
import { openImages } from './images.ts';

export interface StoreOptions {
  /** `file:` URL or path of the database, made when missing; `:memory:` keeps nothing. */
  readonly url: string;
}

/**
 * Open the store: lock the database, migrate it, get the ports ready. Images live in `<database>-images` beside it.
 * Rejects with `StoreError` when the database is in use or does not fit this version; then nothing has changed.
 */
export async function openStore({ url }: StoreOptions): Promise<Ports> {
  const database = await openDatabase(url);
  const { prisma, path } = database;
  const inMemory = path === ':memory:';
  const directory = inMemory ? await mkdtemp(join(tmpdir(), 'guestdbg-images-')) : `${path}-images`;
  const close = async (): Promise<void> => {
    await database.close();
    if (inMemory) await rm(directory, { recursive: true, force: true });
  };
  try {
    const history = await openHistory(prisma);
    const images = await openImages(prisma, directory);
    return {
      history,
      images,
      idempotency: openIdempotency(prisma),
      close,
      healthy: () =>
        prisma.$queryRaw`SELECT 1`.then(
          () => true,
          () => false,
        ),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
