// An HTTP request for what is not there. People are told what there is; a boot loader gets nothing to read, since some run whatever they
// receive (GRUB takes the body of a 404 for a script).
import { oneLine } from '../../host/text/shown-text.ts';
import type { FileOutcome } from './find-file.ts';

/** Programs by which people look: browsers, curl(1), wget(1). */
const PEOPLE = /^(?:Mozilla|curl|Wget)\b/;
/** Characters of a path that are said back. */
const LONGEST = 200;
/** What machines ask below it is never a page. */
const OF_MACHINES = /^\/(?:boot|pxe)\//;

/**
 * @param path of the URL, decoded, without query
 * @param agent header `user-agent`
 * @returns undefined where nobody would read it
 */
export function onNothingThere(path: string, agent: string): FileOutcome | undefined {
  if (!PEOPLE.test(agent) || OF_MACHINES.test(path)) return undefined;
  const text = `There is no ${oneLine(path.slice(0, LONGEST).toWellFormed())} here.\nBoot media are at /media/, help is at /doc/.\n`;
  const found = {
    kind: 'bytes',
    bytes: Buffer.from(text),
    status: 404,
    type: 'text/plain; charset=utf-8',
  } as const;
  return { found, isMedium: true, events: [] };
}
