// What commands say of a virtual node that somebody has powered off.
import test from 'ava';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { startTestPlatform } from '../test-platform.ts';
import { until } from '../walt-process.ts';

const MACHINE = { ip: '127.0.152.12', machine: { isOff: true } };
const OFF = 'vm-2 is powered off: walt node power vm-2 on';

test('what needs a system that runs says that the node is powered off', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(platform.registry, nodeNamed('vm-2', MACHINE));
  for (const [words, said] of [
    [['shell', 'VM-2'], OFF],
    [['run', 'vm-2', '--', 'true'], `vm-2: ${OFF}`],
    [['cp', 'vm-2:/etc/motd', '.'], `Cannot copy vm-2:/etc/motd to .: ${OFF}`],
    [['blink', 'vm-2'], OFF],
    [['reboot', 'vm-2'], `Node vm-2: not rebooted: ${OFF}`],
  ] as const) {
    const { code, err } = await platform.walt('node', ...words);
    t.not(code, 0, words.join(' '));
    t.regex(err, new RegExp(`^${said.replaceAll('.', '\\.')}`, 'm'));
    t.notRegex(err, /host key|not on this network/);
  }
  const hard = await platform.walt('node', 'reboot', 'vm-2', '--hard');
  t.is(hard.code, 0, hard.err);
});

test('who waits for a node that is powered off is told once, and goes on waiting', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const node = nodeNamed('vm-2', MACHINE);
  await put(platform.registry, node);
  await put(platform.registry, nodeNamed('pc-1', { ip: '127.0.152.13' }));
  const { code, err } = await platform.walt('node', 'wait', 'vm-2,pc-1', '--timeout', '0.5');
  t.is(code, 1);
  t.is(err.split(OFF).length, 2, err);
  t.regex(err, /Timeout was reached/);

  const waiting = platform.spawnWalt('node', 'wait', 'vm-2');
  await until(waiting, { pattern: /is powered off/, where: 'err' });
  await put(platform.registry, { ...node, machine: { isOff: false } });
  platform.publish([{ kind: 'signal', mac: node.mac, signal: { kind: 'booted' } }]);
  const ended = await waiting.result;
  t.is(ended.code, 0, ended.err);

  const up = await platform.walt('node', 'wait', 'vm-2');
  t.deepEqual([up.code, up.err], [0, '']);
});

test('walt node console says that nothing will come of a node that is powered off', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(platform.registry, nodeNamed('vm-2', MACHINE));
  const looking = platform.spawnWalt('node', 'console', 'vm-2', '--watch');
  await until(looking, { pattern: /vm-2 is powered off: walt node power vm-2 on/, where: 'err' });
  looking.child.kill('SIGINT');
  t.is((await looking.result).code, 130);
  const { code, err } = await platform.walt('node', 'console', 'vm-2', '--dump');
  t.deepEqual([code, err], [0, '']);
});
