/** Symbols as a kernel lists them: address, a letter of nm, name, and no size. */
import type { SymbolView } from '../types.ts';

export interface NamedAddress {
  readonly address: bigint;
  /** As nm has it: t is code, d data, w weak; upper case for global ones. */
  readonly letter: string;
  readonly name: string;
}

const TYPES: Readonly<Record<string, SymbolView['type']>> = {
  t: 'function',
  w: 'function',
  d: 'object',
  b: 'object',
  r: 'object',
  v: 'object',
};
/** Letters of symbols that are numbers and no places. */
const NO_PLACE = /^[auUNn?-]$/i;

/** Of names of one address the last is shown: not a weak one, not one that a linker script made or that hides. */
function rank({ letter, name }: NamedAddress): number {
  const underscores = /^_*/.exec(name)![0].length;
  const linkers = /^__(start|stop)_|^_(s|e)(text|data|bss)$|^_(text|end)$|_(start|end)$/.test(name);
  return (/^w$/i.test(letter) ? -100 : 0) - (linkers ? 50 : 0) - underscores;
}

export function byAddress(a: { readonly address: bigint }, b: { readonly address: bigint }): number {
  return a.address < b.address ? -1 : a.address > b.address ? 1 : 0;
}

/** By address, at most `most`. A symbol lasts until the next address that has one; the last has one byte. */
export function kernelSymbols(symbols: readonly NamedAddress[], most: number): readonly SymbolView[] {
  const places = symbols.filter(({ letter }) => !NO_PLACE.test(letter)).slice(0, most);
  const sorted = places
    // Of equals, the kernel's own order has the better one first.
    .reverse()
    .sort((a, b) => byAddress(a, b) || rank(a) - rank(b));
  const views: SymbolView[] = [];
  let next = (sorted.at(-1)?.address ?? 0n) + 1n;
  for (let i = sorted.length - 1; i >= 0; i--) {
    const { address, letter, name } = sorted[i]!;
    const above = sorted[i + 1]?.address;
    if (above !== undefined && above !== address) next = above;
    const type = TYPES[letter.toLowerCase()] ?? 'other';
    views.push({ name, address, size: Number(next - address), type });
  }
  return views.reverse();
}
