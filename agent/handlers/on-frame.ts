// A frame was heard on walt-net below IP: machines that use an address, other DHCP servers, machines that ask for an
// IPv6 router.
import type { AddressProber } from '../addresses/address-prober.ts';
import type { OtherServers } from '../addresses/other-servers.ts';
import type { ServerEvent } from '../events/event.ts';
import { DecodeError } from '../protocol/bytes.ts';
import { decodeDhcp } from '../protocol/dhcp/decode.ts';
import { decodeArp } from '../protocol/ethernet/arp.ts';
import { decodeEthernet, type EthernetFrame, etherTypes } from '../protocol/ethernet/frame.ts';
import { isRouterSolicitation, routerAdvertisement } from '../protocol/ethernet/router.ts';
import { decodeUdp } from '../protocol/ethernet/udp.ts';

export type FrameContext = {
  /** MAC of our own interface */
  readonly mac: string;
  /** absent where another server gives out the addresses, as is `servers` */
  readonly prober?: AddressProber;
  readonly servers?: OtherServers;
  /** whether machines that ask for an IPv6 router are told that there is none */
  readonly answersIpv6: boolean;
};

export type FrameOutcome = {
  readonly reply?: Uint8Array;
  readonly events: readonly ServerEvent[];
  /** a machine that has an IPv4 address */
  readonly neighbour?: { readonly ip: string; readonly mac: string };
};

const NONE = '0.0.0.0';
const SERVER_PORT = 67;

export function onFrame(bytes: Uint8Array, context: FrameContext): FrameOutcome {
  try {
    const frame = decodeEthernet(bytes);
    if (frame.source === context.mac) return { events: [] };
    return take(frame, context);
  } catch (thrown) {
    if (!(thrown instanceof DecodeError)) throw thrown;
    return {
      events: [{ kind: 'ignored', source: 'frame', from: 'walt-net', reason: thrown.message }],
    };
  }
}

function take(frame: EthernetFrame, context: FrameContext): FrameOutcome {
  switch (frame.type) {
    case etherTypes.arp:
      return onArp(frame, context);
    case etherTypes.ipv4:
      return { events: onServerMessage(frame, context) };
    case etherTypes.ipv6:
      return context.answersIpv6 && isRouterSolicitation(frame.payload)
        ? { reply: routerAdvertisement(context.mac), events: [] }
        : { events: [] };
    default:
      return { events: [] };
  }
}

/** Questions tell as much as answers: who asks says its own address too. */
function onArp({ payload }: EthernetFrame, { prober, servers }: FrameContext): FrameOutcome {
  const { senderIp: ip, senderMac: mac, operation, targetIp } = decodeArp(payload);
  if (ip === NONE) return { events: [] };
  // Who asks for its own address tells it to everybody (RFC 5227 §1.1), as an answer nobody asked for does.
  const isAnswer = operation === 'reply' || targetIp === ip;
  const events = prober?.heard(ip, mac, isAnswer) ?? [];
  const isTrue = prober?.isLiar(mac) !== true;
  if (isTrue && servers?.isNamed(ip)) events.push(...servers.heard(ip, mac));
  return { events, neighbour: { ip, mac } };
}

/** Relays send from the same port, and to it; their messages are requests, or go to clients in the server's name. */
function onServerMessage(frame: EthernetFrame, { servers }: FrameContext): ServerEvent[] {
  const datagram = decodeUdp(frame.payload);
  if (datagram.sourcePort !== SERVER_PORT) return [];
  const { op, options } = decodeDhcp(datagram.payload);
  if (op !== 2 || options.serverIdentifier === undefined) return [];
  return servers?.heard(options.serverIdentifier, frame.source) ?? [];
}
