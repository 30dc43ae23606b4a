/**
 * Instructions of the encoding classes "Exception generation" and "System", and ERET, as raw words. PC is at
 * the instruction on entry. Source: Arm ARM, Branches, Exception Generating and System instructions.
 */
import { EC, esr, ISS_CONDITION_ALWAYS } from '../../abi/arm/esr.ts';
import { PSTATE } from '../../abi/arm/pstate.ts';
import { SEMIHOSTING_HLT } from '../../abi/arm/semihosting.ts';
import { debugException } from '../debug/debug-exception.ts';
import { advanceStep } from '../debug/enabled.ts';
import { accessRegister, trapToEl1, undefinedInstruction } from './access.ts';
import { advancePc, clearExclusive, leave, takeException, writePstate } from './exceptions.ts';
import { exceptionReturn } from './exception-return.ts';
import { systemInstruction } from './maintenance.ts';
import { OUTCOME, type Outcome, type Pe } from './pe.ts';
import { SLOT } from './storage.ts';

const ERET = 0xd69f03e0;
/** SCTLR_EL1.UMA, nTWI, nTWE. */
const SCTLR_UMA = 1 << 9;
const SCTLR_NTWI = 1 << 16;
const SCTLR_NTWE = 1 << 18;

/** Execute one system instruction. What it did is in the outcome; a stop is in `pe.stop`. */
export function executeSystem(pe: Pe, instruction: number): Outcome {
  const word = instruction >>> 0;
  const top = word >>> 24;
  if (top === 0xd4) return generateException(pe, word);
  if (word === ERET) return pe.state.el === 0 ? undefinedInstruction(pe) : returned(pe);
  if (word >>> 22 !== 0x354) return undefinedInstruction(pe);
  const op0 = (word >>> 19) & 3;
  if (op0 >= 2) return accessRegister(pe, word);
  if (op0 === 1) return systemInstruction(pe, word);
  return hintOrPstate(pe, word);
}

function returned(pe: Pe): Outcome {
  exceptionReturn(pe);
  return OUTCOME.LEAVE;
}

/** SVC, HVC, SMC, BRK, and HLT of semihosting; every other HLT and DCPS are UNDEFINED outside external debug. */
function generateException(pe: Pe, word: number): Outcome {
  const imm = (word >>> 5) & 0xffff;
  switch ((word & 0xffe0001f) >>> 0) {
    case 0xd4000001:
      return supervisorCall(pe, imm);
    case 0xd4000002:
      return hypervisorCall(pe, imm);
    case 0xd4000003:
      return secureMonitorCall(pe, imm);
    case 0xd4200000:
      debugException(pe, 'brk', [{ source: 'brk', comment: imm }]);
      return OUTCOME.FAULT;
    case 0xd4400000:
      return halt(pe, imm);
    default:
      return undefinedInstruction(pe);
  }
}

/** At EL0 it is no call: what may call is the program that owns the machine, not a process that it runs. */
function halt(pe: Pe, imm: number): Outcome {
  if (!pe.controls.semihosting || imm !== SEMIHOSTING_HLT || pe.state.el === 0)
    return undefinedInstruction(pe);
  pe.stop = { kind: 'semihosting' };
  return OUTCOME.FAULT;
}

/** SVC: the return address is the next instruction, and the step has advanced. */
function supervisorCall(pe: Pe, imm: number): Outcome {
  advanceStep(pe);
  advancePc(pe.state);
  takeException(pe, 'synchronous', esr(EC.SVC64, imm));
  return OUTCOME.CALL;
}

/** HVC: as SVC, but the exception is a stop. The PE did not step it itself: the next step syndrome has ISV 0. */
function hypervisorCall(pe: Pe, imm: number): Outcome {
  if (pe.state.el === 0) return undefinedInstruction(pe);
  advanceStep(pe);
  advancePc(pe.state);
  pe.debug.stepped = false;
  pe.debug.steppedExclusive = false;
  pe.stop = { kind: 'hvc', imm };
  return OUTCOME.CALL;
}

/** There is no EL3: SMC is the hypervisor's (HCR_EL2.TSC) or UNDEFINED. */
function secureMonitorCall(pe: Pe, imm: number): Outcome {
  if (pe.state.el === 0 || !pe.controls.tsc) return undefinedInstruction(pe);
  pe.stop = { kind: 'smc', imm };
  return OUTCOME.FAULT;
}

/** op0 0: hints, barriers and MSR (immediate). */
function hintOrPstate(pe: Pe, word: number): Outcome {
  const crn = (word >>> 12) & 15;
  const op1 = (word >>> 16) & 7;
  if (((word >>> 21) & 1) === 1 || (word & 31) !== 31) return undefinedInstruction(pe);
  if (crn === 2 && op1 === 3) return hint(pe, (word >>> 5) & 0x7f);
  if (crn === 3 && op1 === 3) return barrier(pe, (word >>> 5) & 7);
  if (crn === 4) return msrImmediate(pe, word);
  return undefinedInstruction(pe);
}

/** CRm:op2. Everything unallocated in this space is a NOP. */
function hint(pe: Pe, number: number): Outcome {
  switch (number) {
    case 2:
      return waitForEvent(pe);
    case 3:
      return waitForInterrupt(pe);
    case 4:
    case 5:
      pe.eventRegister = true;
      return OUTCOME.NEXT;
    default:
      return OUTCOME.NEXT;
  }
}

function waitForInterrupt(pe: Pe): Outcome {
  if (pe.controls.irq || pe.controls.fiq) return OUTCOME.NEXT;
  if (el0WaitTraps(pe, SCTLR_NTWI)) return trapWait(pe, 0);
  if (!pe.controls.twi) return OUTCOME.NEXT;
  pe.stop = { kind: 'wfi' };
  return leave(pe);
}

function waitForEvent(pe: Pe): Outcome {
  if (pe.eventRegister) {
    pe.eventRegister = false;
    return OUTCOME.NEXT;
  }
  if (el0WaitTraps(pe, SCTLR_NTWE)) return trapWait(pe, 1);
  if (!pe.controls.twe) return OUTCOME.NEXT;
  pe.stop = { kind: 'wfe' };
  return leave(pe);
}

/** SCTLR_EL1.nTWI and nTWE: clear traps EL0. */
function el0WaitTraps(pe: Pe, notTrapped: number): boolean {
  return pe.state.el === 0 && (pe.state.sysregLo(SLOT.SCTLR_EL1) & notTrapped) === 0;
}

function trapWait(pe: Pe, ti: 0 | 1): Outcome {
  takeException(pe, 'synchronous', esr(EC.WFX, ISS_CONDITION_ALWAYS | ti));
  return OUTCOME.FAULT;
}

/** CLREX, DSB, DMB, ISB, SB; memory is sequentially consistent, so only CLREX has work to do. */
function barrier(pe: Pe, op2: number): Outcome {
  if (op2 === 2) {
    clearExclusive(pe.state);
    return OUTCOME.NEXT;
  }
  const known = op2 >= 4 && op2 <= 6;
  const speculation = op2 === 7 && pe.model.features.has('FEAT_SB');
  return known || speculation ? OUTCOME.NEXT : undefinedInstruction(pe);
}

/** A PSTATE field of MSR (immediate): op1:op2, what it may need, and its bits. */
interface PstateField {
  readonly feature?: string;
  readonly el0: boolean;
  readonly mask: number;
}

const PSTATE_FIELDS: ReadonlyMap<number, PstateField> = new Map([
  [0o03, { feature: 'FEAT_UAO', el0: false, mask: PSTATE.UAO }],
  [0o04, { feature: 'FEAT_PAN', el0: false, mask: PSTATE.PAN }],
  [0o05, { el0: false, mask: 1 }],
  [0o31, { feature: 'FEAT_SSBS', el0: true, mask: PSTATE.SSBS }],
  [0o32, { feature: 'FEAT_DIT', el0: true, mask: PSTATE.DIT }],
]);
const DAIF_SET = 0o36;
const DAIF_CLEAR = 0o37;

function msrImmediate(pe: Pe, word: number): Outcome {
  const selector = ((word >>> 13) & 0o70) | ((word >>> 5) & 7);
  const imm = (word >>> 8) & 15;
  if (selector === DAIF_SET || selector === DAIF_CLEAR)
    return maskInterrupts(pe, word, selector === DAIF_SET, imm);
  const field = PSTATE_FIELDS.get(selector);
  if (field === undefined || (pe.state.el === 0 && !field.el0)) return undefinedInstruction(pe);
  if (field.feature !== undefined && !pe.model.features.has(field.feature)) return undefinedInstruction(pe);
  const value = (imm & 1) === 1 ? field.mask : 0;
  writePstate(pe, (pe.state.pstate & ~field.mask) | value);
  return leave(pe);
}

/** DAIFSet and DAIFClr. At EL0 they need SCTLR_EL1.UMA. */
function maskInterrupts(pe: Pe, word: number, set: boolean, imm: number): Outcome {
  if (pe.state.el === 0 && (pe.state.sysregLo(SLOT.SCTLR_EL1) & SCTLR_UMA) === 0) return trapToEl1(pe, word);
  const bits = imm << 6;
  pe.state.pstate = set ? pe.state.pstate | bits : pe.state.pstate & ~bits;
  return leave(pe);
}
