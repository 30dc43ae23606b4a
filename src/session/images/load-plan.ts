/** What a VM's load items mean in guest memory: segments, symbols and the entry. */
import { hex64 } from '../../base/u64.ts';
import type { Segment, SymbolColumns } from '../engine-thread/protocol.ts';
import { SessionError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { ImageKind, SymbolView } from '../types.ts';
import { parseElf } from './elf.ts';
import { byAddress } from './kernel-symbols.ts';
import { linuxTextOffset } from './linux-image.ts';

/** A load item with its bytes. `kind` is null for bytes that came with the request. */
export interface Loadable {
  /** What asked for it, as a JSON pointer. */
  readonly member: string;
  readonly kind: ImageKind | null;
  readonly bytes: Uint8Array;
  readonly address: bigint | undefined;
}

export interface Memory {
  readonly base: number;
  readonly size: number;
}

/** From `start` to before `end`. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

export interface LoadPlan {
  readonly segments: readonly Segment[];
  readonly symbols: SymbolColumns;
  /** Where to start: the first image that knows, else the base of RAM. */
  readonly entry: bigint;
  /** What the load takes of memory, also beyond its bytes (.bss). */
  readonly occupied: readonly Extent[];
  /** X0 and on of vcpu 0. */
  readonly arguments: readonly bigint[];
}

interface Part {
  readonly pieces: readonly {
    readonly address: bigint;
    readonly bytes: Uint8Array;
    readonly memorySize: bigint;
  }[];
  readonly entry: bigint | null;
}

function planOne(item: Loadable, memory: Memory, limits: Limits): Part {
  const { bytes, member } = item;
  const size = BigInt(bytes.length);
  if (item.kind === 'elf') {
    const elf = parseElf(bytes, limits.elfSegments);
    const pieces = elf.segments.map((s) => ({
      address: s.physical,
      bytes: s.bytes,
      memorySize: s.memorySize,
    }));
    return { pieces, entry: elf.entry };
  }
  if (item.kind === 'linux-image') {
    const address = item.address ?? BigInt(memory.base) + linuxTextOffset(bytes);
    return { pieces: [{ address, bytes, memorySize: size }], entry: address };
  }
  if (item.kind === 'symbols') {
    throw new SessionError(
      'vm-spec-invalid',
      `${member} is a list of symbols, which is not loaded: name the image in symbols.`,
      { facts: { member } },
    );
  }
  if (item.address === undefined) {
    throw new SessionError(
      'load-address-missing',
      `${member} is an image of kind ${item.kind ?? 'raw'}, which does not say where it belongs: give its address in load.`,
      { facts: { member } },
    );
  }
  return { pieces: [{ address: item.address, bytes, memorySize: size }], entry: null };
}

function requireInside(address: bigint, size: bigint, member: string, memory: Memory): void {
  const [base, end] = [BigInt(memory.base), BigInt(memory.base) + BigInt(memory.size)];
  if (address < base || address + size > end) {
    throw new SessionError(
      'load-outside-memory',
      `${member} needs ${hex64(address)} to ${hex64(address + size - 1n)}; the VM's RAM is ${hex64(base)} to ${hex64(end - 1n)}.`,
      { facts: { member } },
    );
  }
}

function columns(symbols: readonly SymbolView[]): SymbolColumns {
  const sorted = [...symbols].sort(byAddress);
  return {
    addresses: BigUint64Array.from(sorted, (symbol) => symbol.address),
    sizes: BigUint64Array.from(sorted, (symbol) => BigInt(symbol.size)),
    names: sorted.map((symbol) => symbol.name),
  };
}

/** `symbols`: of whatever the VM has to do with, in any order. */
export function planLoad(
  items: readonly Loadable[],
  symbols: readonly SymbolView[],
  memory: Memory,
  limits: Limits,
): LoadPlan {
  const parts = items.map((item) => planOne(item, memory, limits));
  for (const [index, part] of parts.entries()) {
    for (const piece of part.pieces) {
      requireInside(piece.address, piece.memorySize, items[index]!.member, memory);
    }
  }
  return {
    segments: parts.flatMap((part) =>
      part.pieces.map(({ address, bytes }) => ({ address: Number(address), bytes })),
    ),
    occupied: parts.flatMap((part) =>
      part.pieces.map(({ address, memorySize }) => ({
        start: Number(address),
        end: Number(address + memorySize),
      })),
    ),
    symbols: columns(symbols),
    entry: parts.find((part) => part.entry !== null)?.entry ?? BigInt(memory.base),
    arguments: [],
  };
}
