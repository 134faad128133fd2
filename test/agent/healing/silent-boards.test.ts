// Many boards that fall silent together: the cause is not in the boards.
import test, { type ExecutionContext } from 'ava';
import { openHealer } from '../../support/nodes/healing.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { booted, discover, gone, loaded, mounted, request } from './signals.ts';

test('Healer takes many boards that go silent at once for one event, and helps them later', async (t) => {
  const { registry, store, say, pass, cycled, events } = await openHealer();
  const boards = Array.from({ length: 10 }, (_, index) =>
    nodeNamed(`pc${index}`, { ip: `192.168.152.${index + 10}` }),
  );
  for (const board of boards) {
    await put(registry, board);
    say(board.mac, ...loaded, mounted, booted);
  }
  await pass(100);
  for (const board of boards) say(board.mac, gone);
  await pass(200);
  t.deepEqual(cycled, []);
  t.is(events.length, 1);
  for (const board of boards.slice(0, 8)) say(board.mac, ...loaded, mounted, booted);
  await pass(1000);
  t.deepEqual(new Set(cycled), new Set(boards.slice(8).map((board) => board.mac)));
  await store.close();
});

test('Healer helps a board though others have to wait for their hour to be over', async (t) => {
  const { registry, store, say, pass, cycled, texts } = await openHealer();
  const boards = Array.from({ length: 5 }, (_, index) =>
    nodeNamed(`pc${index}`, { ip: `192.168.152.${index + 10}` }),
  );
  for (const board of boards) {
    await put(registry, { ...board, settings: { 'boot.hardPerHour': '1' } });
    say(board.mac, discover, request);
    // Not many at once.
    await pass(100);
  }
  await pass(900);
  t.deepEqual(
    cycled,
    boards.map(({ mac: one }) => one),
    texts().join('\n'),
  );
  t.is(texts().filter((text) => /as often within the hour/.test(text)).length, 5);
  await store.close();
});

for (const count of [6, 19]) {
  test(`Healer tries one board after the other where ${count} of 20 fell silent at once, until one is heard`, async (t) => {
    await fallSilent(t, count);
  });
}

async function fallSilent(t: ExecutionContext, count: number): Promise<void> {
  const { registry, store, say, pass, cycled, onCycle, texts } = await openHealer();
  const boards = Array.from({ length: 20 }, (_, index) =>
    nodeNamed(`pc${index}`, { ip: `192.168.152.${index + 10}` }),
  );
  const [single, ...others] = boards;
  const many = others.slice(0, count);
  for (const board of boards) {
    await put(registry, board);
    say(board.mac, ...loaded, mounted, booted);
  }
  // As a switch that is away for an hour shows it.
  for (const board of many) say(board.mac, gone);
  await pass(1800);
  t.true(cycled.length >= 2 && cycled.length <= 4, `${cycled.length}`);
  t.is(new Set(cycled).size, cycled.length, 'each time another one');
  // One that is elsewhere is helped meanwhile.
  const { mac: elsewhere = '' } = single ?? {};
  onCycle.set(elsewhere, () => say(elsewhere, ...loaded, mounted, booted));
  say(elsewhere, gone);
  await pass(400);
  t.true(cycled.includes(elsewhere));
  await pass(1400);
  const before = cycled.length;
  t.true(before <= 6, `${before}`);
  for (const board of many.slice(0, -4)) say(board.mac, booted);
  await pass(100);
  t.is(cycled.length, before, 'the others have all their time again');
  await pass(400);
  t.deepEqual(
    new Set(cycled.slice(before)),
    new Set(many.slice(-4).map((board) => board.mac)),
    texts().join('\n'),
  );
  await store.close();
}
