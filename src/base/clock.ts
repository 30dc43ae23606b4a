/** Wall time for the floors that may know it (session and above). Passed in, so that tests can hold it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Call `task` once after `milliseconds`; the result cancels it. A pending task does not keep the process alive. */
  after(milliseconds: number, task: () => void): () => void;
}

/** Longest delay that a timer takes (2^31 - 1 ms, about 24 days); longer waits are made of several. */
const LONGEST_TIMER = 0x7fff_ffff;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, task) {
    const timer = setTimeout(task, Math.min(Math.max(milliseconds, 0), LONGEST_TIMER));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
