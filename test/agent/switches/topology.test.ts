// Which device is behind which port, asked of emulated switches.
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { openSwitchLab, SERVER } from '../power/poe/switch-lab.ts';

const TOP = '02:5e:00:00:00:01';
const LEFT = '02:5e:00:00:00:02';
const DEEP = '02:5e:00:00:00:03';

const board = (number: number) => `b8:27:eb:00:00:${number.toString(16).padStart(2, '0')}`;

/** The server at the first switch, the second behind it, the third behind that; 40 boards at all of them. */
async function cascade(t: Parameters<typeof openSwitchLab>[0]) {
  const lab = await openSwitchLab(t);
  const top = await lab.addSwitch({ mac: TOP, name: 'top', portCount: 24 });
  const left = await lab.addSwitch({
    ...{
      mac: LEFT,
      name: 'left',
      portCount: 24,
      stations: 'BRIDGE-MIB',
      interfaceOf: (port) => 1000 + port,
    },
  });
  const deep = await lab.addSwitch({ mac: DEEP, name: 'deep', portCount: 24 });
  const expected = new Map<string, string>();
  const plug = (mac: string, at: 'top' | 'left' | 'deep', port: number) => {
    expected.set(mac, `${at} ${port}`);
    top.portOf(at === 'top' ? port : 24).stations.add(mac);
    left.portOf(at === 'left' ? port : at === 'top' ? 1 : 24).stations.add(mac);
    deep.portOf(at === 'deep' ? port : 1).stations.add(mac);
  };
  plug(SERVER, 'top', 1);
  for (const one of [left, deep]) one.portOf(1).stations.add(TOP);
  plug(LEFT, 'top', 24);
  left.portOf(1).stations.delete(LEFT);
  left.portOf(24).stations.add(DEEP);
  top.portOf(24).stations.add(DEEP);
  deep.portOf(1).stations.add(LEFT);
  for (let number = 1; number <= 40; number += 1) {
    const at = (['top', 'left', 'deep'] as const)[number % 3] ?? 'top';
    plug(board(number), at, 2 + Math.floor(number / 3));
  }
  return { ...lab, top, left, deep, expected };
}

test('Topology draws three cascaded switches with 40 boards', async (t) => {
  const { topology, expected } = await cascade(t);
  const asked = await topology.rescan();
  t.deepEqual(
    asked.map(({ error }) => error),
    [null, null, null],
  );
  const names = new Map([
    [TOP, 'top'],
    [LEFT, 'left'],
    [DEEP, 'deep'],
  ]);
  for (let number = 1; number <= 40; number += 1) {
    const place = topology.placeOf(board(number));
    t.is(place && `${names.get(place.switch)} ${place.port}`, expected.get(board(number)));
  }
  t.like(topology.placeOf(LEFT), { switch: TOP, port: 24 });
  t.like(topology.placeOf(DEEP), { switch: LEFT, port: 24 });
  t.is(topology.placeOf(TOP), undefined);
  t.is(topology.placeOf(SERVER), undefined);
  t.true(topology.isLink({ switch: TOP, port: 1 }));
  t.true(topology.isLink({ switch: TOP, port: 24 }));
  t.true(topology.isLink({ switch: DEEP, port: 1 }));
  t.false(topology.isLink({ switch: DEEP, port: 2 }));
});

for (const fault of ['silent', 'late', 'endless'] as const) {
  test(`Topology a switch that is ${fault} spoils nothing of the others`, async (t) => {
    const { topology, deep } = await cascade(t);
    deep.fail(fault);
    const asked = await topology.rescan();
    t.deepEqual(
      asked.map(({ name, error }) => [name, error === null]),
      [
        ['top', true],
        ['left', true],
        ['deep', false],
      ],
    );
    t.like(topology.placeOf(board(3)), { switch: TOP, port: 3 });
    t.like(topology.placeOf(board(1)), { switch: LEFT, port: 2 });
  });
}

test('Topology what comes while switches are asked is found by who asks then', async (t) => {
  const { topology, top, deep } = await cascade(t);
  deep.fail('silent');
  const first = topology.rescan();
  for (let look = 0; look < 500 && topology.factsOf(TOP) === undefined; look += 1) await sleep(10);
  const mac = board(77);
  top.portOf(22).stations.add(mac);
  const second = topology.rescanAnew();
  await first;
  t.is(topology.placeOf(mac), undefined);
  await second;
  t.like(topology.placeOf(mac), { switch: TOP, port: 22 });
});

test('Topology what has moved is where it is now, and what is gone stays where it was', async (t) => {
  const { topology, left, top, deep } = await cascade(t);
  await topology.rescan();
  const [moved, gone] = [board(1), board(4)];
  for (const one of [left, top, deep]) {
    for (const { stations } of one.state.ports.values()) {
      stations.delete(gone);
      stations.delete(moved);
    }
  }
  top.portOf(20).stations.add(moved);
  left.portOf(1).stations.add(moved);
  deep.portOf(1).stations.add(moved);
  await topology.rescan();
  t.like(topology.placeOf(moved), { switch: TOP, port: 20 });
  t.like(topology.placeOf(gone), { switch: LEFT, port: 3 });
});

test('Topology what LLDP says counts, and its strings are shown without control characters', async (t) => {
  const { topology, top } = await cascade(t);
  const mac = board(77);
  top.portOf(22).neighbour = { mac, name: `evil\u001b[2J${'x'.repeat(200)}`, port: '1' };
  await topology.rescan();
  t.like(topology.placeOf(mac), { switch: TOP, port: 22 });
  const name = topology.factsOf(TOP)?.neighbours.get(22)?.name ?? '';
  t.regex(name, /^evil\[2Jx+$/);
  t.is(name.length, 64);
});

test('Topology a machine that names itself by a text or another card is known by the MAC of its port', async (t) => {
  const { topology, top } = await cascade(t);
  const [first, second] = [board(77), board(78)];
  const neighbour = { name: 'pi', port: 'eth0' };
  top.portOf(22).neighbour = { ...neighbour, mac: first, chassis: '8f3c9d' };
  top.portOf(23).neighbour = { ...neighbour, mac: second, chassis: 'b8:27:eb:ff:ff:ff' };
  await topology.rescan();
  t.like(topology.placeOf(first), { switch: TOP, port: 22 });
  t.like(topology.placeOf(second), { switch: TOP, port: 23 });
  t.is(topology.placeOf('b8:27:eb:ff:ff:ff'), undefined);
});

test('Topology a switch with 10,000 machines behind it places them, and its ports are not for one', async (t) => {
  const lab = await openSwitchLab(t);
  const sw = await lab.addSwitch({ mac: TOP, name: 'top', portCount: 24 });
  sw.portOf(1).stations.add(SERVER);
  const crowd = (number: number) =>
    `02:aa:00:${[number >> 16, (number >> 8) & 255, number & 255].map((one) => one.toString(16).padStart(2, '0')).join(':')}`;
  for (let number = 0; number < 10_000; number += 1) {
    sw.portOf(2 + (number % 20)).stations.add(crowd(number));
  }
  sw.portOf(24).stations.add(board(1));
  lab.add({ mac: board(1), name: 'rpi-1' });
  const asked = await lab.topology.rescan();
  t.is(asked[0]?.error, null);
  t.like(lab.topology.placeOf(crowd(9999)), { switch: TOP, port: 21 });
  t.like(lab.topology.placeOf(board(1)), { switch: TOP, port: 24 });
  t.is(lab.topology.behind({ switch: TOP, port: 2 }).length, 500);
  t.is((await lab.records.places()).length, 10_001);
});

test('Topology places are remembered by the next server', async (t) => {
  const { topology, records } = await cascade(t);
  await topology.rescan();
  const places = await records.places();
  t.is(places.length, 42);
  t.like(
    places.find(({ mac }) => mac === board(1)),
    { switch: LEFT, port: 2 },
  );
});

test('Topology switches that are silent when the server starts spoil nothing that is known', async (t) => {
  const { topology, nextTopology, left, deep, records, device } = await cascade(t);
  await topology.rescan();
  const before = await records.places();
  for (const silent of [[deep], [left, deep]]) {
    for (const one of silent) one.fail('silent');
    const next = await nextTopology();
    await next.rescan();
    t.deepEqual(await records.places(), before);
    t.like(next.placeOf(board(2)), { switch: DEEP, port: 2 });
    t.true(next.isLink({ switch: silent.length === 1 ? LEFT : TOP, port: 24 }));
  }
  const one = await nextTopology();
  const top = device(TOP);
  t.truthy(top && (await one.refresh(top)));
  t.deepEqual(await records.places(), before, 'one alone is asked');
});

test('Topology a MAC of no device is shown while a switch sees it, and is in the way of nobody then', async (t) => {
  const { topology, nextTopology, top, strangers, records } = await cascade(t);
  const mac = board(77);
  strangers.add(mac);
  await records.savePlaces([{ mac, switch: TOP, port: 3, seenAt: 1 }]);
  const place = { switch: TOP, port: 22 };
  top.portOf(22).stations.add(mac);
  await topology.rescan();
  t.deepEqual(topology.placedAt(place), [mac]);
  top.portOf(22).stations.delete(mac);
  await topology.rescan();
  t.deepEqual(topology.behind(place), []);
  t.false((await nextTopology()).behind({ switch: TOP, port: 3 }).includes(mac));
  t.false((await records.places()).some((one) => one.mac === mac));
});

test('Topology nothing is behind a switch that is forgotten, and its silence is said until it answers', async (t) => {
  const { topology, nextTopology, deep, records } = await cascade(t);
  deep.fail('silent');
  await topology.rescan();
  t.regex(topology.errorOf(DEEP) ?? '', /does not answer/);
  deep.fail();
  await topology.rescan();
  t.is(topology.errorOf(DEEP), undefined);
  const mac = board(2);
  t.like(topology.placeOf(mac), { switch: DEEP });
  topology.forget(DEEP);
  await records.forgetPorts(DEEP);
  for (const one of [topology, await nextTopology()]) {
    t.is(one.placeOf(mac), undefined);
    t.is(one.placeOf(DEEP), undefined);
    t.like(one.placeOf(board(1)), { switch: LEFT });
  }
});
