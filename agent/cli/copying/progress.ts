// How much has been copied, for people who wait.
import { sizeText } from '../../host/text/size-text.ts';
import type { LiveLine } from '../command-line/command.ts';

const PAUSE_MS = 1000;

/** A function that is told how many bytes came more; it shows that once a second at most. */
export function copyProgress(what: string, live: LiveLine): (bytes: number) => void {
  let total = 0;
  let next = performance.now() + PAUSE_MS;
  return (bytes) => {
    total += bytes;
    if (total === 0 || performance.now() < next) return;
    next = performance.now() + PAUSE_MS;
    live.show(`copying ${what}: ${sizeText(total)}`);
  };
}
