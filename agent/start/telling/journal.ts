// The publisher of events, and the log that is written of them.
import { RateLimit } from '../../addresses/rate-limit.ts';
import { DiskError, messageOf } from '../../errors.ts';
import { EventFeed } from '../../events/feed/feed.ts';
import { Publisher } from '../../events/publisher.ts';
import { feedEvents } from '../../events/reactions/feed-events.ts';
import { followClockInLog } from '../../events/reactions/follow/follow-clock-in-log.ts';
import { renameLines } from '../../events/reactions/rename-lines.ts';
import { printIgnored, writeJournal } from '../../events/reactions/write-journal.ts';
import { followSystemClock, systemClock } from '../../host/clock/clock.ts';
import { every } from '../../host/clock/every.ts';
import { PRIORITY, type Print } from '../../host/processes/priority.ts';
import { Places } from '../../host/queues/places.ts';
import { Checkpoints } from '../../journal/checkpoints.ts';
import { Journal } from '../../journal/journal.ts';
import { Retention } from '../../journal/retention.ts';
import { Metrics } from '../../metrics/metrics.ts';
import { LimitReports } from '../../net/limits/reports.ts';
import { LIMITS, type OnLimit } from '../../net/limits/table.ts';
import type { Store } from '../../store/store.ts';

type Options = {
  readonly store: Pick<Store, 'logs' | 'checkpoints' | 'events'>;
  /** asked each time, since it may change */
  readonly keepDays: () => number;
  readonly keepDaysOf: Readonly<Record<string, number>>;
  readonly maxMegabytes: number;
  readonly maxMegabytesOf: Readonly<Record<string, number>>;
  readonly debug: boolean;
  readonly print: Print;
};

/** Where a part of the server puts trouble that no caller waits for. */
export type Problem = (source: string) => (reason: unknown) => void;

/** What a full disk does not take is said so often: each packet may be such a thing. */
const MINUTE_MS = 60_000;
const PRUNE_MS = 3_600_000;
const TRIM_MS = 10_000;
const HOUR_MS = 3_600_000;
const CLOCK_MS = 1000;

const now = () => performance.now();

/** Events are published and written down from here on. */
export function startJournal(
  { store, debug, print, ...kept }: Options,
  services: AsyncDisposableStack,
) {
  const records = store.logs;
  const checkpoints = new Checkpoints({ records: store.checkpoints, clock: systemClock });
  const publisher = new Publisher({
    clock: systemClock,
    onFailure: (line) => print(line, PRIORITY.error),
  });
  const journal = new Journal({ records, print });
  const retention = new Retention({ ...kept, records, clock: systemClock, now });
  followClockInLog(publisher, { records, retention, checkpoints });
  writeJournal(publisher, journal, now);
  const metrics = new Metrics();
  const feed = new EventFeed(
    {
      records: store.events,
      places: new Places(LIMITS['event-followers'], {
        action: 'follow the events',
        onFull: (whose) => onLimit('event-followers', whose),
      }),
      onLag: (seconds) => metrics.counted.eventLag.observe(seconds),
    },
    systemClock(),
  );
  feedEvents(publisher, feed, now);
  renameLines(publisher, (from, to) => records.rename(from, to));
  if (debug) printIgnored(publisher, print);
  const ofDisk = new RateLimit(MINUTE_MS);
  const problem: Problem = (source) => (reason) => {
    if (reason instanceof DiskError && ofDisk.allows(now()) === undefined) return;
    publisher.publish([{ kind: 'problem', source, message: messageOf(reason) }]);
  };
  const lookAtClock = async () => {
    const by = followSystemClock();
    if (by !== 0) publisher.publish([{ kind: 'clock-set', by }]);
  };
  services.defer(every(CLOCK_MS, lookAtClock, problem('clock')));
  services.defer(() => records.stopRenames());
  services.defer(() => publisher.tellAll());
  void records.finishRenames().catch(problem('log'));
  const ofSize = new RateLimit(HOUR_MS);
  const trim = async () => {
    await retention.trimStreams();
    const deleted = await retention.trim();
    if (deleted > 0 && ofSize.allows(now()) !== undefined)
      problem('log')(fullLog(kept.maxMegabytes));
  };
  services.defer(every(TRIM_MS, trim, problem('log')));
  services.defer(every(PRUNE_MS, () => retention.prune(), problem('log')));
  const limits = new LimitReports(now);
  const onLimit: OnLimit = (limit, from) => publisher.publish(limits.take(limit, from));
  return { publisher, journal, feed, metrics, checkpoints, problem, onLimit };
}

function fullLog(megabytes: number): string {
  return `the log has more than ${megabytes} MB: the oldest lines of devices are deleted. Raise log.maxMegabytes to keep more`;
}
