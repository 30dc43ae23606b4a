/**
 * Stage 1 translation tables, built from the format's definition (Arm ARM, VMSAv8-64 descriptors), with
 * bigints only and independent of the walker.
 */
import type { FakePe } from '../fake-pe.ts';
import { RAM_BASE } from '../fake-pe.ts';

export type Granule = 12n | 14n | 16n;

/** Lower attributes of a plain mapping: AF, Inner Shareable, attribute index 0. */
export const AF = 1n << 10n;
export const AP_EL0 = 1n << 6n;
export const AP_READ_ONLY = 1n << 7n;
export const PXN = 1n << 53n;
export const UXN = 1n << 54n;
export const SH_INNER = 3n << 8n;
export const ATTR = (index: number): bigint => BigInt(index) << 2n;

const TG0: Record<string, bigint> = { 12: 0n, 14: 2n, 16: 1n };
const TG1: Record<string, bigint> = { 12: 2n, 14: 1n, 16: 3n };

export interface Regime {
  readonly granule: Granule;
  /** Input address bits of both halves. */
  readonly bits: bigint;
  /** IPS encoding; 5: 48 bits. */
  readonly ips?: bigint;
  readonly tcr?: bigint;
}

export class Tables {
  readonly pe: FakePe;
  readonly granule: bigint;
  readonly bits: bigint;
  /** Table of the low and of the high half. */
  readonly roots: readonly [number, number];
  private next = RAM_BASE + 0x10_0000;

  constructor(pe: FakePe, regime: Regime) {
    this.pe = pe;
    this.granule = regime.granule;
    this.bits = regime.bits;
    this.roots = [this.allocate(), this.allocate()];
    const size = 64n - regime.bits;
    const tcr =
      size |
      (TG0[String(this.granule)]! << 14n) |
      (size << 16n) |
      (TG1[String(this.granule)]! << 30n) |
      ((regime.ips ?? 5n) << 32n) |
      (regime.tcr ?? 0n);
    pe.setSysreg('TCR_EL1', tcr);
    pe.setSysreg('TTBR0_EL1', BigInt(this.roots[0]));
    pe.setSysreg('TTBR1_EL1', BigInt(this.roots[1]));
    // Attribute 0 Normal write-back, 1 Device-nGnRnE, 2 Normal non-cacheable.
    pe.setSysreg('MAIR_EL1', 0x44_00_ffn);
    pe.setSysreg('SCTLR_EL1', pe.sysreg('SCTLR_EL1') | 1n);
  }

  /** Zeroed memory for one table, aligned to its size. */
  allocate(): number {
    const size = 2 ** Number(this.granule);
    this.next = Math.ceil(this.next / size) * size;
    const address = this.next;
    this.next += size;
    return address;
  }

  /** Bits that a descriptor of a level maps. */
  shift(level: number): bigint {
    return this.granule + BigInt(3 - level) * (this.granule - 3n);
  }

  startLevel(): number {
    let level = 3;
    while (this.shift(level) + this.granule - 3n < this.bits) level--;
    return level;
  }

  /** Address of the descriptor for `va` at `level`, making tables (with `tableBits` set) on the way. */
  slot(va: bigint, level: number, tableBits = 0n): number {
    let table = this.roots[Number((va >> 55n) & 1n)]!;
    const start = this.startLevel();
    for (let l = start; ; l++) {
      const width = l === start ? this.bits - this.shift(l) : this.granule - 3n;
      const index = (va >> this.shift(l)) & ((1n << width) - 1n);
      const address = table + Number(index) * 8;
      if (l === level) return address;
      let descriptor = this.read(address);
      if (descriptor === 0n) {
        descriptor = BigInt(this.allocate()) | 3n | tableBits;
        this.pe.write64(address, descriptor);
      }
      table = Number(descriptor & 0xffff_ffff_f000n);
    }
  }

  read(address: number): bigint {
    const { u8 } = this.pe.state;
    return new DataView(u8.buffer).getBigUint64(this.pe.ram.host + address - RAM_BASE, true);
  }

  /** Map `va` to `pa` with a page (level 3) or block descriptor. */
  map(va: bigint, pa: bigint, level: number, attributes: bigint, tableBits = 0n): void {
    const type = level === 3 ? 3n : 1n;
    this.pe.write64(this.slot(va, level, tableBits), pa | attributes | type);
  }
}
