/** A walk of the translation tables on the wire. Field names are the Arm ARM's. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import { hex64, U64 } from '../codec.ts';
import type { Service } from '../../session/service.ts';
import { oneOf, ref } from './common.ts';

const flag = (description: string) => Type.Boolean({ description });
const number = (description: string) => Type.Integer({ description });

const Range = Type.Object(
  {
    register: oneOf(['TTBR0_EL1', 'TTBR1_EL1']),
    tableBase: ref(U64),
    asid: number('In use for both halves: of the register that TCR_EL1.A1 selects.'),
    granule: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Bytes; null where TCR_EL1.TGn is reserved.',
    }),
    inputBits: number('64 - TCR_EL1.TnSZ.'),
    outputBits: number('What TCR_EL1.IPS and the PE allow.'),
    startLevel: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Null where there can be no walk.',
    }),
    topByteIgnored: flag('TCR_EL1.TBIn.'),
    walksDisabled: flag('TCR_EL1.EPDn.'),
  },
  {
    description:
      'The half of the address space that bit 55 of the address selects. Absent with the MMU off (SCTLR_EL1.M is 0).',
  },
);

const Level = Type.Object({
  level: Type.Integer(),
  descriptorAddress: ref(U64),
  descriptor: ref(U64),
  kind: oneOf(['table', 'block', 'page', 'invalid']),
  table: Type.Optional(
    Type.Object(
      {
        ap: number('APTable: 1 takes access from EL0, 2 takes writes.'),
        uxn: flag('UXNTable.'),
        pxn: flag('PXNTable.'),
      },
      { description: 'What a table takes from all that is below it.' },
    ),
  ),
});

const Mapping = Type.Object(
  {
    size: number('Bytes that the descriptor maps.'),
    attributeIndex: number('AttrIndx.'),
    mair: number('The byte of MAIR_EL1 that it selects.'),
    memoryType: Type.String({ examples: ['Normal Write-Back Read-Write-Allocate', 'Device-nGnRE'] }),
    shareability: oneOf(['non-shareable', 'reserved', 'outer', 'inner'], {
      description: 'SH. Device and Non-cacheable memory is Outer Shareable whatever it says.',
    }),
    ap: number('AP[2:1]: 1 gives access to EL0, 2 takes writes.'),
    uxn: Type.Boolean(),
    pxn: Type.Boolean(),
    accessFlag: flag('AF.'),
    notGlobal: flag('nG.'),
    contiguous: Type.Boolean(),
    guarded: flag('GP, where the PE has FEAT_BTI.'),
  },
  { description: 'The block or page descriptor that ended the walk, as it is.' },
);

const Rights = Type.String({ pattern: '^[r-][w-][x-]$' });

export const Translation = Type.Object(
  {
    ok: flag('A physical address is there, whatever permissions and access flag say.'),
    physical: Type.Optional(ref(U64)),
    access: Type.Object(
      { kind: oneOf(['read', 'write', 'fetch']), el: Type.Integer(), pan: flag('PSTATE.PAN.') },
      { description: 'What `fault` is about.' },
    ),
    range: Type.Optional(Range),
    levels: Type.Array(Level, { description: 'Every descriptor that the walk read; none with the MMU off.' }),
    mapping: Type.Optional(Mapping),
    fault: Type.Optional(
      Type.Object({
        status: number('ESR_EL1.DFSC or IFSC.'),
        level: Type.Integer(),
        reason: Type.String({ examples: ['Translation fault, level 1'] }),
        cause: Type.String({ description: 'Which bits of which register or descriptor made it.' }),
      }),
    ),
    permissions: Type.Optional(
      Type.Object(
        { el0: Rights, el1: Rights },
        {
          description:
            'What either Exception level may do, with what the tables take and SCTLR_EL1.WXN, without PSTATE.PAN.',
        },
      ),
    ),
  },
  { $id: 'Translation' },
);

type Found = Awaited<ReturnType<Service['translate']>>;

export function translationToWire(found: Found): Static<typeof Translation> {
  const { physical, range, levels, mapping, fault, permissions } = found;
  return {
    ok: found.ok,
    ...(physical !== undefined && { physical: hex64(BigInt(physical)) }),
    access: found.access,
    ...(range !== undefined && { range: { ...range, tableBase: hex64(BigInt(range.tableBase)) } }),
    levels: levels.map(({ descriptorAddress, descriptor, ...rest }) => ({
      ...rest,
      descriptorAddress: hex64(BigInt(descriptorAddress)),
      descriptor: hex64(descriptor),
    })),
    ...(mapping !== undefined && { mapping }),
    ...(fault !== undefined && { fault }),
    ...(permissions !== undefined && { permissions }),
  };
}
