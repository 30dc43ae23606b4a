/**
 * Where an image, its initrd and the device tree go, and with which registers a machine starts. A pure function of its
 * arguments. Source: Linux, Documentation/arch/arm64/booting.rst; QEMU's virt board for flat images and firmware.
 */
import { VIRT } from './virt-map.ts';

export interface Piece {
  readonly address: number;
  readonly bytes: Uint8Array;
}

export type BootImage =
  /** An arm64 Linux `Image`. */
  | { readonly kind: 'linux'; readonly bytes: Uint8Array }
  /** Bytes that run at 0x40080000. */
  | { readonly kind: 'flat'; readonly bytes: Uint8Array }
  /** Loadable segments by physical address; `size` is what each occupies. */
  | {
      readonly kind: 'elf';
      readonly segments: readonly (Piece & { readonly size: number })[];
      readonly entry: number;
    }
  /** Firmware for the board's flash at address 0. */
  | { readonly kind: 'firmware'; readonly bytes: Uint8Array };

export interface BootRequest {
  readonly ram: { readonly base: number; readonly size: number };
  readonly image: BootImage;
  readonly initrd?: Uint8Array;
  /** The device tree, once it is known where the initrd lies. */
  readonly tree: (initrd: { readonly start: number; readonly end: number } | null) => Uint8Array;
}

export interface BootPlan {
  /** To be written into guest memory. Firmware's piece lies in flash, outside RAM. */
  readonly pieces: readonly Piece[];
  readonly entry: number;
  /** X0 to X3. */
  readonly x: readonly [number, number, number, number];
}

/** Why an image cannot be booted, for the caller. */
export interface BootProblem {
  readonly problem: string;
}

const MIB = 1 << 20;
const TWO_MIB = 2 * MIB;
const PAGE = 4096;
/** A kernel maps at most this much of the tree. Source: booting.rst. */
const TREE_LIMIT = TWO_MIB;
/** Room after a kernel from before 3.17, which does not say how much it needs. */
const UNKNOWN_SIZE = 32 * MIB;
const FLAT_OFFSET = 0x8_0000;

const alignUp = (value: number, to: number): number => Math.ceil(value / to) * to;

/** Lay out a boot, or say why it cannot be. */
export function placeBoot(request: BootRequest): BootPlan | BootProblem {
  const { image, ram } = request;
  switch (image.kind) {
    case 'linux':
      return placeLinux(request, image.bytes);
    case 'flat': {
      const at = ram.base + FLAT_OFFSET;
      return placeBare(request, [{ address: at, bytes: image.bytes, size: image.bytes.length }], at);
    }
    case 'elf':
      return placeBare(request, image.segments, image.entry);
    case 'firmware':
      return placeFirmware(request, image.bytes);
  }
}

/** What the header of an `Image` says. */
export interface LinuxHeader {
  /** From a 2 MiB aligned address. */
  readonly textOffset: number;
  /** Memory that the kernel needs from its start; 0: a kernel before 3.17 did not say. */
  readonly imageSize: number;
  readonly bigEndian: boolean;
}

const HEADER_BYTES = 64;
/** "ARM\x64" */
const HEADER_MAGIC = 0x644d_5241;

/** The header, or null when the bytes are no `Image`. */
export function linuxHeader(bytes: Uint8Array): LinuxHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint32(56, true) !== HEADER_MAGIC) return null;
  const imageSize = Number(view.getBigUint64(16, true));
  // Before 3.17 text_offset was not to be trusted, and always this.
  const textOffset = imageSize === 0 ? FLAT_OFFSET : Number(view.getBigUint64(8, true));
  return { textOffset, imageSize, bigEndian: (view.getUint8(24) & 1) === 1 };
}

/** From the bottom: kernel and what it needs, tree, initrd. X0 is the tree, X1 to X3 are zero. */
function placeLinux(request: BootRequest, bytes: Uint8Array): BootPlan | BootProblem {
  const { ram, initrd, tree: makeTree } = request;
  const header = linuxHeader(bytes);
  if (header === null)
    return { problem: 'the image has no arm64 Linux header (its magic at offset 56 is missing)' };
  if (header.bigEndian) return { problem: 'the kernel is big-endian, and the machine is not' };
  const start = alignUp(ram.base, TWO_MIB) + header.textOffset;
  const size = Math.max(header.imageSize === 0 ? UNKNOWN_SIZE : header.imageSize, bytes.length);
  const treeAt = alignUp(start + size, TWO_MIB);
  const initrdAt = treeAt + TREE_LIMIT;
  const range = initrd === undefined ? null : { start: initrdAt, end: initrdAt + initrd.length };
  const tree = makeTree(range);
  const pieces: Piece[] = [
    { address: start, bytes },
    { address: treeAt, bytes: tree },
  ];
  if (initrd !== undefined) pieces.push({ address: initrdAt, bytes: initrd });
  const end = range?.end ?? treeAt + tree.length;
  return fits(ram, start, end, tree) ?? { pieces, entry: start, x: [treeAt, 0, 0, 0] };
}

/** No boot protocol: the tree is at the base of RAM, or above the image when the image is there; X0 tells. */
function placeBare(
  request: BootRequest,
  segments: readonly (Piece & { readonly size: number })[],
  entry: number,
): BootPlan | BootProblem {
  const { ram, initrd, tree: makeTree } = request;
  const top = Math.max(...segments.map(({ address, size }) => address + size), ram.base);
  const bottom = Math.min(...segments.map(({ address }) => address));
  const initrdAt = alignUp(top, TWO_MIB) + TREE_LIMIT;
  const range = initrd === undefined ? null : { start: initrdAt, end: initrdAt + initrd.length };
  const tree = makeTree(range);
  const below = bottom - ram.base >= tree.length;
  const treeAt = below ? ram.base : alignUp(top, TWO_MIB);
  const pieces: Piece[] = segments.map(({ address, bytes }) => ({ address, bytes }));
  pieces.push({ address: treeAt, bytes: tree });
  if (initrd !== undefined) pieces.push({ address: initrdAt, bytes: initrd });
  const end = Math.max(range?.end ?? 0, treeAt + tree.length, top);
  return fits(ram, bottom, end, tree) ?? { pieces, entry, x: [treeAt, 0, 0, 0] };
}

/** Firmware finds the tree at the base of RAM by itself, and loads what else there is from the board's devices. */
function placeFirmware(request: BootRequest, bytes: Uint8Array): BootPlan | BootProblem {
  const { ram, initrd, tree: makeTree } = request;
  if (initrd !== undefined) return { problem: 'firmware takes no initrd: put it on a disk' };
  const { base, bank } = VIRT.FLASH;
  if (bytes.length > bank)
    return { problem: `the firmware has ${bytes.length} bytes, and a bank of flash has ${bank}` };
  const tree = makeTree(null);
  const pieces = [
    { address: base, bytes },
    { address: ram.base, bytes: tree },
  ];
  return fits(ram, ram.base, ram.base + tree.length, tree) ?? { pieces, entry: base, x: [ram.base, 0, 0, 0] };
}

function fits(
  ram: BootRequest['ram'],
  start: number,
  end: number,
  tree: Uint8Array,
): BootProblem | undefined {
  if (tree.length > TREE_LIMIT)
    return { problem: `the device tree has ${tree.length} bytes, at most ${TREE_LIMIT}` };
  if (start < ram.base) return { problem: `the image starts at 0x${start.toString(16)}, below RAM` };
  const missing = end - (ram.base + ram.size);
  if (missing <= 0) return undefined;
  return { problem: `the boot needs ${alignUp(missing, PAGE)} bytes more RAM than the machine has` };
}
