// Free nodes that nobody uses are switched off, and woken by who wants them.
import test from 'ava';
import type { BootSignal } from '../../../../agent/boot/progress.ts';
import { isNode, type Node } from '../../../../agent/devices/device.ts';
import { WaltError } from '../../../../agent/errors.ts';
import { NodeActions } from '../../../../agent/nodes/node-actions.ts';
import { NodePower } from '../../../../agent/nodes/node-power.ts';
import { Asleep } from '../../../../agent/nodes/saving/asleep.ts';
import { PowerSaver } from '../../../../agent/nodes/saving/power-saver.ts';
import { Uses } from '../../../../agent/nodes/saving/uses.ts';
import { Cycles } from '../../../../agent/power/cycles.ts';
import type { PowerDriver, PowerState, PowerTarget } from '../../../../agent/power/driver.ts';
import { powerDrivers } from '../../../../agent/power/drivers.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { openRecords } from '../../../support/records.ts';

const discover: BootSignal = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' };
const booted: BootSignal = { kind: 'booted' };
const settings = { 'power.driver': 'poe' };
const MINUTE = 60_000_000;
const asking = { by: 'alice', takesOthers: false };

async function allOf<Result>(results: AsyncIterable<Result>): Promise<Result[]> {
  const all: Result[] = [];
  for await (const result of results) all.push(result);
  return all;
}

/** Booted: `rpi-1` and `rpi-2` are free, `his` is bob's, `bare` has no driver, `vm-1` is virtual. */
async function open({
  minutes = 120,
  fails = [] as string[],
  state = 'unknown' as PowerState,
  switched = async () => {},
} = {}) {
  let now = 1_000_000_000;
  const clock = () => now;
  const records = await openRecords(':memory:', {}, clock);
  const { registry, publish, boots, publisher, store } = records;
  const nodes = [
    nodeNamed('rpi-1', { ip: '192.168.152.2', settings }),
    nodeNamed('rpi-2', { ip: '192.168.152.3', settings }),
    nodeNamed('his', { ip: '192.168.152.4', settings, image: 'bob/web:v1' }),
    nodeNamed('bare', { ip: '192.168.152.5' }),
    nodeNamed('vm-1', { ip: '192.168.152.6', machine: { isOff: false } }),
  ];
  for (const node of nodes) await put(registry, node);
  const node = (name: string): Node => {
    const found = registry.byName(name);
    if (!isNode(found)) throw new RangeError(name);
    return found;
  };
  const say = (name: string, ...signals: BootSignal[]) =>
    publish(signals.map((signal) => ({ kind: 'signal', mac: node(name).mac, signal })));
  for (const { name } of nodes) say(name, discover, booted);
  const asked: string[] = [];
  const verb = (word: string) => async (target: PowerTarget) => {
    asked.push(`${word} ${target.name}`);
    await switched();
    if (fails.includes(word)) throw new WaltError('the switch is silent');
  };
  const poe: PowerDriver = {
    ...{ canSwitch: true, on: verb('on'), off: verb('off'), cycle: verb('cycle') },
    status: async () => state,
  };
  const actions = new NodeActions(records);
  const asleep = new Asleep(store.power);
  const uses = new Uses(clock);
  const cycles = new Cycles({ records: store.power, clock });
  const power = new NodePower({
    ...{ publish, boots, node, asleep, cycles, clock },
    nodeOf: () => undefined,
    drivers: powerDrivers({
      poe,
      ...{ cycles, secretOf: async () => undefined },
      walt: { address: '127.0.0.1', broadcast: '127.255.255.255' },
      command: { settings: () => ({ seconds: 1 }), onOutput: () => undefined },
      machines: {} as never,
    }),
    command: async () => undefined,
  });
  const saver = new PowerSaver({
    ...{ registry, boots, publisher, clock, power, actions, asleep, uses },
    minutes: () => minutes,
  });
  return {
    ...{ ...records, saver, power, asleep, asked, uses, say, node, fails },
    later: (count: number) => {
      now += count * MINUTE;
    },
    stateOf: (name: string) => boots.statusOf(node(name).mac).state,
  };
}

test('PowerSaver.look() switches off free nodes that nobody has used for so long, and no others', async (t) => {
  const { saver, asked, later, asleep, node, stateOf, printed } = await open();
  later(119);
  await saver.look();
  t.deepEqual(asked, []);
  later(1);
  await saver.look();
  t.deepEqual(asked, ['off rpi-1', 'off rpi-2']);
  t.true(asleep.has(node('rpi-1').mac));
  t.is(stateOf('rpi-1'), 'down');
  t.true(printed.some((line) => /rpi-1 is switched off to save power: it is free/.test(line)));
  await saver.look();
  t.is(asked.length, 2);
});

test('PowerSaver.look() does nothing where it is off, which is the default', async (t) => {
  const { saver, asked, later } = await open({ minutes: 0 });
  later(100_000);
  await saver.look();
  t.deepEqual(asked, []);
});

test('PowerSaver what people do with a node is a use of it, and so is to be in it', async (t) => {
  const { saver, asked, later, publish, node, uses } = await open();
  later(100);
  publish([{ kind: 'reboot-asked', node: 'rpi-1', by: 'alice', isHard: false }]);
  const visit = uses.hold(node('rpi-2').mac);
  later(60);
  await saver.look();
  t.deepEqual(asked, []);
  visit[Symbol.dispose]();
  later(60);
  await saver.look();
  t.deepEqual(asked, ['off rpi-1']);
});

test('PowerSaver a clock that is set makes no use longer ago', async (t) => {
  const { saver, asked, later, uses, node, boots, publish } = await open();
  later(100);
  uses.note(node('rpi-1').mac);
  const by = 600 * MINUTE;
  later(600);
  await boots.shift(by);
  publish([{ kind: 'clock-set', by }]);
  later(10);
  await saver.look();
  t.deepEqual(asked, []);
  later(10);
  await saver.look();
  t.deepEqual(asked, ['off rpi-2']);
});

test('PowerSaver.wake() turns on what is asleep, once, and nothing else', async (t) => {
  const { saver, asked, later, asleep, node } = await open();
  later(120);
  await saver.look();
  asked.length = 0;
  await Promise.all([
    saver.wake([node('rpi-1'), node('his')]),
    saver.wake([node('rpi-1'), node('vm-1')]),
  ]);
  t.deepEqual(asked, ['on rpi-1']);
  t.false(asleep.has(node('rpi-1').mac));
  t.true(asleep.has(node('rpi-2').mac));
});

for (const fails of [[], ['off']]) {
  test(`PowerSaver.wake() waits for a node that is being switched off, which fails: ${fails.length > 0}`, async (t) => {
    const cut = Promise.withResolvers<void>();
    const { saver, asked, later, asleep, node } = await open({
      fails,
      switched: () => cut.promise,
    });
    later(120);
    const looking = saver.look();
    for (let turn = 0; turn < 10_000 && asked.length === 0; turn += 1) {
      await new Promise(setImmediate);
    }
    t.deepEqual(asked, ['off rpi-1']);
    const waking = saver.wake([node('rpi-1')]);
    cut.resolve();
    await waking;
    await looking;
    const isOff = fails.length === 0;
    t.is(asked.includes('on rpi-1'), isOff);
    t.false(asleep.has(node('rpi-1').mac));
  });
}

for (const isHard of [false, true]) {
  test(`NodePower.reboot() of a node that is asleep gives it its power, isHard ${isHard}`, async (t) => {
    const { saver, power, asked, later } = await open();
    later(120);
    await saver.look();
    asked.length = 0;
    const results = await allOf(power.reboot(['rpi-1'], { ...asking, isHard }));
    t.deepEqual(results, [{ name: 'rpi-1', error: null }]);
    t.deepEqual(asked, ['on rpi-1']);
  });
}

test('NodePower.power() off of a node that is asleep leaves it off for good, and on wakes it', async (t) => {
  const { saver, power, asked, later, asleep, node } = await open();
  later(120);
  await saver.look();
  asked.length = 0;
  await allOf(power.power('off', ['rpi-1'], asking));
  t.false(asleep.has(node('rpi-1').mac));
  await allOf(power.power('on', ['rpi-2'], asking));
  t.deepEqual(asked, ['on rpi-2']);
});

test('PowerSaver a node that cannot be switched off is said once, and stays what it is', async (t) => {
  const { saver, asked, later, asleep, node, printed } = await open({ fails: ['off'] });
  later(120);
  await saver.look();
  await saver.look();
  t.deepEqual(asked, ['off rpi-1', 'off rpi-2']);
  t.false(asleep.has(node('rpi-1').mac));
  t.is(printed.filter((line) => /rpi-1 could not be switched off/.test(line)).length, 1);
});

test('PowerSaver a node whose switch obeyed and did not answer is asleep, and woken', async (t) => {
  const { saver, asked, later, asleep, node, fails } = await open({ fails: ['off'], state: 'off' });
  later(120);
  await saver.look();
  t.true(asleep.has(node('rpi-1').mac));
  fails.length = 0;
  await saver.wake([node('rpi-1')]);
  t.deepEqual(asked, ['off rpi-1', 'off rpi-2', 'on rpi-1']);
  t.false(asleep.has(node('rpi-1').mac));
});

test('PowerSaver.wake() says why a node stays off, and tries again the next time', async (t) => {
  const { saver, later, asleep, node, fails } = await open();
  later(120);
  await saver.look();
  fails.push('on');
  await t.throwsAsync(saver.wake([node('rpi-1')]), {
    message: 'rpi-1 was switched off to save power, and cannot be woken: the switch is silent',
  });
  t.true(asleep.has(node('rpi-1').mac));
  fails.length = 0;
  await saver.wake([node('rpi-1')]);
  t.false(asleep.has(node('rpi-1').mac));
});

test('PowerSaver.enter() waits until the node is up, and it is in use until that is over', async (t) => {
  const { saver, later, node, say, asked } = await open();
  later(120);
  await saver.look();
  const entered = saver.enter(node('rpi-1'));
  setTimeout(() => say('rpi-1', discover, booted), 20);
  const visit = await entered;
  asked.length = 0;
  later(300);
  await saver.look();
  t.deepEqual(asked, []);
  visit[Symbol.dispose]();
  later(120);
  await saver.look();
  t.deepEqual(asked, ['off rpi-1']);
});

test('Asleep a node that boots by itself is not asleep; the next start knows those that are', async (t) => {
  const { saver, later, node, say, store } = await open();
  later(120);
  await saver.look();
  say('rpi-2', discover);
  await store.flush();
  const next = new Asleep(store.power);
  await next.load();
  t.true(next.has(node('rpi-1').mac));
  t.false(next.has(node('rpi-2').mac));
});
