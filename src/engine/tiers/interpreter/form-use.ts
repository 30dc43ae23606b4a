/** What the code of a form does, as the decoder and tier 2 must know it. Found out when tier 1 is generated. */
export interface FormUse {
  /** Accesses data memory: its base register may be the stack pointer. */
  memory: boolean;
  /** A direct branch. */
  target: boolean;
  control: Control;
  /** Asks the system floor, always or in unusual cases. */
  system: boolean;
  /** NZCV: 'sets' without regard to what it was, 'reads' it (or keeps some of it), or neither. */
  flags: 'reads' | 'sets' | 'none';
}
/** How a form goes on: 'outside' when it leaves that to the host, or does more than branch. */
export type Control =
  | 'next'
  | 'branch'
  | 'call'
  | 'conditional'
  | 'indirect'
  | 'indirect-call'
  | 'return'
  | 'outside';

export const unused = (): FormUse => ({
  memory: false,
  target: false,
  control: 'next',
  system: false,
  flags: 'none',
});
