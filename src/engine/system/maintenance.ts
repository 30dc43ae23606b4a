/**
 * System instructions: cache maintenance, DC ZVA, AT and TLBI. There are no caches to maintain: DC and IC by
 * address only translate, and decoded code follows stores by itself. Source: Arm ARM, A64 System instructions.
 */
import { FAULT } from '../../abi/arm/esr.ts';
import { PSTATE } from '../../abi/arm/pstate.ts';
import type { SysregKey } from '../../abi/arm/sysreg-key.ts';
import { sysregKey } from '../../abi/arm/sysreg-key.ts';
import { SYSOP_BY_KEY, type SysopRow } from '../../abi/arm/sysops.ts';
import { fromHalves, hi32, lo32 } from '../../base/u64.ts';
import { debugException, lowestAddress } from '../debug/debug-exception.ts';
import { armedWatchpoints, matchWatchpoints } from '../debug/watchpoints.ts';
import { translate, translateAs } from '../memory/translate.ts';
import { createTranslationResult } from '../memory/walk.ts';
import { el0Traps, trapToEl1, undefinedInstruction } from './access.ts';
import { leave, takeDataAbort } from './exceptions.ts';
import { OUTCOME, type Outcome, type Pe } from './pe.ts';
import { SLOT } from './storage.ts';

const DCZID: SysregKey = sysregKey(3, 3, 0, 0, 7);
/** DCZID_EL0.DZP. */
const ZVA_PROHIBITED = 0x10n;
const PAGE_MASK = -4096;
const AT_WRITE = 1;
const AT_EL0 = 2;

const result = createTranslationResult();

/** SYS and SYSL, op0 1. */
export function systemInstruction(pe: Pe, word: number): Outcome {
  const key: SysregKey = (word >>> 5) & 0xffff;
  const row = SYSOP_BY_KEY.get(key);
  const isSysl = ((word >>> 21) & 1) === 1;
  if (row === undefined || isSysl) return undefinedInstruction(pe);
  if (row.feature !== undefined && !pe.model.features.has(row.feature)) return undefinedInstruction(pe);
  if (pe.state.el === 0) {
    if (row.el0Control === undefined) return undefinedInstruction(pe);
    if (el0Traps(pe, row.el0Control)) return trapToEl1(pe, word);
  }
  return execute(pe, row, word);
}

function execute(pe: Pe, row: SysopRow, word: number): Outcome {
  const operand = pe.state.x(word & 31);
  switch (row.kind) {
    case 'zva':
      return zeroBlock(pe, operand);
    case 'maintain':
      return maintain(pe, row.name, operand);
    case 'all':
      return OUTCOME.NEXT;
    case 'at':
      return addressTranslate(pe, row.key, operand);
    case 'tlbi-all':
      pe.contexts.forgetLarge();
      pe.flushTlb();
      return leave(pe);
    case 'tlbi-page':
      return invalidatePage(pe, lo32(operand), hi32(operand));
  }
}

/**
 * DC and IC by address: a translation that needs read permission (DC IVAC: write permission), no access.
 * PSTATE.PAN has no effect on it.
 */
function maintain(pe: Pe, name: string, va: bigint): Outcome {
  const lo = lo32(va);
  const hi = hi32(va);
  const kind = name === 'DC IVAC' ? 'write' : 'read';
  if (translateAs(pe, lo, hi, kind, pe.state.el, false, result, null)) {
    if ((pe.state.pstate & PSTATE.PAN) === 0) pe.cacheTranslation(lo, hi, result);
    return OUTCOME.NEXT;
  }
  takeDataAbort(pe, result.status, lo, hi, true, true);
  return OUTCOME.FAULT;
}

/** DC ZVA: a store of zeros to the naturally aligned block. Device memory gives an alignment fault. */
function zeroBlock(pe: Pe, va: bigint): Outcome {
  const dczid = pe.model.idRegisters.get(DCZID) ?? ZVA_PROHIBITED;
  if ((dczid & ZVA_PROHIBITED) !== 0n) return undefinedInstruction(pe);
  const bytes = 4 << Number(dczid & 0xfn);
  const lo = lo32(va);
  const hi = hi32(va);
  if (!translate(pe, lo, hi, 'write', false, result)) {
    takeDataAbort(pe, result.status, lo, hi, true);
    return OUTCOME.FAULT;
  }
  if (result.device) {
    takeDataAbort(pe, FAULT.ALIGNMENT, lo, hi, true);
    return OUTCOME.FAULT;
  }
  const block = result.physical - (result.physical % bytes);
  return storeZeros(pe, lo, hi, block, bytes);
}

function storeZeros(pe: Pe, vaLo: number, vaHi: number, physical: number, bytes: number): Outcome {
  const startLo = vaLo & ~(bytes - 1);
  const access = { address: fromHalves(startLo, vaHi), bytes, read: false, write: true };
  const offset = pe.ram.offset(physical, bytes);
  if (offset < 0 || !pe.ram.writable(offset)) {
    const far = fromHalves(vaLo, vaHi);
    const syndrome = { isv: false } as const;
    pe.stop = { kind: 'stage2-data', ipa: physical, readOnly: offset >= 0, far, access, syndrome };
    return OUTCOME.FAULT;
  }
  const causes = matchWatchpoints(pe, armedWatchpoints(pe), startLo, vaHi, bytes, false, true, false);
  if (causes.length > 0) {
    debugException(pe, 'watchpoint', causes, lowestAddress(causes), access);
    return OUTCOME.FAULT;
  }
  const host = pe.ram.host + offset;
  pe.state.u8.fill(0, host, host + bytes);
  pe.physicalWritten(physical, bytes);
  pe.cacheTranslation(vaLo, vaHi, result);
  return OUTCOME.NEXT;
}

/**
 * AT S1E1R, S1E1W, S1E0R, S1E0W, S1E1RP, S1E1WP: the result goes to PAR_EL1, but an External abort on the walk is
 * taken as a Data Abort.
 */
function addressTranslate(pe: Pe, key: SysregKey, va: bigint): Outcome {
  const op2 = key & 7;
  const honoursPan = ((key >>> 3) & 15) === 9;
  const pan = honoursPan && (pe.state.pstate & PSTATE.PAN) !== 0;
  const kind = (op2 & AT_WRITE) !== 0 ? 'write' : 'read';
  const el = (op2 & AT_EL0) !== 0 ? 0 : 1;
  const ok = translateAs(pe, lo32(va), hi32(va), kind, el, pan, result, null);
  if (!ok && (result.status & ~3) === FAULT.EXTERNAL_ON_WALK) {
    takeDataAbort(pe, result.status, lo32(va), hi32(va), true, true);
    return OUTCOME.FAULT;
  }
  pe.state.setSysreg(SLOT.PAR_EL1, ok ? successPar() : failurePar());
  return OUTCOME.NEXT;
}

/** MAIR attribute of Normal memory that is Non-cacheable in both domains. */
const NON_CACHEABLE = 0x44;

/** PAR_EL1 with F = 0: ATTR, PA[47:12], NS, SH. Bit 11 is RES1. Device and Non-cacheable memory is Outer Shareable. */
function successPar(): bigint {
  const outer = result.device || result.attributes === NON_CACHEABLE;
  const shareability = outer ? 2 : result.shareability;
  const frame = BigInt(result.physical) & 0xffff_ffff_f000n;
  return (BigInt(result.attributes) << 56n) | frame | BigInt(0xa00 | (shareability << 7));
}

/** PAR_EL1 with F = 1: FST in bits 6:1. */
function failurePar(): bigint {
  return BigInt(0x801 | (result.status << 1));
}

/**
 * TLBI by VA: VA[55:12] in bits 43:0 of the operand, ASID and level hints above. Execution stays in the page of the
 * instruction, so only when that page goes has the run loop to look again.
 */
function invalidatePage(pe: Pe, operandLo: number, operandHi: number): Outcome {
  const lo = operandLo << 12;
  const hi = (((operandHi << 12) | (operandLo >>> 20)) << 8) >> 8;
  if (pe.contexts.mayBeLarge(lo, hi)) {
    // One entry of the architecture's TLB maps more than a page: its other pages must go, too.
    pe.contexts.forgetLarge();
    pe.flushTlb();
    return leave(pe);
  }
  pe.flushTlbPage(lo, hi);
  // Entries are found by the low half of an address.
  return lo === (pe.state.pcLo & PAGE_MASK) ? leave(pe) : OUTCOME.NEXT;
}
