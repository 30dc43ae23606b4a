/** The symbols of a Linux `Image`, for the address it is linked at. */
import { Buffer } from 'node:buffer';
import type { SymbolView } from '../types.ts';
import { exportedSymbols } from './exported-symbols.ts';
import { kallsyms } from './kallsyms.ts';
import { byAddress, kernelSymbols } from './kernel-symbols.ts';

/** The kernel says of a variable where it is, not how long. */
const UNKNOWN_SIZE = 1;

/** By address, at most `most`; none when the image carries none that can be found. */
export function linuxSymbols(bytes: Uint8Array, most: number): readonly SymbolView[] {
  const image = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const tables = kallsyms(image);
  if (tables === undefined) return [];
  const symbols = kernelSymbols(tables.symbols, most);
  const known = new Set(symbols.map(({ name }) => name));
  const variables = exportedSymbols(image)
    .filter(({ name }) => !known.has(name))
    .slice(0, most - symbols.length)
    .map(({ name, offset }): SymbolView => {
      return { name, address: tables.text + BigInt(offset), size: UNKNOWN_SIZE, type: 'object' };
    });
  return [...symbols, ...variables].sort(byAddress);
}
