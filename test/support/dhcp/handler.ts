/** The handler of DHCP packets with the real records, an address pool and a clock that stands still until it is told. */
import { AddressPool } from '../../../agent/addresses/address-pool.ts';
import { AddressProber } from '../../../agent/addresses/address-prober.ts';
import { reusableAddresses } from '../../../agent/addresses/leases.ts';
import { RateLimit } from '../../../agent/addresses/rate-limit.ts';
import { type DhcpContext, onDhcp } from '../../../agent/handlers/dhcp/on-dhcp.ts';
import type { DhcpPacket } from '../../../agent/protocol/dhcp/packet.ts';
import { isHostOf, parseCidr } from '../../../agent/protocol/ip.ts';
import { dhcpRequest } from '../../../lab/clients/dhcp-packets.ts';
import { openRecords } from '../records.ts';

const image = 'waltplatform/pc-x86-64-default:latest';

type Options = DhcpPacket['options'];

/** @param address of the server, with the length of its network's prefix */
export async function openDhcp(address = '192.168.152.1/24') {
  const records = await openRecords(':memory:', { 'pc-x86-64': image });
  const subnet = parseCidr(address);
  const time = { ms: 0, us: 1_000_000 };
  const { registry } = records;
  const pool = new AddressPool(subnet, {
    isOwned: registry.hasIp,
    reusable: () => reusableAddresses(registry.all(), time.us),
  });
  const now = () => time.ms;
  const otherServers: string[] = [];
  const forged = new Set<number>();
  const context: DhcpContext = {
    ...records,
    isOwn: async ({ xid }) => !forged.has(xid),
    isUp: (mac) => records.boots.isUp(mac),
    network: { ...subnet, domain: 'walt', leaseSeconds: 600 },
    owns: (ip) => isHostOf(subnet, ip),
    pool,
    prober: new AddressProber({ pool, registry, ask: () => true, now }),
    noAddressLimit: new RateLimit(60_000),
    onOtherServer: (address) => otherServers.push(address),
    clock: () => time.us,
    now,
  };
  const ask = (options: Options, fields: Partial<DhcpPacket> = {}) =>
    onDhcp(dhcpRequest(options, fields), context);
  /** DISCOVER and REQUEST, as a client does; the address it got */
  const lease = async (options: Options = {}, chaddr = dhcpRequest().chaddr) => {
    const offer = await ask({ ...options, messageType: 'discover' }, { chaddr });
    const requestedAddress = offer.reply?.packet.yiaddr ?? 'none';
    const selected = { messageType: 'request', serverIdentifier: subnet.address } as const;
    return await ask({ ...options, ...selected, requestedAddress }, { chaddr });
  };
  return { ...records, context, ask, lease, time, otherServers, forged };
}
