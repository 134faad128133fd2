// Containers get the limits that this server has: buildah of Debian 13 raises two of them to more, which takes
// CAP_SYS_RESOURCE, and ends where it may not.
import { readFile } from 'node:fs/promises';

/**
 * As proc_pid_limits(5) and setrlimit(2) call them; and the most that may be asked for: buildah of Debian 12 has lowered
 * the processes already, and cannot raise them either.
 */
const LIMITS = [
  { title: 'Max open files', name: 'nofile', most: Number.POSITIVE_INFINITY },
  { title: 'Max processes', name: 'nproc', most: 32_768 },
] as const;

/** The arguments of `buildah from` and `buildah build` that say so. */
export async function ownLimits(): Promise<string[]> {
  return limitArguments(await readFile('/proc/self/limits', 'utf8'));
}

/** From the text of /proc/self/limits: a line for each limit, with its soft and its hard value. */
export function limitArguments(text: string): string[] {
  return LIMITS.flatMap(({ title, name, most }) => {
    const [, soft, hard] = new RegExp(`^${title} +(\\S+) +(\\S+)`, 'm').exec(text) ?? [];
    return soft === undefined || hard === undefined
      ? []
      : ['--ulimit', `${name}=${value(soft, most)}:${value(hard, most)}`];
  });
}

function value(text: string, most: number): string {
  const own = text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text);
  const given = Math.min(own, most);
  return given === Number.POSITIVE_INFINITY ? '-1' : String(given);
}
