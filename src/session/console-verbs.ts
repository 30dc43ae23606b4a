/** The console of a VM with a board or semihosting. */
import { requireWithin, SessionError } from './errors.ts';
import type { Limits } from './limits.ts';
import type { Service } from './service.ts';
import type { StreamCount } from './stream-count.ts';
import type { VerbContext } from './vcpu-verbs.ts';
import type { VmRecord } from './vm-record.ts';

export interface ConsoleContext {
  readonly limits: Limits;
  readonly streams: StreamCount;
  vm(ref: string): VmRecord;
  readonly action: VerbContext['action'];
}

function requireConsole(record: VmRecord): void {
  if (record.spec.board === undefined && record.spec.semihosting === undefined) {
    throw new SessionError(
      'console-missing',
      `VM ${record.name ?? record.id} has neither a board nor semihosting and so no console. Create it with one of them.`,
    );
  }
}

export function consoleVerbs(
  context: ConsoleContext,
): Pick<Service, 'consoleOutput' | 'followConsole' | 'consoleInput'> {
  return {
    async consoleOutput(ref, after, limit) {
      const record = context.vm(ref);
      requireConsole(record);
      return record.console.read(after, limit);
    },
    async followConsole(ref, after, signal) {
      const record = context.vm(ref);
      requireConsole(record);
      return context.streams.counted(record.console.follow(after, signal));
    },
    async consoleInput(ref, bytes) {
      const record = context.vm(ref);
      requireConsole(record);
      requireWithin(context.limits, 'consoleInput', bytes.length, 'The length of the input');
      const { accepted, ticks } = await record.thread.call('typeConsole', { vm: record.id, bytes });
      const text = new TextDecoder().decode(bytes.subarray(0, accepted));
      context.action(record, null, 'console-input', { ticks, accepted, text });
      return accepted;
    },
  };
}
