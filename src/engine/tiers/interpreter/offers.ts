/** What tier 1's module offers regions: they import it from each VM's instance. */
import { k128 } from '../../semantics/build.ts';
import type { V128 } from '../../semantics/ir.ts';
import type { ValueType } from '../../wasm/opcodes.ts';
import { DISPATCH_PARAMETERS, GO_TO_PARAMETERS, HANDLER_PARAMETERS } from './abi.ts';

type Signature = readonly [parameters: readonly ValueType[], results: readonly ValueType[]];

/** Functions by name, with their signatures but for the seal. */
export const OFFERED = {
  /** Where regions go on, nothing of it retiring: at a record, at an address, at one where the branch type may stand. */
  arrive: [HANDLER_PARAMETERS, ['i32']],
  goTo: [GO_TO_PARAMETERS, ['i32']],
  land: [GO_TO_PARAMETERS, ['i32']],
  /** With an opcode on a record. */
  dispatch: [DISPATCH_PARAMETERS, ['i32']],
  /** The helpers of these names. */
  floatingPoint: [['i32'], ['i32']],
  nzcv: [['i32', 'i64', 'i64'], ['i32']],
  condition: [['i32', 'i32', 'i64', 'i64'], ['i32']],
  forgetRecent: [[], []],
  nearRead: [['i64', 'i32'], ['i32']],
  nearWrite: [['i64', 'i32'], ['i32']],
  scatter: [['i64', 'i32'], []],
  forgetWindows: [[], []],
  windowRead: [['i64', 'i32', 'i32'], ['i32']],
  windowWrite: [['i64', 'i32', 'i32'], ['i32']],
} as const satisfies Readonly<Record<string, Signature>>;
export type Offered = keyof typeof OFFERED;

/**
 * The last argument of all of them. It means nothing. Of each signature that a module imports V8 compiles, with its optimiser and
 * before it knows what is imported, the wrapper that a function of JavaScript would need; for a region that took four times as
 * long as the rest of its module. JavaScript has no vectors, so there is no wrapper for a function with one.
 */
export const SEAL: V128 = k128(0n);
/** Parameters with the seal's. */
export const sealed = (parameters: readonly ValueType[]): readonly ValueType[] => [...parameters, SEAL.t];
