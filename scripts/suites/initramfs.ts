/** An initial RAM disk for a kernel: a cpio archive of the "new ASCII" format. Source: Linux, Documentation/driver-api/early-userspace/buffer-format.rst. */
import { Buffer } from 'node:buffer';

export interface ArchiveFile {
  readonly path: string;
  /** File type and permissions, as in `st_mode`. */
  readonly mode: number;
  /** Contents, or where a symbolic link leads. */
  readonly data?: Uint8Array | string;
  /** Of a device: major and minor number. */
  readonly device?: readonly [major: number, minor: number];
}

const MAGIC = '070701';
const ALIGNMENT = 4;

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & (ALIGNMENT - 1))]);
}

/** Header fields: inode, mode, uid, gid, links, mtime, size, device of the file, device it is, length of the name, check. */
function entry({ path, mode, data = '', device = [0, 0] }: ArchiveFile, inode: number): Buffer {
  const name = Buffer.from(`${path}\0`);
  const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data);
  const fields = [inode, mode, 0, 0, 1, 0, bytes.length, 0, 0, ...device, name.length, 0];
  const header = MAGIC + fields.map((field) => field.toString(16).padStart(8, '0')).join('');
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), name])), padded(bytes)]);
}

export function initramfs(files: readonly ArchiveFile[]): Uint8Array {
  const all = [...files, { path: 'TRAILER!!!', mode: 0 }];
  return Buffer.concat(all.map((file, index) => entry(file, index + 1)));
}
