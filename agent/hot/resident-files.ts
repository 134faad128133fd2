// Which files of an image were read: those of which pages are in the memory of the server. An image is mounted for nodes alone, so
// that nobody else reads it, and its memory is empty when it is mounted.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../host/processes/program.ts';
import { loadSystemCalls } from '../net/ffi/system-calls.ts';

/** The files of a folder of which something is in memory, and their whole size in bytes, by their path below it. What boot loaders load lies in `boot`, and is left out. */
export async function residentFiles(root: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const prefix = `${root}/`;
  const choice = ['-xdev', '-path', `${root}/boot`, '-prune', '-o', '-type', 'f', '-size', '+0'];
  const fincore = ['fincore', '--noheadings', '--raw', '--bytes', '--output', 'RES,SIZE,FILE'];
  await runProgram('nice', ['find', root, ...choice, '-exec', ...fincore, '{}', '+'], {
    diesWithUs: true,
    onLine: (line) => {
      const [, resident, size, name = ''] = /^(\d+) (\d+) (.*)$/.exec(line) ?? [];
      const path = unescaped(name);
      if (Number(resident) > 0 && path.startsWith(prefix)) {
        found.set(path.slice(prefix.length), Number(size));
      }
    },
  });
  return found;
}

/**
 * The files are in memory no more, as far as nobody uses them at this moment. It has to be done before the node that asks for an address
 * reads its image, a few seconds later: a program for each file would take too long.
 */
export async function evictFiles(root: string, paths: Iterable<string>): Promise<void> {
  const calls = await loadSystemCalls();
  if (calls === undefined) return await evictByPrograms(root, paths);
  for (const path of paths) {
    // It may have gone, or be for others: then it counts as one that was read before.
    const file = await open(join(root, path)).catch(() => undefined);
    if (file === undefined) continue;
    calls.forget(file.fd);
    await file.close();
  }
}

/** The same, where this process cannot make the call. */
export async function evictByPrograms(root: string, paths: Iterable<string>): Promise<void> {
  const input = [...paths].map((path) => `${root}/${path}\0`).join('');
  const dd = 'dd if="$1" iflag=nocache count=0 status=none 2>/dev/null || :';
  await runProgram('nice', ['xargs', '-0', '-r', '-n', '1', 'sh', '-c', dd, 'sh'], {
    diesWithUs: true,
    input,
  });
}

/**
 * What the memory of this machine has of an image. The kernel tells it to whom the files belong, or who may write them: a server that is
 * not root asks a helper.
 */
export type FileMemory = {
  /** as `residentFiles` */
  resident(root: string): Promise<Map<string, number>>;
  /** All of these go from memory, as far as nobody uses them at this moment. */
  evict(root: string): Promise<void>;
};

/** Asked by this process. */
export const ownFileMemory: FileMemory = {
  resident: residentFiles,
  evict: async (root) => evictFiles(root, (await residentFiles(root)).keys()),
};

/** As fincore(1) writes a name that has blanks or control characters: `\x20`. */
function unescaped(name: string): string {
  if (!name.includes('\\x')) return name;
  const bytes = name.replaceAll(/\\x([0-9a-f]{2})|[^\\]+|\\/g, (part, hex?: string) =>
    hex === undefined
      ? Buffer.from(part).toString('latin1')
      : String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}
