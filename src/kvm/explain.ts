/**
 * Explanations for people: what an exit means and why it came, and what a set of guest-debug registers will do. Only
 * facts that follow from the record and from the registers; nothing here changes anything.
 */
export { explainExceptionLoop } from './exception-loop.ts';
export type { CauseExplanation, ExitExplanation } from './explain-exit.ts';
export { explainExit, explainStep } from './explain-exit.ts';
export type { DecodedRegister, GuestDebugExplanation, SlotExplanation } from './explain-guest-debug.ts';
export { explainGuestDebug } from './explain-guest-debug.ts';
