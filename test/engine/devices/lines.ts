/** A wire that remembers its level. */
import type { InterruptLine } from '../../../src/engine/devices/interrupt-line.ts';

export function wire(): InterruptLine & { readonly level: boolean } {
  let level = false;
  return {
    get level() {
      return level;
    },
    set(value) {
      level = value;
    },
  };
}
