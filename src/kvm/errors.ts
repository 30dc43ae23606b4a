import { ERRNO, type Errno } from '../base/errno.ts';

/**
 * A refused ioctl: the errno that KVM returns, and a sentence that says whose fault it is and what to do. Nothing
 * has changed.
 */
export class KvmError extends Error {
  override readonly name = 'KvmError';
  readonly errno: Errno;

  constructor(errno: Errno, detail: string) {
    super(detail);
    this.errno = errno;
  }

  /** The number behind the name. */
  get code(): number {
    return ERRNO[this.errno];
  }
}
