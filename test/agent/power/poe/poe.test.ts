// The driver `poe` with emulated switches.
import test from 'ava';
import { openSqliteStore } from '../../../../agent/store/sqlite/store.ts';
import { freePort } from '../../../../lab/network/free-port.ts';
import type { EmulatedSwitch } from '../../../../lab/switches/emulated-switch.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { openSwitchLab, SERVER, targetOf } from './switch-lab.ts';

const SW = '02:5e:00:00:00:01';
const PI = 'b8:27:eb:00:00:01';
const OTHER = 'b8:27:eb:00:00:02';

/** A switch with the server behind port 1 and a board behind port 7. */
async function oneBoard(
  t: Parameters<typeof openSwitchLab>[0],
  { onOff, ...options }: Parameters<typeof openSwitchLab>[1] & { onOff?: () => void } = {},
) {
  const lab = await openSwitchLab(t, options);
  const events: string[] = [];
  const sw = await lab.addSwitch({
    ...{ mac: SW, name: 'sw-1', portCount: 8 },
    onPower: (port, isOn) => {
      events.push(`${port} ${isOn ? 'on' : 'off'}`);
      if (!isOn) onOff?.();
    },
  });
  lab.add({ mac: PI, name: 'rpi-1' });
  lab.add({ mac: OTHER, name: 'rpi-2' });
  sw.portOf(1).stations.add(SERVER);
  const port = sw.portOf(7);
  port.stations.add(PI);
  if (port.poe) port.poe.hasLoad = true;
  return { ...lab, sw, port, events };
}

test('poe cycles the port of the node, and has seen the power go and come back', async (t) => {
  const { driver, events, records } = await oneBoard(t);
  await driver.cycle(targetOf(PI));
  t.deepEqual(events, ['7 off', '7 on']);
  t.is(await driver.status(targetOf(PI)), 'on');
  t.deepEqual(await records.ports(), [{ switch: SW, port: 7, name: null, offSince: null }]);
});

test('poe off and on, also where it is so already; a cycle of what is off turns it on', async (t) => {
  const { driver, events } = await oneBoard(t);
  await driver.off(targetOf(PI));
  await driver.off(targetOf(PI));
  await driver.cycle(targetOf(PI));
  t.deepEqual(events.splice(0), ['7 off', '7 on']);
  await driver.off(targetOf(PI));
  t.is(await driver.status(targetOf(PI)), 'off');
  await driver.on(targetOf(PI));
  t.is(await driver.status(targetOf(PI)), 'on');
  t.deepEqual(events, ['7 off', '7 on']);
});

test('poe switches a board that hangs, which its switch has forgotten', async (t) => {
  const { driver, topology, port, events } = await oneBoard(t);
  await topology.rescan();
  port.stations.clear();
  await driver.cycle(targetOf(PI));
  t.deepEqual(events, ['7 off', '7 on']);
});

test('poe a switch that numbers its PoE ports as its interfaces', async (t) => {
  const lab = await openSwitchLab(t);
  const events: string[] = [];
  const sw = await lab.addSwitch({
    ...{ mac: SW, name: 'sw-1', portCount: 8 },
    interfaceOf: (port) => 100 + port,
    poeIndexOf: (port) => `1.${100 + port}`,
    onPower: (port, isOn) => events.push(`${port} ${isOn ? 'on' : 'off'}`),
  });
  sw.portOf(3).stations.add(PI);
  const { poe } = sw.portOf(3);
  if (poe) poe.hasLoad = true;
  await lab.driver.cycle(targetOf(PI));
  t.deepEqual(events, ['3 off', '3 on']);
});

test('poe the second member of a stack, and one whose vendor says which interface is which', async (t) => {
  const lab = await openSwitchLab(t);
  const second = (port: number) => port > 8;
  const events: string[] = [];
  const plug = (sw: EmulatedSwitch, port: number) => {
    sw.portOf(port).stations.add(port === 11 ? PI : OTHER);
    const { poe } = sw.portOf(port);
    if (poe) poe.hasLoad = true;
  };
  const stack = await lab.addSwitch({
    ...{ mac: SW, name: 'stack', portCount: 16 },
    nameOf: (port) => `${second(port) ? 2 : 1}/0/${second(port) ? port - 8 : port}`,
    interfaceOf: (port) => (second(port) ? 500 + port : port),
    poeIndexOf: (port) => (second(port) ? `2.${port - 8}` : `1.${port}`),
    onPower: (port, isOn) => events.push(`stack ${port} ${isOn ? 'on' : 'off'}`),
  });
  plug(stack, 11);
  const cisco = await lab.addSwitch({
    ...{ mac: '02:5e:00:00:00:02', name: 'cisco', portCount: 8, isCisco: true },
    nameOf: (port) => `Gi1/0/${port}`,
    interfaceOf: (port) => 10_100 + port,
    // Counted from the other side, as nobody would guess.
    poeIndexOf: (port) => `1.${9 - port}`,
    onPower: (port, isOn) => events.push(`cisco ${port} ${isOn ? 'on' : 'off'}`),
  });
  plug(cisco, 3);
  await lab.driver.cycle(targetOf(PI));
  await lab.driver.cycle(targetOf(OTHER, 'rpi-2'));
  t.deepEqual(events, ['stack 11 off', 'stack 11 on', 'cisco 3 off', 'cisco 3 on']);
  t.deepEqual(
    lab.driver.learnt.of(cisco.state.mac).map(({ watts }) => watts),
    [[4]],
  );
});

test('poe a switch whose PoE ports can be counted in two ways is not switched', async (t) => {
  const lab = await openSwitchLab(t);
  const sw = await lab.addSwitch({
    ...{ mac: SW, name: 'sw-1', portCount: 8 },
    interfaceOf: (port) => port + 1,
    poeIndexOf: (port) => `1.${port}`,
  });
  for (const port of [1, 8]) delete sw.portOf(port).poe;
  sw.portOf(3).stations.add(PI);
  const { poe } = sw.portOf(3);
  if (poe) poe.hasLoad = true;
  await t.throwsAsync(lab.driver.cycle(targetOf(PI)), {
    message: /ge3 of sw-1 is not switched: it has no PoE/,
  });
  t.true(poe?.isEnabled);
});

type Setup = Awaited<ReturnType<typeof oneBoard>>;

const refused = test.macro({
  exec: async (t, arrange: (lab: Setup) => unknown, message: RegExp) => {
    const lab = await oneBoard(t);
    await arrange(lab);
    for (const verb of ['off', 'cycle'] as const) {
      await t.throwsAsync(lab.driver[verb](targetOf(PI)), { message });
    }
    t.deepEqual(lab.events, []);
    t.true(lab.port.poe?.isEnabled);
  },
  title: (title = '') => `poe switches nothing: ${title}`,
});

test(
  'a place that is not known',
  refused,
  ({ port }) => port.stations.clear(),
  /is not known behind/,
);
test(
  'more than one machine behind the port',
  refused,
  ({ port }) => port.stations.add(OTHER),
  /port ge7 of sw-1 is not switched: behind it is not rpi-1 alone, but also rpi-2$/,
);
test(
  'the port to the server',
  refused,
  ({ port, sw }) => {
    sw.portOf(1).stations.clear();
    port.stations.add(SERVER);
  },
  /it is not known behind|leads to the server/,
);
test(
  'something else by LLDP',
  refused,
  ({ port }) => {
    port.neighbour = { mac: '02:77:00:00:00:01', name: 'desk switch', port: '8' };
  },
  /desk switch says by LLDP that it is plugged in there/,
);
test(
  'no permission',
  refused,
  ({ forbid }) => forbid(SW),
  /poe\.reboots is false \(walt device config sw-1 poe\.reboots=true\)/,
);
test(
  'a port without PoE',
  refused,
  ({ sw, port }) => {
    port.stations.clear();
    const other = sw.portOf(8);
    delete other.poe;
    other.stations.add(PI);
  },
  /port ge8 of sw-1 is not switched: it has no PoE/,
);
test(
  'a node with its power from elsewhere',
  refused,
  ({ port }) => {
    if (port.poe) port.poe.hasLoad = false;
  },
  /it gives no power \(it says searching\)/,
);
test(
  'a silent switch',
  refused,
  ({ sw }) => sw.fail('silent'),
  /does not answer SNMP|is not known behind/,
);
test(
  'a switch that answers too late',
  refused,
  ({ sw }) => sw.fail('late'),
  /does not answer SNMP|is not known behind/,
);
test('a switch that may not be written', refused, ({ sw }) => sw.fail('read-only'), /it refuses/);
test(
  'two switches that claim the node',
  refused,
  async ({ addSwitch }) => {
    const second = await addSwitch({ mac: '02:5e:00:00:00:02', name: 'sw-2', portCount: 4 });
    second.portOf(2).stations.add(PI);
  },
  /is seen behind more than one port|is not known behind/,
);
test(
  'a second switch behind the port',
  refused,
  async ({ addSwitch, port, topology }) => {
    await addSwitch({ mac: '02:5e:00:00:00:02', name: 'sw-2', portCount: 4 });
    port.stations.add('02:5e:00:00:00:02');
    await topology.rescan();
  },
  /is not known behind|leads to the server or to another switch/,
);

test('poe a switch that refuses leaves nothing on disk to be mended, and who may do more is named', async (t) => {
  const { driver, sw, records } = await oneBoard(t);
  sw.fail('read-only');
  await t.throwsAsync(driver.cycle(targetOf(PI)), {
    message: /it refuses: .*; power needs a community that may write$/,
  });
  t.is((await records.ports())[0]?.offSince, null);
  t.deepEqual(await driver.mend(), []);
});

test('poe a switch that says off and gives power all the same', async (t) => {
  const { driver, sw, port, records } = await oneBoard(t);
  sw.fail('keeps-power');
  await t.throwsAsync(driver.cycle(targetOf(PI)), { message: /gives power all the same/ });
  t.true(port.poe?.isEnabled);
  t.is((await records.ports())[0]?.offSince, null);
});

test('poe a fault is no proof that the power is gone, nor are watts that are still told of', async (t) => {
  const { driver, sw, port } = await oneBoard(t);
  sw.fail('faulty');
  await t.throwsAsync(driver.cycle(targetOf(PI)), {
    message: /turn its power off, and says fault$/,
  });
  t.true(port.poe?.isEnabled);
  const lab = await openSwitchLab(t);
  const cisco = await lab.addSwitch({ mac: SW, name: 'cisco', portCount: 4, isCisco: true });
  cisco.portOf(3).stations.add(PI);
  const { poe } = cisco.portOf(3);
  if (poe) poe.hasLoad = true;
  cisco.fail('keeps-watts');
  await t.throwsAsync(lab.driver.cycle(targetOf(PI)), { message: /tells of 4 W that it gives$/ });
  t.true(poe?.isEnabled);
});

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

test('poe one port has one request at a time', async (t) => {
  const { driver, events } = await oneBoard(t);
  const results = await Promise.allSettled([
    driver.cycle(targetOf(PI)),
    driver.cycle(targetOf(PI)),
  ]);
  t.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  t.deepEqual(events, ['7 off', '7 on']);
});

test('poe 48 ports go on one after the other, and none is lost', async (t) => {
  const lab = await openSwitchLab(t, { pace: { gap: 5, patience: 0 } });
  let together = 0;
  let lastOn = 0;
  const events: number[] = [];
  const sw = await lab.addSwitch({
    ...{ mac: SW, name: 'sw-1', portCount: 49, budget: 48 * 16 },
    onPower: (port, isOn) => {
      if (!isOn) return;
      const now = performance.now();
      if (now - lastOn < 4) together += 1;
      lastOn = now;
      events.push(port);
    },
  });
  sw.portOf(49).stations.add(SERVER);
  const macs = Array.from(
    { length: 48 },
    (_, at) => `b8:27:eb:00:01:${(at + 1).toString(16).padStart(2, '0')}`,
  );
  for (const [at, mac] of macs.entries()) {
    const port = sw.portOf(at + 1);
    port.stations.add(mac);
    if (port.poe) port.poe.hasLoad = true;
    lab.add({ mac, name: `rpi-${at}` });
  }
  await Promise.all(macs.map((mac, at) => lab.driver.cycle(targetOf(mac, `rpi-${at}`))));
  t.is(together, 0);
  t.deepEqual(
    events.toSorted((a, b) => a - b),
    macs.map((_, at) => at + 1),
  );
  for (const mac of macs) t.is(await lab.driver.status(targetOf(mac)), 'on');
});

test('poe a port stays off where the switch has not enough watts', async (t) => {
  const { driver, sw } = await oneBoard(t);
  const { poe } = sw.portOf(6);
  if (poe) Object.assign(poe, { hasLoad: true, watts: 360 });
  await t.throwsAsync(driver.cycle(targetOf(PI)), {
    message: /stays off: it may take 15\.4 W, and the switch has 10 W left/,
  });
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

test('poe a machine that was behind the port once is named, with what to do where it is gone', async (t) => {
  const { driver, topology, port } = await oneBoard(t);
  port.stations.delete(PI);
  port.stations.add(OTHER);
  await topology.rescan();
  port.stations.delete(OTHER);
  port.stations.add(PI);
  await t.throwsAsync(driver.cycle(targetOf(PI)), {
    message: /but also rpi-2, as was seen last; walt device forget tells/,
  });
  topology.forget(OTHER);
  await driver.cycle(targetOf(PI));
  t.true(port.poe?.isEnabled);
});
