/** Host profiles: which PE and which kernel a vcpu pretends to run on. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { KernelGeneration, ProfileChoice, Service } from '../../session/service.ts';
import { hex64, U64 } from '../codec.ts';
import { oneOf, ref } from './common.ts';

export const KERNELS = ['6.1', '6.12', '6.18'] as const satisfies readonly KernelGeneration[];
export const DEFAULT_PROFILE = 'neoverse-n1';

export const CustomProfile = Type.Object(
  {
    base: Type.Optional(
      Type.String({ maxLength: 64, description: 'The profile that everything else comes from.' }),
    ),
    breakpoints: Type.Optional(Type.Integer({ minimum: 0, maximum: 255, description: '2 to 16.' })),
    watchpoints: Type.Optional(Type.Integer({ minimum: 0, maximum: 255, description: '2 to 16.' })),
    contextAware: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 255,
        description: 'Context-aware breakpoints: the highest-numbered ones.',
      }),
    ),
  },
  { description: 'The numbers of profile `custom`.', additionalProperties: false },
);

/** How a vcpu's profile is chosen; the members of a VM or of one vcpu. */
export const profileChoiceMembers = {
  profile: Type.String({ maxLength: 64, description: 'Name of a host profile, or `custom`.' }),
  kernel: Type.Optional(
    oneOf(KERNELS, { description: 'Generation of the kernel whose KVM is mirrored; default the newest.' }),
  ),
  custom: Type.Optional(CustomProfile),
};

export interface ProfileChoiceInput {
  readonly profile?: string;
  readonly kernel?: KernelGeneration;
  readonly custom?: Static<typeof CustomProfile>;
}

/** The choice of one vcpu, with what it leaves out taken from the VM's. */
export function profileFromWire(own: ProfileChoiceInput, shared: ProfileChoiceInput = {}): ProfileChoice {
  const kernel = own.kernel ?? shared.kernel;
  const takesShared = own.profile === undefined || own.profile === 'custom';
  const custom = own.custom ?? (takesShared ? shared.custom : undefined);
  return {
    name: own.profile ?? shared.profile ?? (custom === undefined ? DEFAULT_PROFILE : 'custom'),
    ...(kernel === undefined ? {} : { kernel }),
    ...(custom === undefined ? {} : { custom }),
  };
}

export const Profile = Type.Object(
  {
    name: Type.String(),
    description: Type.String(),
    kernel: oneOf(KERNELS),
    breakpoints: Type.Integer({ description: 'ID_AA64DFR0_EL1.BRPs + 1.' }),
    watchpoints: Type.Integer({ description: 'ID_AA64DFR0_EL1.WRPs + 1.' }),
    contextAware: Type.Integer({ description: 'ID_AA64DFR0_EL1.CTX_CMPs + 1.' }),
    features: Type.Array(Type.String()),
    idRegisters: Type.Record(Type.String(), ref(U64)),
  },
  { $id: 'Profile', additionalProperties: false },
);

export function profileToWire(profile: ReturnType<Service['profiles']>[number]): Static<typeof Profile> {
  const ids = Object.entries(profile.idRegisters).map(([name, value]) => [name, hex64(value)]);
  const { name, description, kernel, breakpoints, watchpoints, contextAware } = profile;
  return {
    name,
    description,
    kernel,
    breakpoints,
    watchpoints,
    contextAware,
    features: [...profile.features],
    idRegisters: Object.fromEntries(ids),
  };
}
