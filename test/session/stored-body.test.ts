/** A single step as it is stored says the same, when it is read, as an exit that is explained in full. */
import { describe, expect, it } from 'vitest';
import type { KvmExit } from '../../src/abi/kvm/exits.ts';
import { eventsOf, rowsOf } from '../../src/session/event-rows.ts';
import { exitFields, explanationFields } from '../../src/session/exit-json.ts';
import { bodyText, exitBody, storedStep } from '../../src/session/stored-body.ts';
import type { ExitRecord } from '../../src/session/types.ts';
import type { ExitDetail } from '../../src/kvm/contract.ts';
import { explainExit } from '../../src/kvm/explain.ts';
import { hex64 } from '../../src/base/u64.ts';

/** ESR_EL2 of a software step: EC 0x32, IL, ISV, IFSC 0x22 (Arm ARM, ISS encoding for a Software Step exception). */
const HSR = ((0x32 << 26) | (1 << 25) | (1 << 24) | 0x22) >>> 0;
const debug = { hsr: HSR, hsrHigh: 0, far: 0n, flags: 1 };
const step = { reason: 'KVM_EXIT_DEBUG', debug } as const satisfies KvmExit;
const detail: ExitDetail = {
  causes: [{ source: 'software-step' }],
  pc: 0xffff_8000_1234_5678n,
  pstate: 0x3c5n,
  instruction: 0x9100_0400,
  instructionCount: 2 ** 40,
  virtualTimeNs: 2 ** 44,
};
const zeros = Array<bigint>(16).fill(0n);
const guestDebug = { control: 3, bcr: zeros, bvr: zeros, wcr: zeros, wvr: zeros };
const resources = { breakpoints: 6, watchpoints: 4, contextAware: 2 };

function record(body: string, vcpu = 3): ExitRecord {
  const columns = { session: 'ses_1', vm: 'vm_1', run: 'run_1', at: new Date(1234) };
  const exit = { kind: 'exit', vcpu, exitReason: step.reason, cause: 'software-step', slot: null } as const;
  return { sequence: 7, ...columns, ...exit, pc: detail.pc, body };
}

/** The body with everything in it. */
function full(symbol: string | null, instruction: number | undefined) {
  const { pc, pstate, instructionCount, virtualTimeNs } = detail;
  const explanation = explainExit(step, { ...detail, instruction }, guestDebug, resources);
  return {
    vcpu: 3,
    reason: 'KVM_EXIT_DEBUG',
    errno: null,
    ...exitFields(step),
    pc: hex64(pc),
    pstate: hex64(pstate),
    explanation: { ...explanationFields(explanation), symbol, instructionCount, virtualTimeNs },
  };
}

describe('a stored step', () => {
  it.each([
    [null, 0xd503_201f],
    ['weird "name" \\ ü+0x4', 0x9100_0400],
    ['_start', undefined],
  ])(
    'with symbol %j and instruction %j reads as the whole body, members in the same order',
    (symbol, instruction) => {
      const text = storedStep(step, { ...detail, instruction }, (pc) =>
        pc === detail.pc ? symbol : 'other',
      );
      const stored = record(text!);
      expect(text!.length).toBeLessThan(220);
      expect(exitBody(stored)).toEqual(full(symbol, instruction));
      expect(bodyText(stored)).toBe(JSON.stringify(full(symbol, instruction)));
    },
  );

  it.each<[string, KvmExit | null, ExitDetail]>([
    ['another exit', { reason: 'KVM_EXIT_INTR' }, { ...detail, causes: [] }],
    ['none', null, detail],
    ['two causes', step, { ...detail, causes: [...detail.causes, { source: 'brk', comment: 1 }] }],
    ['an address', { ...step, debug: { ...debug, far: 1n } }, detail],
    ['upper syndrome bits', { ...step, debug: { ...debug, hsrHigh: 1 } }, detail],
  ])('is not made of %s', (_name, exit, about) => {
    expect(storedStep(exit, about, () => null)).toBeNull();
  });

  it('leaves the bodies of all other events alone', () => {
    const other = record('{"vcpu":0,"reason":"KVM_EXIT_INTR"}');
    expect(bodyText(other)).toBe(other.body);
    const action = { ...other, kind: 'action', body: '{"step":1}' } as const;
    expect(bodyText(action)).toBe(action.body);
  });
});

describe('rows', () => {
  it('give back the events that they were made of, numbered on', () => {
    const { sequence: _, ...draft } = record('{"a":"\\"ü\\u0000","b":[1,null]}');
    const none = { ...draft, run: null, vcpu: null, exitReason: null, cause: null, slot: null, pc: null };
    const rows = rowsOf([draft, { ...none, kind: 'action' }]);
    expect(rows).toMatchObject({ vm: 'vm_1', session: 'ses_1', count: 2, exits: 1 });
    expect(eventsOf(41, rows.text)).toEqual([
      { ...draft, sequence: 41 },
      { ...none, kind: 'action', sequence: 42 },
    ]);
  });
});
