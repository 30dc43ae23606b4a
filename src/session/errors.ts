/**
 * What a caller can get wrong: a catalogue of codes. A `SessionError` is one of them with a detail that says whose
 * fault it is and what to do. Our own bugs are never here (they are `InternalError`), nor is what a guest does.
 */
import type { Errno } from '../base/errno.ts';
import type { LimitName } from './limits.ts';

export type ErrorCategory =
  /** The request cannot be read as what it should be. */
  | 'malformed'
  /** It names something that does not exist. */
  | 'not-found'
  /** Legal in another state. */
  | 'conflict'
  /** The version that the caller has seen is not the one in force. */
  | 'precondition'
  | 'too-large'
  /** Well-formed, and never going to work as it is. */
  | 'refused'
  /** A shared resource is used up at the moment. */
  | 'limit'
  /** The service cannot at the moment; trying again is right. */
  | 'unavailable';

export interface ErrorRow {
  readonly category: ErrorCategory;
  readonly title: string;
  readonly errno?: Errno;
  /** What it means and what to do, for the catalogue page. */
  readonly meaning: string;
}

function row(category: ErrorCategory, title: string, meaning: string, errno?: Errno): ErrorRow {
  return errno === undefined ? { category, title, meaning } : { category, title, meaning, errno };
}

export const SESSION_ERRORS = {
  'vm-not-found': row(
    'not-found',
    'No such VM',
    'No VM has this id or name. It may have been deleted or have expired; its sessions and exits stay readable.',
  ),
  'vcpu-not-found': row('not-found', 'No such vcpu', 'The VM has fewer vcpus. They are numbered from 0.'),
  'run-not-found': row('not-found', 'No such run', 'No run has this id.'),
  'session-not-found': row('not-found', 'No such session', 'No session has this id.'),
  'image-not-found': row('not-found', 'No such image', 'No stored image has this id. Upload it first.'),
  'register-unknown': row(
    'not-found',
    'No such register',
    'The vcpu has no register with this name or KVM id. The register list names those it has.',
    'ENOENT',
  ),

  'vcpu-running': row(
    'conflict',
    'The vcpu is running',
    'A running vcpu has no register state to read or write. Pause the VM, or wait for the run to end.',
    'EBUSY',
  ),
  'vm-running': row(
    'conflict',
    'The VM is running',
    'This needs all vcpus stopped. Pause the VM, or wait for its runs to end.',
    'EBUSY',
  ),
  'vcpu-not-initialized': row(
    'conflict',
    'The vcpu is not initialised',
    'KVM_ARM_VCPU_INIT comes before registers and runs. Initialise the vcpu first.',
    'ENOEXEC',
  ),
  'name-taken': row(
    'conflict',
    'The name is taken',
    'Another VM has this name. Names are unique among the VMs that exist.',
    'EEXIST',
  ),
  'image-in-use': row(
    'conflict',
    'The image is in use',
    'A VM was loaded from this image and needs it for reset. Delete the VM first.',
    'EBUSY',
  ),
  'image-kind-differs': row(
    'conflict',
    'Stored as another kind',
    'These bytes are stored already as an image of another kind. Delete that image first, or use it as it is.',
    'EEXIST',
  ),
  'console-missing': row(
    'conflict',
    'The VM has no console',
    'Only a VM with a board or with semihosting has a console. Create it with one of them.',
  ),
  'mmio-not-pending': row(
    'conflict',
    'No MMIO read is pending',
    'MMIO data answers the KVM_EXIT_MMIO read that the vcpu stopped with; it has no such exit.',
  ),
  'kvm-conflict': row(
    'conflict',
    'KVM refuses this now',
    'The ioctl returned EBUSY or EPERM: it is not legal in the state that the vcpu is in.',
    'EBUSY',
  ),

  'version-mismatch': row(
    'precondition',
    'Somebody changed it meanwhile',
    'The version given is not the one in force. Read it again, then decide.',
  ),

  'image-too-large': row(
    'too-large',
    'The image is too large',
    'The upload is larger than the limit imageBytes.',
    'E2BIG',
  ),
  'transfer-too-large': row(
    'too-large',
    'Too much memory in one request',
    'The length is more than the limit memoryTransfer. Split the transfer.',
    'E2BIG',
  ),

  'name-invalid': row(
    'refused',
    'Not a usable name',
    'Names have letters, digits, dots, underscores and hyphens, start with a letter or digit, and do not look like an id.',
  ),
  'labels-invalid': row('refused', 'Not usable labels', 'There are too many labels, or one is too long.'),
  'limit-exceeded': row(
    'refused',
    'More than the limit',
    'A number in the request is above the limit that the problem names.',
    'E2BIG',
  ),
  'vm-spec-invalid': row(
    'refused',
    'This VM cannot be created',
    'Memory, vcpus, board, boot or entry of the VM contradict each other or the machine, or an image is not of a kind that its place takes; member is what is wrong, when it is one.',
    'EINVAL',
  ),
  'profile-unknown': row(
    'refused',
    'No such profile',
    'The profile list has the names. `custom` takes numbers of its own.',
    'EINVAL',
  ),
  'profile-invalid': row(
    'refused',
    'This profile cannot exist',
    'A custom profile has 2 to 16 breakpoints, 2 to 16 watchpoints, and no more context-aware breakpoints than breakpoints. All vcpus of a VM have the same kernel.',
    'EINVAL',
  ),
  'load-address-missing': row(
    'refused',
    'No load address',
    'Raw images, initrds and bytes need the address to load them at; only ELF and Linux images know it themselves.',
    'EINVAL',
  ),
  'load-outside-memory': row(
    'refused',
    'The load is outside guest memory',
    'A segment of the load does not lie in the RAM of the VM. Change base and size of the memory, or the address.',
    'EFAULT',
  ),
  'image-invalid': row(
    'refused',
    'Not an image of this kind',
    'The bytes are not what the kind says, for example an ELF file that is not a 64-bit little-endian AArch64 executable.',
    'ENOEXEC',
  ),
  'control-flag-unsupported': row(
    'refused',
    'Control bits outside the mask',
    'KVM_SET_GUEST_DEBUG takes the bits that KVM_CAP_SET_GUEST_DEBUG2 reports. Nothing was changed.',
    'EINVAL',
  ),
  'feature-unknown': row(
    'refused',
    'No such vcpu feature',
    'KVM_ARM_VCPU_INIT does not know this feature.',
    'ENOENT',
  ),
  'feature-unsupported': row(
    'refused',
    'vcpu feature not possible',
    'The profile lacks the feature, or it differs from the first KVM_ARM_VCPU_INIT of the vcpu.',
    'EINVAL',
  ),
  'register-refused': row(
    'refused',
    'KVM refuses this register value',
    'KVM_SET_ONE_REG returned an errno: the id is malformed, or the value is not one the register can take. Nothing was changed.',
    'EINVAL',
  ),
  'kvm-refused': row(
    'refused',
    'KVM refuses this',
    'The ioctl returned an errno. Nothing was changed.',
    'EINVAL',
  ),
  'memory-not-mapped': row(
    'refused',
    'No memory there',
    'Some of the bytes have no RAM behind them, or the guest does not map their virtual address. Nothing was transferred.',
    'EFAULT',
  ),
  'run-spec-invalid': row(
    'refused',
    'This run makes no sense',
    'Parts of the run contradict each other, for example steps on all vcpus at once.',
    'EINVAL',
  ),

  'vm-limit': row(
    'limit',
    'Too many VMs',
    'The limit vms is reached. Delete some or wait for leases to end.',
    'ENOSPC',
  ),
  'memory-limit': row(
    'limit',
    'Too much guest memory in all',
    'The limit memoryTotal or diskTotal is reached. Delete VMs, or ask for less memory or fewer disks.',
    'ENOMEM',
  ),
  'image-limit': row('limit', 'Too many images', 'The limit images is reached. Delete some.', 'ENOSPC'),
  'stream-limit': row(
    'limit',
    'Too many event streams',
    'The limit streams is reached. Close one or try later.',
    'EAGAIN',
  ),

  'engine-failed': row(
    'unavailable',
    'The engine thread died',
    'The thread that ran the VM ended unexpectedly; the VM is gone, its session and exits are kept. Create the VM again.',
    'EIO',
  ),
  'history-unavailable': row(
    'unavailable',
    'The history cannot be written',
    'Nothing is done that could not be recorded. Look at the disk of the service.',
    'EIO',
  ),
  'service-stopping': row(
    'unavailable',
    'The service is stopping',
    'It takes no new work. Try again when it is back.',
    'EAGAIN',
  ),
} as const satisfies Record<string, ErrorRow>;

export type SessionErrorCode = keyof typeof SESSION_ERRORS;

export interface ErrorFacts {
  /** When it differs from the row's. */
  readonly errno?: Errno;
  /** Further facts for programs, for example `limit` and `used`. */
  readonly facts?: Readonly<Record<string, string | number | readonly string[]>>;
}

export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly code: SessionErrorCode;
  readonly errno: Errno | undefined;
  readonly facts: Readonly<Record<string, string | number | readonly string[]>>;

  /** `detail`: a full sentence for a person, saying whose fault it is and what to do. */
  constructor(code: SessionErrorCode, detail: string, more: ErrorFacts = {}) {
    super(detail);
    this.code = code;
    this.errno = more.errno ?? (SESSION_ERRORS[code] as ErrorRow).errno;
    this.facts = more.facts ?? {};
  }

  get row(): ErrorRow {
    return SESSION_ERRORS[this.code];
  }
}

/** Throw `limit-exceeded` when a number of the request is above its limit. */
export function requireWithin(
  limits: Readonly<Record<LimitName, number>>,
  name: LimitName,
  value: number,
  what: string,
): void {
  if (value > limits[name]) {
    throw new SessionError(
      'limit-exceeded',
      `${what} is ${value}; the limit ${name} is ${limits[name]}. Ask for less.`,
      {
        facts: { limitName: name, limit: limits[name], requested: value },
      },
    );
  }
}
