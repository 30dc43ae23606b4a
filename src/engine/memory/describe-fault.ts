/** Why a translation faults: which bits of which register or descriptor. Source: Arm ARM, MMU fault types. */
import { FAULT, faultName } from '../../abi/arm/esr.ts';
import type {
  AccessKind,
  Translation,
  TranslationFault,
  TranslationLevel,
  TranslationRange,
} from '../translation.ts';
import { possibleInput } from './describe-walk.ts';

interface FaultContext {
  readonly access: Translation['access'];
  /** Undefined with the MMU off. */
  readonly range: TranslationRange | undefined;
  readonly levels: readonly TranslationLevel[];
  /** Of the PE. */
  readonly physicalBits: number;
  /** What the Exception level of the access may do, PSTATE.PAN aside: `rwx` with dashes. */
  readonly rights: string;
}

const LETTER: Readonly<Record<AccessKind, string>> = { read: 'r', write: 'w', fetch: 'x' };

export function describeFault(status: number, context: FaultContext): TranslationFault {
  return { status, level: status & 3, reason: faultName(status), cause: causeOf(status, context) };
}

function causeOf(status: number, context: FaultContext): string {
  const { range, levels } = context;
  switch (status & ~3) {
    case FAULT.ADDRESS_SIZE:
      return tooLarge(range, levels, context.physicalBits);
    case FAULT.ACCESS_FLAG:
      return 'AF, bit 10 of the descriptor, is 0, and this PE does not set it by hardware';
    case FAULT.PERMISSION:
      return forbidden(context);
    case FAULT.EXTERNAL_ON_WALK:
      return `there is no memory where the table of level ${status & 3} should be`;
    default:
      return levels.length === 0 && range !== undefined ? noWalk(range) : invalidDescriptor(levels.at(-1));
  }
}

function tooLarge(
  range: TranslationRange | undefined,
  levels: readonly TranslationLevel[],
  implemented: number,
): string {
  if (range === undefined)
    return `the MMU is off and the address does not fit the ${implemented} bits of this PE's physical addresses`;
  const what =
    levels.length === 0 ? `the table address in ${range.register}` : 'the address in the descriptor';
  return `${what} does not fit the ${range.outputBits} bits that TCR_EL1.IPS and the PE allow`;
}

function noWalk({ register, walksDisabled, granule, inputBits }: TranslationRange): string {
  const n = register === 'TTBR0_EL1' ? 0 : 1;
  if (walksDisabled) return `TCR_EL1.EPD${n} is 1: no walks with ${register}`;
  if (granule === null) return `TCR_EL1.TG${n} has a reserved value`;
  if (!possibleInput(inputBits)) return `TCR_EL1.T${n}SZ is ${64 - inputBits}; 16 to 39 are possible`;
  return `the address is not in the ${inputBits}-bit range of ${register}: its bits from ${inputBits} up are not all ${n}`;
}

function invalidDescriptor(last: TranslationLevel | undefined): string {
  if (last === undefined || (last.descriptor & 1n) === 0n)
    return 'bit 0 of the descriptor is 0: nothing is mapped there';
  return `bits [1:0] of the descriptor are 0b01, which level ${last.level} has no block for with this granule`;
}

function forbidden({ access: { el, kind }, rights }: FaultContext): string {
  if (!rights.includes(LETTER[kind])) return `a ${kind} needs ${LETTER[kind]}, and EL${el} has ${rights}`;
  return `EL1 has ${rights}, but PSTATE.PAN is 1 and EL0 has access`;
}
