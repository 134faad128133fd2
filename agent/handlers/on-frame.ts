// A frame arrived from the packet socket on walt-net. Four kinds matter: ARP shows who uses which address, answers of
// other DHCP servers show that they exist, machines that look for an IPv6 router are told that there is none, and what boot loaders
// without an address say on their consoles is known by its MAC.
import type { AddressProber } from '../addresses/address-prober.ts';
import type { FrameWitness } from '../addresses/frame-witness.ts';
import type { OtherServers } from '../addresses/other-servers.ts';
import type { ServerEvent } from '../events/event.ts';
import { DecodeError } from '../protocol/bytes.ts';
import { readClientMessage } from '../protocol/dhcp/client-message.ts';
import { decodeDhcp } from '../protocol/dhcp/decode.ts';
import { decodeArp } from '../protocol/ethernet/arp.ts';
import { decodeEthernet, type EthernetFrame, etherTypes } from '../protocol/ethernet/frame.ts';
import { isRouterSolicitation, routerAdvertisement } from '../protocol/ethernet/router.ts';
import { decodeUdp, type UdpDatagram } from '../protocol/ethernet/udp.ts';

/** What the handler needs, the same for every frame. */
export type FrameContext = {
  /** MAC of our own interface, whose frames are ignored */
  readonly mac: string;
  /** takes note of who uses which address; absent in proxy mode, where another server gives out the addresses */
  readonly prober?: AddressProber;
  /** takes note of other DHCP servers; absent in proxy mode */
  readonly servers?: OtherServers;
  /** takes note of who sent which DHCP message */
  readonly witness?: Pick<FrameWitness, 'saw'>;
  /** whether machines that ask for an IPv6 router are told that there is none */
  readonly answersIpv6: boolean;
};

/** What a frame leads to. */
export type FrameOutcome = {
  /** frame to send */
  readonly reply?: Uint8Array;
  readonly events: readonly ServerEvent[];
  /** a machine that told its IPv4 address */
  readonly neighbour?: { readonly ip: string; readonly mac: string };
  /** said on the console of the machine that sent it */
  readonly said?: { readonly mac: string; readonly bytes: Uint8Array };
  /** the neighbour was asked for the address: one with proxy ARP answers for others as well */
  readonly wasAsked?: true;
};

const NONE = '0.0.0.0';
const SERVER_PORT = 67;
/** As the image for the EEPROM has it (boot-artifacts/rpi/eeprom/bootconf.txt). */
const CONSOLE_PORT = 6666;

/** Reads one Ethernet frame. Frames that cannot be read give an `ignored` event and nothing else. */
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
      return onDatagram(frame, context);
    case etherTypes.ipv6:
      return context.answersIpv6 && isRouterSolicitation(frame.payload)
        ? { reply: routerAdvertisement(context.mac), events: [] }
        : { events: [] };
    default:
      return { events: [] };
  }
}

/** An ARP question tells as much as an answer: both carry the address of their sender. */
function onArp(
  { payload, source }: EthernetFrame,
  { prober, servers }: FrameContext,
): FrameOutcome {
  const { senderIp: ip, senderMac: mac, operation, targetIp } = decodeArp(payload);
  if (ip === NONE) return { events: [] };
  // A question for the sender's own address is an announcement to everybody (RFC 5227 §1.1).
  const isAnswer = operation === 'reply' || targetIp === ip;
  const events = prober?.heard(ip, mac, isAnswer) ?? [];
  const isTrue = prober?.isLiar(mac) !== true;
  if (isTrue && servers?.isNamed(ip)) events.push(...servers.heard(ip, mac));
  const wasAsked = operation === 'reply' && targetIp !== ip;
  // Whoever speaks for another machine is not believed to be it.
  if (mac !== source) return { events };
  return { events, neighbour: { ip, mac }, ...(wasAsked ? { wasAsked } : {}) };
}

/** The loader in the EEPROM of a Raspberry Pi sends from a made-up address, to everybody: only its MAC tells boards apart. */
function onDatagram(frame: EthernetFrame, context: FrameContext): FrameOutcome {
  const datagram = decodeUdp(frame.payload);
  if (datagram.destinationPort !== CONSOLE_PORT) {
    return { events: onDhcpMessage(datagram, frame.source, context) };
  }
  return { events: [], said: { mac: frame.source, bytes: datagram.payload } };
}

/**
 * An answer of a DHCP server. Relays use port 67 as well: what they send to servers has `op` 1, and what they send to
 * clients names the server that it comes from.
 */
function onDhcpMessage(
  { payload, sourcePort }: UdpDatagram,
  source: string,
  { servers, witness }: FrameContext,
): ServerEvent[] {
  const message = sourcePort === SERVER_PORT ? undefined : readClientMessage(payload);
  if (message !== undefined) {
    witness?.saw(message, source);
    return [];
  }
  const packet = decodeDhcp(payload);
  const { op, options } = packet;
  if (op === 1) witness?.saw(packet, source);
  if (sourcePort !== SERVER_PORT) return [];
  if (op !== 2 || options.serverIdentifier === undefined) return [];
  return servers?.heard(options.serverIdentifier, source) ?? [];
}
