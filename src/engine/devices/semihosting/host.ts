/** What semihosting needs of its surroundings, and what it remembers. */

/** Guest memory by virtual address, translated as for the calling vcpu. */
export interface GuestView {
  /** Null when any byte cannot be read. */
  read(address: bigint, length: number): Uint8Array | null;
  /** False, with nothing written, when any byte cannot be written. */
  write(address: bigint, bytes: Uint8Array): boolean;
}

export interface Console {
  write(bytes: Uint8Array): void;
  /** At most `length` typed bytes; empty when nothing has been typed. */
  read(length: number): Uint8Array;
}

/**
 * Files below one directory that the operator named. Names are the guest's bytes, a character each; the implementation
 * keeps them inside.
 * Failures are errno values as negative numbers.
 */
export interface Files {
  /** `mode` as fopen would have it. A handle, 0 or more. */
  open(name: string, mode: OpenMode): number;
  close(handle: number): number;
  read(handle: number, length: number): Uint8Array | number;
  /** Bytes written. */
  write(handle: number, bytes: Uint8Array): number;
  seek(handle: number, position: number): number;
  length(handle: number): number;
  remove(name: string): number;
  rename(from: string, to: string): number;
}

/** SYS_OPEN's modes in order. Source: Arm semihosting, table of SYS_OPEN modes. */
export const OPEN_MODES = ['r', 'rb', 'r+', 'r+b', 'w', 'wb', 'w+', 'w+b', 'a', 'ab', 'a+', 'a+b'] as const;
export type OpenMode = (typeof OPEN_MODES)[number];

export interface SemihostingHost {
  readonly memory: GuestView;
  readonly console: Console;
  /** Null: the guest has no files, as is the default. */
  readonly files: Files | null;
  readonly commandLine: string;
  /** Answer of SYS_HEAPINFO: addresses, 0 where nothing is known. */
  readonly heap: { readonly base: bigint; readonly limit: bigint };
  readonly stack: { readonly base: bigint; readonly limit: bigint };
  /** Virtual time: ticks since the start, ticks in a second, and the start in seconds since 1970. */
  readonly ticks: () => bigint;
  readonly tickFrequency: bigint;
  readonly epoch: bigint;
}

export type Handle =
  | { readonly kind: 'console'; readonly direction: 'input' | 'output' }
  /** The pseudo file `:semihosting-features`. */
  | { readonly kind: 'features'; readonly position: number }
  | { readonly kind: 'file'; readonly file: number };

/** Plain data. Handle n is place n - 1; null is closed. */
export interface SemihostingState {
  readonly handles: (Handle | null)[];
  errno: number;
}

export function createSemihosting(): SemihostingState {
  return { handles: [], errno: 0 };
}

/** What the caller does next. */
export type SemihostingAction =
  /** X0 is this, PC goes on after the HLT. */
  | { readonly kind: 'result'; readonly value: bigint }
  /** The program is done. `reason` is the ADP_Stopped code. */
  | { readonly kind: 'exit'; readonly code: number; readonly reason: bigint }
  /** Nothing has been typed: execute the HLT again when something has. */
  | { readonly kind: 'wait' };
