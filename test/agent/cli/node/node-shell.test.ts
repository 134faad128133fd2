// `walt node shell` on nodes that run the default image: Debian's sshd, the server's key, the host key that the server gave.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import test from 'ava';
import { startShellProcess } from '../../../../agent/host/processes/shell-process.ts';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { CTRL_C } from '../../../support/process/terminal.ts';
import { put } from '../../../support/put.ts';
import { accessLab } from './access-lab.ts';

test('walt node shell is a shell of root on the node, and ends as that does', async (t) => {
  const { node, script, type, platform } = await accessLab(t);
  const running = await node('pc-1');
  const ran = await script('id -un; echo wrong >&2; exit 3\n', 'node', 'shell', 'pc-1');
  t.is(ran.code, 3, ran.said);
  t.regex(ran.said, /^root$/m);
  t.regex(ran.said, /^wrong$/m);
  t.is((await script('true\n', 'node', 'shell', 'pc-1')).code, 0);
  const typed = await type('node shell pc-1', [
    'tty',
    "printf 'now: '; sleep 600; echo not so",
    CTRL_C,
    'exit 4',
  ]);
  t.is(typed.code, 4, typed.out);
  t.regex(typed.out, /\/dev\/pts\/\d+/);
  t.regex(typed.out, /\^C/);
  t.notRegex(typed.out, /^not so/m);
  for (let tries = 0; tries < 100; tries += 1) {
    if (!(await running.processes()).some((line) => /sleep|bash/.test(line))) break;
    await sleep(100);
  }
  t.notRegex((await running.processes()).join('\n'), /sleep 600|-bash/);
  t.deepEqual(await leftLogs(platform.folder), []);
});

test('a shell on a node has the size of the terminal, also when that changes', async (t) => {
  const { node, platform } = await accessLab(t);
  await node('pc-1');
  const command = ['env', `WALT_SOCKET=${platform.socket}`, 'WALT_USER=alice', process.execPath];
  const terminal = { type: 'xterm', columns: 97, rows: 31 };
  const shell = await startShellProcess([...command, WALT, 'node', 'shell', 'pc-1'], terminal);
  const steps = [
    () => shell.write(Buffer.from('stty size\n')),
    () => shell.resize({ columns: 133, rows: 44 }),
    // The new size is on its way for a moment.
    () => shell.write(Buffer.from('until stty size | grep 133; do sleep .1; done; exit 6\n')),
  ];
  let out = '';
  for await (const { bytes } of shell.output) {
    out += bytes.toString();
    if (!/# $/.test(stripVTControlCharacters(out))) continue;
    for (const step of steps.splice(0, steps.length > 2 ? 1 : 2)) await step();
  }
  t.is(await shell.ended, 6, out);
  t.regex(out, /^31 97\r$/m);
  t.regex(out, /^44 133\r$/m);
});

/** What ssh said is kept nowhere. */
async function leftLogs(folder: string): Promise<string[]> {
  return (await readdir(join(folder, 'tmp'))).filter((name) => name.startsWith('ssh-'));
}

test('walt node shell says in one sentence why a node cannot be entered', async (t) => {
  const { node, platform, type } = await accessLab(t);
  const { walt, registry } = platform;
  await node('imposter', { isStranger: true });
  await node('locked', { sshdConfig: ['PermitRootLogin no'] });
  const hung = await node('hung');
  const gone = await node('gone');
  await gone.stop();
  await put(registry, nodeNamed('unborn', { ip: '127.0.160.99' }));
  process.kill(hung.pid, 'SIGSTOP');
  const refused = async (name: string, expected: RegExp) => {
    const { code, out, err } = await walt('node', 'shell', name);
    t.deepEqual([code, out, err.trim().split('\n').length], [1, '', 1], err);
    t.regex(err, expected);
  };
  await refused('imposter', /^Cannot enter imposter: 127\.0\.160\.1 shows another host key/);
  await refused('locked', /^Cannot enter locked: it does not take the server's key for root/);
  await refused('hung', /^Cannot enter hung: 127\.0\.160\.3 does not answer/);
  await refused('gone', /^Cannot enter gone: no ssh server answers on 127\.0\.160\.4/);
  await refused('unborn', /^Cannot enter unborn: it has never asked the server for a host key/);
  await refused('ghost', /^No device with name 'ghost' found\. See [^\n]*\.$/m);
  const typed = await type('node shell imposter', []);
  t.deepEqual([typed.code, typed.out.trim().split('\n').length], [1, 1], typed.out);
  process.kill(hung.pid, 'SIGCONT');
});

test('walt node shell asks for nodes of others, as boot does', async (t) => {
  const { node, platform, type } = await accessLab(t);
  await node('bobs', { image: 'bob/pc:latest' });
  const { walt } = platform;
  const unasked = await walt('node', 'shell', 'bobs');
  t.deepEqual([unasked.code, unasked.out], [1, '']);
  t.regex(unasked.err, /^Node bobs belongs to bob\.\nNothing was changed: there is no terminal/);
  t.is((await walt('node', 'shell', 'bobs', '--yes')).code, 0);
  const no = await type('node shell bobs', ['n']);
  t.deepEqual([no.code, /Nothing was changed/.test(no.out)], [1, true], no.out);
  const yes = await type('node shell bobs', ['y', 'exit 5']);
  t.is(yes.code, 5, yes.out);
});

test('a shell on a node ends with the walt that opened it', async (t) => {
  const { node, platform } = await accessLab(t);
  const running = await node('pc-1');
  const shell = platform.spawnWalt('node', 'shell', 'pc-1');
  t.is((await shell.result).code, 0, 'without input it ends at once');
  t.notRegex((await running.processes()).join('\n'), /bash/);
});
