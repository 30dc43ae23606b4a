/** A growing byte buffer with the number encodings of the WebAssembly binary format. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  #reserve(count: number): void {
    const need = this.#length + count;
    if (need <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(need, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  bytes(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** Unsigned LEB128 of a value below 2^32. */
  unsigned(value: number): void {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Signed LEB128 of an int32. */
  signed32(value: number): void {
    let rest = value | 0;
    for (;;) {
      const group = rest & 0x7f;
      rest >>= 7;
      if (rest === (group & 0x40 ? -1 : 0)) {
        this.byte(group);
        return;
      }
      this.byte(group | 0x80);
    }
  }

  /** Signed LEB128 of the low 64 bits of a bigint. */
  signed64(value: bigint): void {
    let rest = BigInt.asIntN(64, value);
    // Nearly all constants are small, and numbers are ten times as fast.
    if (rest === BigInt.asIntN(32, rest)) {
      this.signed32(Number(rest));
      return;
    }
    for (;;) {
      const group = Number(rest & 0x7fn);
      rest >>= 7n;
      if (rest === (group & 0x40 ? -1n : 0n)) {
        this.byte(group);
        return;
      }
      this.byte(group | 0x80);
    }
  }

  /** The low `count` bytes of a value, least significant first. */
  littleEndian(value: bigint, count: number): void {
    for (let i = 0; i < count; i++) this.byte(Number((value >> BigInt(8 * i)) & 0xffn));
  }

  /** A name: length in bytes, then UTF-8. */
  name(text: string): void {
    const utf8 = new TextEncoder().encode(text);
    this.unsigned(utf8.length);
    this.bytes(utf8);
  }

  /** A nested part with its length in front. */
  sized(part: ByteWriter): void {
    this.unsigned(part.length);
    this.bytes(part.view());
  }

  /** What was written; valid until the next write. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
