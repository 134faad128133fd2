import test from 'ava';
import type { BootSignal } from '../../../agent/boot/progress.ts';
import { isNode } from '../../../agent/devices/device.ts';
import { RequestError } from '../../../agent/errors.ts';
import { NodeActions } from '../../../agent/nodes/node-actions.ts';
import { NodePower } from '../../../agent/nodes/node-power.ts';
import { Asleep } from '../../../agent/nodes/saving/asleep.ts';
import { Cycles } from '../../../agent/power/cycles.ts';
import type { PowerDriver } from '../../../agent/power/driver.ts';
import { powerDrivers } from '../../../agent/power/drivers.ts';
import { none } from '../../../agent/power/none.ts';
import type { Machines } from '../../../agent/power/vm.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { openRecords } from '../../support/records.ts';

const discover: BootSignal = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' };
const booted: BootSignal = { kind: 'booted' };
const asking = { by: 'alice', takesOthers: false };
const soft = { ...asking, isHard: false };
const hard = { ...asking, isHard: true };
const machine = { isOff: false };

/** Booted virtual nodes `pc-1` and `pc-2`, a board without a driver, and the node of bob's. */
async function open(
  machines: Partial<Machines> = {},
  refuses: readonly string[] = [],
  poe: PowerDriver = none,
) {
  const records = await openRecords();
  const { registry, publish, boots } = records;
  const nodes = [
    nodeNamed('pc-1', { ip: '192.168.152.2', machine }),
    nodeNamed('pc-2', { ip: '192.168.152.3', machine }),
    nodeNamed('rpi-1', { ip: '192.168.152.4' }),
    nodeNamed('his', { ip: '192.168.152.5', image: 'bob/web:v1', machine }),
  ];
  for (const node of nodes) await put(registry, node);
  const say = (name: string, ...signals: BootSignal[]) => {
    const mac = registry.byName(name)?.mac ?? '';
    publish(signals.map((signal) => ({ kind: 'signal', mac, signal })));
  };
  for (const { name } of nodes) say(name, discover, booted);
  const asked: string[] = [];
  const nameOf = (mac: string) => registry.byMac(mac)?.name ?? mac;
  const note = (verb: string) => async (mac: string) => void asked.push(`${verb} ${nameOf(mac)}`);
  const actions = new NodeActions(records);
  const cycles = new Cycles({ records: records.store.power, clock: records.clock });
  const power = new NodePower({
    ...{ publish, boots, cycles, asleep: new Asleep(records.store.power), clock: records.clock },
    node: (name) => actions.node(name),
    nodeOf: (mac) =>
      registry
        .all()
        .filter(isNode)
        .find((one) => one.mac === mac),
    drivers: powerDrivers({
      ...{ poe, cycles },
      secretOf: async () => undefined,
      walt: { address: '127.0.0.1', broadcast: '127.255.255.255' },
      command: { settings: () => ({ seconds: 1 }), onOutput: () => undefined },
      machines: {
        powerOn: note('on'),
        powerOff: note('off'),
        powerCycle: note('cycle'),
        powerStatus: async () => 'on',
        ...machines,
      },
    }),
    command: async (ip) => {
      asked.push(`soft ${ip}`);
      if (refuses.includes(ip)) throw new RequestError(502, 'nobody answers');
    },
  });
  const stateOf = (name: string) => boots.statusOf(registry.byName(name)?.mac ?? '').state;
  records.printed.length = 0;
  return { ...records, power, cycles, asked, say, stateOf };
}

/** They come in no order: sorted by name. */
async function allOf<Result extends { readonly name: string }>(
  results: AsyncIterable<Result>,
): Promise<Result[]> {
  const all: Result[] = [];
  for await (const result of results) all.push(result);
  return all.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

test('NodePower.reboot() asks a node once, however often it is named', async (t) => {
  const { power, asked, printed, stateOf } = await open();
  const results = await allOf(power.reboot(['pc-1', 'PC-1'], soft));
  t.deepEqual(results, [{ name: 'pc-1', error: null }]);
  t.deepEqual(asked, ['soft 192.168.152.2']);
  t.deepEqual(printed, [
    'platform.nodes -> reboot of node pc-1 asked for by alice',
    'platform.nodes -> node pc-1 is down (cause: reboot requested, method: soft)',
  ]);
  t.is(stateOf('pc-1'), 'down');
});

test('NodePower.reboot() names --hard where a node does not obey whose power can be switched', async (t) => {
  const { power, asked, stateOf } = await open({}, ['192.168.152.2', '192.168.152.4']);
  const results = await allOf(power.reboot(['pc-1', 'rpi-1'], soft));
  t.deepEqual(results, [
    { name: 'pc-1', error: 'nobody answers (walt node reboot pc-1 --hard does it by its power)' },
    { name: 'rpi-1', error: 'nobody answers' },
  ]);
  t.is(asked.length, 2);
  t.is(stateOf('pc-1'), 'booted');
});

test('NodePower.reboot() cycles the power of a node if that is meant, and asks no system', async (t) => {
  const { power, asked, printed, stateOf } = await open();
  const results = await allOf(power.reboot(['pc-1', 'rpi-1'], hard));
  t.like(results, [{ name: 'pc-1', error: null }, { name: 'rpi-1' }]);
  t.regex(results[1]?.error ?? '', /power\.driver=poe /);
  t.deepEqual(asked, ['cycle pc-1']);
  t.true(printed.includes('platform.nodes -> hard reboot of node pc-1 asked for by alice'));
  t.is(
    printed.at(-1),
    'platform.nodes -> node pc-1 is down (cause: reboot requested, method: hard)',
  );
  t.deepEqual([stateOf('pc-1'), stateOf('rpi-1')], ['down', 'booted']);
});

test('NodePower.power() switches, and the boot book learns that a node is down', async (t) => {
  const { power, asked, printed, stateOf, say } = await open();
  const done = [{ name: 'pc-1', error: null, state: null }];
  t.deepEqual(await allOf(power.power('off', ['pc-1'], asking)), done);
  t.is(stateOf('pc-1'), 'down');
  t.deepEqual(await allOf(power.power('on', ['pc-1'], asking)), done);
  say('pc-1', discover);
  t.deepEqual(await allOf(power.power('cycle', ['pc-1'], asking)), done);
  t.is(stateOf('pc-1'), 'down');
  t.deepEqual(asked, ['off pc-1', 'on pc-1', 'cycle pc-1']);
  t.deepEqual(printed, [
    'platform.nodes -> power off of node pc-1 asked for by alice',
    'platform.nodes -> node pc-1 is down (cause: power off requested, method: hard)',
    'platform.nodes -> power on of node pc-1 asked for by alice',
    'platform.nodes -> power cycle of node pc-1 asked for by alice',
    'platform.nodes -> node pc-1 is down (cause: power cycle requested, method: hard)',
  ]);
});

test('NodePower.power() says nothing of a boot that began before the driver was done', async (t) => {
  const cut = Promise.withResolvers<void>();
  const { power, stateOf, say } = await open({ powerCycle: () => cut.promise });
  const results = allOf(power.power('cycle', ['pc-1'], asking));
  say('pc-1', discover);
  cut.resolve();
  t.deepEqual(await results, [{ name: 'pc-1', error: null, state: null }]);
  t.is(stateOf('pc-1'), 'dhcp');
});

test('NodePower.power() leaves a node as it is where its driver fails', async (t) => {
  const powerOff = async () => {
    throw new Error('the machine does not stop');
  };
  const { power, stateOf } = await open({ powerOff });
  const results = await allOf(power.power('off', ['pc-1', 'rpi-1'], asking));
  t.is(results.find(({ name }) => name === 'pc-1')?.error, 'the machine does not stop');
  t.regex(results.find(({ name }) => name === 'rpi-1')?.error ?? '', /nothing is known that/);
  t.is(stateOf('pc-1'), 'booted');
});

test('NodePower.power() nodes at a slow switch hold up no others', async (t) => {
  const slow = Promise.withResolvers<void>();
  const poe = { ...none, on: () => slow.promise };
  const { power, registry, asked } = await open({}, [], poe);
  const names = Array.from({ length: 40 }, (_, at) => `board-${at}`);
  for (const [at, name] of names.entries()) {
    const settings = { 'power.driver': 'poe' };
    await put(registry, nodeNamed(name, { ip: `192.168.152.${100 + at}`, settings }));
  }
  const results = power.power('on', [...names, 'pc-1'], asking);
  t.is((await results.next()).value?.name, 'pc-1');
  t.deepEqual(asked, ['on pc-1']);
  slow.resolve();
  t.is((await allOf(results)).length, 40);
});

test('NodePower.mend() gives power to nodes whose cycle was broken off, once', async (t) => {
  const { power, cycles, registry, asked } = await open();
  const { mac = '' } = registry.byName('pc-1') ?? {};
  await cycles.begin(mac);
  await cycles.begin('02:00:00:00:00:99');
  t.deepEqual(await power.mend(), [{ text: 'power of node pc-1', error: null }]);
  t.deepEqual(asked, ['on pc-1']);
  t.deepEqual(cycles.left(), [], 'whichever driver the node has by now');
  t.deepEqual(await power.mend(), []);
});

test('NodePower.mend() gives no power to nodes that somebody has switched since', async (t) => {
  const { power, cycles, registry, asked } = await open();
  const { mac = '' } = registry.byName('pc-1') ?? {};
  await cycles.begin(mac);
  await allOf(power.power('off', ['pc-1'], asking));
  t.deepEqual(await power.mend(), []);
  t.deepEqual(asked, ['off pc-1']);
});

test('NodePower.power() switches a node for one at a time', async (t) => {
  const cut = Promise.withResolvers<void>();
  const { power } = await open({ powerCycle: () => cut.promise });
  const first = allOf(power.power('cycle', ['pc-1'], asking));
  const [second] = await allOf(power.reboot(['pc-1'], hard));
  t.is(second?.error, 'its power is being switched already');
  cut.resolve();
  t.is((await first)[0]?.error, null);
  const [third] = await allOf(power.power('off', ['pc-1'], asking));
  t.is(third?.error, null);
});

test('NodePower.power() tells how the power stands, of nodes of others too', async (t) => {
  const { power, printed } = await open();
  const results = await allOf(power.power('status', ['his', 'rpi-1'], asking));
  t.deepEqual(results, [
    { name: 'his', error: null, state: 'on' },
    { name: 'rpi-1', error: null, state: 'unknown' },
  ]);
  t.deepEqual(printed, []);
});

test('NodePower leaves all nodes alone where one is of another user, or is none', async (t) => {
  const { power, asked } = await open();
  const message = /belong to other users: his \(of bob\)/;
  t.throws(() => power.power('off', ['pc-1', 'his'], asking), {
    instanceOf: RequestError,
    message,
  });
  t.throws(() => power.reboot(['pc-1', 'his'], soft), { instanceOf: RequestError, message });
  t.throws(() => power.reboot(['pc-1', 'his'], hard), { instanceOf: RequestError, message });
  const unknown = { instanceOf: RequestError, message: /No device with name 'ghost'/ };
  t.throws(() => power.power('status', ['pc-1', 'ghost'], asking), unknown);
  t.deepEqual(asked, []);
  await allOf(power.power('off', ['his'], { ...asking, takesOthers: true }));
  t.deepEqual(asked, ['off his']);
});
