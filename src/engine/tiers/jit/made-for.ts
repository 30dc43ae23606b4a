/**
 * Whether accesses go to pages with watchpoints, so that runs of bytes beside what is watched are remembered instead of pages. One that is
 * not where the last one was is an exit, or a call where that is frequent.
 */
export type Windows = 'none' | 'exits' | 'calls';

/** What the code of a region is made for, beside the instructions. */
export interface MadeFor {
  /** Unaligned accesses fault (STATE.ALIGN_STRICT). */
  readonly strict: boolean;
  /** Floating point takes fast paths: the state of `allowsFastPaths` at entry. */
  readonly fast: boolean;
  /** The host's multiply-add rounds once. */
  readonly fused: boolean;
  /** Records whose instructions have been refused in place too often: calls are made for them. */
  readonly refused: ReadonlySet<number>;
  readonly windows: Windows;
}
