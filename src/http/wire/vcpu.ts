/** One vcpu as a client sees it. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { VcpuView, VmRunState } from '../../session/types.ts';
import { Count, NullableString, nullable, oneOf, ref } from './common.ts';
import { Exit, exitToWire } from './exit.ts';
import { profileChoiceMembers } from './profile.ts';

export const RUN_STATES = ['stopped', 'running', 'destroyed'] as const satisfies readonly VmRunState[];
export const MP_STATES = [
  'KVM_MP_STATE_RUNNABLE',
  'KVM_MP_STATE_STOPPED',
  'KVM_MP_STATE_SUSPENDED',
] as const satisfies readonly VcpuView['mpState'][];

const Slots = Type.Object({ limit: Type.Integer(), used: Type.Integer() });

export const Vcpu = Type.Object(
  {
    index: Type.Integer({ minimum: 0 }),
    ...profileChoiceMembers,
    initialized: Type.Boolean({ description: 'KVM_ARM_VCPU_INIT was called.' }),
    runState: oneOf(RUN_STATES),
    mpState: oneOf(MP_STATES),
    run: NullableString,
    instructionCount: Count,
    breakpoints: Slots,
    watchpoints: Slots,
    lastExit: nullable(ref(Exit)),
  },
  { $id: 'Vcpu', additionalProperties: false },
);
export type Vcpu = Static<typeof Vcpu>;

export function vcpuToWire(view: VcpuView): Vcpu {
  const { profile } = view;
  return {
    index: view.index,
    profile: profile.name,
    ...(profile.kernel === undefined ? {} : { kernel: profile.kernel }),
    ...(profile.custom === undefined ? {} : { custom: profile.custom }),
    initialized: view.initialized,
    runState: view.runState,
    mpState: view.mpState,
    run: view.run,
    instructionCount: view.instructionCount,
    breakpoints: view.breakpoints,
    watchpoints: view.watchpoints,
    lastExit: view.lastExit === null ? null : exitToWire(view.lastExit),
  };
}
