/**
 * What a kernel exports to modules (EXPORT_SYMBOL), found in its `Image`: kallsyms of most kernels has functions alone,
 * and this names variables too. Source: the kernel's include/linux/export.h, struct kernel_symbol: three offsets,
 * each from its own place, to the symbol, its name, and the name's namespace.
 */
import type { Buffer } from 'node:buffer';

export interface ExportedSymbol {
  readonly name: string;
  /** From the first byte of the image; beyond its end for variables that are zero at first. */
  readonly offset: number;
}

interface Image {
  readonly bytes: Buffer;
  readonly view: DataView;
}

const ENTRY = 12;
/** A table is sorted by name, and long; shorter runs are accidents. */
const FEWEST = 64;
const LONGEST_NAME = 256;
/** Entries read of what is no table, after which an image made to be slow to look through is given up. */
const MOST_WASTED = 1 << 20;
const MOST_STRINGS = 4 << 20;
/** How far the zeroed part of a kernel goes beyond its image. */
const MOST_ZEROED = 64 << 20;
const NAME = /^[A-Za-z_][A-Za-z0-9_.$]*$/;

/** Where an entry at `at` would have its name; undefined when it cannot be one. Names and namespaces lie together. */
function nameOf({ bytes, view }: Image, at: number): number | undefined {
  const name = at + 4 + view.getInt32(at + 4, true);
  if (name < 0 || name >= bytes.length || bytes[name]! < 0x41 || bytes[name]! > 0x7a) return undefined;
  const space = at + 8 + view.getInt32(at + 8, true);
  return Math.abs(name - space) > MOST_STRINGS ? undefined : name;
}

function entryAt(image: Image, at: number): ExportedSymbol | undefined {
  const { bytes, view } = image;
  const start = nameOf(image, at);
  const offset = at + view.getInt32(at, true);
  if (start === undefined || offset < 0 || offset >= bytes.length + MOST_ZEROED) return undefined;
  const length = bytes.subarray(start, start + LONGEST_NAME + 1).indexOf(0);
  if (length < 0) return undefined;
  const name = bytes.toString('latin1', start, start + length);
  return NAME.test(name) ? { name, offset } : undefined;
}

/** Cheaper than reading a table's names. */
function isPlausible(image: Image, at: number): boolean {
  for (let i = 0; i < 4; i++) if (nameOf(image, at + i * ENTRY) === undefined) return false;
  return true;
}

function tableAt(image: Image, start: number): readonly ExportedSymbol[] {
  const table: ExportedSymbol[] = [];
  for (let at = start; at + ENTRY <= image.bytes.length; at += ENTRY) {
    const entry = entryAt(image, at);
    const last = table.at(-1);
    if (entry === undefined || (last !== undefined && entry.name <= last.name)) break;
    table.push(entry);
  }
  return table;
}

export function exportedSymbols(bytes: Buffer): readonly ExportedSymbol[] {
  const image = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
  const found: ExportedSymbol[] = [];
  let wasted = 0;
  for (let at = 0; at + FEWEST * ENTRY <= bytes.length && wasted < MOST_WASTED; ) {
    const table = isPlausible(image, at) ? tableAt(image, at) : [];
    if (table.length < FEWEST) {
      wasted += table.length;
      at += 4;
    } else {
      found.push(...table);
      at += table.length * ENTRY;
    }
  }
  return found;
}
