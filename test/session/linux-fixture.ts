/**
 * A Linux `Image` with the tables that the kernel's scripts/kallsyms.c and include/linux/export.h lay down, written from
 * their description: nothing else of a kernel is in it.
 */

export interface Fixture {
  /** Letter of nm and name, from the lowest address on. */
  readonly symbols: readonly { readonly offset: number; readonly letter: string; readonly name: string }[];
  /** Exported names by offset in the image, sorted by name. */
  readonly exported?: readonly { readonly offset: number; readonly name: string }[];
  /** Order of the tables: 6.1, 6.2 with three bytes for each name, 6.4 and later with the offsets at the end. */
  readonly layout: '6.1' | '6.2' | '6.4';
  /** Whether the base is in place or in a relocation. */
  readonly base: 'in place' | 'relocated';
}

export const TEXT = 0xffff_8000_0800_0000n;
/** Of the first symbol from the first byte of the image. */
export const FIRST = 0x1_0000;
const DIGRAPHS = ['fn', '_t', 'sy'];
const FREE = 0x80;

class Writer {
  readonly bytes: number[] = [];
  align(): number {
    while (this.bytes.length % 8 !== 0) this.bytes.push(0);
    return this.bytes.length;
  }
  number(value: bigint | number, size: number): void {
    for (let i = 0; i < size; i++) this.bytes.push(Number((BigInt(value) >> BigInt(8 * i)) & 0xffn));
  }
  text(text: string): void {
    for (const letter of `${text}\0`) this.bytes.push(letter.charCodeAt(0));
  }
}

/** A byte for each digraph that has one, else for each letter; the length before it, in two bytes from 128 on. */
function compressed(text: string): number[] {
  const out: number[] = [];
  for (let i = 0; i < text.length; ) {
    const digraph = DIGRAPHS.indexOf(text.slice(i, i + 2));
    out.push(digraph < 0 ? text.charCodeAt(i) : FREE + digraph);
    i += digraph < 0 ? 1 : 2;
  }
  return out.length < 0x80 ? [out.length, ...out] : [(out.length & 0x7f) | 0x80, out.length >> 7, ...out];
}

function tokens(out: Writer): void {
  out.align();
  const start = out.bytes.length;
  const index: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    index.push(out.bytes.length - start);
    const used = byte >= 0x20 && byte < 0x7f;
    out.text(used ? String.fromCharCode(byte) : (DIGRAPHS[byte - FREE] ?? ''));
  }
  out.align();
  for (const offset of index) out.number(offset, 2);
}

function names(out: Writer, { symbols }: Fixture): void {
  out.align();
  out.number(symbols.length, 4);
  const start = out.align();
  const markers: number[] = [];
  for (const [i, { letter, name }] of symbols.entries()) {
    if (i % 256 === 0) markers.push(out.bytes.length - start);
    out.bytes.push(...compressed(letter + name));
  }
  out.align();
  for (const marker of markers) out.number(marker, 4);
}

/** Returns where the base is. */
function offsets(out: Writer, { symbols, base }: Fixture): number {
  out.align();
  for (const { offset } of symbols) out.number(offset - FIRST, 4);
  const at = out.align();
  out.number(base === 'in place' ? TEXT + BigInt(FIRST) : 0, 8);
  return at;
}

function exportTable(out: Writer, exported: NonNullable<Fixture['exported']>): void {
  const strings = out.align();
  const at = exported.map(({ name }) => {
    const here = out.bytes.length;
    out.text(name);
    return here;
  });
  const none = out.bytes.length;
  out.text('');
  out.align();
  for (const [i, { offset }] of exported.entries()) {
    for (const target of [offset, at[i]!, none]) out.number(target - out.bytes.length, 4);
  }
  if (strings === none) throw new Error('nothing is exported');
}

export function linuxImage(fixture: Fixture): Uint8Array {
  const out = new Writer();
  out.number(0, 8);
  const early = fixture.layout === '6.4' ? undefined : offsets(out, fixture);
  names(out, fixture);
  if (fixture.layout === '6.2') {
    out.align();
    for (let i = 0; i < fixture.symbols.length; i++) out.number(i, 3);
  }
  tokens(out);
  const base = early ?? offsets(out, fixture);
  if (fixture.exported !== undefined) exportTable(out, fixture.exported);
  out.align();
  out.number(TEXT + BigInt(base), 8);
  out.number(0x403, 8);
  out.number(TEXT + BigInt(FIRST), 8);
  // Symbols lie within what is loaded.
  const image = new Uint8Array(out.bytes.length + 2 * FIRST);
  image.set(out.bytes);
  return image;
}
