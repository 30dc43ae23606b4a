import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Ports } from '../../src/session/ports.ts';
import type { ImageView } from '../../src/session/types.ts';
import { openStore } from '../../src/store/store.ts';

let directory: string;
let store: Ports;
const url = (): string => join(directory, 'x.db');
const files = (): string => `${url()}-images`;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'guestdbg-images-'));
  store = await openStore({ url: url() });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

const BYTES = Uint8Array.from({ length: 100_000 }, (_, i) => i & 0xff);
function image(bytes: Uint8Array, change: Partial<ImageView> = {}): ImageView {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const at = new Date('2026-01-02T03:04:05.678Z');
  const view = { id: `img_${sha256.slice(0, 8)}`, sha256, size: bytes.length, createdAt: at };
  return { ...view, kind: 'elf', name: 'demo', entry: 0xffff_8000_0000_0000n, symbols: 12, ...change };
}

it('gives back what was put, view and bytes', async () => {
  const view = image(BYTES);
  expect(await store.images.put(view, BYTES)).toEqual(view);
  expect(await store.images.image(view.id)).toEqual(view);
  expect(Buffer.compare((await store.images.bytes(view.id)) ?? new Uint8Array(), BYTES)).toBe(0);
  expect(await store.images.image('img_none')).toBeNull();
  expect(await store.images.bytes('img_none')).toBeNull();
});

it('keeps images through a restart', async () => {
  await store.images.put(image(BYTES), BYTES);
  await store.close();
  store = await openStore({ url: url() });
  expect(await store.images.bytes(image(BYTES).id)).toHaveLength(BYTES.length);
});

it('gives the stored image for the same bytes, concurrent uploads included', async () => {
  const ids = ['img_a', 'img_b', 'img_c'];
  const put = await Promise.all(ids.map((id) => store.images.put(image(BYTES, { id, name: id }), BYTES)));
  expect(new Set(put.map(({ id }) => id))).toEqual(new Set(['img_a']));
  expect(await store.images.images({ limit: 10 })).toHaveLength(1);
});

it('deletes row and file', async () => {
  const { id, sha256 } = await store.images.put(image(BYTES), BYTES);
  expect(existsSync(join(files(), sha256))).toBe(true);
  expect(await store.images.delete(id)).toBe(true);
  expect(await store.images.delete(id)).toBe(false);
  expect(readdirSync(files())).toEqual([]);
});

it('lists in order of id, page by page', async () => {
  for (const id of ['img_c', 'img_a', 'img_b']) {
    const bytes = Buffer.from(id);
    await store.images.put(image(bytes, { id, entry: null, name: null }), bytes);
  }
  const ids = async (after?: string) =>
    (await store.images.images({ limit: 2, ...(after !== undefined && { after }) })).map(({ id }) => id);
  expect(await ids()).toEqual(['img_a', 'img_b']);
  expect(await ids('img_b')).toEqual(['img_c']);
});

it('says so when a file is cut short or gone', async () => {
  const { id, sha256 } = await store.images.put(image(BYTES), BYTES);
  truncateSync(join(files(), sha256), 10);
  await expect(store.images.bytes(id)).rejects.toMatchObject({ code: 'image-file-damaged' });
  rmSync(join(files(), sha256));
  await expect(store.images.bytes(id)).rejects.toMatchObject({ code: 'image-file-damaged' });
});

it('removes at start what a crash left, and nothing that is not ours', async () => {
  const { sha256 } = await store.images.put(image(BYTES), BYTES);
  await store.close();
  writeFileSync(join(files(), 'f'.repeat(64)), 'no row');
  writeFileSync(join(files(), `${'e'.repeat(64)}.partial`), 'half');
  writeFileSync(join(files(), 'notes.txt'), 'mine');
  store = await openStore({ url: url() });
  expect(readdirSync(files()).sort()).toEqual([sha256, 'notes.txt'].sort());
});
