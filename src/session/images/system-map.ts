/** Text with a symbol on each line, as a kernel's `System.map`, `/proc/kallsyms` and `nm` have it. */
import { SessionError } from '../errors.ts';
import type { SymbolView } from '../types.ts';
import { kernelSymbols, type NamedAddress } from './kernel-symbols.ts';

/** A module of /proc/kallsyms follows its symbol in brackets. */
const LINE = /^([0-9a-f]{8,16}) ([A-Za-z?-]) (\S+)(?:\s+\[\S+\])?\s*$/;
const FIRST_LINE = /^[0-9a-f]{8,16} [A-Za-z] \S+[^\n]*\n/;
/** Enough for any first line. */
const HEAD = 1024;

export function isSystemMap(bytes: Uint8Array): boolean {
  return FIRST_LINE.test(new TextDecoder('latin1').decode(bytes.subarray(0, HEAD)));
}

/** Throws `image-invalid`, with the number of the line, for text of another form. */
export function systemMapSymbols(bytes: Uint8Array, most: number): readonly SymbolView[] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const symbols = lines.map((line, index): NamedAddress => {
    const match = LINE.exec(line);
    if (match !== null) return { address: BigInt(`0x${match[1]!}`), letter: match[2]!, name: match[3]! };
    throw new SessionError(
      'image-invalid',
      `Line ${index + 1} is no symbol. Each has an address, a letter and a name, as in "ffff800008000000 T _text".`,
    );
  });
  return kernelSymbols(symbols, most);
}
