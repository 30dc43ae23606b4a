/** A source of random bytes. Passed in, so that tests can repeat themselves. */
export interface Rng {
  bytes(count: number): Uint8Array;
}
