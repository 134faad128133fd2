// Where a DHCP reply goes. The last step of a DHCP exchange asks here for address and port.
import type { Endpoint } from '../../protocol/dhcp/exchange.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';

const NONE = '0.0.0.0';
const LIMITED_BROADCAST = '255.255.255.255';
const SERVER_PORT = 67;
const CLIENT_PORT = 68;

/** Where a reply goes, and whether the relay on the way has to broadcast it, as the flag of the packet tells it. */
export type Destination = Endpoint & { readonly isForAll?: true };

/**
 * Where an OFFER or ACK goes (RFC 2131 §4.1).
 *
 *     giaddr  state of the client         ciaddr  goes to
 *     set     any                         any     giaddr, port 67
 *     none    RENEWING, REBINDING         set     ciaddr, port 68
 *     none    INIT, SELECTING, REBOOTING  any     255.255.255.255, port 68
 *
 * Clients of RFC 1541 put the offered address into `ciaddr` before they have it (ISC's server looks at the server
 * identifier for their sake): nobody would answer the question for its MAC. The broadcast flag changes nothing: a
 * datagram socket cannot send to a MAC that no ARP entry has, so a client without an address is always reached by
 * broadcast, as RFC 2131 §4.1 allows.
 */
export function grantDestination(request: DhcpPacket): Destination {
  const { giaddr, ciaddr } = request;
  if (giaddr !== NONE) return { address: giaddr, port: SERVER_PORT };
  if (ciaddr !== NONE && isRenewal(request)) return { address: ciaddr, port: CLIENT_PORT };
  return { address: LIMITED_BROADCAST, port: CLIENT_PORT };
}

/** Where a NAK goes: to everybody, since the client may hold a wrong address (RFC 2131 §4.1, §4.3.2). */
export function nakDestination({ giaddr }: DhcpPacket): Destination {
  if (giaddr !== NONE) return { address: giaddr, port: SERVER_PORT, isForAll: true };
  return { address: LIMITED_BROADCAST, port: CLIENT_PORT };
}

/**
 * Where the answer to an INFORM goes: straight to `ciaddr`, also through a relay (RFC 2131 §4.3.5). The RFC does not
 * say what to do without `ciaddr`; the relay knows the client's network, and else the datagram says where it comes
 * from (ISC's server does so; dnsmasq believes the datagram as well, but is silent without `ciaddr`).
 * @param source address that the INFORM was sent from, `0.0.0.0` for a client that has none
 */
export function informDestination({ ciaddr, giaddr }: DhcpPacket, source: string): Destination {
  if (ciaddr !== NONE) return { address: ciaddr, port: CLIENT_PORT };
  if (giaddr !== NONE) return { address: giaddr, port: SERVER_PORT, isForAll: true };
  return { address: source === NONE ? LIMITED_BROADCAST : source, port: CLIENT_PORT };
}

/** A client that has its address and keeps it names no server and no other address (RFC 2131 §4.3.2, table 4). */
function isRenewal({ options }: DhcpPacket): boolean {
  const { messageType, serverIdentifier, requestedAddress } = options;
  return (
    messageType === 'request' && serverIdentifier === undefined && requestedAddress === undefined
  );
}
