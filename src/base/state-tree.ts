/**
 * State as plain data, for comparing: objects and maps with number keys (of any order), arrays, Uint8Array and other
 * typed arrays, numbers, bigints, strings, booleans, null.
 */
export type StateTree = Readonly<Record<string, unknown>>;
