/**
 * PL031 real-time clock: counts seconds of virtual time from a fixed start. Source: Arm DDI 0224 (PrimeCell Real Time
 * Clock), chapter 3.
 */
import type { MmioDevice } from './bus.ts';
import type { InterruptLine } from './interrupt-line.ts';
import { primeCellId } from './prime-cell.ts';

const RTC = { DR: 0x0, MR: 0x4, LR: 0x8, CR: 0xc, IMSC: 0x10, RIS: 0x14, MIS: 0x18, ICR: 0x1c } as const;

export interface Pl031State {
  /** The clock's value at second 0 of virtual time. */
  offset: number;
  match: number;
  load: number;
  mask: number;
  raw: number;
  /** Second of virtual time up to which matches have been looked for. */
  seen: number;
}

export class Pl031 implements MmioDevice {
  readonly state: Pl031State;
  readonly #line: InterruptLine;
  readonly #seconds: () => number;

  /** `epoch`: seconds since 1970 at the start. `seconds`: virtual time, whole seconds since the start. */
  constructor(line: InterruptLine, epoch: number, seconds: () => number) {
    this.state = { offset: epoch >>> 0, match: 0, load: 0, mask: 0, raw: 0, seen: 0 };
    this.#line = line;
    this.#seconds = seconds;
  }

  read(offset: number): number {
    this.advance();
    const { state } = this;
    switch (offset) {
      case RTC.DR:
        return this.#now();
      case RTC.MR:
        return state.match;
      case RTC.LR:
        return state.load;
      case RTC.CR:
        return 1;
      case RTC.IMSC:
        return state.mask;
      case RTC.RIS:
        return state.raw;
      case RTC.MIS:
        return state.raw & state.mask;
      default:
        return primeCellId(0x31, 0x04, offset);
    }
  }

  write(offset: number, _bytes: number, value: number): void {
    this.advance();
    const { state } = this;
    switch (offset) {
      case RTC.MR:
        state.match = value;
        break;
      case RTC.LR:
        state.load = value;
        state.offset = (value - this.#seconds()) >>> 0;
        break;
      case RTC.IMSC:
        state.mask = value & 1;
        break;
      case RTC.ICR:
        state.raw &= ~value;
        break;
    }
    if (this.#now() === state.match && (offset === RTC.MR || offset === RTC.LR)) state.raw = 1;
    this.#drive();
  }

  /** Bring the interrupt up to the present. */
  advance(): void {
    const { state } = this;
    const now = this.#seconds();
    if (now === state.seen) return;
    const ahead = (state.match - state.offset - state.seen) >>> 0;
    if (ahead !== 0 && ahead <= now - state.seen) state.raw = 1;
    state.seen = now;
    this.#drive();
  }
  /** Whole seconds until the alarm rings; Infinity when it is masked or has rung. */
  secondsToMatch(): number {
    const { state } = this;
    if (state.mask === 0 || state.raw !== 0) return Infinity;
    const ahead = (state.match - this.#now()) >>> 0;
    return ahead === 0 ? 2 ** 32 : ahead;
  }

  #now(): number {
    return (this.state.offset + this.#seconds()) >>> 0;
  }
  #drive(): void {
    this.#line.set((this.state.raw & this.state.mask) !== 0);
  }
}
