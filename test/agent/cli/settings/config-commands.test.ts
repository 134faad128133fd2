import test from 'ava';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { startTestPlatform, type TestPlatform } from '../test-platform.ts';

const machine = { isOff: false };

/** Virtual nodes `pc-1` and `pc-2`, the board `rpi-1`, node `his` of bob's, and a device that is no node. */
async function open(): Promise<TestPlatform> {
  const platform = await startTestPlatform();
  const { registry } = platform;
  await put(registry, nodeNamed('pc-1', { ip: '127.0.152.11', machine }));
  await put(registry, nodeNamed('pc-2', { ip: '127.0.152.12', machine: { isOff: true } }));
  await put(registry, nodeNamed('rpi-1', { ip: '127.0.152.13', model: 'rpi-3-b' }));
  await put(registry, nodeNamed('his', { ip: '127.0.152.14', image: 'bob/web:v2', machine }));
  const { image: _image, ...bare } = nodeNamed('printer', { ip: '127.0.152.15' });
  await put(registry, { ...bare, type: 'unknown' });
  return platform;
}

test.serial('walt node config without values shows the settings of nodes', async (t) => {
  const platform = await open();
  t.teardown(platform.close);
  await platform.walt('node', 'config', 'pc-1', 'ram=2G');
  const { code, out, err } = await platform.walt('node', 'config', 'pc-1,rpi-1');
  t.deepEqual([code, err], [0, '']);
  t.regex(
    out,
    /^name +setting +value +default +meaning\n-+ .*\npc-1 +ram +2G +no +Memory of the machine\.\n/,
  );
  t.regex(out, /\npc-1 +boot\.delay +random +yes +How long/);
  t.regex(out, /\nrpi-1 +power\.argument +- +yes +What the power driver/);
  t.notRegex(out, /pc-1 +power|rpi-1 +ram/);
  const { devices } = JSON.parse((await platform.walt('node', 'config', 'pc-1', '--json')).out);
  t.like(devices[0], {
    name: 'pc-1',
    settings: { 0: { key: 'ram', value: '2G', isDefault: false } },
  });
});

test.serial('walt node config sets values, and says which nodes wait for a reboot', async (t) => {
  const platform = await open();
  t.teardown(platform.close);
  const { walt, registry } = platform;
  const set = await walt(
    'node',
    'config',
    'pc-1,pc-2',
    'ram=2G',
    'cpu.cores=2',
    'disks=8G,1T[template=ext4]',
  );
  t.deepEqual(set, {
    code: 0,
    out: 'Nodes pc-1 and pc-2 have ram=2G, disks=8G,1T[template=ext4] now.\n',
    err: 'Node pc-1: to take effect at the next boot: ram, disks (walt node reboot pc-1)\n',
  });
  t.deepEqual(registry.byName('pc-2')?.settings, { ram: '2G', disks: '8G,1T[template=ext4]' });
  const again = await walt('node', 'config', 'pc-1', 'ram=2048M');
  t.deepEqual(again, { code: 0, out: 'Node pc-1 has ram=2048M already.\n', err: '' });
  const board = await walt('node', 'config', 'rpi-1', 'power.argument=switch-1 port=7');
  t.deepEqual(board, {
    code: 0,
    out: 'Node rpi-1 has power.argument=switch-1 port=7 now.\n',
    err: '',
  });
  const emptied = await walt('node', 'config', 'rpi-1', 'power.argument=');
  t.is(emptied.out, 'Node rpi-1 has power.argument= now.\n');
  t.is(registry.byName('rpi-1')?.settings, undefined);
  const log = await walt('log', 'show', 'rpi-1 is configured');
  t.regex(log.out, /by alice: power\.argument is another \(not shown\)\n/);
});

const refusals: readonly (readonly [string, readonly string[], RegExp])[] = [
  [
    'an unknown key',
    ['pc-1', 'ran=2G'],
    /there is no setting 'ran'\. Did you mean 'ram'\? Settings: ram,/,
  ],
  [
    'a value out of range',
    ['pc-1', 'ram=128M'],
    /^Nothing was changed: ram=128M: it is too little, expected 256M/,
  ],
  ['a key that is set twice', ['pc-1', 'ram=1G', 'ram=2G'], /ram is set twice/],
  [
    'a word that sets nothing',
    ['pc-1', 'pc-2', 'ram=1G'],
    /'pc-2' is no KEY=VALUE, .*walt node config pc-1,pc-2$/,
  ],
  ['a word without a key', ['pc-1', '=1G'], /'=1G' is no KEY=VALUE/],
  [
    'a board where a virtual node is meant',
    ['pc-1,rpi-1', 'ram=2G'],
    /setting ram is for virtual nodes alone, and not for rpi-1\.$/,
  ],
  ['an empty set', ['my-nodes', 'ram=2G'], /^No node is in 'my-nodes'/],
  ['a name of nobody', ['ghost', 'ram=2G'], /^No device with name 'ghost' found\. See [^\n]*\.$/],
  ['a device that is no node', ['printer', 'ram=2G'], /^Device 'printer' is not a node/],
  [
    'a set with the server',
    ['all-devices', 'ram=2G', '--yes'],
    /^walt-server is the server: it .* has no settings/,
  ],
  ['the server', ['walt-server'], /^walt-server is the server/],
  [
    'a node of another user',
    ['pc-1,his', 'ram=2G'],
    /^Node his belongs to bob\.\nNothing was changed/,
  ],
];

test.serial('walt node config refuses what it cannot do, and changes nothing', async (t) => {
  const platform = await open();
  t.teardown(platform.close);
  for (const [what, words, message] of refusals) {
    const { code, out, err } = await platform.walt('node', 'config', ...words);
    t.deepEqual([code, out], [1, ''], what);
    t.regex(err.trimEnd(), message, what);
  }
  t.true(platform.registry.all().every(({ settings }) => settings === undefined));
});

test.serial('walt node config sets the node of another user with --yes', async (t) => {
  const platform = await open();
  t.teardown(platform.close);
  const { code, out } = await platform.walt('node', 'config', 'his', 'firmware=uefi', '--yes');
  t.deepEqual([code, out], [0, 'Node his has firmware=uefi now.\n']);
});

test.serial(
  'walt device config shows any device, and sets nodes as walt node config does',
  async (t) => {
    const platform = await open();
    t.teardown(platform.close);
    const { code, out, err } = await platform.walt('device', 'config', 'all-devices');
    t.is(code, 0);
    t.regex(out, /\npc-2 +ram +1G +yes/);
    t.is(err, 'Device walt-server has no settings.\n');
    t.regex(out, /\nprinter +netsetup +default +yes/);
    const set = await platform.walt('device', 'config', 'pc-1', 'boot.delay=0');
    t.is(set.out, 'Device pc-1 has boot.delay=0 now.\n');
    const unfit = await platform.walt('device', 'config', 'printer', 'power.driver=command');
    t.is(unfit.code, 1);
    t.regex(unfit.err, /nodes that are not virtual alone, and not for printer/);
  },
);

test.serial('walt node rename renames nodes alone, and asks for those of others', async (t) => {
  const platform = await open();
  t.teardown(platform.close);
  const { walt, registry } = platform;
  const renamed = await walt('node', 'rename', 'pc-1', 'desk');
  t.deepEqual(renamed, { code: 0, out: 'Node pc-1 is now called desk.\n', err: '' });
  const cases = [
    ['printer', 'press', /^Device 'printer' is not a node/],
    ['walt-server', 'boss', /^walt-server is the server/],
    ['ghost', 'spirit', /^No device with name 'ghost' found/],
    ['desk', 'pc-2', /another device is called 'pc-2'/],
    ['desk', 'a', /'a' is not valid/],
    ['his', 'hers', /^Node his belongs to bob\.\nNothing was changed/],
  ] as const;
  for (const [from, to, message] of cases) {
    const { code, out, err } = await walt('node', 'rename', from, to);
    t.deepEqual([code, out], [1, ''], from);
    t.regex(err, message);
  }
  t.is((await walt('node', 'rename', 'his', 'hers', '--yes')).code, 0);
  t.deepEqual(
    registry.all().map(({ name }) => name),
    ['desk', 'pc-2', 'rpi-1', 'hers', 'printer'],
  );
});

test.serial('lists print names alone with --names-only', async (t) => {
  const platform = await open();
  t.teardown(platform.close);
  const { walt } = platform;
  const all = await walt('node', 'show', '--all', '--names-only');
  t.deepEqual(all, { code: 0, out: 'his\npc-1\npc-2\nrpi-1\n', err: '' });
  t.deepEqual(await walt('node', 'show', '--names-only'), { code: 0, out: '', err: '' });
  const devices = await walt('device', 'show', '--names-only');
  t.is(devices.out, 'his\npc-1\npc-2\nprinter\nrpi-1\nwalt-server\n');
  const both = await walt('node', 'show', 'pc-1', '--names-only');
  t.deepEqual([both.code, both.out], [1, '']);
  t.regex(both.err, /give the name of a node or --names-only, not both/);
});
