/** Starting, waiting for and stopping runs. */
import type { Clock } from '../base/clock.ts';
import { SessionError } from './errors.ts';
import type { IdSource } from './ids.ts';
import type { Journal } from './journal.ts';
import { asIoctl } from './kvm-refusals.ts';
import type { Limits } from './limits.ts';
import type { HistoryPort } from './ports.ts';
import type { ActiveRun, RunBook } from './run-book.ts';
import type { Service } from './service.ts';
import { exitBody } from './stored-body.ts';
import type { ExitRecord, RunId, RunSpec, RunView } from './types.ts';
import { checkRunSpec } from './validate.ts';
import { requireVcpu } from './vcpu-verbs.ts';
import type { VcpuRecord, VmRecord } from './vm-record.ts';

export interface RunContext {
  readonly limits: Limits;
  readonly runs: RunBook;
  readonly journal: Journal;
  readonly history: HistoryPort;
  readonly ids: IdSource;
  readonly clock: Clock;
  vm(ref: string): VmRecord;
  /** The id behind a reference to a VM that may be gone. */
  vmId(ref: string): string;
}

export type RunVerbs = Pick<Service, 'startRun' | 'run' | 'runs' | 'waitRun'>;

/** Did the vcpu stop with an MMIO read that waits for its data? */
function awaitsMmio(exit: ExitRecord | null): boolean {
  if (exit?.exitReason !== 'KVM_EXIT_MMIO') {
    return false;
  }
  return exitBody(exit).mmio?.isWrite === false;
}

function requireReady(record: VmRecord, vcpu: number | null, spec: RunSpec): void {
  const members: readonly VcpuRecord[] = vcpu === null ? record.vcpus : [requireVcpu(record, vcpu)];
  const busy = members.find((member) => member.run !== null);
  if (busy !== undefined) {
    const what = vcpu === null ? 'The VM' : `vcpu ${vcpu}`;
    throw new SessionError(
      vcpu === null ? 'vm-running' : 'vcpu-running',
      `${what} is running (${busy.run}). Wait for that run, or pause the VM.`,
      { facts: { run: busy.run! } },
    );
  }
  if (spec.mmioData !== undefined && !members.some((member) => awaitsMmio(member.lastExit))) {
    throw new SessionError(
      'mmio-not-pending',
      'MMIO data was given, but no vcpu of the run stopped with an MMIO read.',
    );
  }
}

/** Stops the run, whatever it does, and resolves when its end is stored. */
export async function stopRun(run: ActiveRun): Promise<void> {
  const { record, view, ended } = run;
  if (record.stopWord !== null) {
    Atomics.store(record.stopWord, 0, 1);
  }
  await record.thread.call('stopRun', { vm: record.id, run: view.id });
  await ended;
}

export function runVerbs(context: RunContext): RunVerbs {
  const { limits, runs, journal, history, ids, clock } = context;

  async function start(record: VmRecord, vcpu: number | null, spec: RunSpec): Promise<RunView> {
    context.vm(record.id);
    journal.requireWritable();
    requireReady(record, vcpu, spec);
    const run = runs.open(ids.next('run'), record, vcpu, spec);
    try {
      const call = record.thread.call('startRun', {
        vm: record.id,
        session: run.view.session,
        run: run.view.id,
        vcpu,
        spec,
      });
      await asIoctl('other', call);
    } catch (error) {
      runs.close(run);
      throw error;
    }
    await run.started;
    return run.view;
  }

  /** A stored run; the counts of one that is going on come from its thread. */
  async function find(id: RunId): Promise<RunView> {
    const active = runs.get(id);
    if (active !== undefined) {
      const { record } = active;
      const progress = await record.thread.call('progress', { vm: record.id, run: id }).catch(() => null);
      return active.view.state === 'running' ? { ...active.view, ...progress } : active.view;
    }
    const stored = await history.run(id);
    if (stored === null) {
      throw new SessionError('run-not-found', `There is no run ${JSON.stringify(id)}.`);
    }
    return stored;
  }

  return {
    async startRun(vm, vcpu, spec) {
      const record = context.vm(vm);
      checkRunSpec(limits, vcpu, record.vcpus.length, spec);
      return record.gate.run(() => start(record, vcpu, spec));
    },

    run: find,

    async runs({ vm, ...page }) {
      const stored = await history.runs({ ...page, ...(vm !== undefined && { vm: context.vmId(vm) }) });
      return stored.map((view) => runs.get(view.id)?.view ?? view);
    },

    async waitRun(id, milliseconds, signal) {
      const active = runs.get(id);
      if (active !== undefined) {
        let cancel = (): void => {};
        let onAbort = (): void => {};
        const over = new Promise<void>((resolve) => {
          cancel = clock.after(Math.min(milliseconds, limits.waitMilliseconds), resolve);
          onAbort = resolve;
          signal?.addEventListener('abort', onAbort);
        });
        if (signal?.aborted !== true) {
          await Promise.race([active.ended, over]);
        }
        cancel();
        signal?.removeEventListener('abort', onAbort);
      }
      return active?.view.state === 'ended' ? active.view : find(id);
    },
  };
}
