/** Operations on handles: the console, the features file, and files of the host where there are any. */
import { ERRNO } from '../../../base/errno.ts';
import { type Files, type Handle, OPEN_MODES, type SemihostingHost, type SemihostingState } from './host.ts';
import { bounded, bytesOf, fields, readGuest, readName, SemihostingError, writeGuest } from './parameters.ts';

/** "SHFB" and feature byte 0: SYS_EXIT_EXTENDED, and separate stdout and stderr. */
const FEATURES = Uint8Array.of(0x53, 0x48, 0x46, 0x42, 0x03);

/** Undefined from an operation: no input yet. */
export type Result = bigint | undefined;

function fail(errno: number): never {
  throw new SemihostingError(errno);
}
/** A port's answer, or its failure. */
function checked(result: number): number {
  return result < 0 ? fail(-result) : result;
}
function filesOf(host: SemihostingHost): Files {
  return host.files ?? fail(ERRNO.ENOENT);
}

function handleOf(state: SemihostingState, number: bigint): Handle {
  return state.handles[Number(number) - 1] ?? fail(ERRNO.EBADF);
}
/** `handle` is made only when there is room for it. */
function install(state: SemihostingState, handle: () => Handle): bigint {
  const free = state.handles.indexOf(null);
  const place = free < 0 ? state.handles.length : free;
  if (place >= HANDLES) fail(ERRNO.ENOMEM);
  state.handles[place] = handle();
  return BigInt(place + 1);
}
/** Open handles at one time. */
const HANDLES = 64;
/** Bytes that the console takes of one write: they have to find room in its buffer. */
const CONSOLE_PIECE = 64 << 10;

export function open(state: SemihostingState, host: SemihostingHost, block: bigint): Result {
  const [address, mode, length] = fields(host.memory, block, 3) as [bigint, bigint, bigint];
  const name = readName(host.memory, address, length);
  const opening = OPEN_MODES[Number(mode)] ?? fail(ERRNO.EINVAL);
  if (name === ':tt') {
    return install(state, () => ({
      kind: 'console',
      direction: opening.startsWith('r') ? 'input' : 'output',
    }));
  }
  if (name === ':semihosting-features') {
    return opening.startsWith('r')
      ? install(state, () => ({ kind: 'features', position: 0 }))
      : fail(ERRNO.EPERM);
  }
  return install(state, () => ({ kind: 'file', file: checked(filesOf(host).open(name, opening)) }));
}

export function close(state: SemihostingState, host: SemihostingHost, block: bigint): Result {
  const [number] = fields(host.memory, block, 1) as [bigint];
  const handle = handleOf(state, number);
  state.handles[Number(number) - 1] = null;
  if (handle.kind === 'file') checked(filesOf(host).close(handle.file));
  return 0n;
}

/** The result counts the bytes that were not written. */
export function write(state: SemihostingState, host: SemihostingHost, block: bigint): Result {
  const [number, address, length] = fields(host.memory, block, 3) as [bigint, bigint, bigint];
  const handle = handleOf(state, number);
  const bytes = readGuest(host.memory, address, bounded(length));
  if (handle.kind === 'file') return length - BigInt(checked(filesOf(host).write(handle.file, bytes)));
  if (handle.kind !== 'console' || handle.direction !== 'output') fail(ERRNO.EBADF);
  const taken = bytes.subarray(0, CONSOLE_PIECE);
  host.console.write(taken);
  return BigInt(bytes.length - taken.length);
}

/** The result counts the bytes that were not read. */
export function read(state: SemihostingState, host: SemihostingHost, block: bigint): Result {
  const [number, address, length] = fields(host.memory, block, 3) as [bigint, bigint, bigint];
  const handle = handleOf(state, number);
  // Before anything is taken: what was read cannot be put back.
  readGuest(host.memory, address, bounded(length));
  const bytes = readHandle(state, host, number, handle, bounded(length));
  if (bytes === undefined) return undefined;
  if (bytes.length > 0) writeGuest(host.memory, address, bytes);
  return length - BigInt(bytes.length);
}
function readHandle(
  state: SemihostingState,
  host: SemihostingHost,
  number: bigint,
  handle: Handle,
  length: number,
): Uint8Array | undefined {
  if (handle.kind === 'file') {
    const bytes = filesOf(host).read(handle.file, length);
    return typeof bytes === 'number' ? fail(-bytes) : bytes;
  }
  if (handle.kind === 'features') {
    const bytes = FEATURES.subarray(handle.position, handle.position + length);
    state.handles[Number(number) - 1] = { kind: 'features', position: handle.position + bytes.length };
    return bytes;
  }
  if (handle.direction !== 'input') fail(ERRNO.EBADF);
  if (length === 0) return new Uint8Array();
  const bytes = host.console.read(length);
  return bytes.length === 0 ? undefined : bytes;
}

export function isTty(state: SemihostingState, host: SemihostingHost, block: bigint): Result {
  const [number] = fields(host.memory, block, 1) as [bigint];
  return handleOf(state, number).kind === 'console' ? 1n : 0n;
}

export function seek(state: SemihostingState, host: SemihostingHost, block: bigint): Result {
  const [number, position] = fields(host.memory, block, 2) as [bigint, bigint];
  const handle = handleOf(state, number);
  if (handle.kind === 'console') fail(ERRNO.EINVAL);
  if (handle.kind === 'file') checked(filesOf(host).seek(handle.file, Number(position)));
  else {
    const within = Number(position) <= FEATURES.length ? Number(position) : fail(ERRNO.EINVAL);
    state.handles[Number(number) - 1] = { kind: 'features', position: within };
  }
  return 0n;
}

export function length(state: SemihostingState, host: SemihostingHost, block: bigint): Result {
  const [number] = fields(host.memory, block, 1) as [bigint];
  const handle = handleOf(state, number);
  if (handle.kind === 'features') return BigInt(FEATURES.length);
  return handle.kind === 'console' ? 0n : BigInt(checked(filesOf(host).length(handle.file)));
}

export function remove(host: SemihostingHost, block: bigint): Result {
  const [address, size] = fields(host.memory, block, 2) as [bigint, bigint];
  checked(filesOf(host).remove(readName(host.memory, address, size)));
  return 0n;
}

export function rename(host: SemihostingHost, block: bigint): Result {
  const [from, fromSize, to, toSize] = fields(host.memory, block, 4) as [bigint, bigint, bigint, bigint];
  const { memory } = host;
  checked(filesOf(host).rename(readName(memory, from, fromSize), readName(memory, to, toSize)));
  return 0n;
}

/** A name for each of 256 files, and its NUL: the same in every run. */
export function temporaryName(host: SemihostingHost, block: bigint): Result {
  const [address, id, size] = fields(host.memory, block, 3) as [bigint, bigint, bigint];
  if (id > 255n) fail(ERRNO.EINVAL);
  const name = bytesOf(`tmp${id.toString().padStart(3, '0')}\0`);
  if (BigInt(name.length) > size) fail(ERRNO.E2BIG);
  writeGuest(host.memory, address, name);
  return 0n;
}

/** The buffer takes the line and a NUL; its size in the block becomes the line's length. */
export function commandLine(host: SemihostingHost, block: bigint): Result {
  const [address, size] = fields(host.memory, block, 2) as [bigint, bigint];
  const line = bytesOf(`${host.commandLine}\0`);
  if (BigInt(line.length) > size) fail(ERRNO.E2BIG);
  writeGuest(host.memory, address, line);
  writeGuest(host.memory, block + 8n, words([BigInt(line.length - 1)]));
  return 0n;
}

/** 64-bit fields as bytes. */
export function words(values: readonly bigint[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  for (const [n, value] of values.entries()) view.setBigUint64(n * 8, value, true);
  return new Uint8Array(view.buffer);
}
