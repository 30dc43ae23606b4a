/**
 * The image port: a row for what an image is, a file named after its SHA-256 for what it holds. Kernels and disk
 * images run to a hundred megabytes; as files they never pass through the database's one connection.
 */
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hex64 } from '../base/u64.ts';
import type { Image as ImageRow, PrismaClient } from '../generated/prisma/client.ts';
import type { ImagePort } from '../session/ports.ts';
import type { ImageKind, ImageView } from '../session/types.ts';
import { StoreError } from './errors.ts';

/** Open the images kept in `directory`; what a crash left there without a row is removed. */
export async function openImages(prisma: PrismaClient, directory: string): Promise<ImagePort> {
  await mkdir(directory, { recursive: true });
  await sweep(prisma, directory);
  const file = (sha256: string): string => join(directory, sha256);
  // Writes of one content must not interleave with each other or with its deletion.
  const serial = serially();
  return {
    put: (image, bytes) =>
      serial(async () => {
        const known = await prisma.image.findUnique({ where: { sha256: image.sha256 } });
        if (known) return view(known);
        await writeWhole(file(image.sha256), bytes);
        const data = {
          ...image,
          size: BigInt(image.size),
          entry: image.entry === null ? null : hex64(image.entry),
        };
        return view(await prisma.image.create({ data }));
      }),
    async image(id) {
      const row = await prisma.image.findUnique({ where: { id } });
      return row && view(row);
    },
    async bytes(id) {
      const row = await prisma.image.findUnique({ where: { id } });
      return row && readWhole(file(row.sha256), row);
    },
    async images({ after, limit }) {
      const where = after === undefined ? {} : { id: { gt: after } };
      return (await prisma.image.findMany({ where, orderBy: { id: 'asc' }, take: limit })).map(view);
    },
    delete: (id) =>
      serial(async () => {
        const row = await prisma.image.findUnique({ where: { id } });
        if (!row) return false;
        await prisma.image.delete({ where: { id } });
        await rm(file(row.sha256), { force: true });
        return true;
      }),
  };
}

function view(row: ImageRow): ImageView {
  return {
    ...row,
    kind: row.kind as ImageKind,
    size: Number(row.size),
    entry: row.entry === null ? null : BigInt(row.entry),
  };
}

/** The file appears whole or not at all, and stays through a power cut once the row does. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const partial = `${path}.partial`;
  const handle = await open(partial, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, path);
}

async function readWhole(path: string, { id, size }: ImageRow): Promise<Uint8Array> {
  const bytes = await readFileOf(path, Number(size)).catch((cause: unknown) => damaged(id, path, cause));
  return bytes ?? damaged(id, path);
}

async function readFileOf(path: string, size: number): Promise<Uint8Array | null> {
  const handle = await open(path);
  try {
    return await readAll(handle, size);
  } finally {
    await handle.close();
  }
}

/** In one piece where the system allows: `readFile` goes by half a megabyte. Null when the file has another size. */
async function readAll(handle: FileHandle, size: number): Promise<Uint8Array | null> {
  if ((await handle.stat()).size !== size) return null;
  const bytes = new Uint8Array(size);
  for (let done = 0; done < size; ) {
    const { bytesRead } = await handle.read(bytes, done, size - done, done);
    if (bytesRead === 0) return null;
    done += bytesRead;
  }
  return bytes;
}

function damaged(id: string, path: string, cause?: unknown): never {
  const message = `image ${id} is recorded, but ${path} is missing or cut short; restore it, or delete the image`;
  throw new StoreError('image-file-damaged', message, { cause });
}

async function sweep(prisma: PrismaClient, directory: string): Promise<void> {
  const known = new Set(
    (await prisma.image.findMany({ select: { sha256: true } })).map(({ sha256 }) => sha256),
  );
  const ours = /^[0-9a-f]{64}(\.partial)?$/;
  for (const name of await readdir(directory)) {
    if (ours.test(name) && !known.has(name)) await rm(join(directory, name));
  }
}

/** Runs jobs one after another; one that fails does not stop the next. */
function serially(): <T>(job: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    const next = last.then(job, job);
    last = next;
    return next;
  };
}
