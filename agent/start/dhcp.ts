// What answers DHCP, in either mode, and what watches walt-net below IP.
import { randomBytes, randomInt } from 'node:crypto';
import { AddressPool } from '../addresses/address-pool.ts';
import { AddressProber } from '../addresses/address-prober.ts';
import { ForeignAddresses } from '../addresses/foreign-addresses.ts';
import { reusableAddresses } from '../addresses/leases.ts';
import { OtherServers } from '../addresses/other-servers.ts';
import { RateLimit } from '../addresses/rate-limit.ts';
import type { NetworkFacts } from '../boot/dhcp/dhcp-reply.ts';
import { serverSearch } from '../boot/dhcp/server-search.ts';
import type { BootBook } from '../boots/boot-book.ts';
import type { Config } from '../config/config.ts';
import type { Detection } from '../devices/detection.ts';
import type { Registry } from '../devices/registry.ts';
import type { ServerEvent } from '../events/event.ts';
import type { Publish } from '../events/publisher.ts';
import { type DhcpContext, type DhcpOutcome, onDhcp } from '../handlers/on-dhcp.ts';
import { type FrameContext, type FrameOutcome, onFrame } from '../handlers/on-frame.ts';
import { onBootServerRequest, onProxyDhcp } from '../handlers/on-proxy-dhcp.ts';
import type { StartContext } from '../handlers/on-start-request.ts';
import { systemClock } from '../host/clock.ts';
import { neighbourOf } from '../host/neighbours.ts';
import { type DhcpListen, type DhcpReport, startDhcpServer } from '../net/dhcp-server.ts';
import { watchMac } from '../net/mac-of-interface.ts';
import { openPacketSocket, type PacketSocket } from '../net/packet-socket.ts';
import type { Endpoint } from '../protocol/dhcp/exchange.ts';
import type { DhcpPacket } from '../protocol/dhcp/packet.ts';
import { arpProbe } from '../protocol/ethernet/arp.ts';
import { isHostOf, isIp, type Subnet } from '../protocol/ip.ts';
import { bytesToMac } from '../protocol/mac.ts';
import type { Problem } from './journal.ts';

/** What answering DHCP stands on. */
export type DhcpParts = {
  readonly listen: DhcpListen;
  readonly network: NetworkFacts & { readonly subnet: Subnet };
  readonly registry: Registry;
  readonly detection: Detection;
  readonly boots: Pick<BootBook, 'statusOf'>;
  readonly publish: Publish;
  readonly problem: Problem;
  /** told of each packet and what it is answered, where somebody wants to know */
  readonly trace?: (line: string) => void;
};

type DhcpConfig = Pick<Config, 'dhcp'> & { readonly network: Pick<Config['network'], 'interface'> };

const MINUTE_MS = 60_000;
const SEARCH_MS = 10 * MINUTE_MS;
const NAMED_MS = 1000;
/** Where clients ask a proxy DHCP server once they have an address (PXE 2.1 §2.2). */
const BOOT_SERVER_PORT = 4011;

const now = () => performance.now();

/** Takes a machine's word for who it is and which address it has, where that address is not from here. */
export type Learn = NonNullable<StartContext['learn']>;

/** Starts to answer; what ends it is added to `services`. */
export async function startDhcp(
  config: DhcpConfig,
  parts: DhcpParts,
  services: AsyncDisposableStack,
): Promise<{ readonly learn?: Learn }> {
  if (config.dhcp.mode === 'proxy') return { learn: await startProxy(config, parts, services) };
  await startServer(config, parts, services);
  return {};
}

async function startServer(
  config: DhcpConfig,
  parts: DhcpParts,
  services: AsyncDisposableStack,
): Promise<void> {
  const { network, registry, publish, listen } = parts;
  const servers = new OtherServers(network.address);
  const pool = new AddressPool(network.subnet, {
    isOwned: registry.hasIp,
    reusable: () => reusableAddresses(registry.all(), systemClock()),
  });
  const ask = (ip: string) => wire.mac !== undefined && wire.send(arpProbe(ip, wire.mac));
  const prober = new AddressProber({ pool, registry, ask, publish, now });
  const frames = { prober, servers, answersIpv6: config.dhcp.answerIpv6 };
  const wire = await openWire(config, { ...parts, frames, learn: async () => [] }, services);
  if (config.dhcp.probe) services.defer(prober.start());

  const context: DhcpContext = {
    ...parts,
    owns: ownsOf(network.subnet),
    pool,
    prober,
    noAddressLimit: new RateLimit(MINUTE_MS),
    onOtherServer: (address) => {
      if (servers.named(address, now())) ask(address);
    },
    clock: systemClock,
    now,
  };
  const search = bytesToMac(Uint8Array.of(2, ...randomBytes(5)));
  const server = await startDhcpServer(
    listen,
    async (packet, from) => {
      // A broadcast of ours comes back to us too.
      if (packet.chaddr === search) return [];
      const arrived = { ...context, source: from.address };
      return answer(await onDhcp(packet, arrived), { packet, from, ...parts });
    },
    reportTo(parts),
  );
  services.defer(() => server.close());
  const look = () => server.send(serverSearch(search, randomInt(2 ** 32)));
  look();
  services.defer(repeat(SEARCH_MS, look));
  services.defer(repeat(NAMED_MS, () => publish(servers.tick(now()))));
}

async function startProxy(
  config: DhcpConfig,
  parts: DhcpParts,
  services: AsyncDisposableStack,
): Promise<Learn> {
  const { network, registry, detection, boots, listen } = parts;
  const owns = ownsOf(network.subnet);
  const isUp = (mac: string) => ['booted', 'unconfirmed'].includes(boots.statusOf(mac).state);
  const addresses = new ForeignAddresses({ registry, detection, owns, neighbourOf, isUp });
  const context = { network, registry, addresses };
  const learn: Wire['learn'] = ({ ip, mac }, wasAsked) =>
    wasAsked ? addresses.seeAnswer(ip, mac) : addresses.see(ip, mac);
  await openWire(config, { ...parts, frames: { answersIpv6: false }, learn }, services);
  const server = await startDhcpServer(
    listen,
    async (packet, from) => answer(await onProxyDhcp(packet, context), { packet, from, ...parts }),
    reportTo(parts),
  );
  services.defer(() => server.close());
  const bootServer = await startDhcpServer(
    { address: network.address, port: BOOT_SERVER_PORT },
    async (packet, from) =>
      answer(await onBootServerRequest(packet, from, context), { packet, from, ...parts }),
    reportTo(parts),
  );
  services.defer(() => bootServer.close());
  return ({ ip, mac, model }) => addresses.claim(ip, { mac, model, speaker: 'walt-loader' });
}

type Wire = {
  readonly frames: Omit<FrameContext, 'mac'>;
  readonly learn: (
    neighbour: NonNullable<FrameOutcome['neighbour']>,
    wasAsked: boolean,
  ) => Promise<readonly ServerEvent[]>;
};

async function openWire(
  config: DhcpConfig,
  parts: DhcpParts & Wire,
  services: AsyncDisposableStack,
): Promise<PacketSocket> {
  const { frames, learn, publish, problem } = parts;
  const wire = await openPacketSocket(config.network.interface, {
    onFrame: (frame, mac) => {
      const { reply, events, neighbour, wasAsked = false } = onFrame(frame, { ...frames, mac });
      publish(events);
      if (neighbour !== undefined) {
        learn(neighbour, wasAsked).then(publish, problem('dhcp'));
      }
      return reply;
    },
    onProblem: problem('dhcp'),
  });
  services.defer(() => wire.close());
  const follow = async (mac: string) => wire.follow(mac);
  const watched = { name: config.network.interface, first: wire.mac };
  services.defer(watchMac(watched, follow, problem('dhcp')));
  return wire;
}

function ownsOf(subnet: Subnet): (ip: string) => boolean {
  return (ip) => isIp(ip) && isHostOf(subnet, ip);
}

function answer(
  { reply, events }: DhcpOutcome,
  options: DhcpParts & { readonly packet: DhcpPacket; readonly from: Endpoint },
) {
  const { packet, from, publish, trace } = options;
  const said = reply?.packet.options.messageType ?? 'silence';
  trace?.(`${packet.options.messageType} of ${packet.chaddr} from ${from.address}: ${said}`);
  publish(events);
  return reply === undefined ? [] : [reply];
}

function reportTo({ publish, problem }: DhcpParts): (report: DhcpReport) => void {
  return (report) => {
    if (report.kind === 'failed') return problem('dhcp')(report.error);
    const { address } = report.from;
    return publish([{ kind: 'ignored', source: 'dhcp', from: address, reason: report.reason }]);
  };
}

function repeat(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms);
  return () => clearInterval(timer);
}
