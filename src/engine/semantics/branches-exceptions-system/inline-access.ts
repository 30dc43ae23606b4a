/**
 * MRS and MSR of the registers that need no helper. Whatever is out of the ordinary (an Exception level without the
 * right, a trap, a pending interrupt) is left to the system floor as a whole.
 */
import { PSTATE } from '../../../abi/arm/pstate.ts';
import type { El0Control } from '../../../abi/arm/sysregs.ts';
import { fixedPlace, type InlinePlace, type InlineRegister } from '../../inline-registers.ts';
import { STATE } from '../../layout.ts';
import { bin, cmp, eqz, extu, k32, k64, wrap } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { I32, I64 } from '../ir.ts';

/** M[3:2]: the Exception level; M[3:0] of EL1h. */
const EL = 3 << 2;
const EL1H = 5;
const NEVER = k32(0);

const pstate = (e: Emitter): I32 => e.word(STATE.PSTATE);
/** 1 at EL0. */
export const atEl0 = (e: Emitter): I32 => eqz(bin('and', pstate(e), k32(EL)));

/** 1 where the control makes EL0's access a trap. */
function traps(e: Emitter, { register, mask, trapWhen }: El0Control): I32 {
  // Registers behind MDSCR_EL1 are not accessed inline.
  if (register === 'MDSCR_EL1') return k32(1);
  const clear = eqz(bin('and', e.word(fixedPlace(register)), k32(mask)));
  return trapWhen === 'clear' ? clear : eqz(clear);
}

/** Non-zero where the Exception level may not do the access, or a control may trap it. */
function refused(e: Emitter, { row, place, el0Differs }: InlineRegister, read: boolean): I32 {
  let no: I32 = NEVER;
  const control = row.el0Control ?? el0Differs;
  if (!row.el0.includes(read ? 'r' : 'w')) no = atEl0(e);
  else if (control !== undefined) no = bin('and', atEl0(e), traps(e, control));
  if (row.floatingPoint === true) no = bin('or', no, eqz(e.word(STATE.FP_ENABLED)));
  if (place.kind === 'unselected-stack-pointer') {
    no = bin('or', no, cmp('ne', bin('and', pstate(e), k32(PSTATE.MODE)), k32(EL1H)));
  }
  return no;
}

function readOf(e: Emitter, place: InlinePlace): I64 {
  switch (place.kind) {
    case 'storage':
    case 'unselected-stack-pointer':
      return e.doubleword(place.at);
    case 'pstate':
      return extu(bin('and', pstate(e), k32(place.mask)));
    case 'flags':
      return extu(bin('shl', e.nzcv(), k32(28)));
    case 'count':
      return e.count();
  }
}

/** MRS: the value, after everything that might refuse it. */
export function emitRead(e: Emitter, register: InlineRegister): I64 {
  const no = refused(e, register, true);
  if (no !== NEVER) e.if(no, () => e.system());
  return readOf(e, register.place);
}

/** MSR (register). */
export function emitWrite(e: Emitter, register: InlineRegister, value: I64): void {
  const { place, row } = register;
  let no = refused(e, register, false);
  if (place.kind === 'pstate') no = bin('or', no, e.word(STATE.ATTENTION));
  if (row.withFeature !== undefined) {
    no = bin('or', no, cmp('ne', bin('and', value, k64(row.withFeature.writable)), k64(0)));
  }
  if (no !== NEVER) e.if(no, () => e.system());
  if (place.kind === 'flags') {
    e.setNzcv(bin('and', wrap(bin('shr', value, k64(28))), k32(15)));
  } else if (place.kind === 'pstate') {
    const kept = bin('and', pstate(e), k32(~place.mask));
    e.setWord(STATE.PSTATE, bin('or', kept, bin('and', wrap(value), k32(place.mask))));
  } else if (place.kind !== 'count') {
    e.setDoubleword(place.at, bin('and', value, k64(row.writable)));
  }
}

/** MSR DAIFSet and DAIFClr of the PSTATE bits in `bits`. Setting masks can wait for nothing; clearing them may. */
export function emitMask(e: Emitter, set: boolean, bits: I64): void {
  const refuses = set ? atEl0(e) : bin('or', atEl0(e), e.word(STATE.ATTENTION));
  e.if(refuses, () => e.system());
  const mask = wrap(bits);
  const value = set ? bin('or', pstate(e), mask) : bin('and', pstate(e), bin('xor', mask, k32(-1)));
  e.setWord(STATE.PSTATE, value);
}
