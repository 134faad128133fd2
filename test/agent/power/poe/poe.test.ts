// The driver `poe` with emulated switches: which port it switches, and in which order.
import test from 'ava';
import type { EmulatedSwitch } from '../../../../lab/switches/emulated-switch.ts';
import { OTHER, oneBoard, PI, SW } from './one-board.ts';
import { openSwitchLab, SERVER, targetOf } from './switch-lab.ts';

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
