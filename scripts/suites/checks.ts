/** Facts that a suite checks one by one; a wrong one is said at once, and does not stop the others. */
import type { Progress } from './progress.ts';
import type { SuiteResult } from './suite.ts';

function shown(value: unknown): string {
  return typeof value === 'bigint' ? `0x${value.toString(16)}` : JSON.stringify(value);
}

export class Checks {
  readonly #progress: Progress;
  #passed = 0;
  #failed = 0;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  is(what: string, actual: unknown, expected: unknown): void {
    this.#count(shown(actual) === shown(expected), `${what}: ${shown(actual)}, expected ${shown(expected)}`);
  }

  matches(what: string, actual: string | null, expected: RegExp): void {
    const good = actual !== null && expected.test(actual);
    this.#count(good, `${what}: ${shown(actual)} does not match ${expected}`);
  }

  fail(what: string): void {
    this.#count(false, what);
  }

  /** A line that tells what was seen. */
  note(text: string): void {
    this.#progress.line(`  ${text}`);
  }

  #count(good: boolean, wrong: string): void {
    if (good) this.#passed++;
    else {
      this.#failed++;
      this.#progress.line(`  FAILED: ${wrong}`);
    }
  }

  get result(): SuiteResult {
    return { passed: this.#passed, failed: this.#failed, skipped: 0 };
  }
}
