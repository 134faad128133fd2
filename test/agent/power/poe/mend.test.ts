// Ports that the driver `poe` has left off, whatever was in the way: they are told of, and turned on at the next start.
import test from 'ava';
import { openSqliteStore } from '../../../../agent/store/sqlite/store.ts';
import { freePort } from '../../../../lab/network/free-port.ts';
import type { EmulatedSwitch } from '../../../../lab/switches/emulated-switch.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { oneBoard, PI, SW } from './one-board.ts';
import { openSwitchLab, SERVER, targetOf } from './switch-lab.ts';

test('poe a port that is on again without power is said, and tried again at the next start', async (t) => {
  const { driver, port, records } = await oneBoard(t, {
    // The plug is pulled while the power is off.
    onOff: () => {
      if (port.poe) port.poe.hasLoad = false;
    },
  });
  const { poe } = port;
  await t.throwsAsync(driver.cycle(targetOf(PI)), {
    message: /is on again and gives no power: it says searching/,
  });
  t.is((await records.ports())[0]?.offSince, 7);
  if (poe) poe.hasLoad = true;
  t.deepEqual(await driver.mend(), [{ text: 'port 7 of sw-1', error: null }]);
  t.is((await records.ports())[0]?.offSince, null);
});

test('poe a port that a cycle has left without power stays off where somebody says so', async (t) => {
  const { driver, port, records } = await oneBoard(t, {
    onOff: () => {
      if (port.poe) port.poe.hasLoad = false;
    },
  });
  await t.throwsAsync(driver.cycle(targetOf(PI)), { message: /gives no power/ });
  await driver.off(targetOf(PI));
  t.false(port.poe?.isEnabled);
  t.is((await records.ports())[0]?.offSince, null);
  t.deepEqual(await driver.mend(), []);
});

test('poe what a crash left off goes on at the next start, and no other port', async (t) => {
  const folder = await temporaryFolder(t);
  const file = `${folder}/walt.db`;
  const first = await openSqliteStore(file);
  // A server that ends between off and on.
  const { driver, port, sw, events } = await oneBoard(t, {
    store: first,
    times: { off: 60_000, proof: 300, look: 20 },
  });
  const eighth = sw.portOf(8).poe;
  if (eighth) eighth.isEnabled = false;
  void driver.cycle(targetOf(PI)).catch(() => undefined);
  for (let round = 0; round < 200 && port.poe?.isEnabled; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  t.deepEqual(events, ['7 off']);
  await first.close();

  const second = await openSqliteStore(file);
  t.teardown(() => second.close());
  const again = await openSwitchLab(t, { store: second });
  again.add({ mac: SW, name: 'sw-1', settings: { type: 'switch' } });
  again.switches.push(sw);
  t.deepEqual(await again.driver.mend(), [{ text: 'port 7 of sw-1', error: null }]);
  t.deepEqual(events, ['7 off', '7 on']);
  t.false(eighth?.isEnabled);
  t.deepEqual(await again.driver.mend(), []);
});

test('poe a switch that restarts within a cycle is said, and its port mended once it is back', async (t) => {
  const lab = await openSwitchLab(t);
  const port = await freePort();
  const options = { ...{ mac: SW, name: 'sw-1', portCount: 8 }, port };
  const plugged = (sw: EmulatedSwitch) => {
    sw.portOf(1).stations.add(SERVER);
    sw.portOf(7).stations.add(PI);
    const { poe } = sw.portOf(7);
    if (poe) poe.hasLoad = true;
  };
  const gone = Promise.withResolvers<void>();
  const first = await lab.addSwitch({
    ...options,
    onPower: (_, isOn) => {
      if (!isOn) setTimeout(() => gone.resolve(first[Symbol.asyncDispose]()), 0);
    },
  });
  plugged(first);
  lab.add({ mac: PI, name: 'rpi-1' });
  await t.throwsAsync(lab.driver.cycle(targetOf(PI)), { message: /sw-1.*does not answer/ });
  t.is((await lab.records.ports())[0]?.offSince, 7);
  await gone.promise;
  // It is not there yet, and is tried again later.
  t.regex((await lab.driver.mend())[0]?.error ?? '', /does not answer/);
  t.deepEqual(await lab.driver.mend(), []);
  lab.later(31);
  plugged(await lab.addSwitch(options));
  t.deepEqual(await lab.driver.mend(), [{ text: 'port 7 of sw-1', error: null }]);
  t.is((await lab.records.ports())[0]?.offSince, null);
  t.is(await lab.driver.status(targetOf(PI)), 'on');
});

test('poe a port that was left off at a switch that is forgotten is said once, and asked for no more', async (t) => {
  const { driver, records, remove, device, sw } = await oneBoard(t);
  await records.savePort({ switch: SW, port: 7, name: 'desk 7', offSince: 5 });
  const known = device(SW);
  t.like(known && (await driver.forget(known)), [{ text: 'port 7 of sw-1' }]);
  remove(SW);
  const questions = sw.questions();
  t.like(await driver.mend(), [
    {
      text: `port 7 of ${SW}`,
      error:
        'this is no switch that the server knows any more, so that nobody but you turns it on again',
    },
  ]);
  t.deepEqual(await driver.mend(), []);
  t.is(sw.questions(), questions);
});
