/** Debian's kernel for arm64 clouds, unmodified, and a RAM disk with busybox; fetched once into the cache. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ArchiveFile, initramfs } from './initramfs.ts';
import { cacheDirectory, download, missingTool, output } from './tools.ts';

const KERNELS = '^linux-image-6\\.1\\.0-[0-9]+-cloud-arm64$';
const BUSYBOX = 'busybox-static:arm64';
const ROOT = 'unpacked';

const cache = (): string => cacheDirectory('debian-kernel');
function imagePath(): string | undefined {
  const boot = join(cache(), ROOT, 'boot');
  const name = existsSync(boot) ? readdirSync(boot).find((file) => file.startsWith('vmlinuz-')) : undefined;
  return name === undefined ? undefined : join(boot, name);
}
const busyboxPath = (): string => join(cache(), ROOT, 'bin/busybox');
const isFetched = (): boolean => imagePath() !== undefined && existsSync(busyboxPath());

/** The newest kernel package that apt-get knows. */
function kernelPackage(): string | undefined {
  const lines = output('apt-cache', ['search', '--names-only', KERNELS]).split('\n');
  const names = lines.map((line) => line.split(' ')[0]!).filter((name) => name !== '');
  return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
}

/** Why the kernel cannot be had. */
export function missingKernel(): string | undefined {
  if (isFetched()) return undefined;
  const tool = missingTool({ 'apt-get': 'apt', 'apt-cache': 'apt', 'dpkg-deb': 'dpkg' });
  if (tool !== undefined || kernelPackage() !== undefined) return tool;
  return 'apt-get knows no linux-image-6.1.0-*-cloud-arm64 (bookworm; as root: dpkg --add-architecture arm64 && apt-get update)';
}

function fetchPackages(): void {
  const directory = cache();
  for (const file of readdirSync(directory)) rmSync(join(directory, file), { recursive: true });
  download([`${kernelPackage()}:arm64`, BUSYBOX], directory);
  for (const deb of readdirSync(directory)) output('dpkg-deb', ['-x', deb, ROOT], directory);
}

const DIRECTORY = 0o040755;
const LINK = 0o120777;
const EXECUTABLE = 0o100755;
const CHARACTER_DEVICE = 0o020600;

/** What suites use of busybox. */
const APPLETS = ['sh', 'mount', 'uname', 'nproc', 'cat', 'grep', 'cut', 'sort', 'md5sum', 'poweroff'];

/** A program for the RAM disk's /bin. */
export interface Program {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function ramDisk(init: string, programs: readonly Program[]): Uint8Array {
  const busybox = readFileSync(busyboxPath());
  const directories = ['bin', 'dev', 'proc', 'sys'].map((path): ArchiveFile => ({ path, mode: DIRECTORY }));
  const links = APPLETS.map((name): ArchiveFile => ({ path: `bin/${name}`, mode: LINK, data: 'busybox' }));
  return initramfs([
    ...directories,
    { path: 'dev/console', mode: CHARACTER_DEVICE, device: [5, 1] },
    { path: 'bin/busybox', mode: EXECUTABLE, data: busybox },
    ...links,
    ...programs.map(({ name, bytes }) => ({ path: `bin/${name}`, mode: EXECUTABLE, data: bytes })),
    { path: 'init', mode: EXECUTABLE, data: init },
  ]);
}

/** A module of the kernel, by its path below the modules' `kernel` directory. */
export function kernelModule(path: string): Uint8Array {
  if (!isFetched()) fetchPackages();
  const modules = join(cache(), ROOT, 'lib/modules');
  return readFileSync(join(modules, readdirSync(modules)[0]!, 'kernel', path));
}

export interface KernelFiles {
  readonly image: Uint8Array;
  readonly initrd: Uint8Array;
}

/** The kernel, and a RAM disk with these programs whose first one is the shell script `init`. */
export function kernelFiles(init: string, programs: readonly Program[]): KernelFiles {
  if (!isFetched()) fetchPackages();
  return { image: readFileSync(imagePath()!), initrd: ramDisk(init, programs) };
}
