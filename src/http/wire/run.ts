/** Runs: KVM_RUN with budgets, steps and what to collect at the stop. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { CollectItem, Collected, RunEnd, RunSpec, RunView } from '../../session/types.ts';
import { hex64, parseU64, toBase64, U64, U64Input } from '../codec.ts';
import { invalid } from '../problems.ts';
import { Count, NullableInteger, NullableTime, nullable, oneOf, ref, Time } from './common.ts';
import { Exit, exitToWire } from './exit.ts';

const SPACES = ['physical', 'virtual'] as const;
const RECORD = ['all', 'last', 'none'] as const;
const Positive = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

export const CollectRegisters = Type.Object(
  {
    kind: Type.Literal('registers'),
    vcpu: Type.Optional(Type.Integer({ minimum: 0, maximum: 65535 })),
    names: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), {
        minItems: 1,
        maxItems: 1024,
        description: 'Names, or core, simd, system. Default core.',
      }),
    ),
  },
  { $id: 'CollectRegisters', additionalProperties: false },
);
export const CollectMemory = Type.Object(
  {
    kind: Type.Literal('memory'),
    address: ref(U64Input),
    length: Positive,
    space: Type.Optional(oneOf(SPACES)),
    vcpu: Type.Optional(Type.Integer({ minimum: 0, maximum: 65535 })),
  },
  { $id: 'CollectMemory', additionalProperties: false },
);

export const RunInput = Type.Object(
  {
    budget: Type.Optional(
      Type.Object(
        { instructions: Type.Optional(Positive), wallMilliseconds: Type.Optional(Positive) },
        {
          additionalProperties: false,
          description: 'The run ends by itself when one is spent. Default: no end.',
        },
      ),
    ),
    steps: Type.Optional({
      ...Positive,
      description: 'Single-step this many times in the engine; one vcpu only.',
    } as typeof Positive),
    record: Type.Optional(
      oneOf(RECORD, { description: 'Which of the step exits are recorded. Default last.' }),
    ),
    collect: Type.Optional(
      Type.Array(
        Type.Unsafe<Static<typeof CollectRegisters> | Static<typeof CollectMemory>>({
          type: 'object',
          oneOf: [ref(CollectRegisters), ref(CollectMemory)],
          discriminator: { propertyName: 'kind' },
          required: ['kind'],
        }),
        { maxItems: 1024, description: 'Read atomically at the stop.' },
      ),
    ),
    immediateExit: Type.Optional(
      Type.Boolean({ description: 'kvm_run.immediate_exit: come back before any instruction.' }),
    ),
    mmio: Type.Optional(
      Type.Object(
        { data: ref(U64Input) },
        { additionalProperties: false, description: 'Answers the MMIO read that the vcpu stopped with.' },
      ),
    ),
  },
  {
    $id: 'RunInput',
    additionalProperties: false,
    examples: [
      { budget: { instructions: 1000000 }, collect: [{ kind: 'registers', names: ['pc', 'x0'] }] },
      { steps: 10, record: 'all' },
    ],
  },
);
export type RunInput = Static<typeof RunInput>;

export function runFromWire(input: RunInput): RunSpec {
  const { steps, immediateExit } = input;
  if (input.record !== undefined && steps === undefined) {
    throw invalid(
      '/record',
      'It says which exits of single steps are recorded, and there are no steps. Give steps, or leave record out: the exit that ends a run is always recorded.',
    );
  }
  return {
    budget: input.budget ?? {},
    ...(steps === undefined ? {} : { steps }),
    record: input.record ?? 'last',
    collect: (input.collect ?? []).map(collectFromWire),
    ...(immediateExit === undefined ? {} : { immediateExit }),
    ...(input.mmio === undefined ? {} : { mmioData: parseU64(input.mmio.data) }),
  };
}

function collectFromWire(item: NonNullable<RunInput['collect']>[number]): CollectItem {
  const vcpu = item.vcpu === undefined ? {} : { vcpu: item.vcpu };
  if (item.kind === 'registers') return { kind: 'registers', names: item.names ?? ['core'], ...vcpu };
  return {
    kind: 'memory',
    address: parseU64(item.address),
    length: item.length,
    space: item.space ?? 'physical',
    ...vcpu,
  };
}

/** The compiler rejects this while a reason is missing. */
const END_REASONS: Readonly<Record<RunEnd['reason'], string>> = {
  exit: 'KVM_RUN returned 0 with an exit for the client',
  error: 'KVM_RUN failed with errno',
  'budget-instructions': 'the instruction budget is spent',
  'exception-loop':
    'the guest only takes exceptions and completes no instruction, so the instruction budget would never be spent; detail says which exception',
  'budget-wall': 'the time budget is spent',
  'semihosting-exit':
    'the guest ended its program by semihosting (SYS_EXIT), which is no exit of KVM; code is its exit status, 1 for every reason but ADP_Stopped_ApplicationExit, which detail says',
  'steps-done': 'all steps are done',
  paused: 'a client paused the VM',
  'vm-destroyed': 'the VM is gone; detail says why',
  'service-stopped': 'the service stopped',
};

const RunEndSchema = Type.Object(
  {
    reason: oneOf(Object.keys(END_REASONS) as RunEnd['reason'][], {
      description: Object.entries(END_REASONS)
        .map(([reason, meaning]) => `\`${reason}\`: ${meaning}.`)
        .join(' '),
    }),
    errno: Type.Optional(Type.String()),
    code: Type.Optional(
      Type.Integer({
        description: 'Exit status of the program, as the guest gave it: a signed 32-bit number.',
      }),
    ),
    detail: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

const CollectedSchema = Type.Object({
  kind: oneOf(['registers', 'memory']),
  vcpu: Type.Optional(Type.Integer()),
  values: Type.Optional(Type.Record(Type.String(), Type.String())),
  address: Type.Optional(ref(U64)),
  base64: Type.Optional(
    Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'Null: not all of it is memory.' }),
  ),
});

export const Run = Type.Object(
  {
    id: Type.String({ examples: ['run_01jdat9qkf3b8c6d7e2g'] }),
    vm: Type.String(),
    session: Type.String(),
    vcpu: NullableInteger,
    state: oneOf(['running', 'ended']),
    startedAt: Time,
    endedAt: NullableTime,
    end: nullable(RunEndSchema),
    exit: {
      ...nullable(ref(Exit)),
      description: 'The exit that ended it, or the last recorded one.',
    } as ReturnType<typeof nullable<typeof Exit>>,
    instructions: Count,
    stepsDone: Count,
    collected: Type.Array(CollectedSchema, { description: 'In the order of collect.' }),
  },
  { $id: 'Run', description: 'Kept after it has ended.', additionalProperties: false },
);
export type Run = Static<typeof Run>;

export function runToWire(view: RunView): Run {
  return {
    id: view.id,
    vm: view.vm,
    session: view.session,
    vcpu: view.vcpu,
    state: view.state,
    startedAt: view.startedAt.toISOString(),
    endedAt: view.endedAt?.toISOString() ?? null,
    end: view.end,
    exit: view.exit === null ? null : exitToWire(view.exit),
    instructions: view.instructions,
    stepsDone: view.stepsDone,
    collected: view.collected.map(collectedToWire),
  };
}

function collectedToWire(item: Collected): Static<typeof CollectedSchema> {
  if (item.kind === 'registers')
    return { kind: 'registers', vcpu: item.vcpu, values: registersToWire(item.values) };
  return {
    kind: 'memory',
    address: hex64(item.address),
    base64: item.bytes === null ? null : toBase64(item.bytes),
  };
}

/** Register values by name. Vector registers have 128 bits and 32 digits, all others 16. */
export function registersToWire(values: Readonly<Record<string, bigint>>): Record<string, string> {
  const digits = (name: string): number => (/^v([12]?[0-9]|3[01])$/.test(name) ? 32 : 16);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      `0x${value.toString(16).padStart(digits(name), '0')}`,
    ]),
  );
}
