/**
 * Flattened device trees, version 17. Source: Devicetree Specification v0.4, chapter 5. A tree is data: nodes with
 * properties, written in the order given.
 */

/** Empty, 32-bit cells, strings (each with its NUL), or bytes. */
export type PropertyValue = true | readonly number[] | string | readonly string[] | Uint8Array;

export interface TreeNode {
  readonly name: string;
  readonly properties: Readonly<Record<string, PropertyValue>>;
  readonly children: readonly TreeNode[];
}

const MAGIC = 0xd00d_feed;
const VERSION = 17;
const LAST_COMPATIBLE_VERSION = 16;
const HEADER_BYTES = 40;
/** One empty entry: nothing is reserved. */
const RESERVATIONS_BYTES = 16;
const TOKEN = { BEGIN_NODE: 1, END_NODE: 2, PROP: 3, END: 9 } as const;

/** A node, without children unless they are given. */
export function node(
  name: string,
  properties: Readonly<Record<string, PropertyValue>>,
  children: readonly TreeNode[] = [],
): TreeNode {
  return { name, properties, children };
}

/** A 64-bit number as two cells. */
export function cells64(...values: readonly number[]): number[] {
  return values.flatMap((value) => [Math.floor(value / 2 ** 32), value % 2 ** 32]);
}

/** The blob. `root` has the name ''. */
export function writeDeviceTree(root: TreeNode): Uint8Array {
  const structure = new Blob();
  const strings = new Strings();
  writeNode(structure, strings, root);
  structure.word(TOKEN.END);
  const structureAt = HEADER_BYTES + RESERVATIONS_BYTES;
  const stringsAt = structureAt + structure.bytes.length;
  const total = stringsAt + strings.blob.bytes.length;
  const header = new Blob();
  const boot = 0;
  for (const field of [
    MAGIC,
    total,
    structureAt,
    stringsAt,
    HEADER_BYTES,
    VERSION,
    LAST_COMPATIBLE_VERSION,
    boot,
    strings.blob.bytes.length,
    structure.bytes.length,
  ]) {
    header.word(field);
  }
  const reservations = new Array<number>(RESERVATIONS_BYTES).fill(0);
  return Uint8Array.from([...header.bytes, ...reservations, ...structure.bytes, ...strings.blob.bytes]);
}

function writeNode(out: Blob, strings: Strings, { name, properties, children }: TreeNode): void {
  out.word(TOKEN.BEGIN_NODE);
  out.text(name);
  out.align();
  for (const [key, value] of Object.entries(properties)) {
    const bytes = bytesOf(value);
    out.word(TOKEN.PROP);
    out.word(bytes.length);
    out.word(strings.offsetOf(key));
    out.bytes.push(...bytes);
    out.align();
  }
  for (const child of children) writeNode(out, strings, child);
  out.word(TOKEN.END_NODE);
}

function bytesOf(value: PropertyValue): readonly number[] {
  const out = new Blob();
  if (value === true) return out.bytes;
  if (value instanceof Uint8Array) return [...value];
  for (const one of typeof value === 'string' ? [value] : value) {
    if (typeof one === 'string') out.text(one);
    else out.word(one);
  }
  return out.bytes;
}

/** Bytes that grow; numbers are big-endian. */
class Blob {
  readonly bytes: number[] = [];

  word(value: number): void {
    this.bytes.push(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
  }
  /** ASCII and a NUL. */
  text(value: string): void {
    for (const character of value) this.bytes.push(character.charCodeAt(0) & 0xff);
    this.bytes.push(0);
  }
  align(): void {
    while (this.bytes.length % 4 !== 0) this.bytes.push(0);
  }
}

/** Property names, each once. */
class Strings {
  readonly blob = new Blob();
  readonly #offsets = new Map<string, number>();

  offsetOf(name: string): number {
    const known = this.#offsets.get(name);
    if (known !== undefined) return known;
    const offset = this.blob.bytes.length;
    this.#offsets.set(name, offset);
    this.blob.text(name);
    return offset;
  }
}
