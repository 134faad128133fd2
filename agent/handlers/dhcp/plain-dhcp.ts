// Plain DHCP messages, in front of `on-dhcp.ts`: a rack that powers up asks the same thousands of times. Each is read where it lies and
// answered by a reply that is prepared; what is granted to all that came together is on disk with one write before their ACKs leave,
// and what follows from it is told behind them. Decided is the same as there. Whatever is unusual is left to it.
import { type ClientKind, ClientKinds } from '../../boot/dhcp/client-kinds.ts';
import type { Device } from '../../devices/device.ts';
import { DiskError } from '../../errors.ts';
import type { ServerEvent } from '../../events/event.ts';
import type { Publish, PublishSoon } from '../../events/publisher.ts';
import type { Endpoint, PlainDhcpHandler, PlainWay } from '../../protocol/dhcp/exchange.ts';
import { PlainMessage } from '../../protocol/dhcp/plain-message.ts';
import { DhcpReplies } from '../../protocol/dhcp/replies.ts';
import type { DoubleBoots } from './double-boots.ts';
import { eventsOf, type Grant, isOfLoader, UNCHANGED } from './grants.ts';
import { type DhcpContext, dhcpSignal, grantedTo, SECOND_US } from './on-dhcp.ts';

/** Who is told. */
export type PlainOptions = {
  readonly publish: Publish;
  /** as `publish`, for what may be told a little later */
  readonly publishSoon: PublishSoon;
  /** told of each message that was answered */
  readonly onAnswer: (answered: Answered, client: string, from: Endpoint) => void;
};

/** A message, and what it is answered. */
export type Answered = { readonly message: string; readonly answer: string };

const OFFERED: Answered = { message: 'discover', answer: 'offer' };
const GRANTED: Answered = { message: 'request', answer: 'ack' };

/** As that of the handler of all others. */
export type PlainContext = DhcpContext & {
  readonly doubleBoots?: Pick<DoubleBoots, 'check' | 'isDoubtful'>;
};

/** ACKs that wait for the same write; each is the reply with the number of its grant. */
type Batch = { readonly replies: DhcpReplies; readonly grants: Grant[] };

/** As many clients may wait for the disk as may wait for an answer at all (`dhcp-clients`). */
const MOST_UNDER_WAY = 16_384;
/** Memory for replies is used again, so much of it. */
const MOST_SPARE = 16;
/** ACKs wait so long for others, in milliseconds: a write of the disk costs the same for one and for all of them. */
const SHARING_MS = 1;
/** So many have a write of their own. */
const ENOUGH = 64;
/** Anybody can ask for offers without end. */
const MOST_EXPECTED = 1024;
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
  /** MACs of clients that were just offered an address, and have not asked for it yet */
  readonly #expected = new Set<string>();
  #sharing: NodeJS.Timeout | undefined;
  /** each resolves when what was written together has been answered and told */
  readonly #writing = new Set<Promise<void>>();
  #way: PlainWay | undefined;

  constructor(context: PlainContext, options: PlainOptions) {
    this.#context = context;
    this.#options = options;
    this.#kinds = new ClientKinds(context.network, context.now);
    this.#batch = this.#newBatch();
    context.registry.holdApplied(() => this.#write());
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
    this.#tellOfOffers();
    if (!this.#mayWait()) this.#write();
    else this.#sharing ??= setTimeout(this.#stopWaiting, SHARING_MS);
  }

  /** What waits for others is written now. A device that the next server knows is one of which this one has told. */
  async close(): Promise<void> {
    this.#write();
    await Promise.all(this.#writing);
  }

  /** While others are about to ask. */
  #mayWait(): boolean {
    const { length } = this.#batch.grants;
    return length > 0 && length < ENOUGH && this.#expected.size > 0;
  }

  readonly #stopWaiting = (): void => {
    // Who has not come by now is slow.
    this.#expected.clear();
    this.#write();
  };

  #write(): void {
    clearTimeout(this.#sharing);
    this.#sharing = undefined;
    const batch = this.#batch;
    if (batch.grants.length === 0) return;
    this.#batch = this.#newBatch();
    const written = this.#context.registry.writeApplied(batch.grants.map(({ changed }) => changed));
    const told: Promise<void> = written
      .then(
        () => this.#acknowledge(batch),
        (reason: unknown) => this.#refuse(batch, reason),
      )
      .finally(() => this.#writing.delete(told));
    this.#writing.add(told);
  }

  #isForOthers(mac: string): boolean {
    return (
      this.#context.isOurs?.(mac) === true ||
      this.#doubtful.has(mac) ||
      this.#way?.isWaiting(mac) === true
    );
  }

  #discover(kind: ClientKind, device: Device | undefined, from: Endpoint): boolean {
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
    if (this.#expected.size < MOST_EXPECTED) this.#expected.add(mac);
    if (device !== undefined) this.#told.push(dhcpSignal({ mac, ...kind }, 'discover'));
    this.#options.onAnswer(OFFERED, mac, from);
    return true;
  }

  /** One that a client can be offered without waiting. The handler of all others is offered the same by the pool, and waits. */
  #freeAddress({ mac, requestedAddress: wanted }: PlainMessage): string | undefined {
    const { pool, prober, now } = this.#context;
    const wish = wanted === undefined ? {} : { wanted };
    const ip = pool.offer(mac, { ...wish, now: now(), proved: prober.stock() });
    return ip !== undefined && prober.isKnownFree(ip) ? ip : undefined;
  }

  #request(kind: ClientKind, device: Device | undefined, from: Endpoint): boolean {
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
    const seen = { mac, ip, leaseUntil };
    const met = detection.met(device, hostName === undefined ? seen : { ...seen, hostName });
    if (!this.#writeAck(kind, met.device)) return false;
    const changed = registry.apply(mac, () => met.device);
    this.#batch.grants.push({ mac, ip, kind, changed, events: met.events, from });
    this.#underWay.set(mac, xid);
    this.#expected.delete(mac);
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

  #writeAck(kind: ClientKind, device: Device): boolean {
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
    this.#tell(grants);
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
    this.#options.onAnswer(GRANTED, mac, from);
    this.#underWay.delete(mac);
    pool.withdraw(mac);
    prober.taken(ip);
  }

  /** How a loader goes on is judged by what it has said: that is never told later than its next question is answered. */
  #tell(grants: readonly Grant[]): void {
    const { publish, publishSoon } = this.#options;
    if (grants.some(({ kind }) => kind.speaker !== 'system')) publish(grants.flatMap(eventsOf));
    else for (const grant of grants) publishSoon(() => eventsOf(grant));
  }

  #tellOfOffers(): void {
    const told = this.#told;
    if (told.length === 0) return;
    this.#told = [];
    const { publish, publishSoon } = this.#options;
    if (told.some(isOfLoader)) publish(told);
    else publishSoon(() => told);
  }

  #newBatch(): Batch {
    return { replies: this.#spare.pop() ?? new DhcpReplies(), grants: [] };
  }

  #giveBack(replies: DhcpReplies): void {
    replies.count = 0;
    if (this.#spare.length < MOST_SPARE) this.#spare.push(replies);
  }
}
