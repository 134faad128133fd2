// How many TCP sockets there are, told by the kernel from a counter: /proc/net/sockstat, see proc(5). Its tables of connections take some
// milliseconds, however few there are, since they are looked for in all places where one could be.
import { readFileSync } from 'node:fs';

const FILES = ['/proc/net/sockstat', '/proc/net/sockstat6'];

/** Of this network namespace, those that listen too; undefined where the kernel does not count them. */
export function readSocketCount(): number | undefined {
  return socketCount(FILES.map(textOf).join('\n'));
}

/** @param text of the files. A server that asks listens: where nothing is counted, the kernel does not count */
export function socketCount(text: string): number | undefined {
  const counts = [...text.matchAll(/^TCP6?: inuse (\d+)/gm)].map(([, count]) => Number(count));
  const sum = counts.reduce((all, count) => all + count, 0);
  return sum === 0 ? undefined : sum;
}

/** A kernel without IPv6 has no file for it. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
