/** Disks with files on them, for guests. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingTool, output } from './tools.ts';

export const missingDiskTool = (): string | undefined => missingTool({ mke2fs: 'e2fsprogs' });

/** A disk of `kibibytes` with an ext2 file system that has the files. */
export function ext2Disk(kibibytes: number, files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), 'guestdbg-disk-'));
  try {
    const content = mkdtempSync(join(directory, 'root-'));
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(content, name), bytes);
    const disk = join(directory, 'disk');
    output('mke2fs', ['-q', '-t', 'ext2', '-b', '1024', '-d', content, disk, String(kibibytes)]);
    return readFileSync(disk);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
