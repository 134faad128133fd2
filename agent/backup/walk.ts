// What lies below a folder, on its own file system alone: what is mounted there is made again by the server.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Something below the folder. */
export type Entry = { readonly path: string; readonly isFile: boolean; readonly bytes: number };

/**
 * The folder of that name and all below it, parents first; nothing where there is none. Sockets are left out.
 * @param name relative to `root`, as are the paths of the result
 */
export async function* entriesOf(root: string, name: string): AsyncGenerator<Entry> {
  const { dev } = await lstat(root);
  const waiting = [name];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const status = await lstat(join(root, path)).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') return undefined;
      throw thrown;
    });
    if (status === undefined || status.isSocket() || status.isFIFO()) continue;
    if (status.dev !== dev) continue;
    yield { path, isFile: status.isFile(), bytes: status.size };
    if (!status.isDirectory()) continue;
    const names = (await readdir(join(root, path))).toSorted();
    for (const inner of names.toReversed()) waiting.push(`${path}/${inner}`);
  }
}

/** SHA-256 of a file, in hexadecimal digits. */
export async function sumOf(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const options = signal === undefined ? {} : { signal };
  for await (const chunk of createReadStream(path, options)) hash.update(chunk);
  return hash.digest('hex');
}
