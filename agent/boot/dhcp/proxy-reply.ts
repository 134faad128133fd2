// Replies where another server gives out the addresses (PXE 2.1 §2.2, "proxyDHCP"): only who to boot from.
import type { DhcpSend, Endpoint } from '../../protocol/dhcp/exchange.ts';
import type { DhcpOptions } from '../../protocol/dhcp/options.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import { bootFileFor } from '../pxe/pxe-offer.ts';
import { readBootRequest } from '../request.ts';
import { type NetworkFacts, replyTo } from './dhcp-reply.ts';

const NONE = '0.0.0.0';
/** iPXE drops an answer without the name of a file; this is the one that our boot loaders ask for. */
const LOADER_FILE = 'start.ipxe';
/** PXE option 6 (discovery control), value 8: take the boot file as told, look for no boot servers. */
const NO_DISCOVERY = Uint8Array.of(6, 1, 8, 255);

/** Whether a client joins the answers of two servers. Others would take ours for the whole, with no address in it. */
export function joinsAnswers({ options }: DhcpPacket): boolean {
  return /^(PXEClient|HTTPClient)\b/.test(options.vendorClass ?? '');
}

/** Answer to a DISCOVER: an OFFER without an address, which clients join with that of the other server. */
export function proxyOffer(request: DhcpPacket, network: NetworkFacts): DhcpSend {
  const options = proxyOptions(request, 'offer', network);
  return withFile(replyTo(request, { ciaddr: NONE, yiaddr: NONE, options }, network));
}

/** Answer to the question that a client puts to port 4011 once it has an address; it goes where it came from. */
export function proxyAck(request: DhcpPacket, from: Endpoint, network: NetworkFacts): DhcpSend {
  const options = proxyOptions(request, 'ack', network);
  const { ciaddr } = request;
  const { address, port } = from;
  const sent = withFile(replyTo(request, { ciaddr, yiaddr: NONE, options }, network));
  return { ...sent, address, port };
}

/** Firmware reads the name of the file from the field or from the option: both say it. */
function withFile(sent: DhcpSend): DhcpSend {
  const { bootFileName = '' } = sent.packet.options;
  return { ...sent, packet: { ...sent.packet, file: bootFileName } };
}

function proxyOptions(
  request: DhcpPacket,
  messageType: 'offer' | 'ack',
  network: NetworkFacts,
): DhcpOptions {
  const isHttp = request.options.vendorClass?.startsWith('HTTPClient') === true;
  const isLoader = readBootRequest(request).speaker === 'walt-loader';
  const bootFileName = isLoader ? LOADER_FILE : bootFileFor(request, network.pxe);
  return {
    messageType,
    serverIdentifier: network.address,
    tftpServerName: network.address,
    ...(bootFileName === undefined ? {} : { bootFileName }),
    ...(isHttp ? {} : { vendorClass: 'PXEClient', vendorSpecific: NO_DISCOVERY }),
  };
}
