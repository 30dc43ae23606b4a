/** Recorded against replayed: every field, in the order in which a person would look. */
import type { Outcome, RecordedExit, RecordedResult } from './recording.ts';

/** The first field that differs. `where` is e.g. `exit 2 (op 4 run)`. */
export interface Difference {
  readonly where: string;
  readonly field: string;
  readonly expected: string;
  readonly got: string;
}

const ABSENT = '(none)';

/** Null when the outcomes are the same. `opNames` are the scenario's ops, for the text only. */
export function firstDifference(
  expected: Outcome,
  got: Outcome,
  opNames: readonly string[],
): Difference | null {
  const op = (index: number): string => `op ${index} ${opNames[index] ?? ''}`.trimEnd();
  // In the order of the ops, so that the first difference is the earliest one.
  for (let index = 0; index < opNames.length; index++) {
    const results = [expected.results, got.results].map((list) => list.filter((r) => r.op_index === index));
    const difference =
      compareLists(
        results[0]?.map(resultFields) ?? [],
        results[1]?.map(resultFields) ?? [],
        () => op(index),
        'result',
      ) ?? compareLists(...exitsOf(index, expected, got), (n) => `${op(index)}, exit ${n}`, 'KVM_RUN');
    if (difference !== null) return difference;
  }
  return null;
}

function exitsOf(index: number, expected: Outcome, got: Outcome): [Fields[], Fields[]] {
  const fields = (outcome: Outcome) => outcome.exits.filter((e) => e.op_index === index).map(exitFields);
  return [fields(expected), fields(got)];
}

type Fields = ReadonlyMap<string, string>;

function compareLists(
  expected: Fields[],
  got: Fields[],
  where: (n: number) => string,
  what: string,
): Difference | null {
  for (let n = 0; n < Math.max(expected.length, got.length); n++) {
    const [a, b] = [expected[n], got[n]];
    if (a === undefined || b === undefined) {
      const shown = (f: Fields | undefined): string =>
        f === undefined ? `no ${what}` : (f.get('exit_name') ?? `a ${what}`);
      return { where: where(n), field: 'count', expected: shown(a), got: shown(b) };
    }
    for (const field of new Set([...a.keys(), ...b.keys()])) {
      const [left, right] = [a.get(field) ?? ABSENT, b.get(field) ?? ABSENT];
      if (left !== right) return { where: where(n), field, expected: left, got: right };
    }
  }
  return null;
}

/** One spelling of a value: the corpus writes no leading zeros, the service writes all of them. */
function hex(value: string | null | undefined): string {
  return value === null || value === undefined ? ABSENT : `0x${BigInt(value).toString(16)}`;
}

function resultFields(r: RecordedResult): Fields {
  const fields = new Map<string, string>();
  if (r.ret !== undefined) fields.set('ret', String(r.ret));
  if (r.errno !== undefined) fields.set('errno', r.errno);
  if (r.value !== undefined) fields.set('value', hex(r.value));
  if (r.hex !== undefined) fields.set('hex', r.hex);
  if (r.system_fd !== undefined) fields.set('system_fd', String(r.system_fd));
  if (r.vm_fd !== undefined) fields.set('vm_fd', String(r.vm_fd));
  return fields;
}

function exitFields(e: RecordedExit): Fields {
  const fields = new Map<string, string>([
    ['exit_name', e.exit_name],
    ['exit_reason', e.exit_reason === null ? ABSENT : String(e.exit_reason)],
    ['ret', String(e.ret)],
    ['errno', e.errno ?? ABSENT],
    ['hsr', hex(e.hsr)],
    ['hsr_high', hex(e.hsr_high)],
    ['flags', hex(e.flags)],
    ['far', hex(e.far)],
  ]);
  if (e.mmio !== undefined) {
    fields.set('mmio.phys_addr', hex(e.mmio.phys_addr));
    fields.set('mmio.len', String(e.mmio.len));
    fields.set('mmio.is_write', String(e.mmio.is_write));
    fields.set('mmio.data', hex(e.mmio.data));
  }
  if (e.system_event !== undefined) fields.set('system_event', String(e.system_event));
  fields.set('pc', hex(e.pc));
  fields.set('pstate', hex(e.pstate));
  for (const [name, value] of Object.entries(e.regs_changed)) fields.set(`regs_changed.${name}`, hex(value));
  for (const [name, value] of Object.entries(e.sysregs)) fields.set(`sysregs.${name}`, hex(value));
  return fields;
}
