// The publisher of events, and the log that is written of them.
import { RateLimit } from '../addresses/rate-limit.ts';
import { DiskError, messageOf } from '../errors.ts';
import { Publisher } from '../events/publisher.ts';
import { followClockInLog } from '../events/reactions/follow-clock-in-log.ts';
import { printIgnored, writeJournal } from '../events/reactions/write-journal.ts';
import { followSystemClock, systemClock } from '../host/clock.ts';
import { every } from '../host/every.ts';
import { PRIORITY, type Print } from '../host/priority.ts';
import { Journal } from '../journal/journal.ts';
import { Retention } from '../journal/retention.ts';
import { LimitReports } from '../net/limits/reports.ts';
import type { OnLimit } from '../net/limits/table.ts';
import type { LogRecords } from '../store/store.ts';

type Options = {
  readonly records: LogRecords;
  /** asked each time, since it may change */
  readonly keepDays: () => number;
  readonly debug: boolean;
  readonly print: Print;
};

/** Where a part of the server puts trouble that no caller waits for. */
export type Problem = (source: string) => (reason: unknown) => void;

/** What a full disk does not take is said so often: each packet may be such a thing. */
const MINUTE_MS = 60_000;
const PRUNE_MS = 3_600_000;
const CLOCK_MS = 1000;

const now = () => performance.now();

/** Events are published and written down from here on. */
export function startJournal(
  { records, keepDays, debug, print }: Options,
  services: AsyncDisposableStack,
) {
  const publisher = new Publisher({
    clock: systemClock,
    onFailure: (line) => print(line, PRIORITY.error),
  });
  const journal = new Journal({ records, print });
  const retention = new Retention({ records, keepDays, clock: systemClock, now });
  followClockInLog(publisher, { records, retention });
  writeJournal(publisher, journal, now);
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
  services.defer(every(PRUNE_MS, () => retention.prune(), problem('log')));
  const limits = new LimitReports(now);
  const onLimit: OnLimit = (limit, from) => publisher.publish(limits.take(limit, from));
  return { publisher, journal, problem, onLimit };
}
