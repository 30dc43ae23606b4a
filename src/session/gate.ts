/** One after the other: tasks that must not see each other half done. */
export class Gate {
  #tail: Promise<unknown> = Promise.resolve();

  /** Runs `task` when all tasks before it have ended, however they did. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
