// The numbers of the server (`/metrics`).
import type { BootBook } from '../../boots/boot-book.ts';
import type { Registry } from '../../devices/registry.ts';
import type { EventFeed } from '../../events/feed/feed.ts';
import type { Publisher } from '../../events/publisher.ts';
import { countEvents } from '../../events/reactions/count-events.ts';
import { every } from '../../host/clock/every.ts';
import { watchLoop } from '../../host/clock/loop-delay.ts';
import { freeBytes } from '../../images/content/folders/disk-space.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { nodesByState } from '../../metrics/nodes-by-state.ts';
import type { Store } from '../../store/store.ts';
import type { Problem } from './journal.ts';

type Parts = {
  readonly version: string;
  readonly folder: string;
  readonly metrics: Metrics;
  readonly publisher: Publisher;
  readonly feed: Pick<EventFeed, 'followers' | 'waiting'>;
  readonly store: Pick<Store, 'waiting'>;
  readonly registry: Registry;
  readonly boots: BootBook;
  readonly problem: Problem;
};

const LOOK_MS = 15_000;

/** Counts and looks from now on. */
export function startMetrics(parts: Parts, services: AsyncDisposableStack): void {
  const { version, folder, metrics, publisher, feed, store, registry, boots, problem } = parts;
  countEvents(publisher, metrics.counted, (mac) => registry.byMac(mac)?.model);
  metrics.watch('walt_info', () => [{ labels: { version }, value: 1 }]);
  metrics.watch('walt_devices', () =>
    ['node', 'unknown'].map((type) => ({
      labels: { type },
      value: registry.all().filter((device) => device.type === type).length,
    })),
  );
  metrics.watch('walt_nodes', () =>
    nodesByState(registry.all(), (mac) => boots.statusOf(mac).state),
  );
  metrics.watch(
    'walt_nfs_roots',
    () =>
      registry.all().filter(({ mac }) => ['mounted', 'booted'].includes(boots.statusOf(mac).state))
        .length,
  );
  metrics.watch('walt_event_followers', feed.followers);
  metrics.watch('walt_events_waiting', feed.waiting);
  metrics.watch('walt_writes_waiting', store.waiting);
  const delay = watchLoop();
  services.defer(delay.stop);
  metrics.watch('walt_event_loop_delay_seconds', delay.longest);
  metrics.watch('process_resident_memory_bytes', () => process.memoryUsage.rss());
  metrics.watch('process_start_time_seconds', () => Math.round(performance.timeOrigin / 1000));
  let free = 0;
  const look = async () => {
    free = await freeBytes(folder);
  };
  services.defer(every(LOOK_MS, look, problem('metrics')));
  look().catch(problem('metrics'));
  metrics.watch('walt_disk_free_bytes', () => free);
}
