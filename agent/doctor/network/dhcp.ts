// A machine asks for an address, and this server offers one.
import type { Check } from '../check.ts';

export const dhcp: Check = {
  name: 'dhcp',
  run: async ({ offers, address, dhcpMode, networkInterface }) => {
    if (dhcpMode === 'proxy') {
      return { status: 'skipped', detail: 'another server gives the addresses (dhcp.mode: proxy)' };
    }
    const result = await offers();
    if (result.kind === 'busy') {
      return { status: 'skipped', detail: 'a DHCP client of this machine has port 68' };
    }
    const offered = result.servers.get(address);
    if (offered !== undefined) return { status: 'ok', detail: `${offered} was offered` };
    return {
      status: 'failed',
      detail: `a DISCOVER on ${networkInterface} got no offer of ${address}`,
      meaning:
        'New machines get no address: no address may be left, or a firewall drops UDP port 67.',
      mend: 'walt log show --platform --history -5m: tells of addresses; nft list ruleset shows the firewall',
    };
  },
};
