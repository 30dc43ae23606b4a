/**
 * ELF64 little-endian AArch64 files: entry, loadable segments, symbols. Nothing of the file is trusted: every offset
 * is checked, and a file that is wrong is refused with the reason. Source: the ELF specification (gABI), and
 * "ELF for the Arm 64-bit Architecture".
 */
import { hex64 } from '../../base/u64.ts';
import { SessionError } from '../errors.ts';
import type { SymbolView } from '../types.ts';
import { byAddress } from './kernel-symbols.ts';

const HEADER_SIZE = 64;
const PROGRAM_HEADER_SIZE = 56;
const SECTION_HEADER_SIZE = 64;
const SYMBOL_SIZE = 24;
const EM_AARCH64 = 183;
const ET_EXEC = 2;
const ET_DYN = 3;
const PT_LOAD = 1;
const SHT_SYMTAB = 2;
const SHN_UNDEF = 0;
const SHN_ABS = 0xfff1;
/** Symbol types (st_info low nibble). */
const STT = { NOTYPE: 0, OBJECT: 1, FUNC: 2, SECTION: 3, FILE: 4 } as const;

export interface ElfSegment {
  /** Where it is loaded: p_paddr. */
  readonly physical: bigint;
  readonly virtual: bigint;
  /** Bytes from the file; the rest up to `memorySize` is zero, as new guest memory is. */
  readonly bytes: Uint8Array;
  readonly memorySize: bigint;
}

export interface Elf {
  /** e_entry as a physical address: the MMU is off at reset. */
  readonly entry: bigint;
  readonly segments: readonly ElfSegment[];
}

export function isElf(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 4 && bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46
  );
}

function refuse(why: string): never {
  throw new SessionError(
    'image-invalid',
    `The ELF file is not usable: ${why}. Link a static 64-bit AArch64 executable.`,
  );
}

/** The file as numbers, with every read checked against its length. */
class Reader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Throws unless `size` bytes at `offset` are in the file. */
  require(offset: number, size: number, what: string): void {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset + size > this.bytes.length) {
      refuse(`${what} lies outside the file`);
    }
  }

  u8(offset: number): number {
    return this.#view.getUint8(offset);
  }
  u16(offset: number): number {
    return this.#view.getUint16(offset, true);
  }
  u32(offset: number): number {
    return this.#view.getUint32(offset, true);
  }
  u64(offset: number): bigint {
    return this.#view.getBigUint64(offset, true);
  }
  /** A file offset or size. */
  size(offset: number): number {
    return Number(this.u64(offset));
  }
}

function openElf(bytes: Uint8Array): Reader {
  const file = new Reader(bytes);
  file.require(0, HEADER_SIZE, 'the ELF header');
  if (!isElf(bytes)) {
    refuse('it does not begin with the ELF magic');
  }
  if (file.u8(4) !== 2 || file.u8(5) !== 1) {
    refuse('it is not a 64-bit little-endian file');
  }
  if (file.u16(18) !== EM_AARCH64) {
    refuse(`its machine is ${file.u16(18)}, not AArch64 (${EM_AARCH64})`);
  }
  if (file.u16(16) !== ET_EXEC && file.u16(16) !== ET_DYN) {
    refuse('it is not linked (neither an executable nor a shared object)');
  }
  return file;
}

function segmentAt(file: Reader, header: number): ElfSegment {
  const offset = file.size(header + 8);
  const fileSize = file.size(header + 32);
  const memorySize = file.u64(header + 40);
  file.require(offset, fileSize, 'a segment');
  if (memorySize < BigInt(fileSize)) {
    refuse('a segment is larger in the file than in memory');
  }
  return {
    virtual: file.u64(header + 16),
    physical: file.u64(header + 24),
    bytes: file.bytes.subarray(offset, offset + fileSize),
    memorySize,
  };
}

/** `longest`: most PT_LOAD segments. */
export function parseElf(bytes: Uint8Array, longest: number): Elf {
  const file = openElf(bytes);
  const table = file.size(32);
  const count = file.u16(56);
  if (count > 0 && file.u16(54) !== PROGRAM_HEADER_SIZE) {
    refuse('its program headers have an unknown size');
  }
  file.require(table, count * PROGRAM_HEADER_SIZE, 'the program header table');
  const segments: ElfSegment[] = [];
  for (let index = 0; index < count; index++) {
    const header = table + index * PROGRAM_HEADER_SIZE;
    if (file.u32(header) === PT_LOAD && file.u64(header + 40) !== 0n) {
      segments.push(segmentAt(file, header));
    }
  }
  if (segments.length === 0 || segments.length > longest) {
    refuse(`it has ${segments.length} loadable segments; 1 to ${longest} are possible`);
  }
  return { entry: physicalEntry(file.u64(24), segments), segments };
}

function physicalEntry(entry: bigint, segments: readonly ElfSegment[]): bigint {
  const holder = segments.find((s) => entry >= s.virtual && entry < s.virtual + s.memorySize);
  if (holder === undefined) {
    refuse(`its entry ${hex64(entry)} is in no segment`);
  }
  return entry - holder.virtual + holder.physical;
}

function nameAt(file: Reader, table: number, size: number, offset: number): string {
  if (offset >= size) {
    return '';
  }
  const end = file.bytes.indexOf(0, table + offset);
  return new TextDecoder().decode(
    file.bytes.subarray(table + offset, end < 0 ? table + size : Math.min(end, table + size)),
  );
}

function symbolAt(file: Reader, at: number, names: number, namesSize: number): SymbolView | null {
  const type = file.u8(at + 4) & 0xf;
  const section = file.u16(at + 6);
  const name = nameAt(file, names, namesSize, file.u32(at));
  // `$x` and `$d` mark code and data for disassemblers (ELF for the Arm 64-bit Architecture, mapping symbols).
  const marker = name === '' || /^\$[xd](\.|$)/.test(name);
  if (marker || section === SHN_UNDEF || section === SHN_ABS || type > STT.FUNC) {
    return null;
  }
  return {
    name,
    address: file.u64(at + 8),
    size: file.size(at + 16),
    type: type === STT.FUNC ? 'function' : type === STT.OBJECT ? 'object' : 'other',
  };
}

/** The symbols of .symtab by address, at most `most`; none when the file is stripped. */
export function elfSymbols(bytes: Uint8Array, most: number): readonly SymbolView[] {
  const file = openElf(bytes);
  const table = file.size(40);
  const count = file.u16(60);
  if (count === 0) {
    return [];
  }
  file.require(table, count * SECTION_HEADER_SIZE, 'the section header table');
  const symbols: SymbolView[] = [];
  for (let index = 0; index < count; index++) {
    const header = table + index * SECTION_HEADER_SIZE;
    const link = file.u32(header + 40);
    if (file.u32(header + 4) !== SHT_SYMTAB || link >= count) {
      continue;
    }
    const strings = table + link * SECTION_HEADER_SIZE;
    const [start, size] = [file.size(header + 24), file.size(header + 32)];
    const [names, namesSize] = [file.size(strings + 24), file.size(strings + 32)];
    file.require(start, size, 'the symbol table');
    file.require(names, namesSize, 'the string table');
    for (let at = start; at + SYMBOL_SIZE <= start + size && symbols.length < most; at += SYMBOL_SIZE) {
      const symbol = symbolAt(file, at, names, namesSize);
      if (symbol !== null) {
        symbols.push(symbol);
      }
    }
  }
  return symbols.sort(byAddress);
}
