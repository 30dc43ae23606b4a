/** Fields of registers as data, so that the same table packs, unpacks and explains. */

export interface Field {
  readonly name: string;
  readonly high: number;
  readonly low: number;
  /** One sentence for people. */
  readonly meaning: string;
}

export interface DecodedField extends Field {
  readonly value: number;
}

/** Value of one field. Registers are wider than 32 bits; fields are not. */
export function fieldValue(field: Pick<Field, 'high' | 'low'>, register: bigint): number {
  return Number(BigInt.asUintN(field.high - field.low + 1, register >> BigInt(field.low)));
}

/** Every field of a register with its value, in the order of the table. */
export function decodeFields(fields: readonly Field[], register: bigint): DecodedField[] {
  return fields.map((field) => ({ ...field, value: fieldValue(field, register) }));
}
