/** Registers by name: names and groups to KVM ids, several at once. */
import { oneRegByName, oneRegGroup } from '../../abi/kvm/one-reg.ts';
import type { Vcpu } from '../../kvm/contract.ts';
import { SessionError } from '../errors.ts';

/** Ids by name, groups spelled out; `register-unknown` for a name that is none. */
export function resolveRegisters(names: readonly string[]): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const name of names.flatMap((entry) => oneRegGroup(entry) ?? [entry])) {
    const register = oneRegByName(name);
    if (register === undefined) {
      throw new SessionError(
        'register-unknown',
        `No register or group is called ${JSON.stringify(name)}; groups are core, simd and system.`,
      );
    }
    found.set(name, register.id);
  }
  return found;
}

export function readRegisters(vcpu: Vcpu, names: readonly string[]): Record<string, bigint> {
  const values: Record<string, bigint> = {};
  for (const [name, id] of resolveRegisters(names)) {
    values[name] = vcpu.getOneReg(id);
  }
  return values;
}

/** All or none: what was written before a refusal is put back. Answers what the registers then hold. */
export function writeRegisters(vcpu: Vcpu, values: Readonly<Record<string, bigint>>): Record<string, bigint> {
  const names = Object.keys(values);
  const ids = resolveRegisters(names);
  const before = names.map((name) => vcpu.getOneReg(ids.get(name)!));
  let written = 0;
  try {
    for (const name of names) {
      vcpu.setOneReg(ids.get(name)!, values[name]!);
      written += 1;
    }
  } catch (error) {
    while (written > 0) {
      written -= 1;
      vcpu.setOneReg(ids.get(names[written]!)!, before[written]!);
    }
    throw error;
  }
  return readRegisters(vcpu, names);
}
