import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { BootSignal } from '../../../agent/boot/progress.ts';
import { openHealer } from '../../support/nodes/healing.ts';
import { put } from '../../support/put.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { nodeNamed } from '../cli/test-platform.ts';

const discover: BootSignal = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' };
const request: BootSignal = { ...discover, message: 'request' };
const file = (path: string, outcome = 'complete'): BootSignal => ({
  ...{ kind: 'file', path, via: 'tftp', bytes: 1, ms: 0, retries: 0, outcome },
});
const mounted: BootSignal = { kind: 'mounted' };
const booted: BootSignal = { kind: 'booted' };
const gone: BootSignal = {
  kind: 'down',
  cause: 'the connection was lost',
  method: 'server-detected',
};
const loaded = [discover, request, file('start.ipxe'), file('initrd')];
const node = nodeNamed('pc', { ip: '192.168.152.2' });
const { mac } = node;

const FREEZES: readonly [string, readonly BootSignal[], RegExp][] = [
  ['asks alone', [discover], /did not take the one/],
  ['gets no file', [discover, request], /got an address and no file/],
  [
    'a transfer breaks off',
    [discover, request, file('kernel', 'lost')],
    /kernel by tftp broke off \(lost\)/,
  ],
  ['kernel, and no mount', loaded, /loaded initrd by tftp last and mounted no root/],
  ['mounted, and never up', [...loaded, mounted], /never said that it is up/],
  ['up, and silent', [...loaded, mounted, booted, gone], /went silent without a word/],
];

for (const [title, signals, reason] of FREEZES) {
  test(`Healer cycles the power of a board that freezes, and says why: ${title}`, async (t) => {
    const { registry, store, say, pass, cycled, texts, boots, onCycle, cases } = await openHealer();
    await put(registry, node);
    onCycle.set(mac, () => say(mac, ...loaded, mounted, booted));
    say(mac, ...signals);
    await pass(120);
    t.deepEqual(cycled, []);
    await pass(400);
    t.deepEqual(cycled, [mac]);
    t.is(boots.statusOf(mac).state, 'booted');
    t.true(
      texts().some((text) => reason.test(text)),
      texts().join('\n'),
    );
    t.regex(texts().at(-1) ?? '', /is up again, after it was helped once/);
    t.is(cases.of(mac).counts.healed, 1);
    await store.close();
  });

  test(`Healer leaves a board that freezes at each boot, with the reason: ${title}`, async (t) => {
    const { registry, store, say, pass, cycled, texts, healer, onCycle, events } =
      await openHealer();
    await put(registry, { ...node, settings: { 'boot.retries': '4' } });
    onCycle.set(mac, () => {
      if (!signals.includes(gone)) say(mac, ...signals);
    });
    say(mac, ...signals);
    await pass(3000);
    t.is(cycled.length, 4);
    t.regex(healer.quarantineOf(mac) ?? '', /^is in quarantine: .*4 times did not help\. Look at /);
    if (!signals.includes(gone)) t.regex(healer.quarantineOf(mac) ?? '', reason);
    t.is(
      events.filter((event) => 'what' in event && event.what !== 'step').length,
      1,
      texts().join('\n'),
    );
    await store.close();
  });
}

test('Healer lets a board in quarantine alone until a person does something', async (t) => {
  const { registry, store, say, pass, cycled, healer, publish } = await openHealer();
  await put(registry, { ...node, settings: { 'boot.retries': '1' } });
  say(mac, discover, request);
  await pass(2000);
  t.not(healer.quarantineOf(mac), undefined);
  const before = cycled.length;
  await pass(2000);
  t.is(cycled.length, before);
  publish([{ kind: 'reboot-asked', node: 'pc', by: 'alice', isHard: true }]);
  t.is(healer.quarantineOf(mac), undefined);
  await pass(2000);
  t.true(cycled.length > before);
  await store.close();
});

test('Healer goes on where it was when the server starts again', async (t) => {
  const databaseFile = join(await temporaryFolder(t), 'walt.db');
  const first = await openHealer(databaseFile);
  await put(first.registry, { ...node, settings: { 'boot.retries': '2' } });
  first.onCycle.set(mac, () => first.say(mac, discover, request));
  first.say(mac, discover, request);
  await first.pass(450);
  t.is(first.cycled.length, 1);
  await first.store.close();
  const second = await openHealer(databaseFile, first.world.now / 1e6);
  await second.pass(1500);
  t.is(second.cycled.length, 1, 'one of two was used up');
  t.regex(second.healer.quarantineOf(mac) ?? '', /2 times did not help/);
  await second.store.close();
});

test('Healer never cycles a board whose system answers, or that is up', async (t) => {
  const { registry, store, say, pass, cycled, answering, asked } = await openHealer();
  await put(registry, node);
  say(mac, ...loaded, mounted, booted);
  await pass(2000);
  answering.add(mac);
  say(mac, gone);
  await pass(2000);
  t.deepEqual([cycled, asked], [[], []]);
  say(mac, ...loaded, mounted);
  await pass(800);
  t.deepEqual(cycled, []);
  t.true(asked.length > 0, 'a system that does not get up is asked to reboot');
  await store.close();
});

test('Healer keeps to boot.heal, boot.timeout and what people turned off', async (t) => {
  const { registry, store, say, pass, cycled, world, events } = await openHealer();
  const { mode: _mode } = world;
  for (const settings of [{ 'boot.heal': 'off' }, { 'boot.timeout': 'none' }]) {
    await put(registry, { ...node, settings });
    say(mac, discover, request);
    await pass(2000);
  }
  await put(registry, node);
  say(mac, { kind: 'down', cause: 'power off requested', method: 'hard' });
  await pass(2000);
  t.deepEqual([cycled, events], [[], []]);
  world.mode = 'soft';
  say(mac, discover, request);
  await pass(4000);
  t.deepEqual(cycled, []);
  t.true(events.length > 0);
  await store.close();
});

test('Healer tries small blocks by TFTP, then the content that came up on the board last', async (t) => {
  const { registry, store, say, pass, ways, content, onCycle, texts, boots, cases } =
    await openHealer();
  const good = 'sha256:good';
  content.add(good);
  await put(registry, { ...node, root: good });
  say(mac, ...loaded, mounted, booted);
  await put(registry, { ...node, root: 'sha256:bad' });
  const seen: string[] = [];
  onCycle.set(mac, () => {
    const instead = ways.insteadOf(mac, 'sha256:bad');
    seen.push(ways.isCareful(mac) ? 'careful' : (instead ?? 'usual'));
    if (instead === undefined) return say(mac, ...loaded);
    say(mac, ...loaded, mounted, booted);
  });
  say(mac, { kind: 'down', cause: 'reboot requested', method: 'soft' }, ...loaded);
  await pass(3000);
  t.deepEqual(seen, ['usual', 'usual', 'careful', 'careful', good], texts().join('\n'));
  t.is(boots.statusOf(mac).state, 'booted');
  t.is(ways.insteadOf(mac, 'sha256:bad'), good, 'at its next boot too');
  t.is(ways.insteadOf(mac, 'sha256:mended'), undefined, 'until its image is another');
  t.is(cases.of(mac).counts.healed, 1);
  await store.close();
});

test('Healer helps nobody while the server is the cause, and says so once', async (t) => {
  const { registry, store, say, pass, cycled, world, events } = await openHealer();
  await put(registry, node);
  world.hasNfs = false;
  say(mac, ...loaded);
  await pass(2000);
  t.deepEqual(cycled, []);
  t.deepEqual(events, [{ kind: 'healing-paused', reason: 'the NFS server does not answer' }]);
  world.hasNfs = true;
  await pass(150);
  t.deepEqual(events.at(-1), { kind: 'healing-paused' });
  t.deepEqual(cycled, [], 'it has all its time again');
  await pass(600);
  t.is(cycled.length > 0, true);
  await store.close();
});

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

test('Healer keeps to boot.hardPerHour where a board comes up and falls silent again and again', async (t) => {
  const { registry, store, say, pass, cycled, texts, onCycle } = await openHealer();
  await put(registry, { ...node, settings: { 'boot.hardPerHour': '2' } });
  onCycle.set(mac, () => say(mac, ...loaded, mounted, booted, gone));
  say(mac, ...loaded, mounted, booted, gone);
  await pass(3500);
  t.is(cycled.length, 2, texts().join('\n'));
  await pass(1500);
  t.is(cycled.length, 4, 'the hour is over');
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
