/**
 * What a software TLB has to remember beside its entries: which context number stands for which translation
 * regime, and which virtual ranges were mapped by something larger than a page. One table per software TLB.
 */

/** Context numbers are non-zero multiples of 16 below 4096 (`STATE.CONTEXT`). */
const NUMBERS = 255;
const NUMBER_STEP = 16;
const REGISTER_HALVES = 9;

/** 2 to the power of the index. */
const SIZE: readonly number[] = Array.from({ length: 31 }, (_, bits) => 2 ** bits);

export class ContextTable {
  /** SCTLR_EL1's bits that matter, then TCR, TTBR0, TTBR1 and MAIR as halves. */
  private readonly registers = new Int32Array(REGISTER_HALVES);
  /** Numbers for `registers` by EL + 2 * PAN; -1 where none is assigned yet. */
  private readonly current = new Int32Array(4).fill(-1);
  private readonly numbers = new Map<string, number>();
  private readonly large = new Set<number>();
  /** Sizes that occur in `large`, a bit each: mostly one of them. */
  private sizes = 0;

  /** Name the registers whose contexts `number` gives from now on. Cheap when they are those of last time. */
  select(registers: Int32Array): void {
    const mine = this.registers;
    for (let i = 0; i < REGISTER_HALVES; i++) {
      if (mine[i] !== registers[i]) {
        mine.set(registers);
        this.current.fill(-1);
        return;
      }
    }
  }

  /** True when `needed` more numbers may not be there: flush the TLB, call `clear`, and start again. */
  nearlyFull(needed: number): boolean {
    return this.numbers.size + needed > NUMBERS;
  }

  /** The context of accesses from `el` under the selected registers. */
  number(el: 0 | 1, pan: 0 | 1): number {
    const index = el + 2 * pan;
    const known = this.current[index]!;
    if (known >= 0) return known;
    const key = `${index}:${this.registers.join()}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = (this.numbers.size + 1) * NUMBER_STEP;
      this.numbers.set(key, number);
    }
    this.current[index] = number;
    return number;
  }

  /** Forget every number. Only together with a flush of the whole TLB. */
  clear(): void {
    this.numbers.clear();
    this.current.fill(-1);
    this.forgetLarge();
  }

  /** A translation of 2^`bits` bytes (more than 4 KiB) was made; TLB entries of its pages may follow. */
  noteLarge(vaLo: number, vaHi: number, bits: number): void {
    this.large.add(largeKey(vaLo, vaHi, bits));
    this.sizes |= 1 << bits;
  }

  /** Whether the page may have neighbours that came from the same descriptor. */
  mayBeLarge(vaLo: number, vaHi: number): boolean {
    for (let left = this.sizes; left !== 0; left &= left - 1) {
      if (this.large.has(largeKey(vaLo, vaHi, 31 - Math.clz32(left & -left)))) return true;
    }
    return false;
  }

  /** The TLB was flushed as a whole. */
  forgetLarge(): void {
    this.large.clear();
    this.sizes = 0;
  }
}

/** VA[55:bits] and the size in one double: 42 bits of address at most. */
function largeKey(vaLo: number, vaHi: number, bits: number): number {
  const va = (vaHi & 0x00ff_ffff) * 0x1_0000_0000 + (vaLo >>> 0);
  return Math.floor(va / SIZE[bits]!) * 64 + bits;
}
