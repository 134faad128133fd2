// A bridge with the spanning tree protocol lets nothing through a port for twice its delay after a machine comes up.
import { linkNamed } from '../../host/links/links.ts';
import type { Check } from '../check.ts';

/** What boot loaders bear, in the kernel's hundredths of a second. */
const BEARABLE = 200;

export const bridge: Check = {
  name: 'bridge',
  run: async ({ networkInterface }) => {
    const { bridge: facts } = (await linkNamed(networkInterface)) ?? {};
    if (facts === undefined) {
      return { status: 'skipped', detail: `${networkInterface} is no bridge` };
    }
    const { hasSpanningTree, forwardDelay: delay } = facts;
    const detail = `spanning tree is ${hasSpanningTree ? `on, with a delay of ${delay / 100} s` : 'off'}`;
    if (!hasSpanningTree || delay <= BEARABLE) return { status: 'ok', detail };
    return {
      status: 'failed',
      detail,
      meaning: `A machine that is switched on hears nothing for ${(2 * delay) / 100} s: its boot loader gives up.`,
      mend: `ip link set ${networkInterface} type bridge stp_state 0`,
    };
  },
};
