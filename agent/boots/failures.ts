// What is said of a node that boots again and again and does not come up. Nobody sees its screen, but the server knows how
// far each boot came and what it asked for last.
import type { BootState } from '../boot/progress.ts';
import { oneLine } from '../host/text/shown-text.ts';
import type { StoredStage } from '../store/records/boots.ts';

/** A boot that did not come up. */
export type Attempt = { readonly state: BootState; readonly stages: readonly StoredStage[] };

/** The first attempt of which something is said: three boots before it did not come up. */
export const FIRST_SAID = 4;

/** How many attempts are told, the last ones. */
export const TOLD_ATTEMPTS = 3;

/** Said at 4, 10, 30, 100, 300 …: a machine that fails for weeks does not fill the log. */
export function isSaidAt(attempt: number): boolean {
  return attempt === FIRST_SAID || /^[13]0+$/.test(String(attempt));
}

/** A boot by kexec ended on its way. It may have been cut off by a person: that it hung is more likely. */
export function failedWarmText(boot: Attempt): string {
  // DHCP is of the loader behind it.
  const stages = boot.stages.filter(({ stage }) => stage !== 'dhcp');
  return `by kexec it ended ${endOf({ ...boot, stages })}; it reboots by its firmware while it has this image`;
}

const REACHED: Readonly<Record<BootState, string>> = {
  dhcp: 'while it asked for an address',
  files: 'while it loaded files',
  mounted: 'after it mounted its root file system, while its system started',
  // A node that mounted its root and was told to reboot is down as well.
  down: 'after it mounted its root file system, when it was told to reboot',
  booted: 'after it came up',
  unconfirmed: 'after it came up',
};

/**
 * A sentence or two, in words for people.
 * @param attempt number of the boot that runs
 * @param before the boots before it that did not come up, newest first; as many as are known
 */
export function failuresText(attempt: number, before: readonly Attempt[]): string {
  const count = `this is boot ${attempt} in a row`;
  const ends = before.map(endOf);
  const [last] = ends;
  if (last === undefined) return count;
  const isSame = ends.every((end) => end === last);
  if (isSame && ends.length > 1) return `${count}; each of the last ${ends.length} ended ${last}`;
  return `${count}; the one before ended ${ends.join(', the one before that ')}`;
}

function endOf({ state, stages }: Attempt): string {
  const asked = stages.findLast(({ stage }) => stage === 'file' || stage === 'dhcp');
  return asked === undefined ? REACHED[state] : `${REACHED[state]} (last ${askedText(asked)})`;
}

function askedText({ stage, detail }: StoredStage): string {
  const { path, via, outcome, message, speaker } = detail;
  // Any path can be asked for, also one with ends of lines in it.
  if (stage === 'file') return oneLine(`asked for ${path} by ${via}: ${outcome}`);
  return `asked by DHCP: ${message} from ${speaker}`;
}
