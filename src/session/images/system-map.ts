/** Text with a symbol on each line, as a kernel's `System.map`, `/proc/kallsyms` and `nm` have it. */
import { SessionError } from '../errors.ts';
import type { SymbolView } from '../types.ts';
import { kernelSymbols, type NamedAddress } from './kernel-symbols.ts';

/** A module of /proc/kallsyms follows its symbol in brackets. */
const LINE = /^([0-9a-f]{8,16}) ([A-Za-z?-]) (\S+)(?:\s+\[\S+\])?\s*$/;
const FIRST_LINE = /^[0-9a-f]{8,16} [A-Za-z] \S+[^\n]*\n/;
/** Characters of a wrong line that a refusal shows. */
const SHOWN = 80;
/** Enough for any first line. */
const HEAD = 1024;

export function isSystemMap(bytes: Uint8Array): boolean {
  return FIRST_LINE.test(new TextDecoder('latin1').decode(bytes.subarray(0, HEAD)));
}

/** Line by line: a long text has more of them than memory for them all at once. */
function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const line = end < 0 ? text.slice(start) : text.slice(start, end);
    yield line;
    start += line.length + 1;
  }
}

/** Throws `image-invalid`, with the number of the line, for text of another form; what comes after `most` lines is not read. */
export function systemMapSymbols(bytes: Uint8Array, most: number): readonly SymbolView[] {
  const symbols: NamedAddress[] = [];
  for (const line of linesOf(new TextDecoder().decode(bytes))) {
    if (symbols.length === most) break;
    const match = LINE.exec(line);
    if (match === null) {
      throw new SessionError(
        'image-invalid',
        `Line ${symbols.length + 1} is no symbol: ${JSON.stringify(line.slice(0, SHOWN))}. Each has an address, a letter and a name, as in "ffff800008000000 T _text".`,
      );
    }
    symbols.push({ address: BigInt(`0x${match[1]!}`), letter: match[2]!, name: match[3]! });
  }
  return kernelSymbols(symbols, most);
}
