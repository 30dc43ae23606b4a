/** The benchmark guests: committed ELF files, and how to give them their number of iterations. */
import { readFileSync } from 'node:fs';
import { elfSymbols, parseElf } from '../../../src/session/images/elf.ts';

export interface Kernel {
  readonly name: string;
  readonly elf: Uint8Array;
  readonly entry: bigint;
  readonly segments: readonly { readonly address: number; readonly bytes: Uint8Array }[];
  /** Behind its last byte of memory. */
  readonly end: number;
  symbol(name: string): bigint;
}

export const KERNELS = ['int', 'mem', 'br', 'call', 'sort', 'lex', 'json', 'fp', 'fma', 'simd'] as const;
export type KernelName = (typeof KERNELS)[number];

export function loadKernel(name: KernelName): Kernel {
  const elf = new Uint8Array(readFileSync(new URL(`../guest/${name}.elf`, import.meta.url)));
  const { entry, segments } = parseElf(elf, elf.length);
  const symbols = new Map(elfSymbols(elf, 1000).map((symbol) => [symbol.name, symbol.address]));
  const symbol = (wanted: string): bigint => {
    const address = symbols.get(wanted);
    if (address === undefined) throw new Error(`${name}.elf has no symbol ${wanted}`);
    return address;
  };
  return {
    name,
    elf,
    entry,
    symbol,
    end: Math.max(...segments.map(({ physical, memorySize }) => Number(physical + memorySize))),
    segments: segments.map(({ physical, bytes }) => ({ address: Number(physical), bytes })),
  };
}

/** `iterations` as guest memory has it. */
export function countBytes(iterations: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(iterations), true);
  return bytes;
}

/** The ELF file with another number of iterations: for emulators that take files. */
export function withIterations(kernel: Kernel, iterations: number): Uint8Array {
  const address = Number(kernel.symbol('iterations'));
  const segment = kernel.segments.find((s) => address >= s.address && address < s.address + s.bytes.length);
  if (segment === undefined) throw new Error(`${kernel.name}.elf does not load its iterations`);
  // The segments are views of the file's bytes, so their place in it is known.
  if (segment.bytes.buffer !== kernel.elf.buffer) throw new Error('the ELF reader copies segments');
  const offset = segment.bytes.byteOffset - kernel.elf.byteOffset + (address - segment.address);
  const file = kernel.elf.slice();
  file.set(countBytes(iterations), offset);
  return file;
}
