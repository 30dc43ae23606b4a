/** VMs: what a client asks for, with friendly defaults, and what it sees. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import { capabilityNumber } from '../../abi/kvm/capabilities.ts';
import { TIERS } from '../../session/vm-config.ts';
import type { LoadItem, VmSpec, VmView } from '../../session/types.ts';
import { hex64, parseU64, U64, U64Input } from '../codec.ts';
import { invalid } from '../problems.ts';
import { BoardInput, BoardView, BootInput, boardFromWire, boardToWire, bootFromWire } from './board.ts';
import { BytesMembers, optionalBytes } from './bytes.ts';
import {
  Count,
  LabelsSchema,
  NullableInteger,
  NullableString,
  NullableTime,
  oneOf,
  ref,
  Sequence,
  Time,
} from './common.ts';
import {
  DEFAULT_PROFILE,
  type ProfileChoiceInput,
  profileChoiceMembers,
  profileFromWire,
} from './profile.ts';
import { Semihosting, SemihostingInput, semihostingFromWire } from './semihosting.ts';
import { RUN_STATES, Vcpu, vcpuToWire } from './vcpu.ts';

export const DEFAULT_MEMORY = { base: 0x4000_0000, size: 64 * 1024 * 1024 } as const;
export const DEFAULT_FEATURES = ['psci_0_2'] as const;
/** Of the vcpus that an operating system starts by itself. */
const SECONDARY_FEATURES = [...DEFAULT_FEATURES, 'power_off'] as const;
const POLICIES = ['per-vcpu', 'lowest-common-denominator'] as const;

export const NameInput = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'Letters, digits, dots, underscores and hyphens; usable wherever the id is.',
  examples: ['boot-test'],
});
export const ClearableName = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  minLength: 1,
  maxLength: 255,
  description: 'A name, or null to take the name away.',
});

const Features = Type.Array(Type.String({ maxLength: 64 }), {
  maxItems: 32,
  description: `Features of KVM_ARM_VCPU_INIT by the kernel's name, such as psci_0_2 and power_off. Default ${DEFAULT_FEATURES.join(', ')}.`,
});

const VcpuInput = Type.Object(
  {
    profile: Type.Optional(profileChoiceMembers.profile),
    kernel: profileChoiceMembers.kernel,
    custom: profileChoiceMembers.custom,
    features: Type.Optional(Features),
    init: Type.Optional(
      Type.Boolean({
        description: 'False: the client calls KVM_ARM_VCPU_INIT itself, with POST .../init. Default true.',
      }),
    ),
  },
  { additionalProperties: false },
);

const LoadInput = Type.Object(
  {
    image: Type.Optional(Type.String({ maxLength: 128, description: 'Id of an uploaded image.' })),
    address: Type.Optional(ref(U64Input)),
    ...BytesMembers,
  },
  { additionalProperties: false, description: 'An image, or bytes at an address.' },
);

export const VmInput = Type.Object(
  {
    name: Type.Optional(NameInput),
    labels: Type.Optional(ref(LabelsSchema)),
    ttlSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'The VM is deleted after this time; its history is kept.',
      }),
    ),
    memory: Type.Optional(
      Type.Object(
        {
          base: Type.Optional(ref(U64Input)),
          size: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
        },
        {
          additionalProperties: false,
          description: 'One range of RAM; size in bytes. Default 64 MiB at 0x40000000.',
        },
      ),
    ),
    vcpus: Type.Optional(
      Type.Unsafe<number | readonly Static<typeof VcpuInput>[]>({
        anyOf: [
          { type: 'integer', minimum: 1, maximum: 512 },
          { type: 'array', minItems: 1, maxItems: 512, items: VcpuInput },
        ],
        description: 'How many, or one entry for each. Default 1.',
      }),
    ),
    profile: Type.Optional(
      Type.String({
        maxLength: 64,
        description: `Host profile of every vcpu that names none. Default ${DEFAULT_PROFILE}.`,
      }),
    ),
    kernel: profileChoiceMembers.kernel,
    custom: profileChoiceMembers.custom,
    features: Type.Optional(Features),
    debugResources: Type.Optional(
      oneOf(POLICIES, {
        description: 'What capabilities and ID registers report when profiles are mixed. Default per-vcpu.',
      }),
    ),
    tier: Type.Optional(
      oneOf(TIERS, {
        description:
          'How instructions are executed: auto compiles what runs often, jit all that runs again, interpreter nothing. What a guest and a debugger see is the same; interpreter and jit are for tests and for looking for a bug of the service. Default: what the service was started with (--tier), else auto.',
      }),
    ),
    enableCapabilities: Type.Optional(
      Type.Array(
        Type.Unsafe<number | string>({
          anyOf: [
            { type: 'integer', minimum: 0, maximum: 0x7fff_ffff },
            { type: 'string', minLength: 1, maxLength: 64 },
          ],
        }),
        {
          maxItems: 16,
          description:
            'KVM_ENABLE_CAP by name or number, before the first vcpu runs: KVM_CAP_ARM_NISV_TO_USER, KVM_CAP_ARM_SYSTEM_SUSPEND.',
        },
      ),
    ),
    image: Type.Optional(
      Type.String({
        maxLength: 128,
        description: 'An uploaded image that knows its address (ELF); short for one entry of load.',
      }),
    ),
    load: Type.Optional(
      Type.Array(LoadInput, { maxItems: 1024, description: 'What is put into memory, in order.' }),
    ),
    entry: Type.Optional(ref(U64Input)),
    board: Type.Optional(BoardInput),
    boot: Type.Optional(BootInput),
    semihosting: Type.Optional(SemihostingInput),
    symbols: Type.Optional(
      Type.Array(Type.String({ maxLength: 128 }), {
        maxItems: 1024,
        description:
          'Uploaded images (System.map, ELF) whose symbols name addresses too, without being loaded. What is loaded or booted brings its own symbols, a Linux image included.',
      }),
    ),
  },
  {
    $id: 'VmInput',
    description: 'Everything has a default: {} is a VM with one vcpu and 64 MiB of zeroed RAM.',
    additionalProperties: false,
    examples: [
      { name: 'nops', load: [{ address: '0x40000000', words: ['d503201f', 'd503201f', '14000000'] }] },
      {
        vcpus: [{ profile: 'cortex-a72' }, { profile: 'cortex-a53', features: ['psci_0_2', 'power_off'] }],
        debugResources: 'lowest-common-denominator',
      },
    ],
  },
);
export type VmInput = Static<typeof VmInput>;

export function vmFromWire(input: VmInput): VmSpec {
  const vcpus =
    typeof input.vcpus === 'number' || input.vcpus === undefined
      ? Array.from({ length: input.vcpus ?? 1 }, () => ({}))
      : input.vcpus;
  return {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.labels === undefined ? {} : { labels: input.labels }),
    ...(input.ttlSeconds === undefined ? {} : { ttlSeconds: input.ttlSeconds }),
    memory: memoryFromWire(input.memory),
    vcpus: vcpus.map((vcpu, index) => vcpuFromWire(vcpu, input, index)),
    debugResources: input.debugResources ?? 'per-vcpu',
    ...(input.tier === undefined ? {} : { tier: input.tier }),
    ...(input.enableCapabilities === undefined
      ? {}
      : { enableCapabilities: input.enableCapabilities.map(capabilityFromWire) }),
    load: loadFromWire(input),
    ...(input.entry === undefined ? {} : { entry: parseU64(input.entry) }),
    ...(input.board === undefined ? {} : { board: boardFromWire(input.board) }),
    ...(input.boot === undefined ? {} : { boot: bootFromWire(input.boot) }),
    ...(input.semihosting === undefined ? {} : { semihosting: semihostingFromWire(input.semihosting) }),
    ...(input.symbols === undefined ? {} : { symbols: input.symbols }),
  };
}

function capabilityFromWire(given: number | string, index: number): number {
  const cap = typeof given === 'number' ? given : capabilityNumber(given);
  if (cap !== undefined) return cap;
  throw invalid(
    `/enableCapabilities/${index}`,
    `${JSON.stringify(given)} is no capability name. GET /v1/capabilities lists the names.`,
  );
}

function memoryFromWire(memory: VmInput['memory'] = {}): VmSpec['memory'] {
  const base = memory.base === undefined ? DEFAULT_MEMORY.base : Number(parseU64(memory.base));
  if (!Number.isSafeInteger(base))
    throw invalid('/memory/base', 'Guest physical addresses have at most 48 bits.');
  return { base, size: memory.size ?? DEFAULT_MEMORY.size };
}

function vcpuFromWire(
  vcpu: Static<typeof VcpuInput>,
  shared: VmInput,
  index: number,
): VmSpec['vcpus'][number] {
  const secondary = shared.boot !== undefined && index > 0;
  const choice: ProfileChoiceInput = vcpu;
  return {
    profile: profileFromWire(choice, shared),
    features: vcpu.features ?? shared.features ?? (secondary ? SECONDARY_FEATURES : DEFAULT_FEATURES),
    init: vcpu.init ?? true,
  };
}

function loadFromWire(input: VmInput): LoadItem[] {
  const first: LoadItem[] = input.image === undefined ? [] : [{ member: '/image', image: input.image }];
  return [...first, ...(input.load ?? []).map((item, i) => loadItemFromWire(item, `/load/${i}`))];
}

function loadItemFromWire(item: Static<typeof LoadInput>, pointer: string): LoadItem {
  const bytes = optionalBytes(item, pointer);
  if (item.image !== undefined) {
    if (bytes !== undefined) throw invalid(pointer, 'Give an image or bytes, not both.');
    const address = item.address === undefined ? {} : { address: parseU64(item.address) };
    return { member: pointer, image: item.image, ...address };
  }
  if (bytes === undefined)
    throw invalid(pointer, 'There is nothing to load: give image, words, hex or base64.');
  if (item.address === undefined)
    throw invalid(
      `${pointer}/address`,
      'Bytes do not know where they belong: give their guest physical address.',
    );
  return { member: pointer, bytes, address: parseU64(item.address) };
}

export const VmPatch = Type.Object(
  {
    name: Type.Optional(ClearableName),
    labels: Type.Optional(ref(LabelsSchema)),
    ttlSeconds: Type.Optional(
      Type.Unsafe<number | null>({
        type: ['integer', 'null'],
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'The lease starts again with this many seconds; null ends leasing.',
      }),
    ),
  },
  {
    $id: 'VmPatch',
    additionalProperties: false,
    description: 'Members that are given are replaced whole.',
    examples: [{ ttlSeconds: 600 }],
  },
);

export const Vm = Type.Object(
  {
    id: Type.String({ examples: ['vm_01jdat8s4q7r6k2m3n5p'] }),
    name: NullableString,
    labels: ref(LabelsSchema),
    createdAt: Time,
    expiresAt: NullableTime,
    ttlSeconds: NullableInteger,
    memory: Type.Object({ base: ref(U64), size: Count }),
    debugResources: oneOf(POLICIES),
    tier: oneOf(TIERS, { description: 'How its instructions are executed.' }),
    board: BoardView,
    semihosting: Semihosting,
    images: Type.Array(Type.String()),
    runState: oneOf(RUN_STATES),
    session: Type.String({ description: 'The open session, which records every exit.' }),
    sequence: {
      ...Sequence,
      description: 'Newest event of this VM: the cursor to wait from.',
    } as typeof Sequence,
    vcpus: Type.Array(ref(Vcpu)),
  },
  { $id: 'Vm', additionalProperties: false },
);
export type Vm = Static<typeof Vm>;

export function vmToWire(view: VmView): Vm {
  return {
    id: view.id,
    name: view.name,
    labels: view.labels,
    createdAt: view.createdAt.toISOString(),
    expiresAt: view.expiresAt?.toISOString() ?? null,
    ttlSeconds: view.ttlSeconds,
    memory: { base: hex64(BigInt(view.memory.base)), size: view.memory.size },
    debugResources: view.debugResources,
    tier: view.tier,
    board: boardToWire(view.board),
    semihosting: view.semihosting,
    images: [...view.images],
    runState: view.runState,
    session: view.session,
    sequence: view.sequence,
    vcpus: view.vcpus.map(vcpuToWire),
  };
}
