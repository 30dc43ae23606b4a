/** The runs that are going on: from the reports of the engine threads to stored events and answered waits. */
import type { Clock } from '../base/clock.ts';
import type { EngineThread } from './engine-thread/engine-thread.ts';
import type { ExitRows, RunReport } from './engine-thread/protocol.ts';
import { type EventDraft, type EventRows, eventsOf, rowsOf } from './event-rows.ts';
import { toJson } from './exit-json.ts';
import type { Journal } from './journal.ts';
import type { ExitRecord, RunEnd, RunId, RunSpec, RunView } from './types.ts';
import type { VmRecord } from './vm-record.ts';

export interface ActiveRun {
  readonly record: VmRecord;
  /** As stored, which is what anyone sees. */
  view: RunView;
  /** With what is recorded and not yet stored. */
  latest: RunView;
  /** Resolves when its beginning is stored. */
  readonly started: Promise<void>;
  /** Resolves with the ended run when its end is stored. */
  readonly ended: Promise<RunView>;
  readonly markStarted: () => void;
  readonly markEnded: (view: RunView) => void;
}

export class RunBook {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #active = new Map<RunId, ActiveRun>();
  /** Instructions retired by runs that have ended. */
  instructions = 0;

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  get(id: RunId): ActiveRun | undefined {
    return this.#active.get(id);
  }

  of(record: VmRecord): readonly ActiveRun[] {
    return [...this.#active.values()].filter((run) => run.record === record);
  }

  get size(): number {
    return this.#active.size;
  }

  /** A run that the engine thread is about to be asked for: its vcpus are taken. */
  open(id: RunId, record: VmRecord, vcpu: number | null, spec: RunSpec): ActiveRun {
    let markStarted = (): void => {};
    let markEnded: (view: RunView) => void = () => {};
    const started = new Promise<void>((resolve) => {
      markStarted = resolve;
    });
    const ended = new Promise<RunView>((resolve) => {
      markEnded = resolve;
    });
    const view: RunView = {
      id,
      vm: record.id,
      session: record.session,
      vcpu,
      state: 'running',
      startedAt: new Date(this.#clock.now()),
      endedAt: null,
      end: null,
      exit: null,
      instructions: 0,
      stepsDone: 0,
      collected: [],
      spec,
    };
    const run: ActiveRun = { record, view, latest: view, started, ended, markStarted, markEnded };
    this.#active.set(id, run);
    for (const [index, each] of record.vcpus.entries()) {
      if (vcpu === null || vcpu === index) {
        each.run = id;
        each.registerVersion += 1;
      }
    }
    return run;
  }

  /** The engine thread refused it, or it has ended: its vcpus are free. */
  close(run: ActiveRun): void {
    this.#active.delete(run.view.id);
    for (const vcpu of run.record.vcpus) {
      if (vcpu.run === run.view.id) {
        vcpu.run = null;
        vcpu.registerVersion += 1;
      }
    }
  }

  /** What an engine thread reports becomes events; the thread has its credit back when they are stored. */
  async onReport(thread: EngineThread, report: RunReport): Promise<void> {
    const run = this.#active.get(report.run);
    const exits = report.exits?.count ?? 0;
    if (run === undefined) {
      thread.credit(exits);
      return;
    }
    const { rows, offset } = this.#rows(run, report);
    let view = run.view;
    let newest: readonly ExitRecord[] = [];
    const change = (first: number): RunView => {
      newest = report.exits === null ? [] : newestExits(report.exits, first + offset);
      view = nextView(run.latest, newest.at(-1), report);
      run.latest = view;
      return view;
    };
    // Only its beginning and its end are worth a row of their own.
    await this.#journal.record({ rows, run: change, keepRun: rows.count > exits });
    run.view = view;
    for (const exit of newest) {
      run.record.vcpus[exit.vcpu]!.lastExit = exit;
    }
    thread.credit(exits);
    run.markStarted();
    if (report.finish !== null) {
      this.instructions += report.finish.instructions;
      this.close(run);
      run.markEnded(view);
    }
  }

  /** The VM went away without its thread having a say. */
  async end(run: ActiveRun, end: RunEnd): Promise<void> {
    const at = this.#clock.now();
    const { instructions, stepsDone } = run.view;
    const body = endedBody({ end, instructions, stepsDone });
    let view = run.view;
    await this.#journal.record({
      rows: rowsOf([this.#draft(run, 'run-ended', at, body)]),
      run: () => {
        view = { ...run.latest, state: 'ended', endedAt: new Date(at), end };
        run.latest = view;
        return view;
      },
      keepRun: true,
    });
    run.view = view;
    this.close(run);
    run.markStarted();
    run.markEnded(view);
  }

  /** The report as entries of the timeline, and how many of them come before its exits. */
  #rows(run: ActiveRun, { startedAt, exits, finish }: RunReport): { rows: EventRows; offset: number } {
    const { vm, session } = run.view;
    const before =
      startedAt === null ? null : this.#draft(run, 'run-started', startedAt, startedBody(run.view));
    const after = finish === null ? null : this.#draft(run, 'run-ended', finish.at, endedBody(finish));
    const parts = [
      before === null ? null : rowsOf([before]),
      exits,
      after === null ? null : rowsOf([after]),
    ].filter((part) => part !== null);
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    const text = parts.map((part) => part.text).join();
    return { rows: { vm, session, count, exits: exits?.count ?? 0, text }, offset: before === null ? 0 : 1 };
  }

  #draft(run: ActiveRun, kind: 'run-started' | 'run-ended', at: number, body: string): EventDraft {
    const { id, vm, session, vcpu } = run.view;
    return {
      kind,
      session,
      vm,
      run: id,
      vcpu,
      at: new Date(at),
      exitReason: null,
      cause: null,
      slot: null,
      pc: null,
      body,
    };
  }
}

function startedBody({ spec, vcpu }: RunView): string {
  const { budget, steps = null, record, immediateExit = false, mmioData = null } = spec;
  return toJson({ vcpu, budget, steps, record, immediateExit, mmioData });
}

function endedBody({
  end,
  instructions,
  stepsDone,
}: {
  end: RunEnd;
  instructions: number;
  stepsDone: number;
}): string {
  return toJson({ end, instructions, stepsDone });
}

/** The newest exit of each vcpu, in the order in which they came; the first exit of all has the sequence `first`. */
function newestExits({ newest }: ExitRows, first: number): readonly ExitRecord[] {
  return newest
    .flatMap(({ index, text }) => eventsOf(first + index, text) as ExitRecord[])
    .sort((a, b) => a.sequence - b.sequence);
}

function nextView(view: RunView, newest: ExitRecord | undefined, { finish }: RunReport): RunView {
  const exit = newest ?? view.exit;
  if (finish === null) {
    return { ...view, exit };
  }
  const { end, at, instructions, stepsDone, collected } = finish;
  return { ...view, exit, state: 'ended', endedAt: new Date(at), end, instructions, stepsDone, collected };
}
