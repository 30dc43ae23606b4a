/** Exits: `struct kvm_run` field by field, and beside it the explanation that real KVM does not give. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import { EXIT_REASON, type ExitReason, SYSTEM_EVENT, type SystemEventType } from '../../abi/kvm/exits.ts';
import type { ExitBody } from '../../session/exit-json.ts';
import { bodyText, exitBody } from '../../session/stored-body.ts';
import type { DebugCause, ExitRecord } from '../../session/types.ts';
import { U32, U64 } from '../codec.ts';
import { oneOf, ref, Sequence, Time } from './common.ts';

/** The compiler rejects this while a source is missing. */
const CAUSES: Readonly<Record<DebugCause['source'], true>> = {
  breakpoint: true,
  watchpoint: true,
  'software-step': true,
  brk: true,
};
export const EXIT_CAUSES = Object.keys(CAUSES) as DebugCause['source'][];
export const EXIT_REASONS = Object.keys(EXIT_REASON) as ExitReason[];

/** The part of kvm_run's union that belongs to the reason; the other members are absent. */
const EXIT_UNION = {
  debug: Type.Optional(
    Type.Object(
      {
        hsr: ref(U32),
        hsrHigh: ref(U32),
        far: ref(U64),
        flags: ref(U32),
      },
      {
        description:
          'struct kvm_debug_exit_arch exactly as KVM would fill it, and kvm_run.flags ' +
          '(bit 0: KVM_DEBUG_ARCH_HSR_HIGH_VALID). far has a meaning for watchpoints only.',
      },
    ),
  ),
  mmio: Type.Optional(
    Type.Object({
      physAddr: ref(U64),
      data: ref(U64),
      len: Type.Unsafe<number>({ type: 'integer', enum: [1, 2, 4, 8] }),
      isWrite: Type.Boolean(),
    }),
  ),
  systemEvent: Type.Optional(
    Type.Object({
      type: oneOf(Object.keys(SYSTEM_EVENT) as SystemEventType[]),
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
    at: Time,
    vcpu: Type.Integer({ minimum: 0 }),
    reason: Type.Unsafe<ExitReason | null>({
      type: ['string', 'null'],
      enum: [...EXIT_REASONS, null],
      description: 'Name of kvm_run.exit_reason; null when KVM_RUN failed without one.',
    }),
    errno: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'Null when KVM_RUN returned 0; else what it failed with, such as EINTR.',
    }),
    ...EXIT_UNION,
    pc: ref(U64),
    pstate: ref(U64),
    explanation: Type.Unsafe<ExitBody['explanation']>({
      type: 'object',
      description:
        'What real KVM would not report: the syndrome in words, every cause that fired, the slot that matched and why, ' +
        'the data access, symbol, instruction and counts. More members may come; ignore those you do not know.',
      additionalProperties: true,
    }),
  },
  { $id: 'Exit', description: 'One return from KVM_RUN.', additionalProperties: false },
);
export type Exit = Static<typeof Exit>;

export function exitToWire(record: ExitRecord): Exit {
  const body = exitBody(record) as Pick<Exit, keyof ExitBody>;
  return {
    sequence: record.sequence,
    session: record.session,
    vm: record.vm,
    run: record.run,
    at: record.at.toISOString(),
    ...body,
  };
}

/** The same as JSON text, without a detour through objects: exports have millions of lines. */
export function exitToText(record: ExitRecord): string {
  const { sequence, session, vm, run, at } = record;
  const head = JSON.stringify({ sequence, session, vm, run, at: at.toISOString() });
  return `${head.slice(0, -1)},${bodyText(record).slice(1)}`;
}
