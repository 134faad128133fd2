// Who else gives out addresses on walt-net.
import type { Check } from '../check.ts';

export const otherDhcpServers: Check = {
  name: 'other-dhcp-servers',
  run: async ({ offers, address, dhcpMode }) => {
    const result = await offers();
    if (result.kind === 'busy') {
      return { status: 'skipped', detail: 'a DHCP client of this machine has port 68' };
    }
    const others = [...result.servers.keys()].filter((server) => server !== address);
    const text = others.join(', ');
    if (dhcpMode === 'proxy') {
      if (others.length > 0) return { status: 'ok', detail: `${text} gives the addresses` };
      return {
        status: 'failed',
        detail: 'no other DHCP server answers, and dhcp.mode is proxy',
        meaning: 'Machines get no address.',
        mend: 'start the other server, or set dhcp.mode: server in the configuration',
      };
    }
    if (others.length === 0) return { status: 'ok', detail: 'there is none' };
    return {
      status: 'failed',
      detail: `another DHCP server answers on walt-net: ${text}`,
      meaning: 'Machines take the address of whichever is faster, and boot or not by chance.',
      mend: `turn it off (ip neigh show ${others[0]} tells its MAC), or set dhcp.mode: proxy in the configuration`,
    };
  },
};
