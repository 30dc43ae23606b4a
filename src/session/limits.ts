/**
 * Every limit of the service. Nothing that a client or a guest controls is unbounded; what bounds it is one row
 * here, shown to clients with its unit and meaning.
 */
export interface LimitRow {
  readonly value: number;
  readonly unit: 'bytes' | 'count' | 'characters' | 'seconds' | 'milliseconds' | 'instructions';
  readonly meaning: string;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

function row(value: number, unit: LimitRow['unit'], meaning: string): LimitRow {
  return { value, unit, meaning };
}

export const LIMIT_ROWS = {
  vms: row(256, 'count', 'VMs that exist at one time'),
  vcpusPerVm: row(16, 'count', 'vcpus of one VM'),
  memoryPerVm: row(3 * GIB, 'bytes', 'guest RAM of one VM'),
  memoryTotal: row(
    64 * GIB,
    'bytes',
    'guest RAM of all VMs together; pages are committed when first written',
  ),
  physicalAddressBits: row(40, 'count', 'bits of a guest physical address (KVM_CAP_ARM_VM_IPA_SIZE default)'),
  loadItems: row(64, 'count', 'items loaded into memory when a VM is created'),
  imageBytes: row(256 * MIB, 'bytes', 'size of one uploaded image'),
  images: row(4096, 'count', 'stored images'),
  elfSegments: row(256, 'count', 'PT_LOAD segments of one ELF image'),
  symbolsPerImage: row(1_000_000, 'count', 'symbols read from one image; the rest is left out'),
  memoryTransfer: row(16 * MIB, 'bytes', 'guest memory read or written by one request'),
  bodyBytes: row(32 * MIB, 'bytes', 'request body other than an uploaded image'),
  nameLength: row(63, 'characters', 'a name of a VM, session or image'),
  labels: row(64, 'count', 'labels of a VM or session'),
  labelLength: row(255, 'characters', 'a key or a value of a label'),
  ttlSeconds: row(30 * 24 * 3600, 'seconds', 'longest lease of a VM'),
  runInstructions: row(Number.MAX_SAFE_INTEGER, 'instructions', 'instruction budget of a run'),
  runWallMilliseconds: row(24 * 3600 * 1000, 'milliseconds', 'wall-time budget of a run'),
  runSteps: row(1_000_000_000, 'count', 'single steps of one run'),
  runRecordedSteps: row(1_000_000, 'count', 'single steps of one run when every step is recorded'),
  collectItems: row(64, 'count', 'items collected at the stop of a run'),
  collectBytes: row(1 * MIB, 'bytes', 'memory collected at the stop of a run'),
  registerNames: row(1024, 'count', 'registers read or written by one request'),
  waitMilliseconds: row(120_000, 'milliseconds', 'one wait for a run; ask again for longer'),
  pageSize: row(1000, 'count', 'entries of one page of a list'),
  vcpusPerBoard: row(8, 'count', 'vcpus of a VM with a board: what a GICv2 serves'),
  disksPerBoard: row(8, 'count', 'disks of a VM with a board'),
  diskOverlay: row(64 * MIB, 'bytes', 'what the overlay of one disk holds; the guest sees later writes fail'),
  diskTotal: row(
    4 * GIB,
    'bytes',
    'disks of all VMs together: their images, and as much again as overlays may hold',
  ),
  consoleKept: row(
    1 * MIB,
    'bytes',
    'console output of one VM that is kept to be read; older is on the timeline',
  ),
  consoleInput: row(64 * KIB, 'bytes', 'console input of one request, and what waits to be received'),
  semihostingFilesOpen: row(16, 'count', 'files that the guest of one VM has open at one time'),
  semihostingFilesMade: row(256, 'count', 'files that the guest of one VM makes in its life'),
  semihostingBytesWritten: row(
    64 * MIB,
    'bytes',
    'what the guest of one VM writes to files in its life, and the size that a file may grow to',
  ),
  streams: row(256, 'count', 'event streams open at one time'),
  streamBuffer: row(1024, 'count', 'events held in memory for one stream; a slower reader reads the store'),
  historyEvents: row(5_000_000, 'count', 'events kept; the oldest go first'),
  commitBatch: row(1000, 'count', 'events stored in one transaction'),
  engineWindow: row(
    16_384,
    'count',
    'exits of one engine thread that are not stored yet; at the limit its guests wait',
  ),
  idempotencySeconds: row(24 * 3600, 'seconds', 'how long the response to an Idempotency-Key is kept'),
} as const satisfies Record<string, LimitRow>;

export type LimitName = keyof typeof LIMIT_ROWS;
export type Limits = Readonly<Record<LimitName, number>>;

/** The limits with some of them set otherwise. */
export function limitsWith(changes: Partial<Limits>): Limits {
  const names = Object.keys(LIMIT_ROWS) as LimitName[];
  return Object.fromEntries(names.map((name) => [name, changes[name] ?? LIMIT_ROWS[name].value])) as Limits;
}
