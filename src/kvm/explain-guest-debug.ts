/**
 * What a set of guest-debug registers will do on a vcpu: every field decoded, and for every slot whether it can fire
 * and why not. The rules are those of `engine/debug`.
 */
import { BREAKPOINT_TYPES, DBGBCR_FIELDS, DBGWCR_FIELDS } from '../abi/arm/debug-registers.ts';
import { type DecodedField, decodeFields, type Field } from '../abi/arm/fields.ts';
import {
  guestDebugFlagNames,
  KVM_ARM_MAX_DBG_REGS,
  KVM_GUESTDBG,
  KVM_GUESTDBG_VALID_MASK,
} from '../abi/kvm/guest-debug.ts';
import { hex64 } from '../base/u64.ts';
import type { DebugResources, GuestDebug } from './contract.ts';

export interface DecodedRegister {
  /** `dbgbcr0_el1`. */
  readonly name: string;
  readonly value: bigint;
  /** Empty for value registers. */
  readonly fields: readonly DecodedField[];
}

export interface SlotExplanation {
  readonly kind: 'breakpoint' | 'watchpoint';
  readonly slot: number;
  readonly control: DecodedRegister;
  readonly value: DecodedRegister;
  /** It can fire under this control word. */
  readonly fires: boolean;
  /** When it fires, in words; null when it never does. */
  readonly when: string | null;
  /** Why it never fires, every reason; empty when it can. */
  readonly never: readonly string[];
  /** Watched bytes or the instruction address, inclusive. Null where there is none. */
  readonly range: { readonly first: bigint; readonly last: bigint } | null;
  /** The arithmetic behind the range. */
  readonly arithmetic: string | null;
}

export interface GuestDebugExplanation {
  readonly control: number;
  readonly flags: readonly string[];
  /** What the control word as a whole does. */
  readonly effects: readonly string[];
  /** Slots that are in use: a register is not zero. */
  readonly slots: readonly SlotExplanation[];
  readonly resources: DebugResources;
}

interface Context {
  readonly debug: GuestDebug;
  readonly resources: DebugResources;
  /** Why no slot at all can fire; empty when they can. */
  readonly disarmed: readonly string[];
}

function flag(control: number, name: keyof typeof KVM_GUESTDBG): boolean {
  return (control & KVM_GUESTDBG[name]) !== 0;
}

function disarmed(control: number): string[] {
  if ((control & ~KVM_GUESTDBG_VALID_MASK) >>> 0 !== 0)
    return ['the ioctl refuses this control word (EINVAL)'];
  if (!flag(control, 'KVM_GUESTDBG_ENABLE')) return ['KVM_GUESTDBG_ENABLE is not set: guest debug is off'];
  if (!flag(control, 'KVM_GUESTDBG_USE_HW')) {
    return ['KVM_GUESTDBG_USE_HW is not set: the registers are ignored'];
  }
  return [];
}

function effects(control: number): string[] {
  const unknown = (control & ~KVM_GUESTDBG_VALID_MASK) >>> 0;
  if (unknown !== 0)
    return [`KVM_SET_GUEST_DEBUG fails with EINVAL: bits 0x${unknown.toString(16)} are unknown on arm64`];
  if (!flag(control, 'KVM_GUESTDBG_ENABLE')) return ['guest debug is off; every other bit is ignored'];
  const list = ['every guest BRK exits with KVM_EXIT_DEBUG, whether KVM_GUESTDBG_USE_SW_BP is set or not'];
  if (flag(control, 'KVM_GUESTDBG_SINGLESTEP')) list.push('each KVM_RUN executes one instruction and exits');
  if (flag(control, 'KVM_GUESTDBG_USE_HW'))
    list.push("the breakpoint and watchpoint registers below replace the guest's");
  return list;
}

function decoded(name: string, value: bigint, fields: readonly Field[]): DecodedRegister {
  return { name, value, fields: decodeFields(fields, value) };
}

function fieldOf(register: DecodedRegister, field: string): number {
  return register.fields.find((one) => one.name === field)?.value ?? 0;
}

/** The Exception levels that HMC, SSC and PMC/PAC admit, or why none. Guest code is Non-secure EL1 and EL0. */
function levels(control: DecodedRegister): { el: string } | { reason: string } {
  const hmc = fieldOf(control, 'HMC');
  const ssc = fieldOf(control, 'SSC');
  const name = control.fields.some((one) => one.name === 'PMC') ? 'PMC' : 'PAC';
  const pxc = fieldOf(control, name);
  const shown = `HMC=${hmc}, SSC=${ssc}, ${name}=${pxc}`;
  if (ssc === 2) return { reason: `${shown} selects Secure state only` };
  const reserved =
    (hmc === 0 && (ssc === 3 ? pxc === 2 : pxc === 0)) ||
    (hmc === 1 && ssc === 0 && (pxc === 0 || pxc === 2)) ||
    (hmc === 1 && ssc !== 0 && pxc === 2);
  if (reserved) return { reason: `${shown} is a reserved combination` };
  if (pxc === 0) return { reason: `${shown} selects EL2 only` };
  return { el: pxc === 3 ? 'EL1 and EL0' : pxc === 1 ? 'EL1' : 'EL0' };
}

/** Linking-enabled context types that this PE implements. */
const LINK_TARGETS = [3, 7];

/** What a link adds to the condition, or why it never agrees. */
function link({ debug, resources }: Context, lbn: number): { when: string } | { reason: string } {
  const target = debug.bcr[lbn] ?? 0n;
  const type = Number((target >> 20n) & 15n);
  const aware = lbn < resources.breakpoints && lbn >= resources.breakpoints - resources.contextAware;
  if (lbn >= resources.breakpoints)
    return { reason: `it is linked to breakpoint ${lbn}, which is not implemented` };
  if (!aware) return { reason: `it is linked to breakpoint ${lbn}, which is not context-aware` };
  if ((target & 1n) === 0n) return { reason: `it is linked to breakpoint ${lbn}, which is disabled` };
  if (!LINK_TARGETS.includes(type)) {
    return {
      reason: `it is linked to breakpoint ${lbn}, whose type is "${BREAKPOINT_TYPES[type]}", not a linked context ID match`,
    };
  }
  const context = BigInt.asUintN(32, debug.bvr[lbn] ?? 0n);
  return { when: ` while CONTEXTIDR_EL1 is 0x${context.toString(16)} (breakpoint ${lbn})` };
}

/** VA[52:0] as a sign-extended address. */
function canonical(value: bigint): bigint {
  return BigInt.asUintN(64, BigInt.asIntN(53, value));
}

const ADDRESS_TYPES = [0, 1];
const CONTEXT_TYPES = [2, 6];

function breakpointType(context: Context, slot: number, control: DecodedRegister, never: string[]): string {
  const { resources, debug } = context;
  const type = fieldOf(control, 'BT');
  const title = `BT=${type} (${BREAKPOINT_TYPES[type]})`;
  if (ADDRESS_TYPES.includes(type)) {
    if ((fieldOf(control, 'BAS') & 1) === 0)
      never.push(
        `BAS=0x${fieldOf(control, 'BAS').toString(16)} does not select byte 0, where an A64 instruction starts`,
      );
    if (type === 0) return '';
    const linked = link(context, fieldOf(control, 'LBN'));
    if ('when' in linked) return linked.when;
    never.push(linked.reason);
    return '';
  }
  const aware = slot >= resources.breakpoints - resources.contextAware;
  if (LINK_TARGETS.includes(type)) never.push(`${title} never fires by itself: it only serves links`);
  else if (!CONTEXT_TYPES.includes(type)) never.push(`${title} is not implemented here`);
  else if (!aware)
    never.push(
      `${title} needs a context-aware breakpoint; those are the highest-numbered ${resources.contextAware}`,
    );
  return ` while CONTEXTIDR_EL1 is 0x${BigInt.asUintN(32, debug.bvr[slot] ?? 0n).toString(16)}`;
}

function explainBreakpoint(context: Context, slot: number): SlotExplanation {
  const { debug, resources } = context;
  const control = decoded(`dbgbcr${slot}_el1`, debug.bcr[slot] ?? 0n, DBGBCR_FIELDS);
  const value = decoded(`dbgbvr${slot}_el1`, debug.bvr[slot] ?? 0n, []);
  const never = [...context.disarmed];
  if (slot >= resources.breakpoints)
    never.push(`slot ${slot} is not implemented: this vcpu has ${resources.breakpoints} breakpoints`);
  if (fieldOf(control, 'E') === 0) never.push('E=0: the breakpoint is disabled');
  const who = levels(control);
  if ('reason' in who) never.push(who.reason);
  const condition = breakpointType(context, slot, control, never);
  const byAddress = ADDRESS_TYPES.includes(fieldOf(control, 'BT'));
  const address = canonical(value.value & ~3n);
  const at = byAddress ? `on the instruction at ${hex64(address)}` : 'on every instruction';
  const fires = never.length === 0;
  return {
    kind: 'breakpoint',
    slot,
    control,
    value,
    fires,
    when: fires && 'el' in who ? `${at} at ${who.el}${condition}` : null,
    never,
    range: byAddress ? { first: address, last: BigInt.asUintN(64, address + 3n) } : null,
    arithmetic: byAddress ? `DBGBVR[52:2] of ${hex64(value.value)}; bits 1:0 and 63:53 take no part` : null,
  };
}

interface Watched {
  readonly range: { readonly first: bigint; readonly last: bigint } | null;
  readonly arithmetic: string;
}

/**
 * The bytes that a watchpoint watches. Of a BAS with gaps the lowest run counts, with a MASK BAS is ignored, MASK 1 and 2
 * disable: choices among what the manual calls CONSTRAINED UNPREDICTABLE.
 */
export function watchedBytes(wcr: bigint, wvr: bigint): Watched {
  const mask = Number((wcr >> 24n) & 31n);
  const bas = Number((wcr >> 5n) & 0xffn);
  if (mask === 1 || mask === 2) return { range: null, arithmetic: `MASK=${mask} is reserved` };
  if (mask !== 0) {
    const size = 1n << BigInt(mask);
    const first = canonical(wvr & ~(size - 1n));
    const range = { first, last: BigInt.asUintN(64, first + size - 1n) };
    return {
      range,
      arithmetic: `MASK=${mask}: 2^${mask} bytes from DBGWVR with its low ${mask} bits cleared; BAS is ignored`,
    };
  }
  const word = (wvr & 4n) !== 0n;
  const select = word ? bas & 0xf : bas;
  const base = canonical(wvr & ~3n);
  const shown = `BAS=0x${bas.toString(16)}${word ? ', of which bits 3:0 count because DBGWVR[2] is 1,' : ''}`;
  if (select === 0) return { range: null, arithmetic: `${shown} selects no byte` };
  const low = 31 - Math.clz32(select & -select);
  const run = (select >>> low) + 1;
  const bytes = 31 - Math.clz32(run & -run);
  const first = BigInt.asUintN(64, base + BigInt(low));
  const gap = select !== ((1 << bytes) - 1) << low ? '; of the gapped BAS only the lowest run counts' : '';
  return {
    range: { first, last: BigInt.asUintN(64, first + BigInt(bytes - 1)) },
    arithmetic: `${shown} selects byte ${low} to ${low + bytes - 1} from ${hex64(base)}${gap}`,
  };
}

const LSC_WORDS = ['neither loads nor stores', 'loads', 'stores', 'loads and stores'] as const;

function explainWatchpoint(context: Context, slot: number): SlotExplanation {
  const { debug, resources } = context;
  const control = decoded(`dbgwcr${slot}_el1`, debug.wcr[slot] ?? 0n, DBGWCR_FIELDS);
  const value = decoded(`dbgwvr${slot}_el1`, debug.wvr[slot] ?? 0n, []);
  const never = [...context.disarmed];
  if (slot >= resources.watchpoints)
    never.push(`slot ${slot} is not implemented: this vcpu has ${resources.watchpoints} watchpoints`);
  if (fieldOf(control, 'E') === 0) never.push('E=0: the watchpoint is disabled');
  const lsc = fieldOf(control, 'LSC');
  if (lsc === 0) never.push('LSC=0 selects neither loads nor stores');
  const who = levels(control);
  if ('reason' in who) never.push(who.reason);
  const { range, arithmetic } = watchedBytes(control.value, value.value);
  if (range === null) never.push(arithmetic);
  const linked = fieldOf(control, 'WT') === 1 ? link(context, fieldOf(control, 'LBN')) : { when: '' };
  if ('reason' in linked) never.push(linked.reason);
  const fires = never.length === 0;
  let when: string | null = null;
  if (fires && range !== null && 'el' in who && 'when' in linked) {
    when = `on ${LSC_WORDS[lsc]} that touch ${hex64(range.first)} to ${hex64(range.last)} at ${who.el}${linked.when}`;
  }
  return { kind: 'watchpoint', slot, control, value, fires, when, never, range, arithmetic };
}

/** Decode a whole set as KVM_SET_GUEST_DEBUG would receive it. Changes nothing, refuses nothing. */
export function explainGuestDebug(debug: GuestDebug, resources: DebugResources): GuestDebugExplanation {
  const control = debug.control >>> 0;
  const context: Context = { debug, resources, disarmed: disarmed(control) };
  const slots: SlotExplanation[] = [];
  const used = (slot: number, ...arrays: readonly (readonly bigint[])[]): boolean =>
    arrays.some((array) => (array[slot] ?? 0n) !== 0n);
  for (let slot = 0; slot < KVM_ARM_MAX_DBG_REGS; slot++) {
    if (used(slot, debug.bcr, debug.bvr)) slots.push(explainBreakpoint(context, slot));
  }
  for (let slot = 0; slot < KVM_ARM_MAX_DBG_REGS; slot++) {
    if (used(slot, debug.wcr, debug.wvr)) slots.push(explainWatchpoint(context, slot));
  }
  return { control, flags: guestDebugFlagNames(control), effects: effects(control), slots, resources };
}
