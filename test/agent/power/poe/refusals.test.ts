// What the driver `poe` refuses to switch, and what it takes for no proof.
import test from 'ava';
import { OTHER, oneBoard, PI, SW } from './one-board.ts';
import { openSwitchLab, SERVER, targetOf } from './switch-lab.ts';

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

test('poe a port stays off where the switch has not enough watts', async (t) => {
  const { driver, sw } = await oneBoard(t);
  const { poe } = sw.portOf(6);
  if (poe) Object.assign(poe, { hasLoad: true, watts: 360 });
  await t.throwsAsync(driver.cycle(targetOf(PI)), {
    message: /stays off: it may take 15\.4 W, and the switch has 10 W left/,
  });
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
