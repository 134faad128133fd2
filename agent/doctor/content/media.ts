// Media for new machines, made of what belongs to this server.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Check } from '../check.ts';

const MEND = 'apt install --reinstall walt-server, or in a checkout: npm run media -- pc pxe';

export const media: Check = {
  name: 'media',
  run: async ({ shelf, program }) => {
    const list = await shelf.list();
    if (list.length === 0) {
      return {
        status: 'failed',
        detail: `there are no boot media in ${shelf.folder ?? 'this installation'}`,
        meaning: 'New machines that need a stick or a card cannot be prepared.',
        mend: MEND,
      };
    }
    const wanted =
      program === undefined ? undefined : await inputsOf(join(dirname(program), 'media'));
    const others: string[] = [];
    for (const { name, path } of list) {
      const inputs = await inputsOf(path);
      if (wanted !== undefined && inputs !== undefined && inputs !== wanted) others.push(name);
    }
    if (others.length > 0) {
      return {
        status: 'warning',
        detail: `made of other files than those of this server: ${others.join(', ')}`,
        meaning: 'Sticks and cards that are made now may lack what this version mends.',
        mend: MEND,
      };
    }
    return { status: 'ok', detail: list.map(({ name }) => name).join(', ') };
  },
};

/**
 * What was noted where media and server were built (`scripts/media/media-inputs.ts`). Packages have no notes: their media and their
 * server are of one build.
 */
async function inputsOf(path: string): Promise<string | undefined> {
  return await readFile(`${path}.inputs`, 'utf8').catch(() => undefined);
}
