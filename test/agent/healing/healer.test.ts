// What is done for one board that does not come up.
import { join } from 'node:path';
import test from 'ava';
import type { BootSignal } from '../../../agent/boot/progress.ts';
import { openHealer } from '../../support/nodes/healing.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { booted, discover, file, gone, loaded, mounted, request } from './signals.ts';

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
