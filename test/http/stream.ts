/** A client of an event stream that keeps everything it was sent. */
import { request } from 'node:http';
import { expect } from 'vitest';

interface Event {
  readonly id: number | undefined;
  readonly event: string | undefined;
  readonly data: string;
}

export class Stream {
  text = '';
  ended = false;
  readonly status: Promise<number>;
  headers: Record<string, unknown> = {};
  readonly #close: () => void;

  constructor(port: number, path: string, headers: Record<string, string> = {}) {
    const outgoing = request({ port, host: '127.0.0.1', path, headers });
    this.#close = () => outgoing.destroy();
    this.status = new Promise((resolve, reject) => {
      outgoing.on('response', (response) => {
        this.headers = response.headers;
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          this.text += chunk;
        });
        response.on('close', () => {
          this.ended = true;
        });
        response.on('error', () => {});
        resolve(response.statusCode ?? 0);
      });
      outgoing.on('error', reject);
    });
    this.status.catch(() => {});
    outgoing.end();
  }

  close(): void {
    this.#close();
  }

  get events(): Event[] {
    const blocks = this.text.split('\n\n').slice(0, -1);
    return blocks
      .map((block) => {
        const field = (name: string) =>
          block
            .split('\n')
            .find((line) => line.startsWith(`${name}: `))
            ?.slice(name.length + 2);
        const id = field('id');
        return {
          id: id === undefined ? undefined : Number(id),
          event: field('event'),
          data: field('data') ?? '',
        };
      })
      .filter(({ event }) => event !== undefined);
  }

  async until(condition: (stream: Stream) => boolean): Promise<void> {
    for (let i = 0; i < 1000; i++) {
      if (condition(this)) return;
      await new Promise((done) => setTimeout(done, 10));
    }
    expect.fail(`waited in vain; the stream has: ${this.text}`);
  }
}
