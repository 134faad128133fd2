import { join } from 'node:path';
import test from 'ava';
import { Publisher } from '../../../../../agent/events/publisher.ts';
import { followClockInLog } from '../../../../../agent/events/reactions/follow/follow-clock-in-log.ts';
import { writeJournal } from '../../../../../agent/events/reactions/write-journal.ts';
import { WallClock } from '../../../../../agent/host/clock/clock.ts';
import { Checkpoints } from '../../../../../agent/journal/checkpoints.ts';
import { Journal } from '../../../../../agent/journal/journal.ts';
import { Retention } from '../../../../../agent/journal/retention.ts';
import { openSqliteStore } from '../../../../../agent/store/sqlite/store.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Long after the time that a machine without a battery starts with. */
const NOW = 20_000 * DAY;

/** A server on a machine whose clocks are set by hand, in milliseconds. */
async function open(file: string, wall: number) {
  const clocks = { wall, steady: 0 };
  const clock = new WallClock({ wall: () => clocks.wall, steady: () => clocks.steady });
  const { logs, checkpoints: records, close } = await openSqliteStore(file);
  const checkpoints = new Checkpoints({ records, clock: clock.read });
  const publisher = new Publisher({ clock: clock.read, onFailure: () => undefined });
  const now = () => clocks.steady;
  const retention = new Retention({
    records: logs,
    keepDays: () => 30,
    maxMegabytes: 100,
    clock: clock.read,
    now,
  });
  followClockInLog(publisher, { records: logs, retention, checkpoints });
  writeJournal(publisher, new Journal({ records: logs, print: () => undefined }), now);
  return {
    close,
    checkpoints,
    retention,
    say: (message: string) => publisher.publish([{ kind: 'problem', source: 'test', message }]),
    pass: (ms: number) => {
      clocks.steady += ms;
      clocks.wall += ms;
    },
    set: (to: number) => {
      clocks.wall = to;
      publisher.publish([{ kind: 'clock-set', by: clock.follow() }]);
    },
    lines: async () => {
      const read = await logs.read({ limit: 100 });
      return read.map(({ at, line }) => `${(at / 1000 - NOW) / HOUR} ${line.slice(0, 7)}`);
    },
  };
}

test('followClockInLog() gives the lines of this run the time that the clock shows now', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const before = await open(file, NOW - 5 * HOUR);
  before.say('earlier');
  await before.close();
  const server = await open(file, 0);
  server.say('started');
  server.pass(2 * HOUR);
  server.say('waiting');
  server.pass(HOUR);
  server.set(NOW);
  server.say('running');
  t.deepEqual(await server.lines(), [
    '-5 earlier',
    '-3 started',
    '-1 waiting',
    '0 the clo',
    '0 running',
  ]);
  await server.retention.prune();
  server.pass(25 * HOUR);
  await server.retention.prune();
  t.is((await server.lines()).length, 5);
  server.pass(40 * DAY);
  await server.retention.prune();
  t.deepEqual(await server.lines(), []);
  await server.close();
});

test('followClockInLog() moves checkpoints of now with the lines, and none of a date or an earlier run', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const before = await open(file, NOW - 5 * HOUR);
  await before.checkpoints.add({ user: 'alice', name: 'earlier' });
  await before.close();
  const server = await open(file, 0);
  await server.checkpoints.add({ user: 'alice', name: 'now' });
  await server.checkpoints.add({ user: 'alice', name: 'dated', at: (NOW + HOUR) * 1000 });
  server.pass(HOUR);
  server.set(NOW);
  await server.lines();
  const all = await server.checkpoints.of('alice');
  t.deepEqual(
    all.map(({ name, at }) => [name, (at / 1000 - NOW) / HOUR]),
    [
      ['earlier', -5],
      ['now', -1],
      ['dated', 1],
    ],
  );
  await server.close();
});

test('Retention deletes nothing for a day after the clock was set, perhaps wrongly', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const before = await open(file, NOW);
  before.say('earlier');
  await before.close();
  const server = await open(file, NOW);
  server.set(NOW + 400 * DAY);
  server.pass(23 * HOUR);
  await server.retention.prune();
  t.is((await server.lines()).length, 2);
  server.pass(2 * HOUR);
  await server.retention.prune();
  t.is((await server.lines()).length, 1, 'it was right after all');
  await server.close();
});

test('Retention keeps lines of a run that ended before its clock was set', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  for (const [wall, what] of [
    [NOW - 40 * DAY, 'too old'],
    [NOW - 5 * HOUR, 'earlier'],
    [0, 'no time'],
  ] as const) {
    const run = await open(file, wall);
    run.say(what);
    await run.close();
  }
  const server = await open(file, NOW);
  await server.retention.prune();
  t.deepEqual(await server.lines(), ['-5 earlier', `${-NOW / HOUR} no time`]);
  await server.close();
});
