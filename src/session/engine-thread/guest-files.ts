/**
 * The files of a guest with semihosting: those below one directory, which is the guest's root. No name leads out of
 * it: `..` is refused, and so is every symbolic link, wherever it leads. What a guest may open, make and write is bounded.
 */
import { closeSync, constants, fstatSync, ftruncateSync, lstatSync, openSync } from 'node:fs';
import { readSync, realpathSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ERRNO, type Errno } from '../../base/errno.ts';
import type { StateTree } from '../../base/state-tree.ts';
import type { Files, OpenMode } from '../../kvm/contract.ts';

/** What a VM may do, as plain data. */
export interface FilesGrant {
  /** Absolute, without symbolic links. */
  readonly directory: string;
  /** Files that are open at one time. */
  readonly open: number;
  /** Files that the VM makes in its life. */
  readonly made: number;
  /** Bytes that the VM writes in its life; no file grows beyond them either. */
  readonly written: number;
}

interface OpenFile {
  /** As the guest opened it. */
  readonly name: string;
  readonly descriptor: number;
  readonly append: boolean;
  readonly access: 'read' | 'write' | 'both';
  position: number;
}

/** An errno of ours, thrown inside this file only. */
class Refusal extends Error {
  readonly errno: Errno;
  constructor(errno: Errno) {
    super(errno);
    this.errno = errno;
  }
}
function refuse(errno: Errno): never {
  throw new Refusal(errno);
}

/** Negative, as the port has it. An error of the host that has no number here is EIO. */
function errnoOf(error: unknown): number {
  const code = error instanceof Refusal ? error.errno : (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  return -(ERRNO[code as Errno] ?? ERRNO.EIO);
}
function attempt<T>(action: () => T): T | number {
  try {
    return action();
  } catch (error) {
    return errnoOf(error);
  }
}

const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;
const FLAGS = { read: O_RDONLY, write: O_WRONLY, both: O_RDWR } as const;

function accessOf(mode: OpenMode): OpenFile['access'] {
  if (mode.includes('+')) return 'both';
  return mode.startsWith('r') ? 'read' : 'write';
}

export class GuestFiles implements Files {
  readonly #grant: FilesGrant;
  readonly #files: (OpenFile | null)[] = [];
  #made = 0;
  #written = 0;

  constructor(grant: FilesGrant) {
    this.#grant = grant;
  }

  /** The VM starts anew, or is gone. */
  closeAll(): void {
    for (const file of this.#files) if (file !== null) closeSync(file.descriptor);
    this.#files.length = 0;
  }

  /** What decides how its next calls end, beside the files themselves. */
  snapshot(): StateTree {
    const open = this.#files.map((file) => {
      if (file === null) return null;
      const { name, access, append, position } = file;
      return { name, access, append, position };
    });
    return { open, made: this.#made, written: this.#written };
  }

  open(name: string, mode: OpenMode): number {
    return attempt(() => {
      if (this.#files.filter((file) => file !== null).length >= this.#grant.open) refuse('EMFILE');
      const file: OpenFile = {
        name,
        descriptor: this.#descriptor(this.#path(name), mode),
        append: mode.startsWith('a'),
        access: accessOf(mode),
        position: 0,
      };
      const free = this.#files.indexOf(null);
      const place = free < 0 ? this.#files.length : free;
      this.#files[place] = file;
      return place;
    });
  }

  close(handle: number): number {
    return attempt(() => {
      const { descriptor } = this.#file(handle);
      this.#files[handle] = null;
      closeSync(descriptor);
      return 0;
    });
  }

  read(handle: number, length: number): Uint8Array | number {
    return attempt(() => {
      const file = this.#file(handle);
      if (file.access === 'write') refuse('EBADF');
      const bytes = new Uint8Array(length);
      const count = readSync(file.descriptor, bytes, 0, length, file.position);
      file.position += count;
      return bytes.subarray(0, count);
    });
  }

  write(handle: number, bytes: Uint8Array): number {
    return attempt(() => {
      const file = this.#file(handle);
      if (file.access === 'read') refuse('EBADF');
      const at = file.append ? fstatSync(file.descriptor).size : file.position;
      if (at + bytes.length > this.#grant.written) refuse('EFBIG');
      if (this.#written + bytes.length > this.#grant.written) refuse('ENOSPC');
      const count = writeSync(file.descriptor, bytes, 0, bytes.length, at);
      this.#written += count;
      file.position = at + count;
      return count;
    });
  }

  seek(handle: number, position: number): number {
    return attempt(() => {
      const file = this.#file(handle);
      if (!Number.isSafeInteger(position)) refuse('EINVAL');
      file.position = position;
      return 0;
    });
  }

  length(handle: number): number {
    return attempt(() => fstatSync(this.#file(handle).descriptor).size);
  }

  remove(name: string): number {
    return attempt(() => {
      unlinkSync(this.#path(name));
      return 0;
    });
  }

  rename(from: string, to: string): number {
    return attempt(() => {
      renameSync(this.#path(from), this.#path(to));
      return 0;
    });
  }

  #file(handle: number): OpenFile {
    return this.#files[handle] ?? refuse('EBADF');
  }

  /** The host's path of a name: below the directory, with no link on the way. The last part need not exist. */
  #path(name: string): string {
    const text = Buffer.from(name, 'latin1').toString();
    const parts = text.split('/').filter((part) => part !== '' && part !== '.');
    if (parts.length === 0 || text.includes('\0')) refuse('ENOENT');
    if (parts.includes('..')) refuse('EACCES');
    const path = join(this.#grant.directory, ...parts);
    if (realpathSync(dirname(path)) !== dirname(path)) refuse('ELOOP');
    return path;
  }

  /** Of a plain file. Opening never blocks, whatever is there. */
  #descriptor(path: string, mode: OpenMode): number {
    const flags = FLAGS[accessOf(mode)] | O_NOFOLLOW | O_NONBLOCK;
    const exists = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    if (!exists && !mode.startsWith('r')) {
      if (this.#made >= this.#grant.made) refuse('ENOSPC');
      this.#made += 1;
      return openSync(path, flags | O_CREAT | O_EXCL, 0o644);
    }
    const descriptor = openSync(path, flags);
    if (!fstatSync(descriptor).isFile()) {
      closeSync(descriptor);
      refuse('EACCES');
    }
    if (mode.startsWith('w')) ftruncateSync(descriptor, 0);
    return descriptor;
  }
}
