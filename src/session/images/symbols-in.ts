/** The symbols of an image of any kind. */
import type { ImageKind, SymbolView } from '../types.ts';
import { elfSymbols } from './elf.ts';
import { linuxSymbols } from './linux-symbols.ts';
import { systemMapSymbols } from './system-map.ts';

const READERS: Readonly<
  Record<ImageKind, ((bytes: Uint8Array, most: number) => readonly SymbolView[]) | null>
> = {
  elf: elfSymbols,
  'linux-image': linuxSymbols,
  symbols: systemMapSymbols,
  raw: null,
  initrd: null,
  firmware: null,
  disk: null,
};

/** By address, at most `most`. Throws `image-invalid` for a file of these kinds that is damaged. */
export function symbolsIn(kind: ImageKind, bytes: Uint8Array, most: number): readonly SymbolView[] {
  return READERS[kind]?.(bytes, most) ?? [];
}
