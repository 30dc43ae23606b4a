/** Source packages of Debian: files of the archive inside, unpacked while an action takes what it wants. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory, download, missingTool, output, succeeds } from './tools.ts';

/** Why a package cannot be fetched and unpacked. */
export function missingSources(name: string): string | undefined {
  const tool = missingTool({ 'apt-get': 'apt', 'dpkg-deb': 'dpkg', xz: 'xz-utils', tar: 'tar' });
  if (tool !== undefined) return tool;
  const known = succeeds('apt-cache', ['show', name]);
  return known ? undefined : `apt-get knows no package ${name} (Debian bookworm has it)`;
}

/** Fetch a package and do something with it: in the directory it is given, the package's own files are below `unpacked`. */
export function withSources(name: string, action: (work: string) => void): void {
  const work = join(cacheDirectory(name), 'work');
  rmSync(work, { recursive: true, force: true });
  cacheDirectory(name, 'work');
  download([name], work);
  const [deb] = readdirSync(work);
  if (deb === undefined) throw new Error(`apt-get downloaded no ${name}`);
  output('dpkg-deb', ['-x', deb, 'unpacked'], work);
  action(work);
  rmSync(work, { recursive: true, force: true });
}
