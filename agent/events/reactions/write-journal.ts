// Reaction: what people should read becomes lines of the log.
import type { Journal } from '../../journal/journal.ts';
import { LineShares } from '../../journal/line-shares.ts';
import { logLines } from '../../journal/log-lines.ts';
import { priorityOf } from '../../journal/priorities.ts';
import type { ServerEvent } from '../event.ts';
import type { Publisher } from '../publisher.ts';

/** Of each kind, whether it may have lines: a kind that is new has to say so. */
const HAS_LINES: Readonly<Record<ServerEvent['kind'], boolean>> = {
  ...{ 'new-device': true, 'new-node': true, renamed: true, 'no-image': true, placed: true },
  'switch-recognised': true,
  ...{ forgotten: true, 'passers-by-forgotten': true, 'double-boot': true, boot: true },
  ...{
    'boots-fail': true,
    healing: true,
    'healing-paused': true,
    'healing-held': true,
    'image-chosen': true,
  },
  ...{ 'local-start-chosen': true, configured: true, 'machine-made': true },
  ...{ 'machine-removed': true, 'machine-said': true, 'reboot-asked': true },
  ...{
    'power-asked': true,
    'call-made': true,
    entered: true,
    'login-refused': true,
    'power-output': true,
    'port-mended': true,
    'power-saved': true,
  },
  ...{ 'address-declined': true, 'no-address-left': true, 'address-conflict': true },
  ...{ 'false-answers': true, 'other-dhcp-server': true, 'new-mac': true, 'refused-file': true },
  ...{
    'start-trouble': true,
    'image-warning': true,
    'image-ready': true,
    'image-step': true,
    'hot-pack': true,
  },
  ...{ 'image-failed': true, problem: true, 'clock-set': true, disk: true },
  'limit-reached': true,
  ...{ signal: false, 'device-changed': false, ignored: false },
};
const KINDS = (Object.keys(HAS_LINES) as ServerEvent['kind'][]).filter((kind) => HAS_LINES[kind]);

/**
 * Writes the lines of each event that has some. Of what anybody on walt-net can make happen only so many are written, and the
 * next one says how many were not.
 * @param now milliseconds of a steady clock
 */
export function writeJournal(publisher: Publisher, journal: Journal, now: () => number): void {
  const shares = new LineShares(now);
  publisher.on('journal', KINDS, (event, at) => {
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
