/** Debug registers in force for a vcpu, and what the next software-step syndrome has to tell. */
import type { DebugRegisterFile } from '../hardware.ts';

export class DebugState {
  /** The comparators' registers as world switch left them; null: none are loaded. */
  file: DebugRegisterFile | null = null;
  /** The instruction that was last stepped was a load-exclusive (EX). */
  steppedExclusive = false;
  /** The PE itself stepped the last instruction (ISV). */
  stepped = false;
  #mdscr = 0n;
  #low = 0;

  /** MDSCR_EL1. */
  get mdscr(): bigint {
    return this.#mdscr;
  }
  set mdscr(value: bigint) {
    this.#mdscr = value;
    this.#low = Number(BigInt.asUintN(32, value));
  }
  /** Its bits 31..0, which is where all are that act: they are asked for at every step. */
  get mdscrLow(): number {
    return this.#low;
  }
}
