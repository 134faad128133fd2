// What practice stands on (`practice.ts`): the same parts as the server of walt-net has, with all that follows from a lease, in a network
// that does not exist and a database in memory.
import { AddressPool } from '../../addresses/address-pool.ts';
import { AddressProber } from '../../addresses/address-prober.ts';
import { Presence } from '../../addresses/presence.ts';
import { RateLimit } from '../../addresses/rate-limit.ts';
import type { NetworkFacts } from '../../boot/dhcp/dhcp-reply.ts';
import { Detection } from '../../devices/detection.ts';
import { EventFeed } from '../../events/feed/feed.ts';
import { Publisher } from '../../events/publisher.ts';
import { feedEvents } from '../../events/reactions/feed-events.ts';
import { followExports } from '../../events/reactions/follow/follow-exports.ts';
import { followNames } from '../../events/reactions/follow/follow-names.ts';
import { writeJournal } from '../../events/reactions/write-journal.ts';
import type { PlainContext } from '../../handlers/dhcp/plain-dhcp.ts';
import { systemClock } from '../../host/clock/clock.ts';
import { Journal } from '../../journal/journal.ts';
import { Metrics } from '../../metrics/metrics.ts';
import { parseCidr } from '../../protocol/ip.ts';
import { openFleetingJournal } from '../../store/sqlite/device-journal/journalled-devices.ts';
import { deviceRecords, statementsOf } from '../../store/sqlite/devices.ts';
import { openSqliteStore } from '../../store/sqlite/store.ts';
import { openDevices } from '../nodes/devices.ts';
import { type DhcpParts, dhcpContext, doubleBootsOf, ownsOf } from './dhcp-parts.ts';

/** What both ways to answer are made of. */
export type PracticeParts = Pick<DhcpParts, 'publish' | 'publishSoon' | 'metrics'> & {
  readonly context: PlainContext;
};

const now = () => performance.now();
const nothing = () => undefined;

/** Where it takes place. */
export type PracticePlace = {
  readonly network: NetworkFacts;
  /** the server's address in the network, and its prefix */
  readonly cidr: string;
  /** whether the disk takes so long that a thread waits for it */
  readonly isDiskSlow: boolean;
};

/** Makes them; `services` end them. */
export async function practiceParts(
  { network: facts, cidr, isDiskSlow: isSlow }: PracticePlace,
  services: AsyncDisposableStack,
): Promise<PracticeParts> {
  const subnet = parseCidr(cidr);
  const network = { ...facts, address: subnet.address };
  const publisher = new Publisher({ clock: systemClock, onFailure: nothing });
  const { publish, publishSoon } = publisher;
  const store = await openSqliteStore(':memory:');
  services.defer(() => store.close());
  const unsaid = { ...store, statementsOf, onProblem: nothing };
  const journal = await openFleetingJournal(unsaid, { isSlow });
  services.defer(() => journal.close());
  writeJournal(publisher, new Journal({ records: store.logs, print: nothing }), now);
  feedEvents(publisher, new EventFeed({ records: store.events }, systemClock()), now);
  const { registry, boots } = await openDevices(
    { ...store, devices: deviceRecords(store, journal) },
    { publisher, problem: () => nothing, subnet },
    services,
  );
  followNames(publisher, nothing);
  followExports(publisher, async () => undefined);
  services.defer(() => publisher.tellAll());
  const pool = new AddressPool(subnet, { isOwned: registry.hasIp, reusable: () => [] });
  // It takes the silence of nobody for that of all.
  const prober = new AddressProber({ pool, registry, ask: () => true, publish, now });
  services.defer(prober.start());
  const detection = new Detection({
    registry,
    defaultImageOf: nothing,
    suits: () => false,
    keyOf: nothing,
    insteadOf: nothing,
    clock: systemClock,
    isUp: (mac) => boots.isUp(mac),
  });
  const context = dhcpContext({
    ...{ network, registry, pool, prober, detection, clock: systemClock, now },
    doubleBoots: doubleBootsOf({ boots }, new Presence({ ask: () => false, now })),
    noAddressLimit: new RateLimit(1),
    hasNat: () => false,
    owns: ownsOf(subnet),
    isOurs: (mac) => mac === '',
    isOwn: async () => true,
    isUp: (mac) => boots.isUp(mac),
    onOtherServer: nothing,
  });
  return { context, publish, publishSoon, metrics: new Metrics() };
}
