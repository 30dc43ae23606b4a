/** Console output as text: bytes that a guest has sent so far, which may end within a character. */

/** Bytes at the end that begin a UTF-8 character and do not end it; 0 to 3. */
function unfinished(bytes: Uint8Array): number {
  for (let n = 1; n <= Math.min(3, bytes.length); n++) {
    const byte = bytes[bytes.length - n]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > n && byte < 0xf8 ? n : 0;
  }
  return 0;
}

export interface ConsolePart {
  readonly from: number;
  readonly next: number;
  readonly bytes: Uint8Array;
}

/** Whole characters only: `next` is where the first unfinished one begins. What is no UTF-8 is U+FFFD. */
export function wholeText({ from, bytes }: ConsolePart): { from: number; next: number; text: string } {
  const whole = bytes.subarray(0, bytes.length - unfinished(bytes));
  return {
    from,
    next: from + whole.length,
    text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(whole),
  };
}

/** The same for parts that follow each other: what is left of one begins the next. */
export function textInParts(): (part: ConsolePart) => ReturnType<typeof wholeText> {
  let rest: ConsolePart = { from: 0, next: 0, bytes: new Uint8Array(0) };
  return (part) => {
    const joined =
      rest.next === part.from
        ? { from: rest.from, next: part.next, bytes: Buffer.concat([rest.bytes, part.bytes]) }
        : part;
    const found = wholeText(joined);
    rest = { from: found.next, next: part.next, bytes: joined.bytes.subarray(found.next - joined.from) };
    return found;
  };
}
