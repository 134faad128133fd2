// Boards behind a switch that does not answer, or takes its time.
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { openHealer } from '../../support/nodes/healing.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { booted, gone, loaded, mounted } from './signals.ts';

const node = nodeNamed('pc', { ip: '192.168.152.2' });
const { mac } = node;

test('Healer helps a board whose switch takes its time to answer, and answers', async (t) => {
  const { registry, store, say, pass, cycled, switches, slow } = await openHealer();
  await put(registry, node);
  switches.set(mac, 'sw-1');
  slow.add('sw-1');
  say(mac, ...loaded, mounted, booted);
  say(mac, gone);
  await pass(400);
  t.deepEqual(cycled, [], 'the answer is awaited');
  slow.answer();
  await pass(100);
  t.deepEqual(cycled, [mac]);
  await store.close();
});

for (const isGone of [true, false]) {
  test(`Healer goes on where the clock is set back while a switch ${isGone ? 'is gone' : 'is asked'}`, async (t) => {
    const {
      registry,
      store,
      say,
      pass,
      cycled,
      switches,
      gone: away,
      slow,
      world,
      publish,
    } = await openHealer(':memory:', 1_000_000);
    await put(registry, node);
    switches.set(mac, 'sw-1');
    if (isGone) away.add('sw-1');
    else slow.add('sw-1');
    say(mac, ...loaded, mounted, booted);
    say(mac, gone);
    await pass(400);
    t.deepEqual(cycled, []);
    const by = -900_000 * 1_000_000;
    world.now += by;
    publish([{ kind: 'clock-set', by }]);
    await setTimeout(1);
    slow.answer();
    await pass(100);
    t.deepEqual(cycled, [mac]);
    await store.close();
  });
}

test('Healer leaves boards behind a switch that is gone alone, says it once, and helps them when it is back', async (t) => {
  const {
    registry,
    store,
    say,
    pass,
    cycled,
    events,
    switches,
    gone: away,
    onCycle,
  } = await openHealer();
  const boards = ['02:00:00:00:00:01', '02:00:00:00:00:02', '02:00:00:00:00:03'];
  for (const [index, one] of boards.entries()) {
    await put(registry, nodeNamed(`pc-${index}`, { ip: `192.168.152.1${index}`, mac: one }));
    if (index < 2) switches.set(one, 'sw-1');
    onCycle.set(one, () => say(one, ...loaded, mounted, booted));
    say(one, ...loaded, mounted, booted);
  }
  away.add('sw-1');
  for (const one of boards) say(one, gone);
  await pass(1500);
  t.deepEqual(cycled, boards.slice(2), 'the third one hangs on no known switch');
  const held = () => events.filter(({ kind }) => kind === 'healing-held');
  t.deepEqual(
    held().map((event) => ('isOver' in event ? event.isOver : undefined)),
    [false],
  );
  away.delete('sw-1');
  await pass(120);
  t.is(held().length, 2);
  say(boards[0] ?? '', ...loaded, mounted, booted);
  await pass(1500);
  t.deepEqual(cycled, [boards[2], boards[1]], 'the one that does not come back is helped');
  away.add('sw-1');
  onCycle.clear();
  for (const one of boards.slice(0, 2)) say(one, gone);
  await pass(3000);
  t.is(cycled.length, 2);
  await pass(3000);
  t.true(cycled.length > 2, 'after an hour they are helped as others');
  await store.close();
});
