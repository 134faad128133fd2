// What is mounted, as a process sees it: /proc/PID/mountinfo, proc(5).
import { readFile } from 'node:fs/promises';

/** One mount; `device` as major:minor, `options` those of the file system, with commas between. */
export type Mount = {
  readonly device: string;
  readonly type: string;
  readonly source: string;
  readonly options: string;
};

/**
 * By the places of the mounts; the last one mounted at a place counts.
 * @param pid a process; none where it has ended
 */
export async function mountsOf(pid: number | 'self'): Promise<Map<string, Mount>> {
  const text = await readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => '');
  const mounts = new Map<string, Mount>();
  for (const line of text.split('\n').filter((each) => each !== '')) {
    // … major:minor root place options [tags] - type source options
    const [before = '', after = ''] = line.split(' - ');
    const [, , device = '', , place = ''] = before.split(' ');
    const [type = '', source = '', options = ''] = after.split(' ');
    mounts.set(unescaped(place), { device, type, source: unescaped(source), options });
  }
  return mounts;
}

/** Spaces and the like are a backslash and three octal digits. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
