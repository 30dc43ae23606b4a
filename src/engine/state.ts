/**
 * Architectural state of the vcpu that is switched in, as plain accessors over the state block. 64-bit
 * values come as bigint or as two int32 halves; the halves are for paths that run often.
 */
import { REG, STATE } from './layout.ts';

export class CpuState {
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly u64: BigUint64Array;

  constructor(buffer: ArrayBuffer) {
    this.u8 = new Uint8Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.u64 = new BigUint64Array(buffer, 0, STATE.END / 8);
  }

  get pc(): bigint {
    return this.u64[STATE.PC / 8]!;
  }
  set pc(v: bigint) {
    this.u64[STATE.PC / 8] = v;
  }
  get pcLo(): number {
    return this.i32[STATE.PC / 4]!;
  }
  get pcHi(): number {
    return this.i32[STATE.PC / 4 + 1]!;
  }
  setPc(lo: number, hi: number): void {
    this.i32[STATE.PC / 4] = lo;
    this.i32[STATE.PC / 4 + 1] = hi;
  }

  /** General register 0..30, or 31 for zero: reads as 0, writes ignored. */
  x(n: number): bigint {
    return n === REG.ZERO ? 0n : this.u64[n]!;
  }
  setX(n: number, v: bigint): void {
    if (n !== REG.ZERO) this.u64[n] = v;
  }
  get sp(): bigint {
    return this.u64[REG.SP]!;
  }
  set sp(v: bigint) {
    this.u64[REG.SP] = v;
  }

  /** NZCV in bits 3..0. */
  get nzcv(): number {
    return this.i32[STATE.NZCV / 4]!;
  }
  set nzcv(v: number) {
    this.i32[STATE.NZCV / 4] = v & 15;
  }
  /** PSTATE bits other than NZCV, SPSR layout. */
  get pstate(): number {
    return this.i32[STATE.PSTATE / 4]!;
  }
  set pstate(v: number) {
    this.i32[STATE.PSTATE / 4] = v & 0x0fffffff;
  }
  /** The whole of PSTATE, SPSR layout, unsigned. */
  get spsr(): number {
    return ((this.nzcv << 28) | this.pstate) >>> 0;
  }

  get el(): 0 | 1 {
    return (this.pstate & 0xc) === 0 ? 0 : 1;
  }
  /** SP_EL1 is selected (PSTATE.SP at EL1). */
  get spEl1Selected(): boolean {
    return (this.pstate & 0xf) === 5;
  }

  /** Storage of a system register by slot. */
  sysreg(slot: number): bigint {
    return this.u64[STATE.SYSREGS / 8 + slot]!;
  }
  setSysreg(slot: number, v: bigint): void {
    this.u64[STATE.SYSREGS / 8 + slot] = v;
  }
  sysregLo(slot: number): number {
    return this.i32[STATE.SYSREGS / 4 + slot * 2]!;
  }
  sysregHi(slot: number): number {
    return this.i32[STATE.SYSREGS / 4 + slot * 2 + 1]!;
  }
}
