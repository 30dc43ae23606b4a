/** The timeline: everything that happened, exits among it, in one order. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import { bodyText } from '../../session/stored-body.ts';
import type { EventKind, TimelineEvent } from '../../session/types.ts';
import { NullableInteger, NullableString, oneOf, Sequence, Time } from './common.ts';

/** The compiler rejects this while a kind is missing. */
const KINDS: Readonly<Record<EventKind, true>> = {
  exit: true,
  'run-started': true,
  'run-ended': true,
  'vm-created': true,
  'vm-destroyed': true,
  'session-opened': true,
  'session-ended': true,
  action: true,
  console: true,
};
export const EVENT_KINDS = Object.keys(KINDS) as EventKind[];

export const Event = Type.Object(
  {
    sequence: Sequence,
    kind: oneOf(EVENT_KINDS),
    at: Time,
    session: Type.String(),
    vm: Type.String(),
    run: NullableString,
    vcpu: NullableInteger,
    body: Type.Unsafe<Record<string, unknown>>({
      type: 'object',
      description:
        'What happened. For kind exit: the members of Exit from vcpu on. Ignore members you do not know.',
      additionalProperties: true,
    }),
  },
  { $id: 'Event', description: 'One entry of the timeline.', additionalProperties: false },
);
export type Event = Static<typeof Event>;

export function eventToWire(event: TimelineEvent): Event {
  const { sequence, kind, session, vm, run, vcpu } = event;
  return {
    sequence,
    kind,
    at: event.at.toISOString(),
    session,
    vm,
    run,
    vcpu,
    body: JSON.parse(bodyText(event)),
  };
}

/** The same as JSON text. */
export function eventToText(event: TimelineEvent): string {
  const { sequence, kind, session, vm, run, vcpu } = event;
  const head = JSON.stringify({ sequence, kind, at: event.at.toISOString(), session, vm, run, vcpu });
  return `${head.slice(0, -1)},"body":${bodyText(event)}}`;
}
