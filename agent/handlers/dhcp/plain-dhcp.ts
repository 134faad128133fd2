// Plain DHCP messages, in front of `on-dhcp.ts`: a rack that powers up asks the same thousands of times. Each is read where it lies and
// answered by a reply that is prepared; what is granted to all that came together is on disk with one write before their ACKs leave,
// and what follows from it is told behind them. Decided is the same as there. Whatever is unusual is left to it.
import { ClientKinds } from '../../boot/dhcp/client-kinds.ts';
import type { Device } from '../../devices/device.ts';
import type { Changed } from '../../devices/registry.ts';
import { DiskError } from '../../errors.ts';
import type { ServerEvent } from '../../events/event.ts';
import type { Publish } from '../../events/publisher.ts';
import type { Endpoint, PlainDhcpHandler, PlainWay } from '../../protocol/dhcp/exchange.ts';
import { PlainMessage } from '../../protocol/dhcp/plain-message.ts';
import { DhcpReplies } from '../../protocol/dhcp/replies.ts';
import type { DoubleBoots } from './double-boots.ts';
import { type DhcpContext, dhcpSignal, grantedTo, SECOND_US } from './on-dhcp.ts';

/** Who is told. */
export type PlainOptions = {
  readonly publish: Publish;
  /** as `publish`, for what may be told a little later */
  readonly publishSoon: Publish;
  /** told of each message that was answered */
  readonly onAnswer: (message: string, answer: string, client: string, from: Endpoint) => void;
};

/** As that of the handler of all others. */
export type PlainContext = DhcpContext & {
  readonly doubleBoots?: Pick<DoubleBoots, 'check' | 'isDoubtful'>;
};

type Kind = NonNullable<ReturnType<ClientKinds['of']>>;

/** An ACK that waits for the disk. */
type Grant = {
  readonly mac: string;
  readonly ip: string;
  readonly kind: Kind;
  readonly changed: Changed;
  readonly events: readonly ServerEvent[];
  readonly from: Endpoint;
};

/** ACKs that wait for the same write; each is the reply with the number of its grant. */
type Batch = { readonly replies: DhcpReplies; readonly grants: Grant[] };

/** As many clients may wait for the disk as may wait for an answer at all (`dhcp-clients`). */
const MOST_UNDER_WAY = 16_384;
/** Memory for replies is used again, so much of it. */
const MOST_SPARE = 16;
/** Clients that are looked at one by one, since what was to be written for them and others was not. */
const MOST_DOUBTFUL = 1000;

/** Answers them. One for a server. */
export class PlainDhcp implements PlainDhcpHandler {
  readonly #context: PlainContext;
  readonly #options: PlainOptions;
  readonly #kinds: ClientKinds;
  readonly #message = new PlainMessage();
  readonly #offers = new DhcpReplies();
  readonly #spare: DhcpReplies[] = [];
  /** by MAC, the number of the exchange whose lease is being written */
  readonly #underWay = new Map<string, number>();
  readonly #doubtful = new Set<string>();
  /** what is to be told of OFFERs */
  #told: ServerEvent[] = [];
  #batch: Batch;
  #way: PlainWay | undefined;

  constructor(context: PlainContext, options: PlainOptions) {
    this.#context = context;
    this.#options = options;
    this.#kinds = new ClientKinds(context.network, context.now);
    this.#batch = this.#newBatch();
  }

  /** Called once, before all else. */
  open(way: PlainWay): void {
    this.#way = way;
  }

  /** @returns false for what is not plain, or not to be answered at once */
  take(
    bytes: Buffer,
    place: { readonly start: number; readonly end: number },
    from: Endpoint,
  ): boolean {
    const message = this.#message;
    if (!message.read(bytes, place)) return false;
    const kind = this.#kinds.of(message);
    if (kind === undefined || this.#isForOthers(message.mac)) return false;
    const device = this.#context.registry.byMac(message.mac);
    if (this.#context.doubleBoots?.isDoubtful(kind.speaker, device)) return false;
    return message.type === 'discover'
      ? this.#discover(kind, device, from)
      : this.#request(kind, device, from);
  }

  /** OFFERs leave; so do ACKs when the disk has what they grant. */
  end(): void {
    const offers = this.#offers;
    if (offers.count > 0) this.#way?.send(offers);
    offers.count = 0;
    const told = this.#told;
    this.#told = [];
    this.#tell(told);
    const batch = this.#batch;
    if (batch.grants.length === 0) return;
    this.#batch = this.#newBatch();
    const written = this.#context.registry.writeApplied(batch.grants.map(({ changed }) => changed));
    written.then(
      () => this.#acknowledge(batch),
      (reason: unknown) => this.#refuse(batch, reason),
    );
  }

  #isForOthers(mac: string): boolean {
    return (
      this.#context.isOurs?.(mac) === true ||
      this.#doubtful.has(mac) ||
      this.#way?.isWaiting(mac) === true
    );
  }

  #discover(kind: Kind, device: Device | undefined, from: Endpoint): boolean {
    const message = this.#message;
    const { next } = this.#offers;
    const ip = device?.ip ?? this.#freeAddress(message);
    if (ip === undefined || next === undefined) return false;
    const granted = grantedTo(device, { ip, context: this.#context });
    const to = { memory: this.#offers.memory, at: next };
    const length = kind.replyOf('offer', granted)?.write(message, granted, to) ?? 0;
    if (length === 0) return false;
    this.#offers.add(length);
    const { mac } = message;
    if (device !== undefined) this.#told.push(dhcpSignal({ mac, ...kind }, 'discover'));
    this.#options.onAnswer('discover', 'offer', mac, from);
    return true;
  }

  /** One that a client can be offered without waiting. The handler of all others is offered the same by the pool, and waits. */
  #freeAddress({ mac, requestedAddress: wanted }: PlainMessage): string | undefined {
    const { pool, prober, now } = this.#context;
    const wish = wanted === undefined ? {} : { wanted };
    const ip = pool.offer(mac, { ...wish, now: now(), proved: prober.stock() });
    return ip !== undefined && prober.isKnownFree(ip) ? ip : undefined;
  }

  #request(kind: Kind, device: Device | undefined, from: Endpoint): boolean {
    const message = this.#message;
    const { mac, xid } = message;
    const underWay = this.#underWay.get(mac);
    // A copy of what is about to be answered needs no answer.
    if (underWay !== undefined) return underWay === xid;
    const ip = this.#rightAddress(device);
    if (ip === undefined) return false;
    const { registry, detection, clock } = this.#context;
    const leaseUntil = clock() + kind.seconds * SECOND_US;
    const { hostName } = message;
    const told = hostName === undefined ? {} : { hostName };
    const met = detection.met(device, { mac, ip, leaseUntil, ...told });
    if (!this.#writeAck(kind, met.device)) return false;
    const changed = registry.apply(mac, () => met.device);
    this.#batch.grants.push({ mac, ip, kind, changed, events: met.events, from });
    this.#underWay.set(mac, xid);
    return true;
  }

  /** The address that the client asks for, where it is the one that it has or was offered (RFC 2131 §4.3.2) and can have at once. */
  #rightAddress(device: Device | undefined): string | undefined {
    const { network, registry, pool, now } = this.#context;
    const { mac, serverIdentifier = network.address, requestedAddress: ip } = this.#message;
    if (ip === undefined || serverIdentifier !== network.address) return undefined;
    if (this.#underWay.size >= MOST_UNDER_WAY) return undefined;
    if (device !== undefined) return device.ip === ip ? ip : undefined;
    // The lease of another device may be over: that one is to be forgotten first.
    return pool.offeredTo(mac, now()) === ip && !registry.hasIp(ip) ? ip : undefined;
  }

  #writeAck(kind: Kind, device: Device): boolean {
    const { replies } = this.#batch;
    const at = replies.next;
    if (at === undefined) return false;
    const granted = grantedTo(device, { ip: device.ip, context: this.#context });
    const to = { memory: replies.memory, at };
    const length = kind.replyOf('ack', granted)?.write(this.#message, granted, to) ?? 0;
    if (length > 0) replies.add(length);
    return length > 0;
  }

  /** All of it is on disk. */
  #acknowledge({ replies, grants }: Batch): void {
    this.#way?.send(replies);
    this.#giveBack(replies);
    for (const grant of grants) this.#isGranted(grant);
    this.#tell(grants.flatMap(eventsOf));
  }

  /** Nothing of it is on disk. What it has, a device keeps: on disk is all of that but the new end of its lease. */
  #refuse({ replies, grants }: Batch, reason: unknown): void {
    const { registry } = this.#context;
    const kept = this.#newBatch();
    const isDisk = reason instanceof DiskError;
    grants.forEach((grant, number) => {
      const { mac, ip } = grant;
      this.#underWay.delete(mac);
      if (isDisk && registry.byMac(mac)?.ip === ip) {
        kept.replies.addFrom(replies, number);
        kept.grants.push({ ...grant, events: [], changed: UNCHANGED });
        return;
      }
      if (!isDisk && this.#doubtful.size < MOST_DOUBTFUL) this.#doubtful.add(mac);
      this.#way?.failed(mac, reason);
    });
    this.#giveBack(replies);
    this.#acknowledge(kept);
  }

  #isGranted({ mac, ip, from }: Grant): void {
    const { pool, prober } = this.#context;
    this.#options.onAnswer('request', 'ack', mac, from);
    this.#underWay.delete(mac);
    pool.withdraw(mac);
    prober.taken(ip);
  }

  /** How a loader goes on is judged by what it has said: that is never told later than its next question is answered. */
  #tell(events: readonly ServerEvent[]): void {
    const isOfLoader = events.some(
      (event) =>
        event.kind === 'signal' &&
        event.signal.kind === 'dhcp' &&
        event.signal.speaker !== 'system',
    );
    const { publish, publishSoon } = this.#options;
    if (isOfLoader) publish(events);
    else publishSoon(events);
  }

  #newBatch(): Batch {
    return { replies: this.#spare.pop() ?? new DhcpReplies(), grants: [] };
  }

  #giveBack(replies: DhcpReplies): void {
    replies.count = 0;
    if (this.#spare.length < MOST_SPARE) this.#spare.push(replies);
  }
}

const UNCHANGED: Changed = { before: undefined, after: undefined };

/** As they follow where such a message comes alone. */
function eventsOf({ mac, kind, changed, events }: Grant): ServerEvent[] {
  const { before, after } = changed;
  const signalOf = (message: string) => dhcpSignal({ mac, ...kind }, message);
  return [
    ...(before === after ? [] : [{ kind: 'device-changed', ...changed } as const]),
    ...events,
    // The boot of a new device begins with the DISCOVER, which came before there was a device to record it for.
    ...(before === undefined && after !== undefined ? [signalOf('discover')] : []),
    signalOf('request'),
  ];
}
