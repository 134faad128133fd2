// Machines that do not exist get leases in a network that does not exist, in memory alone. Node compiles well only what has run often:
// without this the first thousand machines of a rack that powers up would wait while it does.
import { AddressPool } from '../../addresses/address-pool.ts';
import { AddressProber } from '../../addresses/address-prober.ts';
import { RateLimit } from '../../addresses/rate-limit.ts';
import type { NetworkFacts } from '../../boot/dhcp/dhcp-reply.ts';
import { BootBook } from '../../boots/boot-book.ts';
import { Detection } from '../../devices/detection.ts';
import { Registry } from '../../devices/registry.ts';
import { EventFeed } from '../../events/feed/feed.ts';
import { type Publish, Publisher } from '../../events/publisher.ts';
import { feedEvents } from '../../events/reactions/feed-events.ts';
import { recordBoots } from '../../events/reactions/record-boots.ts';
import { writeJournal } from '../../events/reactions/write-journal.ts';
import { onDhcp } from '../../handlers/dhcp/on-dhcp.ts';
import { type PlainContext, PlainDhcp } from '../../handlers/dhcp/plain-dhcp.ts';
import { systemClock } from '../../host/clock/clock.ts';
import { Journal } from '../../journal/journal.ts';
import { decodeDhcp } from '../../protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import type { DhcpReplies } from '../../protocol/dhcp/replies.ts';
import { parseCidr } from '../../protocol/ip.ts';
import { bytesToMac } from '../../protocol/mac.ts';
import { openSqliteStore } from '../../store/sqlite/store.ts';
import { ownsOf } from './dhcp-parts.ts';

/** How much is practised, and when. */
export type PracticeOptions = {
  readonly network: NetworkFacts;
  /** milliseconds until it begins: a server that starts has other things to do */
  readonly afterMs?: number;
  readonly machines?: number;
  /** told of each answer */
  readonly onAnswer?: (bytes: Uint8Array) => void;
};

const AFTER_MS = 2000;
/** Fewer leave the compiler with work for when they come. */
const MACHINES = 1600;
/** So many machines ask together, and then others have so long: real ones do not notice. */
const AT_ONCE = 8;
const PAUSE_MS = 8;
/** RFC 5737 §3 and RFC 2544: of no network that exists. */
const NETWORK = '198.18.0.1/15';
const NOWHERE = { address: '0.0.0.0', port: 68 };

const now = () => performance.now();
const nothing = () => undefined;

/** Begins soon, and never harms: what fails ends it. @returns what ends it */
export function startPractice(options: PracticeOptions): () => Promise<void> {
  const ending = Promise.withResolvers<never>();
  const done = practise(options, ending.promise).catch(nothing);
  return async () => {
    ending.reject(new Error('the server ends'));
    await done;
  };
}

/** @throws whatever `ending` rejects with, soon after it has */
export async function practise(options: PracticeOptions, ending: Promise<never>): Promise<void> {
  const { afterMs = AFTER_MS, machines = MACHINES, network, onAnswer = nothing } = options;
  const pause = async (ms: number) =>
    await Promise.race([new Promise((resolve) => setTimeout(resolve, ms).unref()), ending]);
  await pause(afterMs);
  await using store = new AsyncDisposableStack();
  const { publish, publishSoon, ...context } = await practiceContext(network, store);
  const answers = new PracticeAnswers(context, { publish, publishSoon });
  for (let begun = 0; begun < 2 * machines; begun += AT_ONCE) {
    // All of them come again: a machine that is known goes another way.
    const some = Array.from({ length: AT_ONCE }, (_, at) =>
      answers.lease(1 + ((begun + at) % machines)),
    );
    for (const said of await Promise.all(some)) said.forEach(onAnswer);
    await pause(PAUSE_MS);
  }
}

/** As `startDhcpServer` has it, with all that follows from a lease. */
async function practiceContext(
  facts: NetworkFacts,
  services: AsyncDisposableStack,
): Promise<PlainContext & Pick<Publisher, 'publish' | 'publishSoon'>> {
  const store = await openSqliteStore(':memory:');
  services.defer(() => store.close());
  const subnet = parseCidr(NETWORK);
  const network = { ...facts, address: subnet.address };
  const publisher = new Publisher({ clock: systemClock, onFailure: nothing });
  const { publish, publishSoon } = publisher;
  const registry = new Registry({
    records: store.devices,
    onChange: (changed) => publish([{ kind: 'device-changed', ...changed }]),
  });
  const boots = new BootBook({ records: store.boots, clock: systemClock, onProblem: nothing });
  writeJournal(publisher, new Journal({ records: store.logs, print: nothing }), now);
  feedEvents(publisher, new EventFeed({ records: store.events }, systemClock()), now);
  recordBoots(publisher, { boots, registry });
  const pool = new AddressPool(subnet, { isOwned: registry.hasIp, reusable: () => [] });
  return {
    ...{ network, registry, pool, publish, publishSoon, clock: systemClock, now },
    owns: ownsOf(subnet),
    // Nobody is asked: it does not start.
    prober: new AddressProber({ pool, registry, ask: () => false, now }),
    detection: new Detection({
      registry,
      defaultImageOf: nothing,
      suits: () => false,
      keyOf: nothing,
      clock: systemClock,
      isUp: () => false,
    }),
    noAddressLimit: new RateLimit(1),
    onOtherServer: nothing,
  };
}

/** Of three machines one is answered by the handler of all messages, the others by what stands in front of it. */
const HANDLED = 3;

/** Both ways to answer, as the server has them. */
class PracticeAnswers {
  readonly #context: PlainContext;
  readonly #publish: Publish;
  readonly #plain: PlainDhcp;
  /** what waits for the answer to a number of an exchange */
  readonly #waiting = new Map<number, (bytes: Uint8Array | undefined) => void>();

  constructor(
    context: PlainContext,
    { publish, publishSoon }: Pick<Publisher, 'publish' | 'publishSoon'>,
  ) {
    this.#context = context;
    this.#publish = publish;
    this.#plain = new PlainDhcp(context, { publish, publishSoon, onAnswer: nothing });
    this.#plain.open({
      send: (replies) => this.#sent(replies),
      failed: nothing,
      isWaiting: () => false,
    });
  }

  /** DISCOVER and REQUEST of a machine. @returns what it is answered */
  async lease(number: number): Promise<Uint8Array[]> {
    const discover = messageOf(number, { messageType: 'discover' });
    const offer = await this.#answerTo(number, discover);
    if (offer === undefined) return [];
    const { yiaddr: requestedAddress } = decodeDhcp(offer);
    const serverIdentifier = this.#context.network.address;
    const words = { messageType: 'request', requestedAddress, serverIdentifier } as const;
    const ack = await this.#answerTo(number, messageOf(number, words));
    return ack === undefined ? [offer] : [offer, ack];
  }

  async #answerTo(number: number, bytes: Uint8Array): Promise<Uint8Array | undefined> {
    if (number % HANDLED > 0) {
      const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
      this.#waiting.set(number, resolve);
      const place = { start: 0, end: bytes.length };
      if (this.#plain.take(Buffer.from(bytes), place, NOWHERE)) {
        setImmediate(() => this.#plain.end());
        return await promise;
      }
    }
    const { reply, events } = await onDhcp(decodeDhcp(bytes), this.#context);
    this.#publish(events);
    return reply && encodeDhcp(reply.packet, reply.encoding);
  }

  #sent(replies: DhcpReplies): void {
    for (let at = 0; at < replies.count; at += 1) {
      const bytes = Uint8Array.from(replies.bytesOf(at));
      this.#waiting.get(decodeDhcp(bytes).xid)?.(bytes);
    }
  }
}

/** Half of them are PCs that start from their cards, the others run a system. */
function messageOf(number: number, options: DhcpPacket['options']): Uint8Array {
  const mac = Uint8Array.of(2, 0, 0, number >> 16, number >> 8, number);
  const none = '0.0.0.0';
  const isFirmware = number % 2 === 0;
  return encodeDhcp({
    ...{ op: 1, htype: 1, hlen: 6, hops: 0, xid: number, secs: 0, flags: 0x8000 },
    ...{ ciaddr: none, yiaddr: none, siaddr: none, giaddr: none, sname: '', file: '' },
    chaddr: bytesToMac(mac),
    options: {
      ...options,
      parameterRequestList: [1, 3, 6, 12, 15, 51, 54, 66, 67],
      ...(isFirmware ? { vendorClass: 'PXEClient:Arch:00000:UNDI:002001' } : {}),
      clientIdentifier: Uint8Array.of(1, ...mac),
    },
  });
}
