/**
 * Priorities and preemption against a model that keeps a list of interrupts and a stack of what runs, where the
 * implementation has arrays and the APR bits.
 */
import { fc } from '../../seed.ts';
import { expect, it } from 'vitest';
import { SoftwareView } from './gicv3-fixture.ts';

const IDS = [32, 33, 40, 63, 64, 100];

interface Interrupt {
  readonly id: number;
  readonly priority: number;
  readonly group: 0 | 1;
  pending: boolean;
  active: boolean;
}

class Model {
  readonly all: Interrupt[];
  mask = 0xf8;
  points = [2, 3];
  readonly running: { id: number; group: 0 | 1; priority: number }[] = [];

  constructor(rows: readonly (readonly [number, 0 | 1])[]) {
    this.all = rows.map(([level, group], n) => ({
      id: IDS[n]!,
      priority: level * 8,
      group,
      pending: false,
      active: false,
    }));
  }
  groupPriority({ priority, group }: Interrupt): number {
    const drop = group === 0 ? 2 ** (this.points[0]! + 1) : 2 ** this.points[1]!;
    return Math.floor(priority / drop) * drop;
  }
  best(): Interrupt | undefined {
    return this.all
      .filter((one) => one.pending && !one.active)
      .sort((a, b) => a.priority - b.priority || a.id - b.id)[0];
  }
  signalled(): Interrupt | undefined {
    const best = this.best();
    if (best === undefined || best.priority >= this.mask) return undefined;
    const highest = Math.min(...this.running.map(({ priority }) => priority), 256);
    return this.groupPriority(best) < highest ? best : undefined;
  }
  acknowledge(group: 0 | 1): number {
    const taken = this.signalled();
    if (taken?.group !== group) return 1023;
    taken.pending = false;
    taken.active = true;
    this.running.push({ id: taken.id, group, priority: this.groupPriority(taken) });
    return taken.id;
  }
}

type Step =
  | { readonly do: 'edge'; readonly n: number }
  | { readonly do: 'acknowledge'; readonly group: 0 | 1 }
  | { readonly do: 'end' }
  | { readonly do: 'mask'; readonly level: number }
  | { readonly do: 'points'; readonly points: readonly [number, number] };

const group = fc.constantFrom(0 as const, 1 as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('edge' as const), n: fc.nat(IDS.length - 1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), group }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('mask' as const), level: fc.nat(31) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('points' as const),
      points: fc.tuple(fc.integer({ min: 2, max: 7 }), fc.integer({ min: 3, max: 7 })),
    }),
  },
);

function apply(gic: SoftwareView, model: Model, action: Step): void {
  switch (action.do) {
    case 'edge': {
      const one = model.all[action.n]!;
      one.pending = true;
      gic.gic.setSpi(one.id, true);
      gic.gic.setSpi(one.id, false);
      return;
    }
    case 'acknowledge':
      expect(gic.mrs(action.group === 0 ? 'IAR0_EL1' : 'IAR1_EL1')).toBe(model.acknowledge(action.group));
      return;
    case 'end': {
      const last = model.running.pop();
      if (last === undefined) return;
      model.all.find(({ id }) => id === last.id)!.active = false;
      gic.msr(last.group === 0 ? 'EOIR0_EL1' : 'EOIR1_EL1', last.id);
      return;
    }
    case 'mask':
      model.mask = action.level * 8;
      gic.msr('PMR_EL1', model.mask);
      return;
    case 'points':
      // Changing the points while something runs is the software's own problem.
      if (model.running.length > 0) return;
      model.points = [...action.points];
      gic.msr('BPR0_EL1', action.points[0]);
      gic.msr('BPR1_EL1', action.points[1]);
      return;
  }
}

it('signals, acknowledges and ends as the model does', () => {
  const level = fc.nat(31);
  const rows = fc.array(fc.tuple(level, group), { minLength: IDS.length, maxLength: IDS.length });
  fc.assert(
    fc.property(rows, fc.array(step, { maxLength: 60 }), (interrupts, steps) => {
      const gic = new SoftwareView().open();
      const model = new Model(interrupts);
      for (const one of model.all)
        gic.enable(one.id, { priority: one.priority, group: one.group, edge: true });
      for (const action of steps) {
        apply(gic, model, action);
        const signal = model.signalled();
        expect(gic.gic.pending(0)).toEqual({ irq: signal?.group === 1, fiq: signal?.group === 0 });
        const running = Math.min(...model.running.map(({ priority }) => priority), 255);
        expect(gic.mrs('RPR_EL1')).toBe(running);
      }
    }),
    { numRuns: 150 },
  );
});
