/** After a service that did not end in an orderly way: what it left open is ended, and the timeline says so. */
import type { Clock } from '../base/clock.ts';
import { rowsOf } from './event-rows.ts';
import type { Journal } from './journal.ts';
import type { HistoryPort } from './ports.ts';
import { vmEvent } from './vm-event.ts';
import type { SessionView } from './types.ts';

const PAGE = 500;
const REASON = 'service-stopped';

async function openSessions(history: HistoryPort): Promise<SessionView[]> {
  const found: SessionView[] = [];
  for (;;) {
    const last = found.at(-1);
    const page = await history.sessions({
      state: 'open',
      limit: PAGE,
      ...(last !== undefined && { after: last.id }),
    });
    found.push(...page);
    if (page.length < PAGE) {
      return found;
    }
  }
}

/** The VMs of an earlier service are gone with it: their runs and sessions end with `service-stopped`. */
export async function endWhatDied(history: HistoryPort, journal: Journal, clock: Clock): Promise<void> {
  const at = new Date(clock.now());
  const left = await openSessions(history);
  await history.recover(at);
  await Promise.all(
    left.map((session) => {
      const vm = { id: session.vm, session: session.id };
      return journal.record({
        rows: rowsOf([
          vmEvent(vm, 'vm-destroyed', at, { reason: REASON }),
          vmEvent(vm, 'session-ended', at, { reason: REASON }),
        ]),
      });
    }),
  );
}
