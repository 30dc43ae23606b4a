/**
 * The symbols that a kernel carries in itself (CONFIG_KALLSYMS), found in its `Image`, for the address it is linked at:
 * boot with `nokaslr`, or without a seed for KASLR. The tables have no header; each is found by what must be in it.
 * Source: the kernel's scripts/kallsyms.c and kernel/kallsyms.c, 6.1 and 6.12.
 */
import type { Buffer } from 'node:buffer';
import type { NamedAddress } from './kernel-symbols.ts';

/** A byte of a compressed name stands for one of 256 strings. Digits stand for themselves in every kernel. */
const TOKENS = 256;
const DIGITS = '0\x001\x002\x003\x004\x005\x006\x007\x008\x009\0';
const FIRST_DIGIT = 0x30;
const LONGEST_TOKEN = 512;
/** KSYM_NAME_LEN. */
const LONGEST_NAME = 512;
/** There is a marker, the offset of a name, for every so many names. */
const PER_MARKER = 256;
/** Of names: fewer are no kernel, more is none that anybody has built. */
const FEWEST = 512;
const MOST = 1 << 21;
/** An image made to be slow to look through is given up: places where digits are looked at, names and places tried. */
const MOST_DIGITS = 64;
const MOST_TRIED = 1 << 27;
const ALIGNMENT = 8;
const R_AARCH64_RELATIVE = 0x403;
const RELA_SIZE = 24;
/** A kernel is linked at a multiple of 2 MiB; its first symbol, the base of the offsets, is a little above. */
const IMAGE_ALIGNMENT = 0x20_0000n;

const imageAddress = (base: bigint): bigint => base - (base % IMAGE_ALIGNMENT);
const aligned = (offset: number): number => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

interface Tokens {
  readonly start: number;
  readonly end: number;
  readonly strings: readonly string[];
}
interface Names {
  /** Offset of kallsyms_num_syms. */
  readonly start: number;
  readonly count: number;
  readonly end: number;
}

/** The table at `start`, if the index of its strings' offsets follows it. */
function tokensAt(image: Buffer, start: number): Tokens | undefined {
  const strings: string[] = [];
  const offsets: number[] = [];
  let at = start;
  for (let i = 0; i < TOKENS; i++) {
    const length = image.subarray(at, at + LONGEST_TOKEN + 1).indexOf(0);
    if (length < 0) return undefined;
    const end = at + length;
    offsets.push(at - start);
    strings.push(image.toString('latin1', at, end));
    at = end + 1;
  }
  const index = aligned(at);
  const end = index + 2 * TOKENS;
  if (end > image.length) return undefined;
  return offsets.every((offset, i) => image.readUInt16LE(index + 2 * i) === offset)
    ? { start, end, strings }
    : undefined;
}

/** Wherever a table could be: other tables of 256 short strings look the same. */
function* tokenTables(image: Buffer): Generator<Tokens> {
  let digits = image.indexOf(DIGITS, 0, 'latin1');
  for (let n = 0; digits >= 0 && n < MOST_DIGITS; n++, digits = image.indexOf(DIGITS, digits + 1, 'latin1')) {
    const last = digits - FIRST_DIGIT;
    const first = Math.max(0, digits - FIRST_DIGIT * LONGEST_TOKEN);
    for (let start = last - (last % ALIGNMENT); start >= first; start -= ALIGNMENT) {
      const tokens = tokensAt(image, start);
      if (tokens !== undefined) yield tokens;
    }
  }
}

/** Length of the compressed name at `at`, and of the bytes that say it. */
function nameLength(image: Buffer, at: number): readonly [length: number, head: number] {
  const low = image[at] ?? 0;
  return low < 0x80 ? [low, 1] : [(low & 0x7f) | ((image[at + 1] ?? 0) << 7), 2];
}

interface Effort {
  left: number;
}

/** Whether `count` names start here and end where their markers, which are right for them, are. */
function namesAt(image: Buffer, start: number, count: number, markers: number, effort: Effort): boolean {
  const first = start + ALIGNMENT;
  let at = first;
  for (let i = 0; i < count; i++) {
    if (i % PER_MARKER === 0 && image.readUInt32LE(markers + (i / PER_MARKER) * 4) !== at - first)
      return false;
    const [length, head] = nameLength(image, at);
    at += length + head;
    effort.left -= 1;
    if (length === 0 || length > LONGEST_NAME || at > markers) return false;
  }
  return aligned(at) === markers;
}

/** The names come before the tokens; between the two are the markers and, in some kernels, three bytes for each name. */
function findNames(image: Buffer, { start: tokens }: Tokens, effort: Effort): Names | undefined {
  for (let start = tokens - ALIGNMENT; start >= 0 && effort.left > 0; start -= ALIGNMENT) {
    effort.left -= 1;
    const count = image.readUInt32LE(start);
    if (count < FEWEST || count >= MOST || image.readUInt32LE(start + 4) !== 0) continue;
    const size = aligned(4 * Math.ceil(count / PER_MARKER));
    for (const sequence of [0, aligned(3 * count)]) {
      const markers = tokens - sequence - size;
      const plausible = markers > start && image.readUInt32LE(markers) === 0;
      if (plausible && namesAt(image, start, count, markers, effort))
        return { start, count, end: markers + size };
    }
  }
  return undefined;
}

/** Offsets from the base never fall: the table is sorted. */
function areOffsets(image: Buffer, start: number, count: number): boolean {
  if (start < 0 || start + aligned(4 * count) + ALIGNMENT > image.length) return false;
  let last = image.readUInt32LE(start);
  if (last !== 0) return false;
  for (let i = 1; i < count; i++) {
    const offset = image.readUInt32LE(start + 4 * i);
    if (offset < last) return false;
    last = offset;
  }
  return last > 0;
}

/** kallsyms_relative_base is an address: in place, or in the relocation that puts it there. */
function baseAt(image: Buffer, at: number): bigint | undefined {
  const value = image.readBigUInt64LE(at);
  if (value !== 0n) return value;
  for (let entry = 0; entry + RELA_SIZE <= image.length; entry += ALIGNMENT) {
    if (image.readUInt32LE(entry + 8) !== R_AARCH64_RELATIVE || image.readUInt32LE(entry + 12) !== 0)
      continue;
    const text = image.readBigUInt64LE(entry) - BigInt(at);
    const base = image.readBigUInt64LE(entry + 16);
    if (text === imageAddress(base) && base - text < BigInt(image.length)) return base;
  }
  return undefined;
}

/** The offsets come before the names up to kernel 6.3, and after the tokens since. */
function findOffsets(
  image: Buffer,
  names: Names,
  tokens: Tokens,
): { offsets: number; base: bigint } | undefined {
  const size = aligned(4 * names.count);
  for (const offsets of [names.start - ALIGNMENT - size, aligned(tokens.end)]) {
    if (!areOffsets(image, offsets, names.count)) continue;
    const base = baseAt(image, offsets + size);
    if (base !== undefined) return { offsets, base };
  }
  return undefined;
}

/** Ends early at what is no name. */
function* decoded(image: Buffer, { start, count }: Names, { strings }: Tokens): Generator<string> {
  let at = start + ALIGNMENT;
  for (let i = 0; i < count; i++) {
    const [length, head] = nameLength(image, at);
    at += head;
    let text = '';
    for (const end = at + length; at < end; at++) text += strings[image[at]!]!;
    if (text.length > LONGEST_NAME) return;
    yield text;
  }
}

interface KernelTables {
  /** What the first byte of the image is linked at. */
  readonly text: bigint;
  readonly symbols: readonly NamedAddress[];
}

/** Undefined when the kernel carries no symbols that can be found. */
export function kallsyms(image: Buffer): KernelTables | undefined {
  const effort: Effort = { left: MOST_TRIED };
  for (const tokens of tokenTables(image)) {
    const names = findNames(image, tokens, effort);
    const found = names && findOffsets(image, names, tokens);
    if (found === undefined) continue;
    const symbols: NamedAddress[] = [];
    for (const text of decoded(image, names!, tokens)) {
      const offset = image.readUInt32LE(found.offsets + 4 * symbols.length);
      symbols.push({ address: found.base + BigInt(offset), letter: text[0]!, name: text.slice(1) });
    }
    return { text: imageAddress(found.base), symbols };
  }
  return undefined;
}
