// Media for new machines, of the version of this server.
import { stat } from 'node:fs/promises';
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
    const age = program === undefined ? 0 : (await stat(program)).mtimeMs;
    const old = list.filter(({ modified }) => modified < age).map(({ name }) => name);
    if (old.length > 0) {
      return {
        status: 'warning',
        detail: `older than the server: ${old.join(', ')}`,
        meaning: 'Sticks and cards that are made now may lack what this version mends.',
        mend: MEND,
      };
    }
    return { status: 'ok', detail: list.map(({ name }) => name).join(', ') };
  },
};
