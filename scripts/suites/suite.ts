/** What the runner knows of a suite. */
import type { Progress } from './progress.ts';

export interface SuiteOptions {
  /** How much to do: tests, programs, boards; undefined is all of it, or what the suite finds enough. */
  readonly count: number | undefined;
  /** Where random numbers begin. */
  readonly seed: number | undefined;
  readonly progress: Progress;
}

export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
  /** Tests that say nothing here, such as those that another emulator fails too. */
  readonly skipped: number;
}

export interface Suite {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** `count` of a part that takes a minute or two: continuous integration runs it. */
  readonly quick: number;
  /** Which tool or package is not there, and how to get it; undefined when all are. */
  missing(): string | undefined;
  run(options: SuiteOptions): SuiteResult | Promise<SuiteResult>;
}
