/** What a VM with semihosting is given: heap and stack, and the files that the operator lets it have. */
import type { SemihostingConfig } from '../kvm/contract.ts';
import type { FilesGrant } from './engine-thread/guest-files.ts';
import type { Extent } from './images/load-plan.ts';
import type { Limits } from './limits.ts';
import type { VmSpec } from './types.ts';
import { invalidMember } from './validate.ts';

/** A stack pointer is a multiple of this. */
const ALIGNMENT = 16;

/** The largest range of RAM that nothing was loaded to. */
function largestGap({ base, size }: VmSpec['memory'], occupied: readonly Extent[]): Extent {
  const end = base + size;
  const inside = occupied.filter(({ start }) => start < end).sort((a, b) => a.start - b.start);
  let [free, best] = [base, { start: base, end: base }];
  for (const extent of [...inside, { start: end, end }]) {
    const start = Math.ceil(free / ALIGNMENT) * ALIGNMENT;
    const gap = { start, end: Math.floor(extent.start / ALIGNMENT) * ALIGNMENT };
    if (gap.end - gap.start > best.end - best.start) best = gap;
    free = Math.max(free, extent.end);
  }
  return best;
}

/** `occupied`: what the VM is loaded with. Undefined: it has no semihosting. */
export function semihostingConfig(
  { semihosting, memory }: VmSpec,
  occupied: readonly Extent[],
): SemihostingConfig | undefined {
  if (semihosting === undefined) return undefined;
  const { start, end } = largestGap(memory, occupied);
  return { commandLine: semihosting.commandLine, heap: { base: BigInt(start), limit: BigInt(end) } };
}

/** `directory`: the one that the operator named; null when none was. Refuses files where there are none to give. */
export function filesGrant(
  { semihosting }: VmSpec,
  directory: string | null,
  limits: Limits,
): FilesGrant | null {
  if (semihosting?.files !== true) return null;
  if (directory === null) {
    throw invalidMember(
      '/semihosting/files',
      'This service has no files for guests: its operator named no directory (--semihosting-directory). Leave semihosting.files out, or ask the operator.',
    );
  }
  const { semihostingFilesOpen, semihostingFilesMade, semihostingBytesWritten } = limits;
  return {
    directory,
    open: semihostingFilesOpen,
    made: semihostingFilesMade,
    written: semihostingBytesWritten,
  };
}
