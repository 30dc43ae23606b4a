/**
 * PL011 UART: a console. What is sent is in an output buffer that the host drains; what the host types waits in a
 * queue and enters the receive FIFO as there is room. Transmission takes no time. Accesses of any size see the low
 * bits of a register. Source: Arm DDI 0183 (PrimeCell UART), chapter 3.
 */
import type { StateTree } from '../../base/state-tree.ts';
import type { MmioDevice } from './bus.ts';
import { ConsoleBuffers, type ConsoleLimits } from './console-buffers.ts';
import type { InterruptLine } from './interrupt-line.ts';
import { primeCellId } from './prime-cell.ts';

const UART = {
  DR: 0x00,
  RSR: 0x04,
  FR: 0x18,
  ILPR: 0x20,
  IBRD: 0x24,
  FBRD: 0x28,
  LCRH: 0x2c,
  CR: 0x30,
  IFLS: 0x34,
  IMSC: 0x38,
  RIS: 0x3c,
  MIS: 0x40,
  ICR: 0x44,
  DMACR: 0x48,
} as const;

const FR = { RXFE: 0x10, RXFF: 0x40, TXFE: 0x80 } as const;
const LCRH_FEN = 0x10;
const CR = { UARTEN: 1, LBE: 0x80, TXE: 0x100, RXE: 0x200 } as const;
/** Interrupts: receive, transmit, receive timeout. */
const INT = { RX: 0x10, TX: 0x20, RT: 0x40 } as const;
const ALL_INTERRUPTS = 0x7ff;
const FIFO_DEPTH = 16;
/** Receive trigger levels by IFLS.RXIFLSEL: 1/8, 1/4, 1/2, 3/4, 7/8 full. Reserved values are as 1/2. */
const RX_LEVELS = [2, 4, 8, 12, 14];

export interface Pl011State {
  readonly receive: number[];
  ilpr: number;
  ibrd: number;
  fbrd: number;
  lcrh: number;
  control: number;
  fifoLevels: number;
  mask: number;
  raw: number;
  dma: number;
}

export class Pl011 implements MmioDevice {
  readonly state: Pl011State;
  readonly #line: InterruptLine;
  readonly #console: ConsoleBuffers;

  constructor(line: InterruptLine, limits: ConsoleLimits) {
    this.#line = line;
    this.#console = new ConsoleBuffers(limits);
    this.state = {
      receive: [],
      ilpr: 0,
      ibrd: 0,
      fbrd: 0,
      lcrh: 0,
      control: CR.TXE | CR.RXE,
      fifoLevels: 0x12,
      mask: 0,
      raw: 0,
      dma: 0,
    };
  }

  // The host's side

  get pending(): number {
    return this.#console.pending;
  }
  /** Take everything that was sent since the last call. `lost` counts bytes dropped before these. */
  drain(): { readonly bytes: Uint8Array; readonly lost: number } {
    return this.#console.drain();
  }
  /** Type bytes; returns how many found room. */
  type(bytes: Uint8Array): number {
    const taken = this.#console.type(bytes);
    this.#refill();
    return taken;
  }

  /** What it remembers, and what was typed for it. What it has sent is the host's, not the guest's. */
  snapshot(): StateTree {
    return { ...this.state, waiting: this.#console.state.waiting };
  }

  // Semihosting's side: the same console, past the UART

  say(bytes: Uint8Array): void {
    for (const byte of bytes) this.#console.send(byte);
  }
  /** Typed bytes in their order, those in the FIFO first. */
  take(length: number): Uint8Array {
    const taken: number[] = [];
    while (taken.length < length) {
      const byte = this.state.receive.length > 0 ? this.#receive() : this.#console.take();
      if (byte === undefined) break;
      taken.push(byte);
    }
    return Uint8Array.from(taken);
  }

  // The guest's side

  read(offset: number): number {
    const { state } = this;
    switch (offset) {
      case UART.DR:
        return this.#receive();
      case UART.FR:
        return this.#flags();
      case UART.ILPR:
        return state.ilpr;
      case UART.IBRD:
        return state.ibrd;
      case UART.FBRD:
        return state.fbrd;
      case UART.LCRH:
        return state.lcrh;
      case UART.CR:
        return state.control;
      case UART.IFLS:
        return state.fifoLevels;
      case UART.IMSC:
        return state.mask;
      case UART.RIS:
        return state.raw;
      case UART.MIS:
        return state.raw & state.mask;
      case UART.DMACR:
        return state.dma;
      default:
        return primeCellId(0x11, 0x04, offset);
    }
  }

  write(offset: number, _bytes: number, value: number): void {
    const { state } = this;
    switch (offset) {
      case UART.DR:
        this.#send(value & 0xff);
        return;
      case UART.ILPR:
        state.ilpr = value & 0xff;
        return;
      case UART.IBRD:
        state.ibrd = value & 0xffff;
        return;
      case UART.FBRD:
        state.fbrd = value & 0x3f;
        return;
      case UART.LCRH:
        this.#setLine(value & 0xff);
        return;
      case UART.CR:
        state.control = value & 0xff87;
        this.#refill();
        return;
      case UART.IFLS:
        state.fifoLevels = value & 0x3f;
        return;
      case UART.IMSC:
        state.mask = value & ALL_INTERRUPTS;
        break;
      case UART.ICR:
        state.raw &= ~value;
        break;
      case UART.DMACR:
        state.dma = value & 7;
        return;
    }
    this.#drive();
  }

  get #depth(): number {
    return (this.state.lcrh & LCRH_FEN) === 0 ? 1 : FIFO_DEPTH;
  }
  #flags(): number {
    const { receive } = this.state;
    const empty = receive.length === 0 ? FR.RXFE : 0;
    return FR.TXFE | empty | (receive.length >= this.#depth ? FR.RXFF : 0);
  }
  /** Turning the FIFOs on or off empties them. */
  #setLine(value: number): void {
    const { state } = this;
    if (((state.lcrh ^ value) & LCRH_FEN) !== 0) state.receive.length = 0;
    state.lcrh = value;
    this.#refill();
  }

  #send(byte: number): void {
    const { state } = this;
    if ((state.control & CR.LBE) !== 0) this.#arrive(byte);
    else this.#console.send(byte);
    // The transmit FIFO has already fallen through its trigger level again.
    state.raw |= INT.TX;
    this.#drive();
  }

  #receive(): number {
    const { state } = this;
    const byte = state.receive.shift() ?? 0;
    this.#refill();
    if (state.receive.length === 0) state.raw &= ~(INT.RX | INT.RT);
    else if (state.receive.length < this.#trigger()) state.raw &= ~INT.RX;
    this.#drive();
    return byte;
  }
  #trigger(): number {
    if ((this.state.lcrh & LCRH_FEN) === 0) return 1;
    return RX_LEVELS[(this.state.fifoLevels >>> 3) & 7] ?? 8;
  }
  /** Move what waits into the FIFO. */
  #refill(): void {
    const { receive, control } = this.state;
    if ((control & CR.RXE) === 0) return;
    while (receive.length < this.#depth) {
      const byte = this.#console.take();
      if (byte === undefined) break;
      this.#arrive(byte);
    }
    this.#drive();
  }
  /** A byte arrives. No more follow at once, so that a partly filled FIFO is a receive timeout at the same time. */
  #arrive(byte: number): void {
    const { state } = this;
    if (state.receive.length >= this.#depth) return;
    state.receive.push(byte);
    if (state.receive.length >= this.#trigger()) state.raw |= INT.RX;
    else state.raw |= INT.RT;
  }
  #drive(): void {
    this.#line.set((this.state.raw & this.state.mask) !== 0);
  }
}
