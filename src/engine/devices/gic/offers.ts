/** What each CPU interface is offered, worked out again only after something has changed. Derived, never saved. */
import { type Candidate, IDLE_PRIORITY, SPURIOUS } from './selection.ts';

export class Offers {
  readonly #offers: readonly Candidate[];
  readonly #choose: (cpu: number, best: Candidate) => void;
  #stale = true;

  /** `choose` replaces the empty candidate that it is given by the best one. */
  constructor(cpus: number, choose: (cpu: number, best: Candidate) => void) {
    this.#offers = Array.from({ length: cpus }, () => ({ id: SPURIOUS, priority: IDLE_PRIORITY, group: -1 }));
    this.#choose = choose;
  }

  changed(): void {
    this.#stale = true;
  }
  of(cpu: number): Candidate {
    if (this.#stale) {
      for (const [index, offer] of this.#offers.entries()) {
        offer.id = SPURIOUS;
        offer.priority = IDLE_PRIORITY;
        offer.group = -1;
        this.#choose(index, offer);
      }
      this.#stale = false;
    }
    return this.#offers[cpu]!;
  }
}
