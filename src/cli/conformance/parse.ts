/**
 * Is this file of the published corpus format? Everything that a replay relies on is checked here, with the path of
 * what is wrong, so that nothing later needs to doubt it.
 */
import type {
  Code,
  Hex,
  Mmio,
  Op,
  Outcome,
  RecordedExit,
  RecordedResult,
  Scenario,
  Slots,
} from './recording.ts';

/** The file is not of the published format; the message says where. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/** The scenarios of a corpus file's text. Throws `FormatError`. */
export function parseCorpus(text: string): readonly Scenario[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new FormatError(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const list = new Reader(json, 'the file').list('an array of scenarios');
  if (list.length === 0) throw new FormatError('the file has no scenarios');
  const scenarios = list.map(scenario);
  const seen = new Set<string>();
  for (const { name } of scenarios) {
    if (seen.has(name)) throw new FormatError(`two scenarios are called ${name}`);
    seen.add(name);
  }
  return scenarios;
}

/** A JSON value and where it is: the checks throw a message that names the place. */
class Reader {
  readonly value: unknown;
  readonly path: string;
  constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  fail(expected: string): never {
    const shown = JSON.stringify(this.value) ?? 'nothing';
    throw new FormatError(
      `${this.path}: expected ${expected}, found ${shown.length > 60 ? `${shown.slice(0, 60)}...` : shown}`,
    );
  }
  get absent(): boolean {
    return this.value === undefined;
  }
  at(key: string): Reader {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      this.fail('an object');
    return new Reader(Object.entries(this.value).find(([name]) => name === key)?.[1], `${this.path}.${key}`);
  }
  list(expected = 'an array'): Reader[] {
    if (!Array.isArray(this.value)) this.fail(expected);
    return this.value.map((item, index) => new Reader(item, `${this.path}[${index}]`));
  }
  entries(): [string, Reader][] {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      this.fail('an object');
    return Object.entries(this.value).map(([key, item]) => [key, new Reader(item, `${this.path}.${key}`)]);
  }
  string(): string {
    return typeof this.value === 'string' ? this.value : this.fail('a string');
  }
  integer(): number {
    return Number.isSafeInteger(this.value) ? Number(this.value) : this.fail('an integer');
  }
  count(): number {
    const value = this.integer();
    return value >= 0 ? value : this.fail('a non-negative integer');
  }
  hex(): Hex {
    const value = this.string();
    return /^0x[0-9a-fA-F]{1,16}$/.test(value) ? value : this.fail('a "0x..." string of up to 64 bits');
  }
  bytes(): string {
    const value = this.string();
    return /^([0-9a-fA-F]{2})*$/.test(value) ? value.toLowerCase() : this.fail('bytes in hexadecimal');
  }
  hexes(): Record<string, Hex> {
    return Object.fromEntries(this.entries().map(([key, item]) => [key, item.hex()]));
  }
  strings(): string[] {
    return this.list().map((item) => item.string());
  }
}

function scenario(item: Reader, index: number): Scenario {
  const name = new Reader(item.value, `scenario ${index}`).at('name').string();
  const s = new Reader(item.value, `scenario ${name}`);
  const vcpus = s
    .at('vcpus')
    .list()
    .map((v) => ({ features: v.at('features').strings(), regs: v.at('regs').hexes() }));
  if (vcpus.length === 0) s.at('vcpus').fail('at least one vcpu');
  const ops = s
    .at('ops')
    .list()
    .map((op) => operation(op, vcpus.length));
  const optional = (key: 'note' | 'requires') => (s.at(key).absent ? {} : { [key]: s.at(key).string() });
  return {
    name,
    category: s.at('category').string(),
    ...optional('note'),
    ...optional('requires'),
    ...code(s),
    extra_code: orEmpty(s.at('extra_code')).map(code),
    memory: orEmpty(s.at('memory')).map((m) => ({
      address: m.at('address').hex(),
      hex: m.at('hex').bytes(),
    })),
    vcpus,
    ops,
    ...outcome(s, ops.length),
    config: s.at('config').string(),
    same_in: orEmpty(s.at('same_in')).map((c) => c.string()),
    variants: s.at('variants').absent
      ? {}
      : Object.fromEntries(
          s
            .at('variants')
            .entries()
            .map(([config, v]) => [config, outcome(v, ops.length, s)]),
        ),
  };
}

const orEmpty = (item: Reader): Reader[] => (item.absent ? [] : item.list());

function code(item: Reader): Code {
  const words = item
    .at('words')
    .list()
    .map((word) => {
      const text = word.string();
      return /^[0-9a-fA-F]{8}$/.test(text) ? text : word.fail('an instruction word of 8 hexadecimal digits');
    });
  return { load_address: item.at('load_address').hex(), words };
}

/** A variant may leave out what does not differ: `base` then has it. */
function outcome(item: Reader, ops: number, base?: Reader): Outcome {
  const part = (key: 'exits' | 'results') =>
    (item.at(key).absent && base !== undefined ? base.at(key) : item.at(key)).list();
  const inRange = (at: Reader): number => {
    const index = at.count();
    return index < ops ? index : at.fail(`an index into ops (0..${ops - 1})`);
  };
  return {
    exits: part('exits').map((e) => ({ ...recordedExit(e), op_index: inRange(e.at('op_index')) })),
    results: part('results').map((r) => ({ ...recordedResult(r), op_index: inRange(r.at('op_index')) })),
  };
}

function recordedExit(e: Reader): RecordedExit {
  const optionalHex = (key: 'hsr' | 'hsr_ec' | 'hsr_high' | 'flags') =>
    e.at(key).absent ? {} : { [key]: e.at(key).hex() };
  const far = e.at('far');
  return {
    op_index: e.at('op_index').count(),
    exit_reason: e.at('exit_reason').value === null ? null : e.at('exit_reason').count(),
    exit_name: e.at('exit_name').string(),
    ret: e.at('ret').integer(),
    ...(e.at('errno').absent ? {} : { errno: e.at('errno').string() }),
    ...optionalHex('hsr'),
    ...optionalHex('hsr_ec'),
    ...optionalHex('hsr_high'),
    ...optionalHex('flags'),
    ...(far.absent ? {} : { far: far.value === null ? null : far.hex() }),
    ...(e.at('mmio').absent ? {} : { mmio: mmio(e.at('mmio')) }),
    ...(e.at('system_event').absent ? {} : { system_event: e.at('system_event').count() }),
    pc: e.at('pc').hex(),
    pstate: e.at('pstate').hex(),
    regs_changed: e.at('regs_changed').hexes(),
    sysregs: e.at('sysregs').hexes(),
  };
}

function mmio(m: Reader): Mmio {
  const data = m.at('data');
  return {
    phys_addr: m.at('phys_addr').hex(),
    len: m.at('len').count(),
    is_write: m.at('is_write').count(),
    ...(data.absent ? {} : { data: data.hex() }),
  };
}

function recordedResult(r: Reader): RecordedResult {
  return {
    op_index: r.at('op_index').count(),
    ...(r.at('ret').absent ? {} : { ret: r.at('ret').integer() }),
    ...(r.at('errno').absent ? {} : { errno: r.at('errno').string() }),
    ...(r.at('value').absent ? {} : { value: r.at('value').hex() }),
    ...(r.at('hex').absent ? {} : { hex: r.at('hex').bytes() }),
    ...(r.at('system_fd').absent ? {} : { system_fd: r.at('system_fd').integer() }),
    ...(r.at('vm_fd').absent ? {} : { vm_fd: r.at('vm_fd').integer() }),
  };
}

function slots(item: Reader): Slots {
  for (const [key] of item.entries()) {
    if (!/^([0-9]|1[0-5])$/.test(key)) item.fail('slots 0 to 15');
  }
  return item.hexes();
}

function operation(o: Reader, vcpus: number): Op {
  const vcpu = (): number => {
    const index = o.at('vcpu').count();
    return index < vcpus ? index : o.at('vcpu').fail(`a vcpu of the scenario (0..${vcpus - 1})`);
  };
  const op = o.at('op').string();
  switch (op) {
    case 'set_guest_debug': {
      const block = (key: 'bcr' | 'bvr' | 'wcr' | 'wvr') =>
        o.at(key).absent ? {} : { [key]: slots(o.at(key)) };
      return {
        op,
        vcpu: vcpu(),
        control: o.at('control').hex(),
        ...block('bcr'),
        ...block('bvr'),
        ...block('wcr'),
        ...block('wvr'),
      };
    }
    case 'run':
      return { op, vcpu: vcpu(), max: o.at('max').count() };
    case 'run_immediate':
    case 'set_guest_debug_badptr':
      return { op, vcpu: vcpu() };
    case 'set_reg':
      return { op, vcpu: vcpu(), reg: o.at('reg').string(), value: o.at('value').hex() };
    case 'add_reg':
      return { op, vcpu: vcpu(), reg: o.at('reg').string(), delta: o.at('delta').hex() };
    case 'get_reg':
      return { op, vcpu: vcpu(), reg: o.at('reg').string() };
    case 'read_mem':
      return { op, address: o.at('address').hex(), length: o.at('length').count() };
    case 'write_mem':
      return { op, address: o.at('address').hex(), hex: o.at('hex').bytes() };
    case 'mmio_data':
      return { op, vcpu: vcpu(), value: o.at('value').hex() };
    case 'irq_line':
      return { op, vcpu: vcpu(), line: o.at('line').count(), level: o.at('level').count() };
    case 'check_extension':
      return { op, cap: o.at('cap').count() };
    case 'vcpu_init':
      return { op, vcpu: vcpu(), features: o.at('features').strings() };
    case 'timeout_ms':
      return { op, ms: o.at('ms').count() };
    default:
      return o.at('op').fail('an operation of the corpus format');
  }
}
