/**
 * One semihosting call (HLT #0xf000): the operation in W0, its parameter in X1. Source: Arm, Semihosting for AArch32
 * and AArch64 (ABI release 2.0). A guest's mistake is -1 in X0 and an errno; nothing is thrown.
 */
import { ADP_STOPPED_APPLICATION_EXIT, SYS } from '../../../abi/arm/semihosting.ts';
import { ERRNO } from '../../../base/errno.ts';
import { MASK64 } from '../../../base/u64.ts';
import * as files from './files.ts';
import type { SemihostingAction, SemihostingHost, SemihostingState } from './host.ts';
import { fields, readGuest, readTerminated, SemihostingError, writeGuest } from './parameters.ts';

const CENTISECONDS = 100n;

/** Carry out a call. `parameter` is X1. */
export function semihostingCall(
  state: SemihostingState,
  host: SemihostingHost,
  operation: number,
  parameter: bigint,
): SemihostingAction {
  try {
    if (operation === SYS.EXIT || operation === SYS.EXIT_EXTENDED) return exit(host, parameter);
    const value = perform(state, host, operation, parameter);
    return value === undefined ? { kind: 'wait' } : { kind: 'result', value };
  } catch (error) {
    if (!(error instanceof SemihostingError)) throw error;
    state.errno = error.errno;
    return { kind: 'result', value: MASK64 };
  }
}

/** Reason and subcode. The subcode is the exit status of an application that ended; any other reason is a failure. */
function exit(host: SemihostingHost, block: bigint): SemihostingAction {
  const [reason, subcode] = fields(host.memory, block, 2) as [bigint, bigint];
  const code = reason === ADP_STOPPED_APPLICATION_EXIT ? Number(BigInt.asIntN(32, subcode)) : 1;
  return { kind: 'exit', code, reason };
}

function perform(
  state: SemihostingState,
  host: SemihostingHost,
  operation: number,
  parameter: bigint,
): files.Result {
  const { memory } = host;
  switch (operation) {
    case SYS.OPEN:
      return files.open(state, host, parameter);
    case SYS.CLOSE:
      return files.close(state, host, parameter);
    case SYS.WRITE:
      return files.write(state, host, parameter);
    case SYS.READ:
      return files.read(state, host, parameter);
    case SYS.ISTTY:
      return files.isTty(state, host, parameter);
    case SYS.SEEK:
      return files.seek(state, host, parameter);
    case SYS.FLEN:
      return files.length(state, host, parameter);
    case SYS.REMOVE:
      return files.remove(host, parameter);
    case SYS.RENAME:
      return files.rename(host, parameter);
    case SYS.TMPNAM:
      return files.temporaryName(host, parameter);
    case SYS.GET_CMDLINE:
      return files.commandLine(host, parameter);
    case SYS.WRITEC:
      host.console.write(readGuest(memory, parameter, 1));
      return 0n;
    case SYS.WRITE0:
      host.console.write(readTerminated(memory, parameter));
      return 0n;
    case SYS.READC: {
      const [byte] = host.console.read(1);
      return byte === undefined ? undefined : BigInt(byte);
    }
    case SYS.ISERROR:
      return BigInt.asIntN(64, fields(memory, parameter, 1)[0]!) < 0n ? 1n : 0n;
    case SYS.ERRNO:
      return BigInt(state.errno);
    default:
      return clockOrHeap(host, operation, parameter);
  }
}

function clockOrHeap(host: SemihostingHost, operation: number, parameter: bigint): files.Result {
  const { memory, heap, stack } = host;
  switch (operation) {
    case SYS.CLOCK:
      return (host.ticks() * CENTISECONDS) / host.tickFrequency;
    case SYS.TIME:
      return host.epoch + host.ticks() / host.tickFrequency;
    case SYS.ELAPSED:
      writeGuest(memory, parameter, files.words([host.ticks()]));
      return 0n;
    case SYS.TICKFREQ:
      return host.tickFrequency;
    case SYS.HEAPINFO: {
      const [block] = fields(memory, parameter, 1) as [bigint];
      writeGuest(memory, block, files.words([heap.base, heap.limit, stack.base, stack.limit]));
      return 0n;
    }
    default:
      throw new SemihostingError(ERRNO.ENOSYS);
  }
}
