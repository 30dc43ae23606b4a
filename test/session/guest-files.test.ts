/** Files below the operator's directory: what a guest can do there, and that it cannot leave. POSIX says what to expect. */
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuestFiles } from '../../src/session/engine-thread/guest-files.ts';

const [ENOENT, EBADF, EACCES, ENOTDIR, EISDIR, EMFILE, EFBIG, ENOSPC, ELOOP] = [
  -2, -9, -13, -20, -21, -24, -27, -28, -40,
];
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const shown = (bytes: Uint8Array | number): string | number =>
  typeof bytes === 'number' ? bytes : new TextDecoder().decode(bytes);

let outside: string;
let directory: string;
let files: GuestFiles;

beforeEach(() => {
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'guestdbg-files-')));
  directory = join(outside, 'shared');
  mkdirSync(join(directory, 'sub'), { recursive: true });
  writeFileSync(join(outside, 'secret'), 'secret');
  files = new GuestFiles({ directory, open: 2, made: 3, written: 100 });
});
afterEach(() => {
  files.closeAll();
  rmSync(outside, { recursive: true });
});

describe('files of a guest', () => {
  it('are made, written, sought, read, measured, renamed and removed', () => {
    const handle = files.open('sub/a.txt', 'w+');
    expect(files.write(handle, text('hello world'))).toBe(11);
    expect([files.seek(handle, 6), shown(files.read(handle, 99)), shown(files.read(handle, 1))]).toEqual([
      0,
      'world',
      '',
    ]);
    expect([files.length(handle), files.close(handle), files.close(handle)]).toEqual([11, 0, EBADF]);
    expect(files.rename('sub/a.txt', 'b.txt')).toBe(0);
    expect(readFileSync(join(directory, 'b.txt'), 'utf8')).toBe('hello world');
    expect([files.remove('b.txt'), files.remove('b.txt')]).toEqual([0, ENOENT]);
  });

  it('open as fopen opens: r needs the file, w empties it, a writes at its end, and each does only what it is for', () => {
    expect(files.open('a', 'r')).toBe(ENOENT);
    writeFileSync(join(directory, 'a'), 'one');
    const append = files.open('/a', 'ab');
    files.seek(append, 0);
    expect([files.write(append, text('two')), files.read(append, 1)]).toEqual([3, EBADF]);
    const read = files.open('./a', 'rb');
    expect([shown(files.read(read, 9)), files.write(read, text('x'))]).toEqual(['onetwo', EBADF]);
    files.close(append);
    files.close(read);
    files.close(files.open('a', 'w'));
    expect(readFileSync(join(directory, 'a'), 'utf8')).toBe('');
  });

  it('have no name that leads out of the directory', () => {
    symlinkSync(outside, join(directory, 'up'));
    symlinkSync(join(outside, 'secret'), join(directory, 'link'));
    symlinkSync(join(directory, 'sub'), join(directory, 'sub2'));
    const names = ['../secret', 'sub/../../secret', 'up/secret', 'link', 'sub2/x', '', '/', 'a\0b'];
    const expected = [EACCES, EACCES, ELOOP, ELOOP, ELOOP, ENOENT, ENOENT, ENOENT];
    expect(names.map((name) => files.open(name, 'r'))).toEqual(expected);
    expect(names.map((name) => files.open(name, 'w'))).toEqual(expected);
    writeFileSync(join(directory, 'a'), '');
    expect([files.rename('a', '../a'), files.rename('a', 'up/a'), files.remove('up/secret')]).toEqual([
      EACCES,
      ELOOP,
      ELOOP,
    ]);
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
  });

  it('are plain files only', () => {
    expect(files.open('sub', 'r')).toBe(EACCES);
    expect(files.open('sub', 'w')).toBe(EISDIR);
    writeFileSync(join(directory, 'a'), '');
    expect(files.open('a/b', 'w')).toBe(ENOTDIR);
    expect(files.remove('sub')).toBeLessThan(0);
  });

  it('are known to a digest: what is open, where it is read and written, what may still be done', () => {
    const states = [files.snapshot()];
    const note = (): unknown => states.push(files.snapshot());
    const a = files.open('a', 'w+');
    note();
    files.write(a, text('abc'));
    note();
    files.seek(a, 0);
    note();
    files.close(a);
    note();
    expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(states.length);
  });

  it('are bounded: open at one time, made and written in the life of a VM', () => {
    const [a, b] = [files.open('a', 'w'), files.open('b', 'w')];
    expect([a, b, files.open('c', 'w')]).toEqual([0, 1, EMFILE]);
    expect(files.write(a!, new Uint8Array(60))).toBe(60);
    expect(files.write(b!, new Uint8Array(60))).toBe(ENOSPC);
    files.seek(b!, 99);
    expect(files.write(b!, new Uint8Array(2))).toBe(EFBIG);
    files.close(a!);
    const c = files.open('c', 'w');
    files.close(c);
    expect(files.open('d', 'w')).toBe(ENOSPC);
    files.closeAll();
    expect(files.open('d', 'w'), 'a reset gives nothing back').toBe(ENOSPC);
    expect(files.open('a', 'r')).toBe(0);
  });
});
