import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform, type TestPlatform } from '../test-platform.ts';

/** Keeps how the power of each machine stands in a file beside it. A machine called `stuck` withstands. */
const PROGRAM = `#!/bin/sh
file=$(dirname "$0")/power-of-$2
if [ "$1" = status ]; then cat "$file" 2> /dev/null || echo on; exit; fi
echo "port $5 of $6"
if [ "$2" = stuck ]; then echo "port $5 does not switch" >&2; exit 1; fi
if [ "$1" = off ]; then echo off > "$file"; else echo on > "$file"; fi
`;

/** Nodes `rpi-1`, `rpi-2` and `stuck` with a program for their power, `bare` without one, and `his` of bob's. */
async function open(t: ExecutionContext): Promise<TestPlatform> {
  const command = join(await temporaryFolder(t), 'power');
  await writeFile(command, PROGRAM, { mode: 0o755 });
  const platform = await startTestPlatform({ power: { command } });
  t.teardown(platform.close);
  const { registry } = platform;
  const settings = { 'power.driver': 'command', 'power.argument': '7 sw1' };
  await put(registry, nodeNamed('rpi-1', { ip: '127.0.152.11', settings }));
  await put(registry, nodeNamed('rpi-2', { ip: '127.0.152.12', settings }));
  await put(registry, nodeNamed('stuck', { ip: '127.0.152.13', settings }));
  await put(registry, nodeNamed('bare', { ip: '127.0.152.14' }));
  const image = 'bob/web:v2';
  await put(registry, nodeNamed('his', { ip: '127.0.152.15', settings, image }));
  return platform;
}

test.serial('walt node power switches nodes, and says of each what was done', async (t) => {
  const platform = await open(t);
  const { walt, registry, boots, publish } = platform;
  const mac = registry.byName('rpi-1')?.mac ?? '';
  publish([{ kind: 'signal', mac, signal: { kind: 'booted' } }]);
  const off = await walt('node', 'power', 'rpi-1,rpi-2', 'off');
  t.deepEqual([off.code, off.err], [0, '']);
  t.deepEqual(off.out.trimEnd().split('\n').toSorted(), [
    'Node rpi-1: powered off.',
    'Node rpi-2: powered off.',
  ]);
  t.is(boots.statusOf(mac).state, 'down');
  t.is((await walt('node', 'power', 'rpi-1', 'status')).out, 'Node rpi-1: power is off.\n');
  t.is((await walt('node', 'power', 'rpi-1', 'on')).out, 'Node rpi-1: powered on.\n');
  t.is((await walt('node', 'power', 'rpi-1', 'cycle')).out, 'Node rpi-1: power cycled.\n');
  const { nodes } = JSON.parse((await walt('node', 'power', 'rpi-1', 'status', '--json')).out);
  t.deepEqual(nodes, [{ name: 'rpi-1', error: null, state: 'on' }]);
  const log = await walt('log', 'show', '--platform');
  t.regex(log.out, /platform\.nodes -> power off of node rpi-1 asked for by alice\n/);
  t.regex(log.out, /platform\.power -> off of rpi-1: port 7 of sw1\n/);
  t.regex(log.out, /node rpi-1 is down \(cause: power off requested, method: hard\)\n/);
});

test.serial(
  'walt node power fails where it could not switch all nodes, and names these',
  async (t) => {
    const { walt } = await open(t);
    const { code, out, err } = await walt('node', 'power', 'rpi-1,stuck,bare', 'cycle');
    t.deepEqual([code, out], [1, 'Node rpi-1: power cycled.\n']);
    t.regex(
      err,
      /^Node stuck: not power cycled: \S+\/power ended with status 1: port 7 does not switch$/m,
    );
    t.regex(
      err,
      /^Node bare: not power cycled: nothing is known .*walt node config bare power\.driver=poe /m,
    );
    t.is(err.trimEnd().split('\n').length, 2);
    const status = await walt('node', 'power', 'bare', 'status');
    t.deepEqual(status, { code: 0, out: 'Node bare: power is unknown.\n', err: '' });
  },
);

test.serial(
  'walt node reboot --hard cycles the power; a soft one that fails says so',
  async (t) => {
    const { walt } = await open(t);
    const soft = await walt('node', 'reboot', 'rpi-1', 'bare');
    t.deepEqual([soft.code, soft.out], [1, '']);
    t.regex(
      soft.err,
      /^Node rpi-1: not rebooted: .* \(walt node reboot rpi-1 --hard does it by its power\)$/m,
    );
    t.regex(
      soft.err,
      /^Node bare: not rebooted: .*did not take REBOOT: nothing listens there \(\S+\)$/m,
    );
    const hard = await walt('node', 'reboot', 'rpi-1', 'bare', '--hard');
    t.deepEqual([hard.code, hard.out], [1, 'Node rpi-1: rebooted ok.\n']);
    t.regex(hard.err, /^Node bare: not rebooted: nothing is known that switches its power/);
    const log = await walt('log', 'show', '--platform');
    t.regex(log.out, /hard reboot of node rpi-1 asked for by alice\n/);
    t.regex(log.out, /platform\.power -> cycle of rpi-1: port 7 of sw1\n/);
  },
);

test.serial(
  'walt node power refuses what it cannot do in one line, and switches nothing',
  async (t) => {
    const { walt } = await open(t);
    const cases = [
      [
        ['rpi-1', 'ofv'],
        /^walt node power: there is no verb 'ofv'\. Did you mean 'off'\?\nVerbs: on, off, cycle, status$/,
      ],
      [['rpi-1', 'toString'], /there is no verb 'toString'/],
      [['rpi-1'], /missing VERB/],
      [['rpi-1,ghost', 'off'], /^No device with name 'ghost' found\. See [^\n]*\.$/],
      [['walt-server', 'off'], /^walt-server is the server/],
      [['my-nodes', 'off'], /^No node is in 'my-nodes'/],
      [['rpi-1,his', 'off'], /^Node his belongs to bob\.\nNothing was changed/],
    ] as const;
    for (const [words, message] of cases) {
      const { code, out, err } = await walt('node', 'power', ...words);
      t.deepEqual([code, out], [1, ''], words.join(' '));
      t.regex(err.trimEnd(), message, words.join(' '));
    }
    t.is((await walt('node', 'power', 'his', 'status')).out, 'Node his: power is on.\n');
    t.is((await walt('node', 'power', 'his', 'off', '--yes')).out, 'Node his: powered off.\n');
    t.is((await walt('node', 'power', 'rpi-1', 'status')).out, 'Node rpi-1: power is on.\n');
  },
);
