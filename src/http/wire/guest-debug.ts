/** `struct kvm_guest_debug` on the wire: the argument of KVM_SET_GUEST_DEBUG, and what the host set last. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import { BREAKPOINT_TYPES, DBGBCR_FIELDS, DBGWCR_FIELDS } from '../../abi/arm/debug-registers.ts';
import { type Field, fieldValue } from '../../abi/arm/fields.ts';
import {
  guestDebugControl,
  guestDebugFlagNames,
  KVM_ARM_MAX_DBG_REGS,
  KVM_GUESTDBG,
  KVM_GUEST_DEBUG_SIZE,
  unpackGuestDebug,
} from '../../abi/kvm/guest-debug.ts';
import type { GuestDebug } from '../../session/types.ts';
import { hex32, hex64, parseU32, parseU64, U32, U32Input, U64, U64Input, type WireU64 } from '../codec.ts';
import { invalid } from '../problems.ts';
import { ref } from './common.ts';

type RegistersInput = Readonly<Record<string, WireU64>> | readonly WireU64[];

function registersInput(name: string) {
  return Type.Unsafe<RegistersInput>({
    description: `dbg_${name}, as an object by slot ("0" to "15") or as an array from slot 0. Slots not given are 0.`,
    anyOf: [
      {
        type: 'object',
        propertyNames: {
          type: 'string',
          pattern: '^([0-9]|1[0-5])$',
          description: 'slots are 0 to 15',
        },
        additionalProperties: ref(U64Input),
      },
      { type: 'array', maxItems: KVM_ARM_MAX_DBG_REGS, items: ref(U64Input) },
    ],
    examples: [{ 0: '0x1e7' }],
  });
}

export const GuestDebugInput = Type.Object(
  {
    control: Type.Unsafe<WireU64 | readonly string[]>({
      description: `The control word: a number, or a list of names, with or without KVM_GUESTDBG_: ${Object.keys(KVM_GUESTDBG).join(', ')}.`,
      anyOf: [ref(U32Input), { type: 'array', maxItems: 32, items: { type: 'string', maxLength: 64 } }],
      examples: [['KVM_GUESTDBG_ENABLE', 'KVM_GUESTDBG_USE_HW']],
    }),
    pad: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 0xffff_ffff,
        description: 'kvm_guest_debug.pad. Taken and ignored: KVM does not look at it.',
      }),
    ),
    bcr: Type.Optional(registersInput('bcr')),
    bvr: Type.Optional(registersInput('bvr')),
    wcr: Type.Optional(registersInput('wcr')),
    wvr: Type.Optional(registersInput('wvr')),
  },
  {
    $id: 'GuestDebugInput',
    description:
      'The argument of KVM_SET_GUEST_DEBUG: the whole state, replaced at once. Without KVM_GUESTDBG_ENABLE everything is off.',
    additionalProperties: false,
    examples: [
      {
        control: ['KVM_GUESTDBG_ENABLE', 'KVM_GUESTDBG_USE_HW'],
        bcr: { 0: '0x1e7' },
        bvr: { 0: '0x40000010' },
        wcr: { 0: '0x1ff7' },
        wvr: { 0: '0x40100000' },
      },
    ],
  },
);
export type GuestDebugInput = Static<typeof GuestDebugInput>;

export function guestDebugFromWire(input: GuestDebugInput): GuestDebug {
  return {
    control: controlFromWire(input.control),
    bcr: registersFromWire(input.bcr),
    bvr: registersFromWire(input.bvr),
    wcr: registersFromWire(input.wcr),
    wvr: registersFromWire(input.wvr),
  };
}

function controlFromWire(control: GuestDebugInput['control']): number {
  if (typeof control === 'string' || typeof control === 'number') return parseU32(control);
  control.forEach((name, i) => {
    if (guestDebugControl([name]) !== undefined) return;
    throw invalid(
      `/control/${i}`,
      `${JSON.stringify(name)} is no control flag. The flags are ${Object.keys(KVM_GUESTDBG).join(', ')}; give other bits as a number.`,
    );
  });
  return guestDebugControl(control) ?? 0;
}

function registersFromWire(input: RegistersInput = []): readonly bigint[] {
  const values = new Array<bigint>(KVM_ARM_MAX_DBG_REGS).fill(0n);
  for (const [slot, value] of Object.entries(input)) values[Number(slot)] = parseU64(value);
  return values;
}

/** The 520 bytes of the structure. */
export function guestDebugFromBytes(bytes: Uint8Array): GuestDebug {
  const debug = unpackGuestDebug(bytes);
  if (debug === undefined) {
    throw invalid(
      '',
      `struct kvm_guest_debug has ${KVM_GUEST_DEBUG_SIZE} bytes on arm64; the body has ${bytes.length}.`,
    );
  }
  return debug;
}

const Slot = Type.Object({
  slot: Type.Integer({ minimum: 0, maximum: 15 }),
  control: ref(U64),
  value: ref(U64),
  enabled: Type.Boolean({ description: 'The E bit.' }),
  type: Type.Optional(Type.String({ description: 'DBGBCR.BT in words.' })),
  fields: Type.Record(Type.String(), Type.Integer(), {
    description: 'Every field of the control register by its name in the Arm manual.',
  }),
});

export const GuestDebugView = Type.Object(
  {
    control: ref(U32),
    flags: Type.Array(Type.String(), { description: 'Names of the bits in control.' }),
    bcr: Type.Array(ref(U64), { minItems: 16, maxItems: 16 }),
    bvr: Type.Array(ref(U64), { minItems: 16, maxItems: 16 }),
    wcr: Type.Array(ref(U64), { minItems: 16, maxItems: 16 }),
    wvr: Type.Array(ref(U64), { minItems: 16, maxItems: 16 }),
    breakpoints: Type.Array(Slot, {
      description: 'Breakpoint slots that are not all zero, decoded field by field.',
    }),
    watchpoints: Type.Array(Slot, {
      description: 'Watchpoint slots that are not all zero, decoded field by field.',
    }),
  },
  {
    $id: 'GuestDebug',
    description: 'What the host set last with KVM_SET_GUEST_DEBUG.',
    additionalProperties: false,
  },
);
export type GuestDebugView = Static<typeof GuestDebugView>;

export function guestDebugToWire(debug: GuestDebug): GuestDebugView {
  return {
    control: hex32(debug.control),
    flags: guestDebugFlagNames(debug.control),
    bcr: debug.bcr.map(hex64),
    bvr: debug.bvr.map(hex64),
    wcr: debug.wcr.map(hex64),
    wvr: debug.wvr.map(hex64),
    breakpoints: slots(debug.bcr, debug.bvr, DBGBCR_FIELDS),
    watchpoints: slots(debug.wcr, debug.wvr, DBGWCR_FIELDS),
  };
}

function slots(
  controls: readonly bigint[],
  values: readonly bigint[],
  fields: readonly Field[],
): Static<typeof Slot>[] {
  return controls.flatMap((control, slot) => {
    const value = values[slot] ?? 0n;
    if (control === 0n && value === 0n) return [];
    const decoded = Object.fromEntries(fields.map((field) => [field.name, fieldValue(field, control)]));
    const type = decoded['BT'] === undefined ? undefined : BREAKPOINT_TYPES[decoded['BT']];
    return [
      {
        slot,
        control: hex64(control),
        value: hex64(value),
        enabled: decoded['E'] === 1,
        ...(type === undefined ? {} : { type }),
        fields: decoded,
      },
    ];
  });
}
