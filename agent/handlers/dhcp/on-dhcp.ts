// A DHCP packet arrived. The handler decides the answer and writes down which device has which address; the answer
// leaves only when that is on disk.

import type { AddressPool } from '../../addresses/address-pool.ts';
import type { AddressProber } from '../../addresses/address-prober.ts';
import type { RateLimit } from '../../addresses/rate-limit.ts';
import {
  type Granted,
  grantedSeconds,
  grantReply,
  informReply,
  type NetworkFacts,
  nakReply,
} from '../../boot/dhcp/dhcp-reply.ts';
import { decideLease } from '../../boot/dhcp/lease.ts';
import { takesOffer } from '../../boot/dhcp/quirks.ts';
import { linkOf } from '../../boot/dhcp/relay.ts';
import { type BootRequest, readBootRequest } from '../../boot/request.ts';
import type { Detection } from '../../devices/detection.ts';
import { type Device, isNode } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import { isReusable } from '../../devices/reusable.ts';
import { DiskError } from '../../errors.ts';
import type { ServerEvent } from '../../events/event.ts';
import type { Clock } from '../../host/clock/clock.ts';
import type { DhcpSend } from '../../protocol/dhcp/exchange.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import type { DoubleBoots } from './double-boots.ts';
import { isForgedModel } from './other-model.ts';
import { routerOf } from './router-of.ts';

/** What the handler needs: the parts of the server, the same for every packet. */
export type DhcpContext = {
  readonly network: NetworkFacts;
  /** whether a device reaches other networks through the server */
  readonly hasNat?: (device: Device) => boolean;
  /** whether an address lies in walt-net */
  readonly owns: (ip: string) => boolean;
  /** a MAC that this server speaks with itself, to find other servers: a broadcast of ours comes back to us too */
  readonly isOurs?: (mac: string) => boolean;
  readonly registry: Registry;
  readonly pool: AddressPool;
  readonly prober: AddressProber;
  readonly detection: Detection;
  /** whether the machine that a message names has sent it itself; without it each is believed */
  readonly isOwn?: (packet: DhcpPacket) => Promise<boolean>;
  /** whether the device runs its system, as far as is known */
  readonly isUp?: (mac: string) => boolean;
  readonly doubleBoots?: Pick<DoubleBoots, 'check'>;
  /** how often it is said that no address is left */
  readonly noAddressLimit: RateLimit;
  /** a client took its address from another DHCP server, the one at `address` */
  readonly onOtherServer: (address: string) => void;
  readonly clock: Clock;
  /** milliseconds */
  readonly now: () => number;
};

/** The answer, absent where there is none, and what happened. */
export type DhcpOutcome = { readonly reply?: DhcpSend; readonly events: readonly ServerEvent[] };

/** Handed on beside the context, never mixed with it: it has many fields, and each packet would copy them several times. */
type Wish = { readonly wanted?: string | undefined; readonly context: DhcpContext };
type Grant = { readonly ip: string; readonly context: DhcpContext };

/** One DISCOVER tries so many addresses at most. Where all of them are in use, the client asks again by itself. */
const MOST_TRIES = 4;
/** Microseconds. */
export const SECOND_US = 1_000_000;

/**
 * Decides what a DHCP packet is answered with. An ACK is returned only when what it grants is on disk.
 * @param source dotted address that the packet came from; absent where the client has none
 * @throws whatever a failed write throws; then nothing is to be sent
 */
export async function onDhcp(
  packet: DhcpPacket,
  context: DhcpContext,
  source?: string,
): Promise<DhcpOutcome> {
  if (context.isOurs?.(packet.chaddr)) return { events: [] };
  const request = readBootRequest(packet);
  const { registry, pool, prober, network, owns } = context;
  const device = registry.byMac(request.mac);
  const double = await context.doubleBoots?.check(request, device);
  if (double !== undefined) return { events: double };
  const offered = pool.offeredTo(request.mac, context.now());
  const asker = {
    ...(source ? { source } : {}),
    ...(device ? { own: device.ip, hostName: device.name, ...routerOf(device, context) } : {}),
  };
  const known = { ...asker, ...(offered ? { offered } : {}) };
  const decision = decideLease(packet, known, { address: network.address, owns });
  switch (decision.kind) {
    case 'offer':
      return await offer(packet, request, { ...decision, context });
    case 'ack':
      return await acknowledge(packet, request, { ip: decision.ip, context });
    case 'nak':
      return { reply: nakReply(packet, decision.message, network), events: [] };
    case 'inform':
      return { reply: informReply(packet, network, asker), events: [] };
    case 'decline':
    case 'release': {
      const reason = await whyInVain(packet, device, context);
      if (reason !== undefined) return { events: [ignored(request.mac, reason)] };
      if (decision.kind === 'release') return await release(request.mac, context);
      if (prober.isAnyLiar()) return declineInVain(request.mac, decision.ip, context);
      return await decline(request.mac, decision.ip, context);
    }
    case 'withdraw':
      pool.withdraw(request.mac);
      context.onOtherServer(decision.server);
      return { events: [] };
    case 'ignore':
      return { events: [ignored(request.mac, decision.reason)] };
  }
}

/**
 * Why a DECLINE or RELEASE changes nothing: anybody can send one in the name of a node, and move it away from its address. Only a
 * machine that does not run yet declines, and of what came through a relay nobody knows who sent it.
 */
async function whyInVain(
  packet: DhcpPacket,
  device: Device | undefined,
  { isOwn, isUp }: DhcpContext,
): Promise<string | undefined> {
  const what = packet.options.messageType;
  if (device !== undefined && isUp?.(device.mac))
    return `a ${what} in the name of a node that is up`;
  if (linkOf(packet) !== undefined) {
    return isNode(device) ? `a ${what} in the name of a node, through a relay` : undefined;
  }
  if (isOwn === undefined || (await isOwn(packet))) return undefined;
  return `a ${what} that another machine sent`;
}

async function offer(
  packet: DhcpPacket,
  request: BootRequest,
  { wanted, context }: Wish,
): Promise<DhcpOutcome> {
  const { registry, noAddressLimit, network, now } = context;
  const { mac } = request;
  const device = registry.byMac(mac);
  const ip = device?.ip ?? (await findAddress(mac, { wanted, context }));
  if (ip === undefined) {
    const others = noAddressLimit.allows(now());
    return { events: others === undefined ? [] : [{ kind: 'no-address-left', mac, others }] };
  }
  if (takesOffer(packet)) return await offerForGood(packet, request, { ip, context });
  const reply = grantReply(packet, 'offer', grantedTo(device, { ip, context }), network);
  return { reply, events: device === undefined ? [] : [dhcpSignal(request, 'discover')] };
}

/** For firmware that uses the offered address without a REQUEST: the device is recorded before the offer leaves. */
async function offerForGood(
  packet: DhcpPacket,
  request: BootRequest,
  grant: Grant,
): Promise<DhcpOutcome> {
  const { registry, network } = grant.context;
  const recorded = await record(packet, request, grant);
  // Another device got the address meanwhile. This one will ask again.
  if (recorded === undefined) return { events: [] };
  const granted = grantedTo(registry.byMac(request.mac), grant);
  const reply = grantReply(packet, 'offer', granted, network);
  return { reply, events: [...recorded, dhcpSignal(request, 'discover')] };
}

/** What a device gets with its address. */
export function grantedTo(device: Device | undefined, { ip, context }: Grant): Granted {
  if (device === undefined) return { ip };
  const { router } = routerOf(device, context);
  const hostName = device.name;
  return router === undefined ? { ip, hostName } : { ip, hostName, router };
}

/** Finds an address for a new device that no other machine uses; undefined where there is none. */
async function findAddress(mac: string, { wanted, context }: Wish): Promise<string | undefined> {
  const { pool, prober, now } = context;
  const wish = wanted === undefined ? {} : { wanted };
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const ip = pool.offer(mac, { ...wish, now: now(), proved: prober.stock() });
    if (ip === undefined || (await prober.isFree(ip, mac))) return ip;
    pool.withdraw(mac);
  }
  return undefined;
}

async function acknowledge(
  packet: DhcpPacket,
  request: BootRequest,
  grant: Grant,
): Promise<DhcpOutcome> {
  const { ip, context } = grant;
  const { registry, network } = context;
  const isNew = registry.byMac(request.mac) === undefined;
  const recorded = await record(packet, request, grant).catch((reason: unknown) => {
    // What it has, a device keeps: on disk is all of that but the new end of its lease.
    if (reason instanceof DiskError && registry.byMac(request.mac)?.ip === ip) return [];
    throw reason;
  });
  if (recorded === undefined) {
    return { reply: nakReply(packet, `${ip} is no longer free`, network), events: [] };
  }
  const now = registry.byMac(request.mac);
  const granted = now === undefined ? { ip, hostName: '' } : grantedTo(now, grant);
  // The boot of a new device begins with the DISCOVER, which came before there was a device to record it for.
  const first = isNew ? [dhcpSignal(request, 'discover')] : [];
  return {
    reply: grantReply(packet, 'ack', granted, network),
    events: [...recorded, ...first, dhcpSignal(request, 'request')],
  };
}

/** Makes the device and its lease known, on disk; undefined where the address is no longer free. */
async function record(
  packet: DhcpPacket,
  request: BootRequest,
  { ip, context }: Grant,
): Promise<ServerEvent[] | undefined> {
  const { registry, pool, prober, detection, network, clock } = context;
  const { mac, speaker: _speaker, isIpxe: _isIpxe, ...announced } = request;
  const made = registry.byMac(mac) === undefined ? await makeRoom(ip, mac, context) : [];
  if (made === undefined) {
    pool.withdraw(mac);
    return undefined;
  }
  const leaseUntil = clock() + grantedSeconds(packet, network) * SECOND_US;
  const { model, ...others } = announced;
  const { isOwn } = context;
  const isForged = await isForgedModel(packet, request, { device: registry.byMac(mac), isOwn });
  const said = isForged || model === undefined ? others : announced;
  const seen = await detection.see({ mac, ip, leaseUntil, ...said });
  pool.withdraw(mac);
  prober.taken(ip);
  if (!isForged) return [...made, ...seen];
  return [...made, ...seen, ignored(mac, `model ${model}, which another machine announced for it`)];
}

/** Forgets the device whose lease of `ip` is over; undefined where it has renewed it since the offer. */
async function makeRoom(
  ip: string,
  mac: string,
  { registry, clock }: DhcpContext,
): Promise<ServerEvent[] | undefined> {
  const holder = registry.byIp(ip);
  if (holder === undefined || holder.mac === mac) return [];
  const now = clock();
  const { before, after } = await registry.change(holder.mac, (device) =>
    device?.ip === ip && isReusable(device, now) ? undefined : device,
  );
  if (before === undefined || after !== undefined) return undefined;
  return [{ kind: 'forgotten', device: before }];
}

/**
 * A machine answers ARP for everybody, so that the client takes every address for one in use. To set them aside would
 * take them from clients that do not check; the prober asks for a free one again before it is offered.
 */
function declineInVain(mac: string, ip: string, { pool, prober }: DhcpContext): DhcpOutcome {
  pool.withdraw(mac);
  prober.taken(ip);
  const reason = `${ip} was declined while a machine answers ARP for everybody`;
  return { events: [ignored(mac, reason)] };
}

/** Somebody else has the address: it is set aside, and the device it belonged to gets another one. */
async function decline(mac: string, ip: string, context: DhcpContext): Promise<DhcpOutcome> {
  const { registry, pool, prober, now } = context;
  pool.withdraw(mac);
  const isBelieved = pool.decline(mac, ip, now());
  prober.taken(ip);
  const declined: ServerEvent = isBelieved
    ? { kind: 'address-declined', mac, ip }
    : ignored(mac, `it declines ${ip}, and declined another address a short while ago`);
  if (registry.byMac(mac)?.ip !== ip) return { events: [declined] };
  const other = pool.offer(mac, { now: now(), proved: prober.stock() });
  if (other === undefined) return { events: [declined] };
  const made = (await makeRoom(other, mac, context)) ?? [];
  await registry.change(mac, (device) => (device?.ip === ip ? { ...device, ip: other } : device));
  pool.withdraw(mac);
  prober.taken(other);
  return { events: [declined, ...made] };
}

/** The lease ends; the address stays its device's until another one needs it, a node's for good. */
async function release(mac: string, { registry, clock }: DhcpContext): Promise<DhcpOutcome> {
  const releasedAt = clock();
  await registry.change(mac, (device) => device && { ...device, releasedAt });
  return { events: [] };
}

/** A message of a device, as its boot book has it. */
export function dhcpSignal(
  { mac, speaker, isIpxe }: Pick<BootRequest, 'mac' | 'speaker' | 'isIpxe'>,
  message: string,
): ServerEvent {
  const signal = { kind: 'dhcp', speaker, message, ...(isIpxe ? { isIpxe } : {}) } as const;
  return { kind: 'signal', mac, signal };
}

function ignored(from: string, reason: string): ServerEvent {
  return { kind: 'ignored', source: 'dhcp', from, reason };
}
