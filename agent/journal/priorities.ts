// What of the log an operator should look at: the priority of each event's lines in systemd's journal.
import type { EventOf, ServerEvent } from '../events/event.ts';
import { PRIORITY, type Priority } from '../host/processes/priority.ts';

type Table = { readonly [Kind in ServerEvent['kind']]?: (event: EventOf<Kind>) => Priority };

const warning = () => PRIORITY.warning;
const notice = () => PRIORITY.notice;

/** What is not here is information. */
const TABLE: Table = {
  problem: () => PRIORITY.error,
  disk: ({ state }) => diskPriorities[state],
  'address-conflict': warning,
  'address-declined': warning,
  'boots-fail': warning,
  'clock-set': notice,
  'double-boot': warning,
  'false-answers': warning,
  healing: ({ what }) =>
    what === 'quarantine' || what === 'stays-down' ? PRIORITY.warning : PRIORITY.notice,
  'healing-paused': warning,
  'healing-held': warning,
  'image-failed': warning,
  'image-warning': warning,
  'limit-reached': warning,
  'new-device': notice,
  'new-node': notice,
  'no-address-left': warning,
  'no-image': warning,
  'other-dhcp-server': warning,
  'start-trouble': warning,
};

const diskPriorities = {
  fine: PRIORITY.notice,
  low: PRIORITY.warning,
  full: PRIORITY.error,
  'read-only': PRIORITY.error,
} as const satisfies Record<EventOf<'disk'>['state'], Priority>;

/** The priority of the lines of an event. */
export function priorityOf(event: ServerEvent): Priority {
  // Each row takes events of its own kind.
  const row = TABLE[event.kind] as ((event: ServerEvent) => Priority) | undefined;
  return row?.(event) ?? PRIORITY.info;
}
