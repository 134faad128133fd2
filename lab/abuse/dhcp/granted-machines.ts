// Machines that do not exist take addresses to the end: offer, request, acknowledgement.
import { DhcpClients } from '../../clients/dhcp-clients.ts';
import { rawUserClass } from '../../clients/dhcp-packets.ts';
import { type Attack, again } from '../attack.ts';

const AT_ONCE = 4;
const PAUSE_MS = 100;
const FIRST = 0x700000;

export const grantedMachines: Attack = {
  name: 'granted-machines',
  what: 'DHCP: some 20 made-up machines a second that take an address each',
  run: async (ground, count) => {
    const options = rawUserClass('walt.node.pc-x86-64');
    const clients = await DhcpClients.open({ first: FIRST, options, mostTries: 600 });
    const one = () =>
      again(ground, PAUSE_MS, async () => {
        await clients.leaseToNew();
        count();
      });
    const ended = new Promise((resolve) =>
      ground.signal.addEventListener('abort', resolve, { once: true }),
    );
    // Clients that wait for an answer when the storm is over are left alone: the process ends with it.
    await Promise.race([Promise.all(Array.from({ length: AT_ONCE }, one)), ended]);
  },
};
