// Reaction: what people should read becomes lines of the log.
import type { Journal } from '../../journal/journal.ts';
import { LineShares } from '../../journal/line-shares.ts';
import { logLines } from '../../journal/log-lines.ts';
import { priorityOf } from '../../journal/priorities.ts';
import type { ServerEvent } from '../event.ts';
import type { Publisher } from '../publisher.ts';

const KINDS = [
  ...(['new-device', 'new-node', 'renamed', 'no-image', 'forgotten'] as const),
  'passers-by-forgotten',
  'double-boot',
  ...(['boot', 'boots-fail', 'image-chosen', 'reboot-asked'] as const),
  'local-start-chosen',
  ...(['machine-made', 'machine-removed', 'machine-said'] as const),
  ...(['configured', 'power-asked', 'power-output', 'entered'] as const),
  ...(['address-declined', 'no-address-left', 'address-conflict', 'false-answers'] as const),
  ...(['other-dhcp-server', 'new-mac', 'refused-file', 'start-trouble'] as const),
  ...([
    'image-warning',
    'image-ready',
    'image-step',
    'image-failed',
    'problem',
    'clock-set',
    'disk',
  ] as const),
  'limit-reached',
  ...(['healing', 'healing-paused', 'placed', 'port-mended'] as const),
] as const satisfies readonly ServerEvent['kind'][];

/** Recorded elsewhere: an event that is neither here nor above does not compile. */
type Elsewhere = 'signal' | 'device-changed' | 'ignored';
type Forgotten = Exclude<ServerEvent['kind'], (typeof KINDS)[number] | Elsewhere>;
const ALL: [Forgotten] extends [never] ? readonly ServerEvent['kind'][] : Forgotten = KINDS;

/**
 * Writes the lines of each event that has some. Of what anybody on walt-net can make happen only so many are written, and the
 * next one says how many were not.
 * @param now milliseconds of a steady clock
 */
export function writeJournal(publisher: Publisher, journal: Journal, now: () => number): void {
  const shares = new LineShares(now);
  publisher.on('journal', ALL, (event, at) => {
    const lines = logLines(event);
    const due = lines.length === 0 ? undefined : shares.take(event);
    if (due === undefined) return;
    const more = due.hidden > 0 ? ` (${due.hidden} more such events went unwritten)` : '';
    for (const { stream, line } of lines) {
      journal.write({ stream, line: `${line}${more}` }, at, priorityOf(event));
    }
  });
}

/** Prints what was ignored, for an operator who asked for it (`log.debug`). */
export function printIgnored(publisher: Publisher, print: (line: string) => void): void {
  publisher.on('debug', ['ignored'], ({ source, from, reason }) => {
    print(`${source}: ignored ${from}: ${reason}`);
  });
}
