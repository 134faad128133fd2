// What both ways to answer DHCP stand on, and have in common.
import type { Presence } from '../../addresses/presence.ts';
import type { NetworkFacts } from '../../boot/dhcp/dhcp-reply.ts';
import type { BootBook } from '../../boots/boot-book.ts';
import type { Config } from '../../config/config.ts';
import type { Detection } from '../../devices/detection.ts';
import type { Device } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publish, PublishSoon } from '../../events/publisher.ts';
import { DoubleBoots } from '../../handlers/dhcp/double-boots.ts';
import type { DhcpOutcome } from '../../handlers/dhcp/on-dhcp.ts';
import { type PlainContext, PlainDhcp, type PlainOptions } from '../../handlers/dhcp/plain-dhcp.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { DhcpListen, DhcpReport } from '../../net/dhcp/server.ts';
import type { DatagramBatches } from '../../net/ffi/datagram-batches.ts';
import type { OnLimit } from '../../net/limits/table.ts';
import type { ConsoleEar } from '../../net/logs/console-ear.ts';
import type { DhcpSend, Endpoint } from '../../protocol/dhcp/exchange.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import { isHostOf, isIp, type Subnet } from '../../protocol/ip.ts';
import type { Problem } from '../telling/journal.ts';

/** Of the configuration, what answering DHCP is told. */
export type DhcpConfig = Pick<Config, 'dhcp'> & {
  readonly network: Pick<Config['network'], 'interface'>;
};

/** The parts of the server that answering DHCP stands on. */
export type DhcpParts = {
  readonly listen: DhcpListen;
  readonly batches: DatagramBatches | undefined;
  readonly network: NetworkFacts & { readonly subnet: Subnet };
  readonly registry: Registry;
  readonly hasNat: (device: Device) => boolean;
  readonly detection: Detection;
  readonly boots: Pick<BootBook, 'isUp' | 'statusOf'>;
  readonly publish: Publish;
  /** as `publish`, for what may be told a little later */
  readonly publishSoon: PublishSoon;
  readonly problem: Problem;
  readonly onLimit: OnLimit;
  /** told of what boot loaders without an address say */
  readonly ear: Pick<ConsoleEar, 'fromMac'>;
  /** told of each packet and what it is answered, where somebody wants to know */
  readonly trace?: (line: string) => void;
  readonly metrics: Metrics;
};

/** Whether an address lies in the network. */
export function ownsOf(subnet: Subnet): (ip: string) => boolean {
  return (ip) => isIp(ip) && isHostOf(subnet, ip);
}

/** Publishes what a packet led to. @returns what the socket is to send */
export function answer(
  { reply, events }: DhcpOutcome,
  { packet, from }: { readonly packet: DhcpPacket; readonly from: Endpoint },
  { publish, trace, metrics }: Pick<DhcpParts, 'publish' | 'trace' | 'metrics'>,
): DhcpSend[] {
  const said = reply?.packet.options.messageType ?? 'silence';
  trace?.(`${packet.options.messageType} of ${packet.chaddr} from ${from.address}: ${said}`);
  const message = packet.options.messageType ?? 'none';
  metrics.counted.dhcpMessages.add({ message, answer: said });
  publish(events);
  return reply === undefined ? [] : [reply];
}

/**
 * What handlers of DHCP stand on. All of them are made here: code that V8 has compiled for objects that were made elsewhere is compiled anew
 * when the first rack comes (`practice.ts`).
 */
export function dhcpContext(parts: Required<PlainContext>): PlainContext {
  const { network, registry, pool, prober, detection, doubleBoots, noAddressLimit } = parts;
  const { hasNat, owns, isOurs, isOwn, isUp, onOtherServer, clock, now } = parts;
  return {
    ...{ network, registry, pool, prober, detection, doubleBoots, noAddressLimit },
    ...{ hasNat, owns, isOurs, isOwn, isUp, onOtherServer, clock, now },
  };
}

/** What answers plain messages, for where many datagrams are taken with one call. */
export function plainDhcpOf(
  context: PlainContext,
  {
    publish,
    publishSoon,
    trace,
    metrics,
  }: Pick<DhcpParts, 'publish' | 'publishSoon' | 'trace' | 'metrics'>,
): PlainDhcp {
  const onAnswer: PlainOptions['onAnswer'] = (answered, client, from) => {
    const { message, answer } = answered;
    trace?.(`${message} of ${client} from ${from.address}: ${answer}`);
    metrics.counted.dhcpMessages.add(answered);
  };
  return new PlainDhcp(context, { publish, publishSoon, onAnswer });
}

/** Tells nodes that begin anew from machines that have their MACs. */
export function doubleBootsOf(
  { boots }: Pick<DhcpParts, 'boots'>,
  presence: Presence,
): DoubleBoots {
  return new DoubleBoots({
    isBooted: (mac) => boots.statusOf(mac).state === 'booted',
    answers: (ip, mac) => presence.answers(ip, mac),
    now: () => performance.now(),
  });
}

/** Where there is more to answer than is bearable, nodes go before others. */
export function nodesFirst({ registry, batches }: Pick<DhcpParts, 'registry' | 'batches'>) {
  return { isKnown: (mac: string) => registry.byMac(mac)?.type === 'node', batches };
}

/** Publishes what the socket could not give to a handler. */
export function reportTo({
  publish,
  problem,
  onLimit,
}: Pick<DhcpParts, 'publish' | 'problem' | 'onLimit'>): (report: DhcpReport) => void {
  return (report) => {
    if (report.kind === 'failed') return problem('dhcp')(report.error);
    if (report.limit !== undefined) onLimit(report.limit.name, report.limit.client);
    const { address } = report.from;
    return publish([{ kind: 'ignored', source: 'dhcp', from: address, reason: report.reason }]);
  };
}
