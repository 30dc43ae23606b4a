/** How the demo talks: numbered scenes, what was asked as a curl line, what came back, aligned. Colour on a terminal only. */
import type { Exit } from '../client.ts';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'cyan';
const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, cyan: 36 };

/** Something came back that is not what this program must give. */
export class UnexpectedError extends Error {
  override readonly name = 'UnexpectedError';
}

export class Story {
  private readonly write: (text: string) => void;
  private readonly colour: boolean;
  private scenes = 0;
  /** KVM_RUN returns so far. */
  exits = 0;

  constructor(write: (text: string) => void, colour: boolean) {
    this.write = write;
    this.colour = colour;
  }

  paint(style: Style, text: string): string {
    return this.colour ? `\x1b[${CODES[style]}m${text}\x1b[0m` : text;
  }

  line(text = ''): void {
    this.write(`${text}\n`);
  }

  scene(title: string): void {
    this.scenes++;
    this.line();
    this.line(this.paint('bold', `${this.scenes}. ${title}`));
  }

  say(text: string): void {
    this.line(`   ${text}`);
  }

  /** The request as one would type it. */
  asked(method: string, path: string, body?: unknown): void {
    const verb = method === (body === undefined ? 'GET' : 'POST') ? '' : `-X ${method} `;
    const data =
      typeof body === 'string' ? ` ${body}` : body === undefined ? '' : ` --json '${JSON.stringify(body)}'`;
    const url = path.includes('?') ? `"$API${path}"` : `$API${path}`;
    this.line(this.paint('dim', `   $ curl ${verb}${url}${data}`));
  }

  /** A labelled line; labels line up. */
  fact(label: string, text: string): void {
    this.line(`     ${this.paint('cyan', label.padEnd(10))} ${text}`);
  }

  /** Why KVM_RUN came back, in KVM's terms and in words. */
  exit(exit: Exit): void {
    const { debug, mmio, systemEvent } = exit;
    this.fact('stopped', `${exit.reason ?? exit.errno ?? 'unknown'} at ${place(exit)}`);
    if (debug !== undefined) {
      const { hsr, hsrHigh, far, flags } = debug;
      this.fact('debug', `hsr ${hsr}, hsr_high ${hsrHigh}, far ${far}, flags ${flags}`);
      this.fact('syndrome', exit.explanation.exceptionClass?.name ?? '');
    }
    if (mmio !== undefined)
      this.fact(
        'access',
        `${mmio.isWrite ? 'write' : 'read'} of ${mmio.len} bytes at ${mmio.physAddr}, data ${mmio.data}`,
      );
    if (systemEvent !== undefined) this.fact('event', systemEvent.type);
    this.fact('because', exit.explanation.summary);
  }

  /** Ends the demo when the service does not do what it must. */
  check(what: string, holds: boolean): void {
    if (!holds) throw new UnexpectedError(`expected: ${what}`);
  }
}

/** `pc` with its symbol. */
export function place(exit: Exit): string {
  const { symbol } = exit.explanation;
  return symbol === null ? exit.pc : `${symbol} (${exit.pc})`;
}
