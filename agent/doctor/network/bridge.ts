// A bridge with the spanning tree protocol lets nothing through a port for twice its delay after a machine comes up.
import { readFile } from 'node:fs/promises';
import type { Check } from '../check.ts';

/** What boot loaders bear, in the kernel's hundredths of a second. */
const BEARABLE = 200;

export const bridge: Check = {
  name: 'bridge',
  run: async ({ networkInterface }) => {
    const read = async (name: string) => {
      const path = `/sys/class/net/${networkInterface}/bridge/${name}`;
      const text = await readFile(path, 'utf8').catch(() => undefined);
      return text === undefined ? undefined : Number(text);
    };
    const stp = await read('stp_state');
    const delay = await read('forward_delay');
    if (stp === undefined || delay === undefined) {
      return { status: 'skipped', detail: `${networkInterface} is no bridge` };
    }
    const detail = `spanning tree is ${stp === 0 ? 'off' : `on, with a delay of ${delay / 100} s`}`;
    if (stp === 0 || delay <= BEARABLE) return { status: 'ok', detail };
    return {
      status: 'failed',
      detail,
      meaning: `A machine that is switched on hears nothing for ${(2 * delay) / 100} s: its boot loader gives up.`,
      mend: `ip link set ${networkInterface} type bridge stp_state 0`,
    };
  },
};
