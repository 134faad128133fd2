// `walt device tree`, `rescan`, `port-config` and `credentials`, with the command and an emulated switch.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { withSnmp } from '../../../../agent/snmp/client.ts';
import { readSwitch } from '../../../../agent/switches/read-switch.ts';
import { emulateSwitch } from '../../../../lab/switches/emulated-switch.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { startTestPlatform } from '../test-platform.ts';

const SERVER = '02:00:00:00:00:01';

/** Two switches, of which one does not answer, and a board behind the other. */
async function open(t: ExecutionContext) {
  const sw = await emulateSwitch({
    ...{ access: { community: 'lab' }, portCount: 4, mac: '02:5e:00:00:00:01' },
  });
  const platform = await startTestPlatform({
    askSwitch: (device) => {
      const access = { version: '2c', community: 'lab' } as const;
      const port = device.name === 'sw-1' ? sw.port : 1;
      const target = { name: device.name, ip: '127.0.0.1', port, access };
      return withSnmp(target, readSwitch, { timeout: 500, retries: 2 });
    },
  });
  t.teardown(async () => {
    await platform.close();
    await sw[Symbol.asyncDispose]();
  });
  const add = async (name: string, mac: string) => {
    const { image: _image, ...device } = nodeNamed(name, { ip: `127.0.152.${20 + name.length}` });
    await put(platform.registry, { ...device, mac, type: 'unknown' });
  };
  await add('sw-1', '02:5e:00:00:00:01');
  await add('sw-02', '02:5e:00:00:00:02');
  await put(platform.registry, {
    ...nodeNamed('rpi-1', { ip: '127.0.152.40' }),
    mac: 'b8:27:eb:00:00:01',
  });
  sw.portOf(1).stations.add(SERVER);
  sw.portOf(3).stations.add('b8:27:eb:00:00:01');
  sw.portOf(4).stations.add('02:99:00:00:00:01');
  return { ...platform, sw };
}

test('walt device config type=switch, rescan, tree and port-config', async (t) => {
  const { walt } = await open(t);
  t.regex((await walt('device', 'tree')).out, /No device is known to be a switch/);
  const early = await walt('device', 'config', 'sw-1', 'snmp.community=x');
  t.is(early.code, 1);
  t.regex(early.err, /setting snmp\.community is for switches \(devices with type=switch\) alone/);
  const set = await walt('device', 'config', 'sw-1', 'type=switch', 'snmp.community=lab');
  t.is(set.code, 0, set.err);
  t.regex((await walt('device', 'show')).out, /sw-1 .* switch/);
  const node = await walt('device', 'config', 'rpi-1', 'type=switch');
  t.is(node.code, 1);

  const asked = await walt('device', 'rescan');
  t.is(asked.code, 0, asked.err);
  t.is(
    (await walt('device', 'tree')).out,
    [
      ...['sw-1', '├── ge1: (towards the server)', '├── ge3: rpi-1', '└── ge4: 02:99:00:00:00:01'],
      ...['', 'Of these devices no switch has said where they are: sw-02', ''],
    ].join('\n'),
  );
  const named = await walt('device', 'port-config', 'sw-1', '3', 'name=desk 3');
  t.is(named.out, 'Port 3 of sw-1 is now called desk 3.\n');
  t.regex((await walt('device', 'tree')).out, /├── desk 3: rpi-1/);
  const taken = await walt('device', 'port-config', 'sw-1', 'ge4', 'name=desk 3');
  t.is(taken.code, 1);
  t.regex(taken.err, /port 3 of this switch is called 'desk 3' already/);
  const { ports } = JSON.parse((await walt('device', 'port-config', 'sw-1', '--json')).out);
  t.deepEqual(ports[2], {
    ...{ port: 3, name: 'desk 3', isNamed: true, poe: true, isLink: false, devices: ['rpi-1'] },
  });
  t.is(JSON.parse((await walt('device', 'tree', '--json')).out).switches.length, 1);
});

test('walt device port-config what is wrong is said, and nothing is changed', async (t) => {
  const { walt } = await open(t);
  for (const [args, message] of [
    [
      ['rpi-1'],
      /rpi-1 is no switch, as far as the server knows: walt device config rpi-1 type=switch/,
    ],
    [['nobody'], /No device with name 'nobody' found/],
  ] as const) {
    const { code, err } = await walt('device', 'port-config', ...args);
    t.is(code, 1);
    t.regex(err, message);
  }
  await walt('device', 'config', 'sw-1,sw-02', 'type=switch');
  const silent = await walt('device', 'port-config', 'sw-02');
  t.is(silent.code, 1);
  t.regex(silent.err, /Cannot ask sw-02/);
  const cases = [
    [['sw-1', '9', 'name=x'], /sw-1 has no port '9'/],
    [['sw-1', '9'], /sw-1 has no port '9'/],
    [['sw-1', '3', 'label=x'], /expected name=NAME/],
    [['sw-1', '3', 'name=\u001b[2J'], /is no name of a port/],
  ] as const;
  for (const [args, message] of cases) {
    const { code, err } = await walt('device', 'port-config', ...args);
    t.is(code, 1);
    t.regex(err, message);
  }
});

test('walt device rescan says which switch does not answer, and knows what the others said', async (t) => {
  const { walt } = await open(t);
  await walt('device', 'config', 'sw-1,sw-02', 'type=switch');
  const asked = await walt('device', 'rescan');
  t.is(asked.code, 1);
  t.regex(asked.out, /Switch sw-1 has answered/);
  t.regex(asked.err, /Switch sw-02: Cannot ask sw-02 \(127\.0\.0\.1\): it does not answer SNMP/);
  const tree = await walt('device', 'tree');
  t.regex(tree.out, /ge3: rpi-1/);
  t.regex(tree.err, /Switch sw-02 did not answer/);
});

test('credentials are in a file of root alone, and no answer has them', async (t) => {
  const { walt, answers, folder } = await open(t);
  await walt('device', 'config', 'sw-1', 'type=switch', 'snmp.version=3');
  const call = answers['devices.credentials'];
  const caller = { user: 'alice' } as Parameters<typeof call>[1];
  const given = { user: 'walt', password: 'a long password', privacy: 'another password' };
  await t.throwsAsync(async () => call({ device: 'sw-1', ...given, privacy: '' }, caller), {
    message: /SNMP 3 needs a user, and two passphrases of 8 characters or more/,
  });
  t.deepEqual(await call({ device: 'sw-1', ...given }, caller), { isKnown: true });
  const file = join(folder, 'secrets/02:5e:00:00:00:01.json');
  t.deepEqual(JSON.parse(await readFile(file, 'utf8')), { ...given, purpose: '' });
  t.is((await stat(file)).mode & 0o777, 0o600);
  const shown = await walt('device', 'config', 'sw-1', '--json');
  const log = await walt('log', 'show', '--platform', '--history', 'full');
  for (const secret of Object.values(given).slice(1)) {
    t.false(shown.out.includes(secret));
    t.false(`${log.out}${log.err}`.includes(secret));
  }
  const without = await walt('device', 'credentials', 'sw-1');
  t.is(without.code, 1);
  t.regex(without.err, /there is no terminal to ask on/);
  t.is((await walt('device', 'credentials', 'sw-1', '--forget')).code, 0);
  await t.throwsAsync(readFile(file), { code: 'ENOENT' });
});
