// What a DHCP message is answered with, RFC 2131 §4.3. Pure: the caller looks addresses up and stores them.
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import { linkOf } from './relay.ts';

/** Dotted addresses of the client that sent a message. */
export type KnownAddress = {
  /** address that this MAC keeps */
  readonly own?: string;
  /** address offered a moment ago to a MAC that has none yet */
  readonly offered?: string;
  /** address that its message came from; absent where it has none */
  readonly source?: string;
};

/** This server: its address, and whether an address lies in its network. */
export type Server = { readonly address: string; readonly owns: (ip: string) => boolean };

/** What to do with one DHCP message; `kind` is what is answered, or what is done without an answer. */
export type LeaseDecision =
  | { readonly kind: 'offer'; readonly wanted?: string }
  | { readonly kind: 'ack'; readonly ip: string }
  | { readonly kind: 'nak'; readonly message: string }
  | { readonly kind: 'inform' }
  | { readonly kind: 'decline'; readonly ip: string }
  | { readonly kind: 'release' }
  /** the client took another server's offer: ours is free again */
  | { readonly kind: 'withdraw'; readonly server: string }
  | { readonly kind: 'ignore'; readonly reason: string };

const NONE = '0.0.0.0';
const ETHERNET = 1;

/** Decides the answer to one message; `known` are the addresses of the MAC that sent it. */
export function decideLease(
  packet: DhcpPacket,
  known: KnownAddress,
  server: Server,
): LeaseDecision {
  const reason = complaintAbout(packet, server);
  if (reason !== undefined) return { kind: 'ignore', reason };
  switch (packet.options.messageType) {
    case 'discover': {
      const wanted = packet.options.requestedAddress;
      return wanted === undefined ? { kind: 'offer' } : { kind: 'offer', wanted };
    }
    case 'request':
      return decideRequest(packet, known, server);
    case 'decline':
      return decideDecline(packet, known, server);
    case 'release':
      return decideRelease(packet, known, server);
    case 'inform':
      return decideInform(packet, known, server);
    default:
      return {
        kind: 'ignore',
        reason: `message type ${packet.options.messageType ?? 'missing'}`,
      };
  }
}

/** What nobody is answered, whatever it asks. */
function complaintAbout(packet: DhcpPacket, server: Server): string | undefined {
  if (packet.op !== 1) return 'a reply, not a request';
  if (packet.htype !== ETHERNET || packet.hlen !== 6) return 'no Ethernet address';
  if (!isOneCard(packet.chaddr)) return `${packet.chaddr} is the address of no single card`;
  const link = linkOf(packet);
  if (link !== undefined && !server.owns(link)) return `relayed from ${link}, another network`;
  return undefined;
}

/** The lowest bit of the first byte marks addresses of groups (IEEE 802). */
function isOneCard(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0 && mac !== '00:00:00:00:00:00';
}

/** REQUEST has three meanings, told apart by which addresses it carries (RFC 2131 §4.3.2). */
function decideRequest(packet: DhcpPacket, known: KnownAddress, server: Server): LeaseDecision {
  const { serverIdentifier, requestedAddress } = packet.options;
  const right = known.own ?? known.offered;

  if (serverIdentifier !== undefined && serverIdentifier !== server.address) {
    return { kind: 'withdraw', server: serverIdentifier };
  }
  const asked = requestedAddress ?? (packet.ciaddr === NONE ? undefined : packet.ciaddr);
  if (asked === undefined) return { kind: 'ignore', reason: 'a REQUEST that names no address' };
  if (asked === right) return { kind: 'ack', ip: asked };
  if (serverIdentifier !== undefined || right !== undefined) {
    return { kind: 'nak', message: `${asked} is not yours` };
  }
  // INIT-REBOOT, RENEWING or REBINDING of somebody we have no record of: another server may have.
  return server.owns(asked)
    ? { kind: 'ignore', reason: `${asked} is not known here` }
    : { kind: 'nak', message: `${asked} is not an address of this network` };
}

/** Facts of this network are of use to machines in it only. A relay was looked at before. */
function decideInform(packet: DhcpPacket, known: KnownAddress, server: Server): LeaseDecision {
  const { source = NONE } = known;
  const address = packet.ciaddr === NONE && packet.giaddr === NONE ? source : packet.ciaddr;
  if (address === NONE || server.owns(address)) return { kind: 'inform' };
  return { kind: 'ignore', reason: 'an INFORM from another network' };
}

/** A device can decline only what it was given: else one machine could empty the whole pool. */
function decideDecline(packet: DhcpPacket, known: KnownAddress, server: Server): LeaseDecision {
  const { serverIdentifier, requestedAddress: ip } = packet.options;
  if (serverIdentifier !== server.address) {
    return { kind: 'ignore', reason: 'a DECLINE for another server' };
  }
  if (ip !== undefined && (ip === known.own || ip === known.offered)) {
    return { kind: 'decline', ip };
  }
  return { kind: 'ignore', reason: 'a DECLINE of an address that it was not given' };
}

function decideRelease(packet: DhcpPacket, known: KnownAddress, server: Server): LeaseDecision {
  const { serverIdentifier = server.address } = packet.options;
  if (serverIdentifier !== server.address) {
    return { kind: 'ignore', reason: 'a RELEASE for another server' };
  }
  if (packet.ciaddr === known.own) return { kind: 'release' };
  return { kind: 'ignore', reason: 'a RELEASE of an address that it does not have' };
}
