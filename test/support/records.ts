// The real records of a server (database, registry, boots, journal, publisher) on a database in memory.

import { BootBook } from '../../agent/boots/boot-book.ts';
import { Detection } from '../../agent/devices/detection.ts';
import { contentOf } from '../../agent/devices/device.ts';
import { Registry } from '../../agent/devices/registry.ts';
import { EventFeed } from '../../agent/events/feed/feed.ts';
import { isOfTrial } from '../../agent/events/of-trial.ts';
import { Publisher } from '../../agent/events/publisher.ts';
import { feedEvents } from '../../agent/events/reactions/feed-events.ts';
import { noticeFailingBoots } from '../../agent/events/reactions/notice-failing-boots.ts';
import { recordBoots } from '../../agent/events/reactions/record-boots.ts';
import { writeJournal } from '../../agent/events/reactions/write-journal.ts';
import type { Clock } from '../../agent/host/clock/clock.ts';
import { Matchers } from '../../agent/host/matching/matchers.ts';
import { Places } from '../../agent/host/queues/places.ts';
import { Checkpoints } from '../../agent/journal/checkpoints.ts';
import { Journal } from '../../agent/journal/journal.ts';
import { LogReader } from '../../agent/journal/log-reader.ts';
import { LIMITS } from '../../agent/net/limits/table.ts';
import { openSqliteStore } from '../../agent/store/sqlite/store.ts';

/** A clock that is a microsecond later at each look. */
function countingClock(): Clock {
  let now = 1_000_000;
  return () => {
    now += 1;
    return now;
  };
}

/** Tests leave their stores open. One that is collected says so of each of its files, in lines that hide those of failures. */
const opened: unknown[] = [];

/**
 * @param file of the database; opening the same file again is a restart of the server
 * @param images name of the default image by model; its digest is `sha256:` and the model
 */
export async function openRecords(
  file = ':memory:',
  images: Record<string, string> = {},
  clock: Clock = countingClock(),
) {
  const store = await openSqliteStore(file);
  opened.push(store);
  const { database, writes } = store;
  const printed: string[] = [];
  const print = (line: string) => printed.push(line);
  const publisher = new Publisher({ clock, onFailure: print });
  const { publish } = publisher;
  const registry = new Registry({
    records: store.devices,
    onChange: (changed) => publish([{ kind: 'device-changed', ...changed }]),
  });
  await registry.load();
  publisher.conceal((event) => registry.hadTrials && isOfTrial(event, registry));
  const onProblem = (reason: unknown) => print(`boots: ${reason}`);
  const boots = new BootBook({
    ...{ records: store.boots, clock, onProblem },
    contentOf: (mac) => contentOf(registry.byMac(mac)),
    startsLocally: (mac) => registry.byMac(mac)?.bootsLocal === true,
    isTrial: registry.isTrial,
  });
  await boots.load();
  const journal = new Journal({ records: store.logs, print });
  writeJournal(publisher, journal, () => performance.now());
  const feed = new EventFeed(
    { records: store.events, places: placesOf('event-followers', 'follow the events') },
    clock(),
  );
  feedEvents(publisher, feed, () => performance.now());
  recordBoots(publisher, { boots, registry });
  noticeFailingBoots(publisher, { boots, registry });
  const detection = new Detection({
    registry,
    defaultImageOf: (model) => images[model],
    suits: (image, model) => images[model] === image,
    keyOf: (image) => digests(images)[image],
    clock,
    isUp: (mac) => boots.statusOf(mac).state === 'booted',
  });
  const matchers = new Matchers();
  const matcherOf = (pattern: string, by: string) => matchers.matcher(pattern, by);
  const logs = new LogReader({
    ...{ store, journal, matcherOf },
    places: placesOf('log-followers', 'follow the log'),
  });
  const checkpoints = new Checkpoints({ records: store.checkpoints, clock });
  return {
    ...{ store, database, feed, writes, registry, boots, journal, logs, matcherOf },
    ...{ checkpoints, detection },
    ...{ publisher, publish, clock, printed, images },
  };
}

function digests(images: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(images).map(([model, name]) => [name, `sha256:${model}`]),
  );
}

/** As many places as a server has. */
export function placesOf(
  limit: 'event-followers' | 'log-followers' | 'console-viewers',
  action: string,
): Places {
  return new Places(LIMITS[limit], { action, onFull: () => undefined });
}
