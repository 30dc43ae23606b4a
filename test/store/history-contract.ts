/** What every implementation of the history port has to do, as a test suite over a maker of fresh ports. */
import { afterEach, describe, expect, it } from 'vitest';
import { type EventRows, rowsOf } from '../../src/session/event-rows.ts';
import type { EventQuery, HistoryPort, Ports } from '../../src/session/ports.ts';
import type { RunView, SessionView, TimelineEvent } from '../../src/session/types.ts';

const AT = new Date('2026-03-01T12:00:00.123Z');
const LATER = new Date('2026-03-01T12:05:00.456Z');

export function event(sequence: number, change: Partial<TimelineEvent> = {}): TimelineEvent {
  return {
    sequence,
    kind: 'exit',
    session: 'ses_1',
    vm: 'vm_1',
    run: 'run_1',
    vcpu: 0,
    at: AT,
    exitReason: 'KVM_EXIT_DEBUG',
    cause: 'watchpoint',
    slot: 0,
    pc: 0x4000_0000n,
    body: '{"a":1}',
    ...change,
  };
}

export function session(id: string, change: Partial<SessionView> = {}): SessionView {
  const nothing = { name: null, vmName: null, endedAt: null, endReason: null };
  return { id, vm: 'vm_1', labels: {}, state: 'open', openedAt: AT, exits: 0, ...nothing, ...change };
}

export function run(id: string, change: Partial<RunView> = {}): RunView {
  return {
    id,
    vm: 'vm_1',
    session: 'ses_1',
    vcpu: 0,
    state: 'running',
    startedAt: AT,
    endedAt: null,
    end: null,
    exit: null,
    instructions: 0,
    stepsDone: 0,
    collected: [],
    spec: { budget: { instructions: 1000 }, record: 'last', collect: [] },
    ...change,
  };
}

/** The same events as rows, numbered on from the first one's sequence. */
export function rowsFrom(events: readonly TimelineEvent[]): [first: number, rows: EventRows[]] {
  return [events[0]?.sequence ?? 1, events.map((each) => rowsOf([each]))];
}

/** Appends events whose sequences have gaps: one transaction for each that follows on. */
async function appendAll(port: HistoryPort, events: readonly TimelineEvent[]): Promise<void> {
  for (const each of events) await port.append(...rowsFrom([each]));
}

/** `makePorts` gives empty ports each time; they are closed after each test. */
export function historyContract(makePorts: () => Promise<Ports>): void {
  const open: Ports[] = [];
  const history = async (): Promise<Ports['history']> => {
    const ports = await makePorts();
    open.push(ports);
    return ports.history;
  };
  afterEach(async () => {
    for (const ports of open.splice(0)) await ports.close();
  });

  describe('events', () => {
    it('come back exactly, the top of the 64-bit range and any text included', async () => {
      const port = await history();
      const stored = [
        event(1, { pc: 0xffff_ffff_ffff_fffcn, body: '{"t":"ü \\u0000 \\" 😀"}' }),
        event(2, {
          kind: 'action',
          run: null,
          vcpu: null,
          exitReason: null,
          cause: null,
          slot: null,
          pc: null,
        }),
        event(5, { slot: 15, vcpu: 3, at: LATER, pc: 0n }),
      ];
      await appendAll(port, stored);
      expect(await port.events({ after: 0, limit: 10 })).toEqual(stored);
    });

    it('take sequences beyond 32 bits', async () => {
      const port = await history();
      const big = 2 ** 40 + 7;
      await port.append(...rowsFrom([event(big)]));
      expect(await port.lastSequence()).toBe(big);
      expect(await port.events({ after: big - 1, limit: 1 })).toEqual([event(big)]);
    });

    it('of a refused batch are not stored at all', async () => {
      const port = await history();
      await port.openSession(session('ses_1'));
      await port.append(...rowsFrom([event(1)]));
      await expect(
        port.append(
          0,
          [event(0), event(1)].map((each) => rowsOf([each])),
          { runs: [run('run_9')] },
        ),
      ).rejects.toThrow();
      expect((await port.events({ after: 0, limit: 10 })).map((e) => e.sequence)).toEqual([1]);
      expect(await port.run('run_9')).toBeNull();
      expect(await port.session('ses_1')).toMatchObject({ exits: 1 });
    });

    it('count as exits of their session, by kind', async () => {
      const port = await history();
      await port.openSession(session('ses_1'));
      await port.openSession(session('ses_2'));
      await port.append(
        ...rowsFrom([event(1), event(2, { kind: 'action' }), event(3, { session: 'ses_2' }), event(4)]),
      );
      expect(await port.session('ses_1')).toMatchObject({ exits: 2 });
      expect(await port.session('ses_2')).toMatchObject({ exits: 1 });
    });
  });

  describe('queries', () => {
    const stored = [
      event(1, {
        kind: 'vm-created',
        run: null,
        vcpu: null,
        exitReason: null,
        cause: null,
        slot: null,
        pc: null,
      }),
      event(2, { pc: 0x1000n }),
      event(3, { pc: 0x2000n, cause: 'breakpoint', slot: 3 }),
      event(4, { pc: 0x8000_0000_0000_0000n, cause: null, slot: null, exitReason: 'KVM_EXIT_MMIO' }),
      event(5, { session: 'ses_2', run: 'run_2', vcpu: 1, pc: 0x2000n }),
      event(6, { session: 'ses_3', vm: 'vm_2', run: 'run_3', pc: 0x2000n }),
      event(7, { kind: 'run-ended', exitReason: null, cause: null, slot: null, pc: null }),
    ];
    const cases: readonly [string, Partial<EventQuery>, readonly number[]][] = [
      ['nothing', {}, [1, 2, 3, 4, 5, 6, 7]],
      ['after', { after: 4 }, [5, 6, 7]],
      ['limit', { limit: 2 }, [1, 2]],
      ['after and limit', { after: 2, limit: 2 }, [3, 4]],
      ['descending', { order: 'descending', limit: 3 }, [7, 6, 5]],
      ['descending after', { order: 'descending', after: 5 }, [7, 6]],
      ['session', { session: 'ses_1' }, [1, 2, 3, 4, 7]],
      ['vm', { vm: 'vm_1' }, [1, 2, 3, 4, 5, 7]],
      ['run', { run: 'run_2' }, [5]],
      ['one kind', { session: 'ses_1', kinds: ['exit'] }, [2, 3, 4]],
      ['several kinds', { session: 'ses_1', kinds: ['run-ended', 'vm-created'] }, [1, 7]],
      [
        'several kinds, descending, limited',
        { kinds: ['exit', 'run-ended'], order: 'descending', limit: 2 },
        [7, 6],
      ],
      ['a kind named twice', { kinds: ['run-ended', 'run-ended'] }, [7]],
      ['kind nobody has', { kinds: ['console'] }, []],
      ['vcpu', { vcpu: 1 }, [5]],
      ['exit reason', { session: 'ses_1', exitReason: 'KVM_EXIT_MMIO' }, [4]],
      ['cause', { session: 'ses_1', cause: 'breakpoint' }, [3]],
      ['slot', { session: 'ses_1', slot: 3 }, [3]],
      ['slot 0 is not no slot', { session: 'ses_1', slot: 0 }, [2]],
      ['one pc', { session: 'ses_1', pcFrom: 0x2000n, pcTo: 0x2000n }, [3]],
      ['pc range, both ends included', { session: 'ses_1', pcFrom: 0x1000n, pcTo: 0x2000n }, [2, 3]],
      ['pc range, limited', { session: 'ses_1', pcFrom: 0x1000n, pcTo: 0x2000n, limit: 1 }, [2]],
      ['pc range, descending', { session: 'ses_1', pcFrom: 0x1000n, order: 'descending', limit: 2 }, [4, 3]],
      ['pc range of exits', { session: 'ses_1', kinds: ['exit'], pcFrom: 0x1001n, limit: 1 }, [3]],
      ['pc range of other kinds', { session: 'ses_1', kinds: ['run-ended'], pcFrom: 0n }, []],
      ['pc is unsigned', { pcFrom: 0x7fff_ffff_ffff_ffffn }, [4]],
      ['pc up to', { pcTo: 0x1000n }, [2]],
      ['pc range and slot', { session: 'ses_1', pcFrom: 0n, pcTo: 0x3000n, slot: 3, limit: 1 }, [3]],
      [
        'all at once',
        { session: 'ses_1', vm: 'vm_1', run: 'run_1', kinds: ['exit'], vcpu: 0, cause: 'breakpoint' },
        [3],
      ],
      ['a session of another vm', { session: 'ses_3', vm: 'vm_1' }, []],
    ];
    it.each(cases)('by %s', async (_name, query, expected) => {
      const port = await history();
      await port.append(...rowsFrom(stored));
      const found = await port.events({ after: 0, limit: 100, ...query });
      expect(found.map(({ sequence }) => sequence)).toEqual(expected);
    });
  });

  it('finds what is rare in a long timeline, from both ends', async () => {
    const port = await history();
    const rare = [3, 150_000, 250_001];
    await appendAll(
      port,
      rare.map((sequence) => event(sequence, { slot: 9 })),
    );
    const find = async (query: Partial<EventQuery>) =>
      (await port.events({ session: 'ses_1', slot: 9, after: 0, limit: 10, ...query })).map(
        ({ sequence }) => sequence,
      );
    expect(await find({})).toEqual(rare);
    expect(await find({ order: 'descending' })).toEqual(rare.toReversed());
    expect(await find({ limit: 2 })).toEqual([3, 150_000]);
    expect(await find({ order: 'descending', limit: 2 })).toEqual([250_001, 150_000]);
    expect(await find({ after: 3 })).toEqual([150_000, 250_001]);
    expect(await find({ after: 150_000, order: 'descending' })).toEqual([250_001]);
    expect(await find({ slot: 8 })).toEqual([]);
    expect(await find({ after: 250_001 })).toEqual([]);
  });

  describe('retention', () => {
    it('drops the oldest beyond what is kept, and remembers the greatest sequence', async () => {
      const port = await history();
      expect(await port.lastSequence()).toBe(0);
      await appendAll(port, [event(3), event(4), event(8), event(9)]);
      expect(await port.trim(2)).toBe(2);
      expect(await port.trim(2)).toBe(0);
      expect((await port.events({ after: 0, limit: 10 })).map((e) => e.sequence)).toEqual([8, 9]);
      expect(await port.trim(0)).toBe(2);
      expect(await port.events({ after: 0, limit: 10 })).toEqual([]);
      expect(await port.lastSequence()).toBe(9);
    });

    it('goes on over many events', async () => {
      const port = await history();
      await port.append(...rowsFrom(Array.from({ length: 1700 }, (_, i) => event(i + 1))));
      expect(await port.trim(100)).toBe(1600);
      expect((await port.events({ after: 0, limit: 1 }))[0]?.sequence).toBe(1601);
    });

    it('tells each scope what it lost, and only that', async () => {
      const port = await history();
      await port.openSession(session('ses_1'));
      await port.openSession(session('ses_2'));
      await port.openSession(session('ses_3', { vm: 'vm_2' }));
      await appendAll(port, [
        event(1),
        event(2),
        event(3, { session: 'ses_2' }),
        event(4, { session: 'ses_3', vm: 'vm_2' }),
        event(5, { session: 'ses_1' }),
      ]);
      expect(await port.oldestSequence({})).toBe(0);
      await port.trim(2);
      expect(await port.oldestSequence({ session: 'ses_1' })).toBe(3);
      expect(await port.oldestSequence({ session: 'ses_2' })).toBe(4);
      expect(await port.oldestSequence({ session: 'ses_3' })).toBe(0);
      expect(await port.oldestSequence({ vm: 'vm_1' })).toBe(4);
      expect(await port.oldestSequence({ vm: 'vm_2' })).toBe(0);
      expect(await port.oldestSequence({})).toBe(4);
    });
  });

  describe('sessions', () => {
    it('come back exactly, with changes', async () => {
      const port = await history();
      const opened = session('ses_1', {
        name: 'first',
        vmName: 'demo',
        labels: { team: 'kernel', 'a.b/c': '' },
      });
      await port.openSession(opened);
      expect(await port.session('ses_1')).toEqual(opened);
      expect(await port.session('ses_9')).toBeNull();
      expect(await port.updateSession('ses_1', { name: null })).toEqual({ ...opened, name: null });
      expect(await port.updateSession('ses_1', { labels: { x: 'y' } })).toEqual({
        ...opened,
        name: null,
        labels: { x: 'y' },
      });
      expect(await port.updateSession('ses_9', { name: 'x' })).toBeNull();
    });

    it('end once, together with the events that tell of it', async () => {
      const port = await history();
      await port.openSession(session('ses_1'));
      const ended = [{ id: 'ses_1', at: LATER, reason: 'vm-deleted' }];
      await port.append(...rowsFrom([event(1, { kind: 'session-ended' })]), { endedSessions: ended });
      await port.append(1, [], { endedSessions: [{ id: 'ses_1', at: AT, reason: 'replaced' }] });
      expect(await port.session('ses_1')).toMatchObject({
        state: 'ended',
        endedAt: LATER,
        endReason: 'vm-deleted',
      });
    });

    it('list by vm and state, in order of id, page by page', async () => {
      const port = await history();
      for (const [id, vm] of [
        ['ses_2', 'vm_1'],
        ['ses_1', 'vm_1'],
        ['ses_3', 'vm_2'],
        ['ses_4', 'vm_1'],
      ] as const) {
        await port.openSession(session(id, { vm }));
      }
      await port.append(1, [], { endedSessions: [{ id: 'ses_2', at: LATER, reason: 'replaced' }] });
      const ids = async (query: Parameters<typeof port.sessions>[0]) =>
        (await port.sessions(query)).map(({ id }) => id);
      expect(await ids({ limit: 10 })).toEqual(['ses_1', 'ses_2', 'ses_3', 'ses_4']);
      expect(await ids({ limit: 2, after: 'ses_1' })).toEqual(['ses_2', 'ses_3']);
      expect(await ids({ limit: 10, vm: 'vm_1' })).toEqual(['ses_1', 'ses_2', 'ses_4']);
      expect(await ids({ limit: 10, state: 'ended' })).toEqual(['ses_2']);
      expect(await ids({ limit: 10, vm: 'vm_1', state: 'open', after: 'ses_1' })).toEqual(['ses_4']);
    });
  });

  describe('runs', () => {
    const ended = run('run_1', {
      state: 'ended',
      endedAt: LATER,
      end: { reason: 'exit' },
      instructions: 2 ** 45,
      stepsDone: 3,
      vcpu: null,
      collected: [
        { kind: 'registers', vcpu: 0, values: { x0: 0xffff_ffff_ffff_ffffn, pc: 0n } },
        { kind: 'memory', address: 0x4000_0000n, bytes: Uint8Array.of(0, 255, 128) },
        { kind: 'memory', address: 0n, bytes: null },
      ],
      spec: { budget: {}, record: 'all', collect: [], mmioData: 0x8000_0000_0000_0000n },
    });

    it('are replaced by what they have become', async () => {
      const port = await history();
      await port.append(1, [], { runs: [run('run_1', { vcpu: null }), run('run_2')] });
      expect(await port.run('run_1')).toEqual(run('run_1', { vcpu: null }));
      await port.append(...rowsFrom([event(1)]), { runs: [ended] });
      expect(await port.run('run_1')).toEqual(ended);
      expect(await port.run('run_2')).toEqual(run('run_2'));
      expect(await port.run('run_3')).toBeNull();
    });

    it('list by vm and session, in order of id, page by page', async () => {
      const port = await history();
      await port.append(1, [], {
        runs: [
          run('run_3', { vm: 'vm_2', session: 'ses_2' }),
          run('run_2', { session: 'ses_3' }),
          run('run_1'),
        ],
      });
      const ids = async (query: Parameters<typeof port.runs>[0]) =>
        (await port.runs(query)).map(({ id }) => id);
      expect(await ids({ limit: 10 })).toEqual(['run_1', 'run_2', 'run_3']);
      expect(await ids({ limit: 1, after: 'run_1' })).toEqual(['run_2']);
      expect(await ids({ limit: 10, vm: 'vm_1' })).toEqual(['run_1', 'run_2']);
      expect(await ids({ limit: 10, session: 'ses_2' })).toEqual(['run_3']);
    });
  });

  describe('recovery', () => {
    it('ends what a dead service left open, and nothing else', async () => {
      const port = await history();
      await port.openSession(session('ses_1'));
      await port.openSession(session('ses_2'));
      const done = run('run_2', { state: 'ended', endedAt: AT, end: { reason: 'paused' } });
      await port.append(1, [], {
        runs: [run('run_1', { stepsDone: 4 }), done],
        endedSessions: [{ id: 'ses_2', at: AT, reason: 'vm-deleted' }],
      });
      expect(await port.recover(LATER)).toEqual({ sessions: 1, runs: 1 });
      expect(await port.recover(LATER)).toEqual({ sessions: 0, runs: 0 });
      expect(await port.session('ses_1')).toMatchObject({
        state: 'ended',
        endedAt: LATER,
        endReason: 'service-stopped',
      });
      expect(await port.session('ses_2')).toMatchObject({ endedAt: AT, endReason: 'vm-deleted' });
      const end = { reason: 'service-stopped' } as const;
      expect(await port.run('run_1')).toEqual(
        run('run_1', { stepsDone: 4, state: 'ended', endedAt: LATER, end }),
      );
      expect(await port.run('run_2')).toEqual(done);
    });
  });
}
