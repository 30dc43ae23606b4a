/** The two buffers of a console: what the guest has sent and nobody has drained, what was typed and nobody has read. */

export interface ConsoleLimits {
  /** Bytes that wait to be drained; when there are more, the older half is dropped and counted. */
  readonly output: number;
  /** Bytes that wait to be received. */
  readonly input: number;
}

/** Plain data. */
interface ConsoleState {
  /** Typed by the host, not yet read. */
  readonly waiting: number[];
  /** Sent by the guest, not yet drained. */
  readonly sent: number[];
  /** Bytes that were dropped because nobody drained. */
  lost: number;
}

export class ConsoleBuffers {
  readonly state: ConsoleState = { waiting: [], sent: [], lost: 0 };
  readonly #limits: ConsoleLimits;

  constructor(limits: ConsoleLimits) {
    this.#limits = limits;
  }

  // The host's side

  /** Bytes that wait to be drained. */
  get pending(): number {
    return this.state.sent.length;
  }
  /** Take everything that was sent since the last call. `lost` counts bytes dropped before these. */
  drain(): { readonly bytes: Uint8Array; readonly lost: number } {
    const { state } = this;
    const taken = { bytes: Uint8Array.from(state.sent), lost: state.lost };
    state.sent.length = 0;
    state.lost = 0;
    return taken;
  }
  /** Type bytes; returns how many found room. */
  type(bytes: Uint8Array): number {
    const { waiting } = this.state;
    const taken = bytes.subarray(0, Math.max(0, this.#limits.input - waiting.length));
    for (const byte of taken) waiting.push(byte);
    return taken.length;
  }

  // The guest's side

  send(byte: number): void {
    const { state } = this;
    if (state.sent.push(byte) <= this.#limits.output) return;
    const dropped = Math.ceil(this.#limits.output / 2);
    state.sent.splice(0, dropped);
    state.lost += dropped;
  }
  /** The oldest typed byte; undefined when there is none. */
  take(): number | undefined {
    return this.state.waiting.shift();
  }
}
