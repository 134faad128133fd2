// 300 boots of 30 boards, some of which freeze: by chance, in a way that repeats itself where it fails.
import test from 'ava';
import type { BootSignal } from '../../../agent/boot/progress.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { openHealer } from '../../support/nodes/healing.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';

const BOARDS = 30;
const BOOTS = 10;
/** One boot in so many freezes, somewhere. */
const FREEZES = 5;
/** This one never comes up. */
const BAD = 7;

const discover: BootSignal = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' };
const file = (path: string): BootSignal => ({
  ...{ kind: 'file', path, via: 'tftp', bytes: 1, ms: 1, retries: 0, outcome: 'complete' },
});
const BOOT: readonly BootSignal[] = [
  ...[discover, { ...discover, message: 'request' } as BootSignal],
  ...[
    file('start.ipxe'),
    file('kernel'),
    { kind: 'mounted' } as BootSignal,
    { kind: 'booted' } as BootSignal,
  ],
];

test('300 boots of 30 boards end booted or in quarantine, and no board that is up is cycled', async (t) => {
  t.timeout(120_000);
  const { registry, store, say, pass, onCycle, boots, healer, cases, cycled } = await openHealer();
  const random = randomNumbers(17);
  const next = (below: number) => Math.floor(random() * below);
  const boards = Array.from({ length: BOARDS }, (_, index) =>
    nodeNamed(`pc${index}`, { ip: `192.168.152.${index + 10}` }),
  );
  const boot = (index: number) => {
    const { mac = '' } = boards[index] ?? {};
    const isFrozen = index === BAD || next(FREEZES) === 0;
    say(mac, ...(isFrozen ? BOOT.slice(0, 1 + next(BOOT.length - 1)) : BOOT));
  };
  for (const [index, board] of boards.entries()) {
    await put(registry, board);
    onCycle.set(board.mac, () => {
      t.not(boots.statusOf(board.mac).state, 'booted', `${board.name} was up`);
      boot(index);
    });
  }
  for (let round = 0; round < BOOTS; round += 1) {
    for (const [index, { mac }] of boards.entries()) {
      say(mac, { kind: 'down', cause: 'reboot requested', method: 'soft' });
      boot(index);
    }
    await pass(4000);
    for (const { mac, name } of boards) {
      const isUp = boots.statusOf(mac).state === 'booted';
      t.not(isUp, healer.quarantineOf(mac) !== undefined, `${name} in round ${round}`);
    }
  }
  t.true(cycled.length > 30, `${cycled.length} cycles`);
  const healed = boards.map(({ mac }) => cases.of(mac).counts.healed);
  t.is(healed[BAD], 0);
  t.true(healed.reduce((sum, count) => sum + count, 0) > 20);
  t.not(healer.quarantineOf(boards[BAD]?.mac ?? ''), undefined);
  await store.close();
});
