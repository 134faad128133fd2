// Gives out the addresses of walt-net (`dhcp.mode: server`).
import { randomBytes, randomInt } from 'node:crypto';
import { AddressPool } from '../../addresses/address-pool.ts';
import { AddressProber } from '../../addresses/address-prober.ts';
import { FrameWitness } from '../../addresses/frame-witness.ts';
import { reusableAddresses } from '../../addresses/leases.ts';
import { OtherServers } from '../../addresses/other-servers.ts';
import { Presence } from '../../addresses/presence.ts';
import { RateLimit } from '../../addresses/rate-limit.ts';
import { reserveAddress } from '../../addresses/reserve-address.ts';
import { serverSearch } from '../../boot/dhcp/server-search.ts';
import { onDhcp } from '../../handlers/dhcp/on-dhcp.ts';
import { systemClock } from '../../host/clock/clock.ts';
import { startDhcpServer as openDhcpServer } from '../../net/dhcp/server.ts';
import {
  type BroadcastFrames,
  openBroadcastFrames,
} from '../../net/ffi/frames/broadcast-frames.ts';
import { EVERYBODY } from '../../protocol/dhcp/replies.ts';
import { arpProbe } from '../../protocol/ethernet/arp.ts';
import { bytesToMac } from '../../protocol/mac.ts';
import {
  answer,
  type DhcpConfig,
  type DhcpParts,
  dhcpContext,
  doubleBootsOf,
  nodesFirst,
  ownsOf,
  plainDhcpOf,
  reportTo,
} from './dhcp-parts.ts';
import { followInterface } from './follow-interface.ts';
import { startPractice } from './practice.ts';
import { openWire } from './wire.ts';

/** RFC 2131 §4.1. */
const SERVER_PORT = 67;
/** Types of messages, RFC 2132 §9.6. */
const REQUEST = 3;
const DECLINE = 4;
const RELEASE = 7;
const MINUTE_MS = 60_000;
const SEARCH_MS = 10 * MINUTE_MS;
const NAMED_MS = 1000;

const now = () => performance.now();

/** Finds an address for a machine that has not asked for one; undefined if none is left. */
export type Reserve = (mac: string) => Promise<string | undefined>;

/** Answers DHCP, proves addresses free before they are given, and looks for other DHCP servers. */
export async function startDhcpServer(
  config: DhcpConfig,
  parts: DhcpParts,
  services: AsyncDisposableStack,
): Promise<Reserve> {
  const { network, registry, publish, listen } = parts;
  const servers = new OtherServers(network.address);
  const pool = new AddressPool(network.subnet, {
    isOwned: registry.hasIp,
    reusable: () => reusableAddresses(registry.all(), systemClock()),
  });
  const ask = (ip: string) => wire.mac !== undefined && wire.send(arpProbe(ip, wire.mac));
  const prober = new AddressProber({ pool, registry, ask, publish, now });
  const witness = new FrameWitness({ isWatching: () => wire.mac !== undefined });
  const presence = new Presence({ ask, now: () => performance.now() });
  const frames = { prober, servers, witness, answersIpv6: config.dhcp.answerIpv6 };
  const ears = { frames, presence, clientMessages: [DECLINE, RELEASE], loaderMessages: [REQUEST] };
  const wire = await openWire(config, { ...parts, ...ears }, services);
  if (config.dhcp.probe) services.defer(prober.start());

  const search = bytesToMac(Uint8Array.of(2, ...randomBytes(5)));
  const context = dhcpContext({
    ...parts,
    owns: ownsOf(network.subnet),
    isOurs: (mac) => mac === search,
    pool,
    prober,
    isOwn: (packet) => witness.isOwn(packet),
    isUp: (mac) => parts.boots.isUp(mac),
    doubleBoots: doubleBootsOf(parts, presence),
    noAddressLimit: new RateLimit(MINUTE_MS),
    onOtherServer: (address) => {
      if (servers.named(address, now())) ask(address);
    },
    clock: systemClock,
    now,
  });
  const answers = framesOf(config, parts, services);
  services.defer(followInterface(config, parts, (index) => answers?.follow(index)));
  const server = await openDhcpServer(
    listen,
    async (packet, from) => {
      const outcome = await onDhcp(packet, context, from.address);
      return answer(outcome, { packet, from }, parts);
    },
    reportTo(parts),
    {
      ...nodesFirst(parts),
      plain: parts.batches === undefined ? undefined : plainDhcpOf(context, parts),
      frames: answers,
      ownAddress: network.address,
    },
  );
  services.defer(() => server.close());
  services.defer(startPractice({ network, batches: parts.batches }));
  parts.metrics.watch('walt_dhcp_waiting', () => server.waiting);
  const look = () => server.send(serverSearch(search, randomInt(2 ** 32)));
  look();
  services.defer(repeat(SEARCH_MS, look));
  services.defer(repeat(NAMED_MS, () => publish(servers.tick(now()))));
  return (mac) => reserveAddress(mac, { pool, prober, now });
}

/** Answers to machines without an address leave as frames, where this process may send such. */
function framesOf(
  { network: { interface: name } }: DhcpConfig,
  { batches, network: { address } }: DhcpParts,
  services: AsyncDisposableStack,
): BroadcastFrames | undefined {
  if (batches === undefined) return undefined;
  const ends = { from: { address, port: SERVER_PORT }, to: EVERYBODY };
  const frames = openBroadcastFrames(batches.calls, name, ends);
  if (frames !== undefined) services.defer(() => frames.close());
  return frames;
}

function repeat(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms);
  return () => clearInterval(timer);
}
