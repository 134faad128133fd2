// `walt node shell` and `walt node console` from another machine: by one WebSocket each.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'ava';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { runOnTerminal } from '../../../support/process/terminal.ts';
import { serveElsewhere } from '../../../support/remote/served.ts';
import { accessLab } from '../node/access-lab.ts';

test('a shell and a console of a node work from another machine as on the server', async (t) => {
  const { node, platform } = await accessLab(t);
  await node('pc-1');
  const { env } = await serveElsewhere(t, platform, { user: 'alice', role: 'user' });
  const words = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  const script = (input: string, ...args: string[]) =>
    runProgram(['env', ...words, process.execPath, WALT, ...args], { input, seconds: 120 });
  const ran = await script('id -un; echo wrong >&2; exit 3\n', 'node', 'shell', 'pc-1');
  t.is(ran.code, 3, ran.said);
  t.regex(ran.said, /^root$/m);
  t.regex(ran.said, /^wrong$/m);
  const big = 'x'.repeat(2_000_000);
  const counted = await script(`cat <<'END' | wc -c\n${big}\nEND\n`, 'node', 'shell', 'pc-1');
  t.regex(counted.said, /^2000001$/m);
  const typed = await runOnTerminal(`exec ${process.execPath} ${WALT} node shell pc-1`, {
    lines: ['tty', 'exit 4'],
    env,
  });
  t.is(typed.code, 4, typed.out);
  t.regex(typed.out, /\/dev\/pts\/\d+/);
  t.regex((await script('', 'node', 'shell', 'nothing')).said, /nothing/);
  const mac = platform.registry.byName('pc-1')?.mac ?? '';
  let keys = '';
  platform.consoles.setInput(mac, 'serial', {
    type: async (bytes) => {
      keys += Buffer.from(bytes).toString();
      if (keys.includes('ls'))
        await platform.consoles.hear(mac, 'serial', Buffer.from('heard\r\n'));
    },
  });
  const command = `exec ${process.execPath} ${WALT} node console pc-1`;
  const person = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    ...{ env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] },
    ...{ timeout: 60_000, killSignal: 'SIGKILL' },
  });
  let said = '';
  const waiting: (readonly [RegExp, string])[] = [
    [/you type here/, 'ls\r'],
    [/heard/, '\u0001d'],
  ];
  person.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (waiting[0]?.[0].test(said)) person.stdin.write(waiting.shift()?.[1] ?? '');
  });
  const [code] = await once(person, 'close');
  t.is(code, 0, said);
  t.is(keys, 'ls\r');
  t.regex(said, /\[walt: left\]/);
});
