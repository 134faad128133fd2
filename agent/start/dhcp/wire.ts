// What is heard and said on walt-net below IP: ARP, other DHCP servers, machines that look for an IPv6 router.
import type { Presence } from '../../addresses/presence.ts';
import type { ServerEvent } from '../../events/event.ts';
import { type FrameContext, type FrameOutcome, onFrame } from '../../handlers/on-frame.ts';
import { openPacketSocket, type PacketSocket } from '../../net/frames/packet-socket.ts';
import { watchMac } from '../../net/interface/mac-of-interface.ts';
import type { DhcpConfig, DhcpParts } from './dhcp-parts.ts';

/** Who is told of what is heard. */
export type Ears = {
  /** told of each machine that has an address */
  readonly presence: Pick<Presence, 'heard'>;
  /** types of the messages of DHCP clients whose frames are looked at */
  readonly clientMessages: readonly number[];
  /** and of those that are looked at where our boot loaders sent them */
  readonly loaderMessages?: readonly number[];
  readonly frames: Omit<FrameContext, 'mac'>;
  /** told of each machine that has an address, and whether it was asked for it */
  readonly learn?: (
    neighbour: NonNullable<FrameOutcome['neighbour']>,
    wasAsked: boolean,
  ) => Promise<readonly ServerEvent[]>;
};

/** Listens from now on; follows the MAC of the interface. */
export async function openWire(
  { network }: DhcpConfig,
  parts: Pick<DhcpParts, 'publish' | 'problem' | 'ear'> & Ears,
  services: AsyncDisposableStack,
): Promise<PacketSocket> {
  const { frames, presence, learn = async () => [], publish, problem, ear } = parts;
  const wire = await openPacketSocket(network.interface, {
    onFrame: (frame, mac) => {
      const {
        reply,
        events,
        neighbour,
        said,
        wasAsked = false,
      } = onFrame(frame, {
        ...{ ...frames, mac },
      });
      publish(events);
      if (neighbour !== undefined) presence.heard(neighbour.ip, neighbour.mac);
      if (neighbour !== undefined) learn(neighbour, wasAsked).then(publish, problem('dhcp'));
      if (said !== undefined) ear.fromMac(said.mac, 'eeprom', said.bytes);
      return reply;
    },
    clientMessages: parts.clientMessages,
    loaderMessages: parts.loaderMessages ?? [],
    onProblem: problem('dhcp'),
  });
  services.defer(() => wire.close());
  const follow = async (mac: string) => wire.follow(mac);
  const watched = { name: network.interface, first: wire.mac };
  services.defer(watchMac(watched, follow, problem('dhcp')));
  return wire;
}
