// What is learnt of boards when they get their power.
import test from 'ava';
import { LearntPower } from '../../../../agent/power/poe/learnt.ts';
import { openSqliteStore } from '../../../../agent/store/sqlite/store.ts';
import { openSwitchLab, SERVER, targetOf } from './switch-lab.ts';

const SW = '02:5e:00:00:00:01';
const MODEL = { switch: SW, model: 'rpi-4-b' };
const SECOND = 1_000_000;

async function open() {
  const store = await openSqliteStore(':memory:');
  let now = 0;
  const clock = () => now;
  const learnt = new LearntPower({ records: store.power, clock, gap: 1000 });
  const later = (seconds: number) => {
    now += seconds * SECOND;
  };
  /** @param came numbers of those that start */
  const start = async (count: number, came: (at: number) => boolean) => {
    for (let at = 0; at < count; at += 1) {
      await learnt.started({ ...MODEL, mac: `m${at}` });
      later(1);
    }
    for (let at = 0; at < count; at += 1) if (came(at)) await learnt.heard(`m${at}`);
    later(61);
    await learnt.expire();
  };
  return { store, learnt, later, start, clock };
}

test('LearntPower has safe values first, and shorter gaps once many boards came up together', async (t) => {
  const { learnt, start, store, clock } = await open();
  t.is(learnt.gapOf(MODEL), 1000);
  t.is(learnt.wattsOf(MODEL), undefined);
  await start(9, () => true);
  t.is(learnt.gapOf(MODEL), 800);
  for (let round = 0; round < 20; round += 1) await start(9, () => true);
  t.is(learnt.gapOf(MODEL), 250);
  t.is(learnt.gapOf({ ...MODEL, model: 'rpi-3-b' }), 1000);
  const again = new LearntPower({ records: store.power, clock, gap: 1000 });
  await again.load();
  t.is(again.gapOf(MODEL), 250);
});

test('LearntPower gives more time where boards do not start', async (t) => {
  const { learnt, start } = await open();
  await start(4, (at) => at !== 2);
  t.is(learnt.gapOf(MODEL), 2000);
  // The same board again: it is broken.
  await start(4, (at) => at !== 2);
  t.is(learnt.gapOf(MODEL), 2000);
  await start(4, (at) => at !== 1);
  t.is(learnt.gapOf(MODEL), 4000);
});

test('LearntPower a board that is alone says nothing of the gap', async (t) => {
  const { learnt, start } = await open();
  await start(1, () => false);
  t.is(learnt.gapOf(MODEL), 1000);
});

test('LearntPower watts are the most of the last times, with a margin', async (t) => {
  const { learnt } = await open();
  await learnt.noteWatts(MODEL, 4);
  t.is(learnt.wattsOf(MODEL), undefined);
  await learnt.noteWatts(MODEL, 6);
  t.is(learnt.wattsOf(MODEL), 9);
  for (let round = 0; round < 5; round += 1) await learnt.noteWatts(MODEL, 4);
  t.is(learnt.wattsOf(MODEL), 6);
});

test('poe learns the watts of a board by turning it off, and then fits more boards into the budget', async (t) => {
  const lab = await openSwitchLab(t);
  // The class of a port says 15.4 W, and the board takes 4.
  const sw = await lab.addSwitch({ mac: SW, name: 'sw-1', portCount: 4, budget: 20 });
  sw.portOf(1).stations.add(SERVER);
  const macs = ['b8:27:eb:00:00:02', 'b8:27:eb:00:00:03', 'b8:27:eb:00:00:04'];
  for (const [at, mac] of macs.entries()) {
    sw.portOf(at + 2).stations.add(mac);
    lab.add({ mac, name: `rpi-${at}`, model: 'rpi-4-b' });
  }
  const plug = (port: number, hasLoad: boolean) => {
    const { poe } = sw.portOf(port);
    if (poe) poe.hasLoad = hasLoad;
  };
  plug(2, true);
  const [first = '', second = '', third = ''] = macs;
  await lab.driver.cycle(targetOf(first));
  await lab.driver.cycle(targetOf(first));
  t.deepEqual(lab.driver.learnt.of(SW)[0]?.watts, [4, 4]);
  plug(3, true);
  plug(4, true);
  // 12 of 20 W are used: 15.4 more would not fit, and 6 do.
  for (const mac of [second, third]) await lab.driver.cycle(targetOf(mac));
  t.is(await lab.driver.status(targetOf(third)), 'on');
});
