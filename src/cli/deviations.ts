/**
 * Recorded outcomes that this product does not reproduce on purpose. Only where the scenario's note says that the
 * recording shows a flaw of the emulator beneath the kernel, or a CONSTRAINED UNPREDICTABLE choice; `rule` is what
 * the architecture says instead. A deviation that passes is reported as a failure: then the entry has to go.
 */
export interface Deviation {
  readonly scenario: string;
  /** Configurations that it holds for; absent: all. */
  readonly configurations?: readonly string[];
  readonly rule: string;
}

export const DEVIATIONS: readonly Deviation[] = [];
