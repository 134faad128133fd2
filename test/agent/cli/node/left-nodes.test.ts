// Who works in a node leaves it when it is another user's, or when they may no more what they might: with real ssh, on real nodes.
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import type { RunningNode } from '../../../support/nodes/running-nodes.ts';
import { runOnTerminal } from '../../../support/process/terminal.ts';
import { serveElsewhere } from '../../../support/remote/served.ts';
import { accessLab } from './access-lab.ts';

/** Waits until something on the node has such a command line, or nothing has. */
async function untilSo(node: RunningNode, pattern: RegExp, isThere: boolean): Promise<boolean> {
  for (let tries = 0; tries < 300; tries += 1) {
    if ((await node.processes()).some((line) => pattern.test(line)) === isThere) return true;
    await sleep(100);
  }
  return false;
}

test('a shell ends when another user acquires the node, and goes on when its own user does', async (t) => {
  const { node, type, platform } = await accessLab(t);
  const running = await node('pc-1');
  const { imageSwitch } = platform;
  const acquire = (user: string) =>
    imageSwitch.acquire({ names: ['pc-1'], user, takesOthers: true });
  const { code, out } = await type('node shell pc-1', [
    'tty',
    (terminal) =>
      void acquire('alice').then(() => terminal.stdin?.write('echo still $((40 + 2))\n')),
    'sleep 602 &',
    () => void acquire('bob'),
  ]);
  t.is(code, 1, out);
  t.regex(out, /^still 42/m);
  t.regex(out, /Ended by the server: node pc-1 belongs to bob now\.\s*$/);
  t.true(await untilSo(running, /-bash|sleep 60/, false));
});

test('a command on many nodes ends where its owner releases the node, and goes on elsewhere', async (t) => {
  const { node, platform } = await accessLab(t);
  const [one, two] = [
    await node('pc-1', { image: 'alice/pc:latest' }),
    await node('pc-2', { image: 'alice/pc:latest' }),
  ];
  const run = platform.spawnWalt('node', 'run', 'pc-1,pc-2', '--', 'sleep 603; test -e /go');
  t.true(await untilSo(one, /sleep 603/, true));
  t.true(await untilSo(two, /sleep 603/, true));
  await platform.imageSwitch.release({ names: ['pc-1'], user: 'alice', takesOthers: false });
  t.true(await untilSo(one, /sleep 603/, false));
  t.true((await two.processes()).some((line) => /sleep 603/.test(line)));
  await platform.images.alias('waltplatform/pc-x86-64-default:latest', 'alice/other:latest');
  const request = { names: ['pc-2'], user: 'alice', takesOthers: false };
  await platform.imageSwitch.boot('other', request);
  await sleep(500);
  t.true(
    (await two.processes()).some((line) => /sleep 603/.test(line)),
    'an image of the same owner',
  );
  run.child.kill('SIGINT');
  await run.result;
  t.regex(run.said().err, /^pc-1: Ended by the server: node pc-1 was released\.$/m);
  t.notRegex(run.said().err, /pc-2[^\n]*Ended by the server/);
});

test('a copy ends when another user acquires the node', async (t) => {
  const { node, platform, script } = await accessLab(t);
  const running = await node('pc-1');
  const made = await script('truncate --size 1G /var/tmp/large\n', 'node', 'shell', 'pc-1');
  t.is(made.code, 0, made.said);
  const copy = platform.spawnWalt('node', 'cp', 'pc-1:/var/tmp/large', platform.folder);
  t.true(await untilSo(running, /tar .*large/, true));
  // Who does not read holds the node up.
  copy.child.kill('SIGSTOP');
  await platform.imageSwitch.acquire({ names: ['pc-1'], user: 'bob', takesOthers: true });
  t.true(await untilSo(running, /tar .*large/, false));
  copy.child.kill('SIGCONT');
  const { code, err } = await copy.result;
  t.not(code, 0);
  t.regex(err, /Ended by the server: node pc-1 belongs to bob now\./);
  t.false((await readdir(platform.folder)).includes('large'));
});

test('who waits for a node of many is not let in once it is of another', async (t) => {
  const { node, platform } = await accessLab(t);
  const first = await node('pc-1', { image: 'alice/pc:latest' });
  await node('pc-2', { image: 'alice/pc:latest' });
  const words = ['node', 'run', 'pc-1,pc-2', '--serial', '--', 'sleep 6; echo ran on $(hostname)'];
  const run = platform.spawnWalt(...words);
  t.true(await untilSo(first, /sleep 6/, true));
  await platform.imageSwitch.acquire({ names: ['pc-2'], user: 'bob', takesOthers: true });
  const { out, err } = await run.result;
  t.regex(err, /^pc-2: Ended by the server: node pc-2 belongs to bob now\.$/m);
  t.notRegex(out, /pc-2: ran/);
});

test('a shell from elsewhere ends with the role and with the token, and says so', async (t) => {
  const { node, platform } = await accessLab(t);
  const running = await node('pc-1');
  const { accounts } = platform;
  const { env } = await serveElsewhere(t, platform, { user: 'alice', role: 'user' });
  const shell = (lose: () => Promise<unknown>) =>
    runOnTerminal(`exec ${process.execPath} ${WALT} node shell pc-1`, {
      lines: ['true', () => void lose()],
      env,
    });
  const demoted = await shell(() => accounts.change('alice', { role: 'viewer' }));
  t.is(demoted.code, 1, demoted.out);
  t.regex(demoted.out, /Ended by the server: .*role/);
  t.true(await untilSo(running, /-bash/, false));
  await accounts.change('alice', { role: 'user' });
  const [{ id = '' } = {}] = accounts.tokens('alice');
  const revoked = await shell(() => accounts.revoke(id, 'alice'));
  t.is(revoked.code, 1, revoked.out);
  t.regex(revoked.out, /Ended by the server: .*token/);
  t.true(await untilSo(running, /-bash/, false));
});
