/** Arm, Semihosting for AArch32 and AArch64, release 2.0: operation numbers, parameter blocks and results. */
import { beforeEach, describe, expect, it } from 'vitest';
import { semihostingCall } from '../../../../src/engine/devices/semihosting/call.ts';
import {
  createSemihosting,
  type Files,
  type SemihostingAction,
  type SemihostingState,
} from '../../../../src/engine/devices/semihosting/host.ts';

const BASE = 0x4000_0000n;
const SIZE = 0x4000;
const BLOCK = BASE;
const TEXT = BASE + 0x1000n;
const BUFFER = BASE + 0x2000n;
const MINUS_ONE = 0xffff_ffff_ffff_ffffn;

let ram: Uint8Array;
let output: string;
let typed: number[];
let state: SemihostingState;
let files: Files | null;
let ticks: bigint;

beforeEach(() => {
  ram = new Uint8Array(SIZE);
  output = '';
  typed = [];
  state = createSemihosting();
  files = null;
  ticks = 0n;
});

const offset = (address: bigint, length: number): number => {
  const at = Number(address - BASE);
  return at >= 0 && at + length <= SIZE ? at : -1;
};

function call(operation: number, parameter: bigint): SemihostingAction {
  return semihostingCall(
    state,
    {
      memory: {
        read: (address, length) => {
          const at = offset(address, length);
          return at < 0 ? null : ram.slice(at, at + length);
        },
        write: (address, bytes) => {
          const at = offset(address, bytes.length);
          if (at >= 0) ram.set(bytes, at);
          return at >= 0;
        },
      },
      console: {
        write: (bytes) => {
          output += new TextDecoder().decode(bytes);
        },
        read: (length) => Uint8Array.from(typed.splice(0, length)),
      },
      files,
      commandLine: 'prog -x 1',
      heap: { base: 0x4100_0000n, limit: 0x4200_0000n },
      stack: { base: 0x4300_0000n, limit: 0n },
      ticks: () => ticks,
      tickFrequency: 62_500_000n,
      epoch: 1_000n,
    },
    operation,
    parameter,
  );
}
function block(...values: bigint[]): bigint {
  const view = new DataView(ram.buffer);
  for (const [n, value] of values.entries()) view.setBigUint64(n * 8, value, true);
  return BLOCK;
}
function text(value: string): bigint {
  ram.set(new TextEncoder().encode(`${value}\0`), Number(TEXT - BASE));
  return TEXT;
}
const result = (value: bigint): SemihostingAction => ({ kind: 'result', value });
const errno = (): bigint => {
  const action = call(0x13, 0n);
  return action.kind === 'result' ? action.value : -1n;
};
function open(name: string, mode: bigint): bigint {
  const action = call(0x01, block(text(name), mode, BigInt(name.length)));
  if (action.kind !== 'result') throw new Error(action.kind);
  return action.value;
}
const seen = (length: number): string =>
  new TextDecoder().decode(ram.slice(Number(BUFFER - BASE), Number(BUFFER - BASE) + length));

describe('console', () => {
  it('SYS_WRITEC and SYS_WRITE0 write a character and a string', () => {
    text('Hello');
    expect(call(0x03, TEXT)).toMatchObject({ kind: 'result' });
    call(0x04, TEXT);
    expect(output).toBe('HHello');
  });

  it('SYS_WRITE0 goes over pages and stops at memory that is not there', () => {
    ram.fill(0x61, 0x1ff0, 0x2010);
    call(0x04, BASE + 0x1ff0n);
    expect(output).toBe('a'.repeat(32));
    ram.fill(0x61, 0x3ff0);
    expect(call(0x04, BASE + 0x3ff0n)).toEqual(result(MINUS_ONE));
    expect(errno()).toBe(14n);
  });

  it('":tt" is input when opened for reading, output for writing or appending', () => {
    const [input, out, error] = [open(':tt', 0n), open(':tt', 4n), open(':tt', 8n)];
    expect([input, out, error]).toEqual([1n, 2n, 3n]);
    for (const handle of [out, error]) {
      expect(call(0x05, block(handle, text('ab'), 2n))).toEqual(result(0n));
    }
    expect(output).toBe('abab');
    expect(call(0x05, block(input, TEXT, 2n))).toEqual(result(MINUS_ONE));
    expect(call(0x09, block(input))).toEqual(result(1n));
    expect(call(0x0c, block(input))).toEqual(result(0n));
    expect(call(0x02, block(out))).toEqual(result(0n));
    expect(call(0x05, block(out, TEXT, 1n))).toEqual(result(MINUS_ONE));
    expect(errno()).toBe(9n);
    expect(open(':tt', 4n), 'the free number').toBe(2n);
  });

  it('SYS_READC and SYS_READ wait for what is typed, and take what there is', () => {
    const input = open(':tt', 0n);
    expect(call(0x07, 0n)).toEqual({ kind: 'wait' });
    expect(call(0x06, block(input, BUFFER, 10n))).toEqual({ kind: 'wait' });
    typed.push(...new TextEncoder().encode('xyz'));
    expect(call(0x07, 0n)).toEqual(result(0x78n));
    expect(call(0x06, block(input, BUFFER, 10n)), 'bytes not read').toEqual(result(8n));
    expect(seen(2)).toBe('yz');
  });
});

describe('the program’s surroundings', () => {
  it('SYS_EXIT and SYS_EXIT_EXTENDED end with the subcode of ADP_Stopped_ApplicationExit', () => {
    for (const operation of [0x18, 0x20]) {
      expect(call(operation, block(0x20026n, 7n))).toEqual({ kind: 'exit', code: 7, reason: 0x20026n });
    }
    expect(call(0x18, block(0x20024n, 0n))).toEqual({ kind: 'exit', code: 1, reason: 0x20024n });
  });

  it('SYS_GET_CMDLINE writes the line, a NUL, and its length', () => {
    expect(call(0x15, block(BUFFER, 10n))).toEqual(result(0n));
    expect(seen(10)).toBe('prog -x 1\0');
    expect(new DataView(ram.buffer).getBigUint64(8, true)).toBe(9n);
    expect(call(0x15, block(BUFFER, 9n)), 'no room for the NUL').toEqual(result(MINUS_ONE));
  });

  it('SYS_TMPNAM gives a name for each number up to 255, with its NUL', () => {
    expect(call(0x0d, block(BUFFER, 7n, 7n))).toEqual(result(0n));
    expect(seen(7)).toBe('tmp007\0');
    call(0x0d, block(BUFFER, 255n, 16n));
    expect(seen(7)).toBe('tmp255\0');
    expect(call(0x0d, block(BUFFER, 7n, 6n)), 'no room for the NUL').toEqual(result(MINUS_ONE));
    expect(call(0x0d, block(BUFFER, 256n, 16n))).toEqual(result(MINUS_ONE));
  });

  it('SYS_HEAPINFO fills the block that the parameter points to', () => {
    expect(call(0x16, block(BUFFER))).toEqual(result(0n));
    const view = new DataView(ram.buffer, Number(BUFFER - BASE));
    expect([0, 8, 16, 24].map((at) => view.getBigUint64(at, true))).toEqual([
      0x4100_0000n,
      0x4200_0000n,
      0x4300_0000n,
      0n,
    ]);
  });

  it('clocks tell virtual time', () => {
    ticks = 125_000_000n + 625_000n;
    expect(call(0x10, 0n)).toEqual(result(201n));
    expect(call(0x11, 0n)).toEqual(result(1002n));
    expect(call(0x31, 0n)).toEqual(result(62_500_000n));
    expect(call(0x30, BUFFER)).toEqual(result(0n));
    expect(new DataView(ram.buffer).getBigUint64(Number(BUFFER - BASE), true)).toBe(ticks);
  });

  it('SYS_ISERROR says whether a result is negative', () => {
    expect(call(0x08, block(MINUS_ONE))).toEqual(result(1n));
    expect(call(0x08, block(3n))).toEqual(result(0n));
  });

  it('":semihosting-features" reads as SHFB and the two extensions', () => {
    const handle = open(':semihosting-features', 0n);
    expect(call(0x0c, block(handle))).toEqual(result(5n));
    expect(call(0x06, block(handle, BUFFER, 8n))).toEqual(result(3n));
    expect([...ram.slice(0x2000, 0x2005)]).toEqual([0x53, 0x48, 0x46, 0x42, 3]);
    expect(call(0x06, block(handle, BUFFER, 1n)), 'end').toEqual(result(1n));
    expect(call(0x0a, block(handle, 4n))).toEqual(result(0n));
    expect(call(0x06, block(handle, BUFFER, 1n))).toEqual(result(0n));
    expect(open(':semihosting-features', 4n)).toBe(MINUS_ONE);
  });

  it('refuses what it does not know, wrong handles and wrong memory', () => {
    expect(call(0x12, block(TEXT, 2n)), 'SYS_SYSTEM').toEqual(result(MINUS_ONE));
    expect(errno()).toBe(38n);
    expect(call(0x06, block(99n, BUFFER, 1n))).toEqual(result(MINUS_ONE));
    expect(errno()).toBe(9n);
    expect(call(0x05, 0x1000n)).toEqual(result(MINUS_ONE));
    expect(errno()).toBe(14n);
    const out = open(':tt', 4n);
    expect(call(0x05, block(out, TEXT, 1n << 60n))).toEqual(result(MINUS_ONE));
    expect(errno()).toBe(22n);
  });
});

describe('files', () => {
  it('do not exist unless the host gives them', () => {
    expect(open('notes.txt', 0n)).toBe(MINUS_ONE);
    expect(errno()).toBe(2n);
  });

  it('are the port’s, its failures become errno', () => {
    const log: string[] = [];
    const logged = <T>(line: string, value: T): T => {
      log.push(line);
      return value;
    };
    files = {
      open: (name, mode) => (name === 'secret' ? -13 : logged(`open ${name} ${mode}`, 41)),
      close: (handle) => logged(`close ${handle}`, 0),
      read: (handle, length) => logged(`read ${handle} ${length}`, Uint8Array.of(0x6f, 0x6b)),
      write: (handle, bytes) => logged(`write ${handle} ${bytes.length}`, bytes.length - 1),
      seek: (handle, position) => logged(`seek ${handle} ${position}`, 0),
      length: () => 1234,
      remove: (name) => logged(`remove ${name}`, 0),
      rename: (from, to) => logged(`rename ${from} ${to}`, 0),
    };
    const handle = open('a.txt', 6n);
    expect(call(0x06, block(handle, BUFFER, 5n))).toEqual(result(3n));
    expect(seen(2)).toBe('ok');
    expect(call(0x05, block(handle, BUFFER, 4n)), 'bytes not written').toEqual(result(1n));
    expect(call(0x0a, block(handle, 9n))).toEqual(result(0n));
    expect(call(0x0c, block(handle))).toEqual(result(1234n));
    expect(call(0x09, block(handle))).toEqual(result(0n));
    expect(call(0x02, block(handle))).toEqual(result(0n));
    expect(call(0x0e, block(text('a.txt'), 5n))).toEqual(result(0n));
    expect(call(0x0f, block(TEXT, 1n, TEXT + 2n, 3n))).toEqual(result(0n));
    expect(open('secret', 0n)).toBe(MINUS_ONE);
    expect(errno()).toBe(13n);
    expect(log).toEqual([
      'open a.txt w+',
      'read 41 5',
      'write 41 4',
      'seek 41 9',
      'close 41',
      'remove a.txt',
      'rename a txt',
    ]);
  });
});
