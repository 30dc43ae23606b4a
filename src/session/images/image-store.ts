/** Uploaded images: named by their content, looked into once. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { SessionError } from '../errors.ts';
import { imageId } from '../ids.ts';
import type { Limits } from '../limits.ts';
import type { ImagePort } from '../ports.ts';
import type { ImageId, ImageKind, ImageView, SymbolView } from '../types.ts';
import { isElf, parseElf } from './elf.ts';
import { isLinuxImage, linuxTextOffset } from './linux-image.ts';
import { symbolsIn } from './symbols-in.ts';
import { isSystemMap } from './system-map.ts';

/** Bytes hashed before other work has its turn. */
const DIGEST_STRIDE = 4 * 1024 * 1024;
/** Images whose symbols are kept: looking through a kernel takes a good part of a second. */
const KEPT_TABLES = 4;

async function digest(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let offset = 0; offset < bytes.length; offset += DIGEST_STRIDE) {
    hash.update(bytes.subarray(offset, offset + DIGEST_STRIDE));
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return hash.digest('hex');
}

function kindOf(bytes: Uint8Array): ImageKind {
  if (isElf(bytes)) return 'elf';
  if (isLinuxImage(bytes)) return 'linux-image';
  return isSystemMap(bytes) ? 'symbols' : 'raw';
}

function sameKind(known: ImageView, kind: ImageKind | undefined): ImageView {
  if (kind !== undefined && kind !== known.kind) {
    throw new SessionError(
      'image-kind-differs',
      `These bytes are stored as ${known.kind} (${known.id}), not ${kind}. Delete that image first, or use it as it is.`,
    );
  }
  return known;
}

export class ImageStore {
  readonly #port: ImagePort;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #tables = new Map<ImageId, readonly SymbolView[]>();

  constructor(port: ImagePort, limits: Limits, clock: Clock) {
    this.#port = port;
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Without a kind: ELF, Linux images and lists of symbols are recognised, anything else is raw. */
  async put(bytes: Uint8Array, options: { kind?: ImageKind; name?: string }): Promise<ImageView> {
    const { imageBytes, images, nameLength } = this.#limits;
    if (bytes.length > imageBytes) {
      throw new SessionError(
        'image-too-large',
        `The image has ${bytes.length} bytes; the limit imageBytes is ${imageBytes}.`,
        {
          facts: { limit: imageBytes, requested: bytes.length },
        },
      );
    }
    if (bytes.length === 0) {
      throw new SessionError('image-invalid', 'The image is empty. Send its bytes.');
    }
    if (options.name !== undefined && options.name.length > nameLength) {
      throw new SessionError('name-invalid', `The name of an image has at most ${nameLength} characters.`);
    }
    const sha256 = await digest(bytes);
    const known = await this.#port.image(imageId(sha256));
    if (known !== null) {
      return sameKind(known, options.kind);
    }
    if ((await this.#port.images({ limit: images })).length >= images) {
      throw new SessionError(
        'image-limit',
        `${images} images are stored; delete some before uploading another.`,
      );
    }
    return this.#port.put(this.#look(bytes, sha256, options), bytes);
  }

  async get(id: ImageId): Promise<ImageView> {
    return (await this.#port.image(id)) ?? this.#missing(id);
  }

  async bytes(id: ImageId): Promise<Uint8Array> {
    return (await this.#port.bytes(id)) ?? this.#missing(id);
  }

  list(query: { after?: ImageId; limit: number }): Promise<readonly ImageView[]> {
    return this.#port.images(query);
  }

  async delete(id: ImageId): Promise<void> {
    if (!(await this.#port.delete(id))) {
      this.#missing(id);
    }
  }

  /** All symbols by address. */
  async symbolTable(id: ImageId): Promise<readonly SymbolView[]> {
    const { kind, symbols } = await this.get(id);
    if (symbols === 0) {
      return [];
    }
    return (
      this.#tables.get(id) ??
      this.#keep(id, symbolsIn(kind, await this.bytes(id), this.#limits.symbolsPerImage))
    );
  }

  #keep(id: ImageId, table: readonly SymbolView[]): readonly SymbolView[] {
    this.#tables.set(id, table);
    if (this.#tables.size > KEPT_TABLES) {
      this.#tables.delete(this.#tables.keys().next().value!);
    }
    return table;
  }

  /** By address; `after` is the number of symbols to pass over. Without symbols (stripped, or no ELF): none. */
  async symbols(
    id: ImageId,
    query: { name?: string; address?: bigint; after?: number; limit: number },
  ): Promise<readonly SymbolView[]> {
    const { name, address } = query;
    const found = (await this.symbolTable(id)).filter(
      (symbol) =>
        (name === undefined || symbol.name === name) &&
        (address === undefined ||
          (address >= symbol.address && address < symbol.address + BigInt(Math.max(symbol.size, 1)))),
    );
    const start = query.after ?? 0;
    return found.slice(start, start + query.limit);
  }

  #look(bytes: Uint8Array, sha256: string, options: { kind?: ImageKind; name?: string }): ImageView {
    const kind = options.kind ?? kindOf(bytes);
    if (kind === 'linux-image') {
      linuxTextOffset(bytes);
    }
    const elf = kind === 'elf' ? parseElf(bytes, this.#limits.elfSegments) : null;
    const id = imageId(sha256);
    const table = symbolsIn(kind, bytes, this.#limits.symbolsPerImage);
    return {
      id,
      kind,
      name: options.name ?? null,
      size: bytes.length,
      sha256,
      createdAt: new Date(this.#clock.now()),
      entry: elf?.entry ?? null,
      symbols: this.#keep(id, table).length,
    };
  }

  #missing(id: ImageId): never {
    throw new SessionError('image-not-found', `There is no image ${id}; upload it first.`);
  }
}
