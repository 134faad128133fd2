// Last step of a DHCP exchange: the reply packet and where it goes.
import type { DhcpSend } from '../../protocol/dhcp/exchange.ts';
import type { DhcpOptions } from '../../protocol/dhcp/options.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import { completeAnswer, firmwareOptions } from '../firmware.ts';
import { bootFileFor, type PxeTree } from '../pxe/pxe-offer.ts';
import {
  type Destination,
  grantDestination,
  informDestination,
  nakDestination,
} from './destination.ts';
import { offerTimesMs } from './quirks.ts';

/** What every reply of this server says of the network. Addresses are dotted IPv4. */
export type NetworkFacts = {
  readonly address: string;
  readonly netmask: string;
  readonly broadcast: string;
  readonly domain: string;
  readonly leaseSeconds: number;
  /** who knows the names of walt-net; absent where nobody does */
  readonly dnsServer?: string;
  /** who tells the time; absent where nobody does */
  readonly ntpServer?: string;
  /** what firmware boots from; absent where this server has no PXE tree */
  readonly pxe?: PxeTree;
};

/** The dotted address that a client gets, and its name, which is absent while it is new. */
export type Granted = {
  readonly ip: string;
  readonly hostName?: string;
  /** the way to other networks, for who may go there */
  readonly router?: string;
};

/** Who asks by INFORM. */
export type Asker = {
  /** name of the device, absent where nobody knows it */
  readonly hostName?: string;
  /** dotted address that its question came from; absent where it has none */
  readonly source?: string;
  /** the way to other networks, for who may go there */
  readonly router?: string;
};

const NONE = '0.0.0.0';
/** Every client takes as much, RFC 2131 §2. */
const SHORTEST_DATAGRAM = 576;
const IP_AND_UDP_HEADERS = 28;
const SHORTEST_LEASE = 60;
const BROADCAST_FLAG = 0x8000;
const BOOT_FILE_NAME = 67;
const LOG_SERVERS = 7;

/** OFFER or ACK of an address, with all that a boot loader or a system wants to know. */
export function grantReply(
  request: DhcpPacket,
  type: 'offer' | 'ack',
  granted: Granted,
  network: NetworkFacts,
): DhcpSend {
  const leaseTime = grantedSeconds(request, network);
  const options: DhcpOptions = {
    messageType: type,
    leaseTime,
    renewalTime: Math.floor(leaseTime / 2),
    rebindingTime: Math.floor((leaseTime * 7) / 8),
    ...networkOptions(network),
    ...logOptions(request, network),
    ...(granted.hostName === undefined ? {} : { hostName: granted.hostName }),
    ...(granted.router === undefined ? {} : { routers: [granted.router] }),
    ...completeAnswer(request),
  };
  // RFC 2131 §4.3.1, table 3: an OFFER says nothing of the address that the client has.
  const ciaddr = type === 'ack' ? request.ciaddr : NONE;
  const sent = withBootFile(
    replyTo(request, { ciaddr, yiaddr: granted.ip, options }, network),
    request,
    network,
  );
  const [delayMs = 0, ...againMs] = type === 'offer' ? offerTimesMs(request) : [];
  return delayMs === 0 ? sent : { ...sent, delayMs, againMs };
}

/**
 * The boot file goes into the field that all firmware reads, and into the option where it is asked for (RFC 2132 §9.5).
 */
export function withBootFile(sent: DhcpSend, request: DhcpPacket, { pxe }: NetworkFacts): DhcpSend {
  const file = bootFileFor(request, pxe);
  if (file === undefined) return sent;
  const isAsked = request.options.parameterRequestList?.includes(BOOT_FILE_NAME) === true;
  const options = { ...sent.packet.options, ...(isAsked ? { bootFileName: file } : {}) };
  return { ...sent, packet: { ...sent.packet, file, options } };
}

/** Length of the lease: what the client asks for, but a minute at least and no more than the network's. */
export function grantedSeconds(request: DhcpPacket, network: NetworkFacts): number {
  const asked = Math.max(request.options.leaseTime ?? network.leaseSeconds, SHORTEST_LEASE);
  return Math.min(asked, network.leaseSeconds);
}

/** Answer to an INFORM: facts without an address or lease, to who asked (RFC 2131 §4.3.5). */
export function informReply(
  request: DhcpPacket,
  network: NetworkFacts,
  { hostName, source = NONE, router }: Asker = {},
): DhcpSend {
  const options: DhcpOptions = {
    messageType: 'ack',
    ...networkOptions(network),
    ...(hostName === undefined ? {} : { hostName }),
    ...(router === undefined ? {} : { routers: [router] }),
  };
  const { ciaddr } = request;
  const sent = replyTo(request, { ciaddr, yiaddr: NONE, options }, network);
  return sentTo(informDestination(request, source), sent);
}

/** NAK, which everybody on the client's wire gets: it may hold a wrong address (RFC 2131 §4.3.2). */
export function nakReply(request: DhcpPacket, message: string, network: NetworkFacts): DhcpSend {
  const options: DhcpOptions = { messageType: 'nak', serverIdentifier: network.address, message };
  const nak = replyTo(request, { ciaddr: NONE, yiaddr: NONE, options, siaddr: NONE }, network);
  return sentTo(nakDestination(request), nak);
}

function sentTo({ isForAll, ...endpoint }: Destination, { packet, ...sent }: DhcpSend): DhcpSend {
  const flags = isForAll ? packet.flags | BROADCAST_FLAG : packet.flags;
  return { ...sent, packet: { ...packet, flags }, ...endpoint };
}

function networkOptions(network: NetworkFacts): DhcpOptions {
  return {
    serverIdentifier: network.address,
    subnetMask: network.netmask,
    broadcastAddress: network.broadcast,
    domainName: network.domain,
    ...(network.dnsServer === undefined ? {} : { dnsServers: [network.dnsServer] }),
    ...(network.ntpServer === undefined ? {} : { ntpServers: [network.ntpServer] }),
    tftpServerName: network.address,
  };
}

/** iPXE says by syslog what is on its screen; others that want to know it say the same things of themselves. */
function logOptions({ options }: DhcpPacket, { address }: NetworkFacts): DhcpOptions {
  const isAsked = options.parameterRequestList?.includes(LOG_SERVERS) === true;
  return isAsked ? { logServers: [address] } : {};
}

/** The parts that all replies to a request have in common; addressed as an OFFER or ACK is. */
export function replyTo(
  request: DhcpPacket,
  fields: Pick<DhcpPacket, 'ciaddr' | 'yiaddr' | 'options'> & { readonly siaddr?: string },
  network: NetworkFacts,
): DhcpSend {
  const { relayAgent, clientIdentifier } = request.options;
  const firmware = fields.options.messageType === 'nak' ? {} : firmwareOptions(request);
  const { htype, hlen, xid, flags, giaddr, chaddr } = request;
  const packet: DhcpPacket = {
    op: 2,
    htype,
    hlen,
    hops: 0,
    xid,
    secs: 0,
    flags,
    giaddr,
    chaddr,
    ciaddr: fields.ciaddr,
    yiaddr: fields.yiaddr,
    siaddr: fields.siaddr ?? network.address,
    sname: '',
    file: '',
    options: {
      ...fields.options,
      ...firmware,
      ...(clientIdentifier === undefined ? {} : { clientIdentifier }), // RFC 6842 §3
      ...(relayAgent === undefined ? {} : { relayAgent }), // RFC 3046 §2.2
    },
  };
  return { packet, encoding: encodingFor(request), ...grantDestination(request) };
}

/** Options in the order asked for, in a packet no longer than the client takes (RFC 2132 §9.8, §9.10). */
function encodingFor({ options }: DhcpPacket): NonNullable<DhcpSend['encoding']> {
  const { parameterRequestList, maxMessageSize } = options;
  return {
    ...(parameterRequestList === undefined ? {} : { order: parameterRequestList }),
    maxLength: Math.max(maxMessageSize ?? 0, SHORTEST_DATAGRAM) - IP_AND_UDP_HEADERS,
  };
}
