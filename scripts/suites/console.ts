/** The console of a VM over REST, as a person at it would use it. */
import type { Client, Run } from '../../src/cli/client.ts';

const POLL_MILLISECONDS = 100;
/** Of what came, this much is shown when something goes wrong. */
const TAIL = 2000;

interface ConsolePage {
  readonly next: number;
  readonly text: string;
}

export class Console {
  readonly #client: Client;
  readonly #vm: string;
  readonly #prompt: string;
  #next = 0;
  text = '';

  /** `vm`: its path below the service. `prompt`: what says that the guest waits for a line. */
  constructor(client: Client, vm: string, prompt: string) {
    this.#client = client;
    this.#vm = vm;
    this.#prompt = prompt;
  }

  async read(): Promise<void> {
    const { next, text } = await this.#client.get<ConsolePage>(`${this.#vm}/console?after=${this.#next}`);
    this.#next = next;
    this.text += text;
  }

  /** Resolves when the text has come after position `from`; fails when the run ends before. */
  async until(run: string, text: string, from: number): Promise<void> {
    for (;;) {
      const { state } = await this.#client.get<Run>(`/v1/runs/${run}`);
      await this.read();
      if (this.text.indexOf(text, from) >= 0) return;
      if (state === 'ended') throw new Error(`the run ended before ${JSON.stringify(text)}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    }
  }

  /** Resolves when the guest has said the text and then waits for a line. */
  async ready(run: string, text: string, from = 0): Promise<void> {
    await this.until(run, text, from);
    await this.until(run, this.#prompt, this.text.indexOf(text, from));
  }

  async press(text: string): Promise<void> {
    await this.#client.post(`${this.#vm}/console`, { text });
  }
  type(line: string): Promise<void> {
    return this.press(`${line}\n`);
  }

  /** Type a command, wait for what it prints and for the prompt after it; the console's text from the command on. */
  async command(run: string, line: string, expected: string): Promise<string> {
    const from = this.text.length;
    await this.type(line);
    await this.ready(run, expected, from);
    return this.text.slice(from);
  }

  /** The error with the end of the console, which mostly says why. */
  async explained(error: unknown): Promise<Error> {
    await this.read();
    const { message } = error as Error;
    return new Error(`${message}; the console ends with\n${this.text.slice(-TAIL)}`, { cause: error });
  }
}
