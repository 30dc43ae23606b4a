/** Debug sessions: where exits have their home, also after the VM is gone. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { SessionView } from '../../session/types.ts';
import { Count, LabelsSchema, NullableString, NullableTime, oneOf, ref, Time } from './common.ts';
import { ClearableName, NameInput } from './vm.ts';

export const SessionInput = Type.Object(
  { name: Type.Optional(NameInput), labels: Type.Optional(ref(LabelsSchema)) },
  { $id: 'SessionInput', additionalProperties: false, examples: [{ name: 'second try' }] },
);

export const SessionPatch = Type.Object(
  { name: Type.Optional(ClearableName), labels: Type.Optional(ref(LabelsSchema)) },
  {
    $id: 'SessionPatch',
    additionalProperties: false,
    description: 'Members that are given are replaced whole.',
  },
);

export const Session = Type.Object(
  {
    id: Type.String({ examples: ['ses_01jdat8s4q9f0v1w2x3y'] }),
    name: NullableString,
    vm: Type.String(),
    vmName: NullableString,
    labels: ref(LabelsSchema),
    state: oneOf(['open', 'ended']),
    openedAt: Time,
    endedAt: NullableTime,
    endReason: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'vm-deleted, vm-expired, replaced, service-stopped or engine-failed.',
    }),
    exits: { ...Count, description: 'Number of recorded exits.' } as typeof Count,
  },
  { $id: 'Session', additionalProperties: false },
);

export function sessionToWire(view: SessionView): Static<typeof Session> {
  return { ...view, openedAt: view.openedAt.toISOString(), endedAt: view.endedAt?.toISOString() ?? null };
}
