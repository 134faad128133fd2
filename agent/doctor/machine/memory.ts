// Memory for the server, NFS and virtual nodes.
import { mem } from 'systeminformation';
import { sizeText } from '../../host/text/size-text.ts';
import type { Check } from '../check.ts';

/** Of a server with a rack of nodes, and what Linux keeps of their files. */
const LITTLE = 300e6;

export const memory: Check = {
  name: 'memory',
  run: async () => {
    const { total, available } = await mem();
    const detail = `${sizeText(available)} of ${sizeText(total)} are free`;
    if (available >= LITTLE) return { status: 'ok', detail };
    return {
      status: 'warning',
      detail,
      meaning: 'Nodes read their files slowly, and Linux may end the server.',
      mend: 'ps aux --sort=-rss | head shows what takes it; walt node power NODE off ends a virtual node',
    };
  },
};
