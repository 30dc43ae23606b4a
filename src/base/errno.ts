/** Linux errno values that KVM calls and semihosting return. Source: Linux uapi asm-generic/errno-base.h and errno.h. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  ENOEXEC: 8,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  EMFILE: 24,
  ENOTTY: 25,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  ERANGE: 34,
  ENAMETOOLONG: 36,
  ENOSYS: 38,
  ENOTEMPTY: 39,
  ELOOP: 40,
  EOPNOTSUPP: 95,
  ETIMEDOUT: 110,
} as const;

/** An errno by name. */
export type Errno = keyof typeof ERRNO;

const NAMES = new Map<number, Errno>((Object.keys(ERRNO) as Errno[]).map((name) => [ERRNO[name], name]));

/** The name of an errno value, given positive or negated as system calls return it. */
export function errnoName(value: number): Errno | undefined {
  return NAMES.get(Math.abs(value));
}
