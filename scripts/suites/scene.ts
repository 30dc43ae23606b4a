/** What the scenes of a kernel under debug work with. */
import type { Checks } from './checks.ts';
import type { Console } from './console.ts';
import type { Target } from './target.ts';

export interface Scene {
  readonly checks: Checks;
  readonly console: Console;
  readonly target: Target;
  readonly vcpus: number;
  readonly address: (symbol: string) => Promise<bigint>;
}
