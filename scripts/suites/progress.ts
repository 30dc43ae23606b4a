/** Progress on screen: one line that is written over on a terminal, a line every few seconds elsewhere. */

const LOG_INTERVAL_MS = 10_000;
const SCREEN_INTERVAL_MS = 100;

export interface Progress {
  /** What is being done, and how much of it is. */
  step(what: string, done: number, total: number): void;
  /** A line that stays. */
  line(text: string): void;
}

export function createProgress(suite: string): Progress {
  const screen = process.stderr.isTTY;
  const interval = screen ? SCREEN_INTERVAL_MS : LOG_INTERVAL_MS;
  let last = 0;
  const clear = (): void => {
    if (screen) process.stderr.write('\r\x1b[K');
  };
  return {
    step(what, done, total) {
      const now = Date.now();
      if (now - last < interval) return;
      last = now;
      clear();
      process.stderr.write(`${suite}: ${what} ${done}/${total}${screen ? '' : '\n'}`);
    },
    line(text) {
      clear();
      console.log(text);
    },
  };
}
