/** Exits: `struct kvm_run` field by field, and beside it the explanation that real KVM does not give. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import { EXIT_REASON, type ExitReason, type KvmExit, SYSTEM_EVENT, type SystemEventType } from '../../abi/kvm/exits.ts';
import { assertNever } from '../../base/assert.ts';
import type { ExitRecord } from '../../session/types.ts';
import { hex32, hex64, U32, U64 } from '../codec.ts';
import { Count, NullableString, oneOf, ref, Sequence, Time } from './common.ts';
import { toWire, Wire } from './generic.ts';

export const EXIT_REASONS = Object.keys(EXIT_REASON) as ExitReason[];

/** The union of kvm_run that belongs to the reason; other members are absent. */
const ExitUnion = {
  debug: Type.Optional(
    Type.Object(
      {
        hsr: ref(U32),
        hsrHigh: ref(U32),
        far: ref(U64),
        flags: Type.Integer({ description: 'kvm_run.flags; bit 0 is KVM_DEBUG_ARCH_HSR_HIGH_VALID.' }),
      },
      { description: 'struct kvm_debug_exit_arch exactly as KVM would fill it.' },
    ),
  ),
  mmio: Type.Optional(
    Type.Object({
      physAddr: ref(U64),
      data: ref(U64),
      len: Type.Unsafe<1 | 2 | 4 | 8>({ type: 'integer', enum: [1, 2, 4, 8] }),
      isWrite: Type.Boolean(),
    }),
  ),
  systemEvent: Type.Optional(
    Type.Object({
      type: oneOf(Object.keys(SYSTEM_EVENT) as SystemEventType[]),
      number: Type.Integer(),
      data: Type.Array(ref(U64)),
    }),
  ),
  failEntry: Type.Optional(Type.Object({ hardwareEntryFailureReason: ref(U64), cpu: Type.Integer() })),
  internal: Type.Optional(Type.Object({ suberror: Type.Integer(), message: Type.String() })),
  armNisv: Type.Optional(Type.Object({ esrIss: ref(U64), faultIpa: ref(U64) })),
  hardwareExitReason: Type.Optional(ref(U64)),
};

export const Exit = Type.Object(
  {
    sequence: Sequence,
    session: Type.String(),
    vm: Type.String(),
    run: Type.String(),
    vcpu: Type.Integer(),
    at: Time,
    reason: Type.Unsafe<ExitReason | null>({
      type: ['string', 'null'],
      enum: [...EXIT_REASONS, null],
      description: 'Name of kvm_run.exit_reason; null when KVM_RUN failed without one.',
    }),
    exitReason: Type.Unsafe<number | null>({ type: ['integer', 'null'], description: 'kvm_run.exit_reason as a number.' }),
    errno: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'Null when KVM_RUN returned 0; else what it failed with, such as EINTR.',
    }),
    ...ExitUnion,
    pc: ref(U64),
    pstate: ref(U64),
    explanation: Type.Unsafe<Wire>({
      type: 'object',
      description:
        'What real KVM would not report: the syndrome in words, every cause that fired, the slot that matched and why, ' +
        'the data access, the instruction, counts. More members may come.',
      additionalProperties: true,
    }),
  },
  { $id: 'Exit', description: 'One return from KVM_RUN.' },
);
export type Exit = Static<typeof Exit>;

export function exitToWire(record: ExitRecord): Exit {
  return {
    sequence: record.sequence,
    session: record.session,
    vm: record.vm,
    run: record.run,
    vcpu: record.vcpu,
    at: record.at.toISOString(),
    reason: record.exit?.reason ?? null,
    exitReason: record.exit === null ? null : EXIT_REASON[record.exit.reason],
    errno: record.errno,
    ...(record.exit === null ? {} : unionToWire(record.exit)),
    pc: hex64(record.pc),
    pstate: hex64(record.pstate),
    explanation: toWire(record.explanation),
  };
}

function unionToWire(exit: KvmExit): Partial<Exit> {
  switch (exit.reason) {
    case 'KVM_EXIT_DEBUG': {
      const { hsr, hsrHigh, far, flags } = exit.debug;
      return { debug: { hsr: hex32(hsr), hsrHigh: hex32(hsrHigh), far: hex64(far), flags } };
    }
    case 'KVM_EXIT_MMIO': {
      const { physAddr, data, len, isWrite } = exit.mmio;
      return { mmio: { physAddr: hex64(physAddr), data: hex64(data), len, isWrite } };
    }
    case 'KVM_EXIT_SYSTEM_EVENT': {
      const { type, data } = exit.systemEvent;
      return { systemEvent: { type, number: SYSTEM_EVENT[type], data: data.map(hex64) } };
    }
    case 'KVM_EXIT_FAIL_ENTRY': {
      const { hardwareEntryFailureReason, cpu } = exit.failEntry;
      return { failEntry: { hardwareEntryFailureReason: hex64(hardwareEntryFailureReason), cpu } };
    }
    case 'KVM_EXIT_INTERNAL_ERROR':
      return { internal: exit.internal };
    case 'KVM_EXIT_ARM_NISV':
      return { armNisv: { esrIss: hex64(exit.armNisv.esrIss), faultIpa: hex64(exit.armNisv.faultIpa) } };
    case 'KVM_EXIT_UNKNOWN':
      return { hardwareExitReason: hex64(exit.hardwareExitReason) };
    case 'KVM_EXIT_INTR':
      return {};
    default:
      return assertNever(exit, 'exit');
  }
}
