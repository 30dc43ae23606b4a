/** Refused ioctls as catalogued errors: which code an errno means depends on the call. */
import type { Errno } from '../base/errno.ts';
import { KvmError } from '../kvm/errors.ts';
import { SessionError, type SessionErrorCode } from './errors.ts';

export type Ioctl = 'guest-debug' | 'init' | 'register' | 'other';

const BY_IOCTL: Readonly<Record<Ioctl, Partial<Record<Errno, SessionErrorCode>>>> = {
  'guest-debug': { EINVAL: 'control-flag-unsupported' },
  init: { ENOENT: 'feature-unknown', EINVAL: 'feature-unsupported' },
  register: { ENOENT: 'register-unknown', EINVAL: 'register-refused' },
  other: {},
};

const BY_ERRNO: Partial<Record<Errno, SessionErrorCode>> = {
  ENOEXEC: 'vcpu-not-initialized',
  EBUSY: 'kvm-conflict',
  EPERM: 'kvm-conflict',
};

/** Waits for a call; what KVM refused rejects with the code that it has for this ioctl. */
export async function asIoctl<T>(ioctl: Ioctl, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof KvmError) {
      const code = BY_IOCTL[ioctl][error.errno] ?? BY_ERRNO[error.errno] ?? 'kvm-refused';
      throw new SessionError(code, error.message, { errno: error.errno });
    }
    throw error;
  }
}
