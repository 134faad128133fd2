import test from 'ava';
import type { Device } from '../../../agent/devices/device.ts';
import { RequestError } from '../../../agent/errors.ts';
import { DeviceSettings, type HardwareComplaint } from '../../../agent/nodes/device-settings.ts';
import { NodeActions } from '../../../agent/nodes/node-actions.ts';
import { recognised } from '../../../agent/switches/recognised.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { openRecords } from '../../support/records.ts';

const machine = { isOff: false };
const asking = { by: 'alice', takesOthers: false };

/** Two virtual nodes, of which one is off, one board, and one device that is no node. */
async function open(hardwareComplaint?: HardwareComplaint) {
  const records = await openRecords();
  const { registry } = records;
  await put(registry, nodeNamed('vm-1', { ip: '192.168.152.2', machine }));
  await put(registry, nodeNamed('vm-2', { ip: '192.168.152.3', machine: { isOff: true } }));
  await put(registry, nodeNamed('board', { ip: '192.168.152.4', image: 'bob/web:v1' }));
  const { image: _image, model: _model, ...bare } = nodeNamed('printer', { ip: '192.168.152.5' });
  await put(registry, { ...bare, type: 'unknown' });
  const settings = new DeviceSettings({
    ...records,
    ...(hardwareComplaint === undefined ? {} : { hardwareComplaint }),
  });
  const actions = new NodeActions(records);
  const find = (name: string): Device => actions.device(name);
  const change = (names: readonly string[], given: Record<string, string>, more = asking) =>
    settings.change(given, { names, find, ...more });
  const kept = async () =>
    (await records.store.devices.all()).map(({ name, settings: set }) => [name, set]);
  return { ...records, settings, find, change, kept };
}

test('DeviceSettings.change() sets all devices, and says what was so before', async (t) => {
  const { change, kept, printed } = await open();
  const done = await change(['vm-1', 'vm-2', 'VM-1'], { ram: '2G', 'cpu.cores': '4' });
  const changes = [
    { key: 'ram', from: '1G', to: '2G', effect: 'next-boot' },
    { key: 'cpu.cores', from: '2', to: '4', effect: 'next-boot' },
  ] as const;
  t.deepEqual(done, [
    { name: 'vm-1', isRunning: true, changes },
    { name: 'vm-2', isRunning: false, changes },
  ]);
  const set = { ram: '2G', 'cpu.cores': '4' };
  t.deepEqual(Object.fromEntries(await kept()), {
    ...{ 'vm-1': set, 'vm-2': set },
    ...{ board: undefined, printer: undefined },
  });
  t.deepEqual(printed, [
    'platform.nodes -> node vm-1 is configured by alice: ram=2G (was 1G), cpu.cores=4 (was 2)',
    'platform.nodes -> node vm-2 is configured by alice: ram=2G (was 1G), cpu.cores=4 (was 2)',
  ]);
});

test('DeviceSettings.change() keeps that somebody said what a device is, also where that changes nothing', async (t) => {
  const { change, kept, registry, printed } = await open();
  const bridge = { mac: registry.byName('printer')?.mac ?? '', name: 'printer', isBridge: true };
  const facts = { neighbours: new Map([[1, bridge]]) };
  const seen = () => recognised(facts, (mac) => registry.byMac(mac)).map(({ name }) => name);
  t.deepEqual(seen(), ['printer']);
  t.like(await change(['printer'], { type: 'unknown' }), [{ name: 'printer', changes: [] }]);
  t.deepEqual(Object.fromEntries(await kept()).printer, { type: 'unknown' });
  t.deepEqual(printed, []);
  t.deepEqual(seen(), []);
  await change(['printer'], { type: 'switch', 'snmp.version': '1' });
  await change(['printer'], { type: 'unknown' });
  t.deepEqual(seen(), []);
});

test('DeviceSettings.change() keeps no value that is the default', async (t) => {
  const { change, kept, printed } = await open();
  await change(['vm-1'], { ram: '2G', firmware: 'uefi' });
  await change(['vm-1'], { ram: '1024M' });
  t.deepEqual((await kept())[0], ['vm-1', { firmware: 'uefi' }]);
  await change(['vm-1'], { firmware: 'bios', 'cpu.cores': '2' });
  t.deepEqual((await kept())[0], ['vm-1', undefined]);
  t.regex(printed.at(-1) ?? '', /configured by alice: firmware=bios \(was uefi\)$/);
});

test('DeviceSettings.change() tells of no device that had the value before', async (t) => {
  const { change, registry, printed } = await open();
  const before = registry.byName('vm-1');
  t.deepEqual(await change(['vm-1'], { ram: '1G' }), [
    { name: 'vm-1', isRunning: true, changes: [] },
  ]);
  t.is(registry.byName('vm-1'), before);
  t.deepEqual(printed, []);
});

test('DeviceSettings.change() keeps what only another version of the server knows', async (t) => {
  const { change, registry, kept } = await open();
  const settings = { color: 'red', ram: 'plenty' };
  await put(registry, nodeNamed('vm-1', { ip: '192.168.152.2', machine, settings }));
  await change(['vm-1'], { ram: '2G' });
  t.deepEqual((await kept()).at(-1), ['vm-1', { color: 'red', ram: '2G' }]);
});

const refusals: readonly (readonly [string, readonly string[], Record<string, string>, RegExp])[] =
  [
    [
      'an unknown key',
      ['vm-1'],
      { ram: '2G', rma: '2G' },
      /there is no setting 'rma'\. Settings: ram/,
    ],
    ['a key of every object', ['vm-1'], { constructor: 'x' }, /there is no setting 'constructor'/],
    [
      'a value that is none',
      ['vm-1'],
      { ram: '2G', 'cpu.cores': '0' },
      /: cpu\.cores=0: expected a/,
    ],
    [
      'a value without end',
      ['vm-1'],
      { disks: ','.repeat(1_000_000) },
      /disks=,{80}…: expected 1000 characters at most$/,
    ],
    ['a name of nobody', ['vm-1', 'ghost'], { ram: '2G' }, /^No device with name 'ghost' found/],
    ['the server', ['vm-1', 'walt-server'], { ram: '2G' }, /is the server: it .*has no settings/],
    [
      'the node of another user',
      ['board'],
      { 'power.driver': 'command' },
      /others?.*board \(of bob\)/,
    ],
    [
      'a board where a virtual node is meant',
      ['vm-1', 'free'],
      { ram: '2G' },
      /for virtual nodes alone, and not for free/,
    ],
    [
      'a virtual node where a board is meant',
      ['vm-1'],
      { 'power.driver': 'command' },
      /nodes that are not virtual alone, and not for vm-1/,
    ],
    ['a device that is no node', ['printer'], { ram: '2G' }, /and not for printer/],
  ];

for (const [what, names, given, message] of refusals) {
  test(`DeviceSettings.change() refuses ${what}, and changes nothing`, async (t) => {
    const { change, registry, kept, printed } = await open();
    await put(registry, nodeNamed('free', { ip: '192.168.152.9' }));
    await t.throwsAsync(change(names, given), { instanceOf: RequestError, message });
    t.true((await kept()).every(([, settings]) => settings === undefined));
    t.deepEqual(printed, []);
  });
}

test('DeviceSettings.change() takes the node of another user if that is meant', async (t) => {
  const { change, kept } = await open();
  await change(['board'], { 'power.argument': 'sw1 7' }, { by: 'alice', takesOthers: true });
  t.deepEqual((await kept())[2], ['board', { 'power.argument': 'sw1 7' }]);
});

test('DeviceSettings.change() asks the host with all that is to be, before anything changes', async (t) => {
  const asked: unknown[] = [];
  const { change, kept } = await open(async ({ name }, { ram, 'cpu.cores': cores }) => {
    asked.push([name, ram, cores]);
    return name === 'vm-2' ? 'it has 8 GB of memory, of which 1 GB is free' : undefined;
  });
  await change(['vm-1'], { 'cpu.cores': '8' });
  await t.throwsAsync(change(['vm-1', 'vm-2'], { ram: '2G' }), {
    instanceOf: RequestError,
    message: 'Nothing was changed: vm-2: it has 8 GB of memory, of which 1 GB is free',
  });
  t.deepEqual(asked, [
    ['vm-1', 2 ** 30, 8],
    ['vm-1', 2 ** 31, 8],
    ['vm-2', 2 ** 31, 2],
  ]);
  t.deepEqual((await kept()).slice(0, 2), [
    ['vm-1', { 'cpu.cores': '8' }],
    ['vm-2', undefined],
  ]);
});

test('DeviceSettings.change() changes nothing if a device is forgotten while the host is asked', async (t) => {
  const { change, registry, kept } = await open(async ({ name, mac }) => {
    if (name === 'vm-2') await registry.change(mac, () => undefined);
    return undefined;
  });
  await t.throwsAsync(change(['vm-1', 'vm-2'], { ram: '2G' }), { message: /'vm-2'/ });
  t.deepEqual((await kept())[0], ['vm-1', undefined]);
});

test('DeviceSettings.change() changes nothing if somebody takes a node while the host is asked', async (t) => {
  const { change, registry, kept } = await open(async ({ name, mac }) => {
    if (name !== 'vm-2') return undefined;
    await registry.change(mac, (now) => now && { ...now, image: 'bob/web:v1' });
    return undefined;
  });
  const message = /belong to other users: vm-2 \(of bob\)/;
  await t.throwsAsync(change(['vm-1', 'vm-2'], { ram: '2G' }), { message });
  t.deepEqual((await kept())[0], ['vm-1', undefined]);
});

test('DeviceSettings.show() has the settings of each device in the order of the table', async (t) => {
  const { change, settings, find } = await open();
  await change(['vm-1'], { 'cpu.cores': '4' });
  const [vm, board, printer, ...more] = settings.show(['vm-1', 'board', 'printer', 'vm-1'], find);
  t.deepEqual(more, []);
  t.deepEqual(
    vm?.settings.slice(0, 3).map(({ key, value, isDefault }) => [key, value, isDefault]),
    [
      ['ram', '1G', true],
      ['cpu.cores', '4', false],
      ['disks', 'none', true],
    ],
  );
  t.deepEqual(
    board?.settings.map(({ key, value }) => [key, value]),
    [
      ['netsetup', 'default'],
      ['timezone', 'image'],
      ['kexec.allow', 'true'],
      ['mount.persist', 'false'],
      ['swap', 'none'],
      ['boot.timeout', '180'],
      ['boot.retries', '9'],
      ['boot.hardPerHour', '12'],
      ['boot.heal', 'default'],
      ['journal', 'false'],
      ['netconsole', 'false'],
      ['power.driver', 'none'],
      ['power.argument', ''],
      ['console', 'none'],
    ],
  );
  t.deepEqual(
    printer?.settings.map(({ key, isDefault }) => [key, isDefault]),
    [
      ['netsetup', true],
      ['type', true],
    ],
  );
});
