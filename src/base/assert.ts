/** An own bug: a state that the code promises cannot happen. Never for a guest's or a caller's mistake. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

/** Throw `InternalError` unless `condition` holds. The message is worked out only when it is needed. */
export function assert(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) {
    throw new InternalError(typeof message === 'string' ? message : message());
  }
}

/** For the `default` of an exhaustive switch: the compiler rejects it while a case is missing. */
export function assertNever(value: never, what = 'value'): never {
  throw new InternalError(`unexpected ${what}: ${JSON.stringify(value)}`);
}
