// `walt device ping` and `walt device shell` against machines that answer: addresses of this one, and a real ssh server there.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { serverKey } from '../../../../agent/images/content/node-side/ssh-key.ts';
import { freePort } from '../../../../lab/network/free-port.ts';
import { Background } from '../../../../lab/programs/background.ts';
import { runProgram, succeed } from '../../../../lab/programs/run-program.ts';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { runOnTerminal } from '../../../support/process/terminal.ts';
import { put } from '../../../support/put.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform } from '../test-platform.ts';
import { until } from '../walt-process.ts';

const IP = '127.0.152.13';

test('walt node ping and device ping show what ping says, and how it ended', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(platform.registry, nodeNamed('pc-1', { ip: '127.0.152.11' }));
  // Nobody routes these (RFC 5737, RFC 1112).
  await put(platform.registry, nodeNamed('gone', { ip: '240.0.0.1' }));
  const { image: _image, ...unknown } = nodeNamed('thing', { ip: IP });
  await put(platform.registry, { ...unknown, type: 'unknown' });
  const { walt } = platform;
  const well = await walt('node', 'ping', 'pc-1', '--count', '2');
  t.is(well.code, 0, well.err);
  t.regex(well.out, /2 packets transmitted, 2 received/);
  t.is((await walt('device', 'ping', 'thing', '--count', '1')).code, 0);
  const noNode = await walt('node', 'ping', 'thing');
  t.deepEqual([noNode.code, noNode.out], [1, '']);
  t.regex(noNode.err, /^Device 'thing' is not a node/);
  const gone = await walt('node', 'ping', 'gone', '--count', '1');
  t.is(gone.code, 1);
  t.regex(gone.err, /Node gone (does not answer|cannot be asked)\.\n$/);
  t.regex(
    (await walt('device', 'ping', 'ghost')).err,
    /^No device with name 'ghost' found\. See [^\n]*\.\n$/,
  );
  for (const count of ['0', 'x', '1001', '1.5']) {
    const { err } = await walt('device', 'ping', 'pc-1', '--count', count);
    t.regex(err, /^Cannot ask '.+' times, expected a number from 1 to 1000, as 3\n$/);
  }
});

test('a ping ends with the walt that asked for it', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(platform.registry, nodeNamed('pc-1', { ip: '127.0.152.77' }));
  const running = platform.spawnWalt('device', 'ping', 'pc-1', '--count', '1000');
  await until(running, { pattern: /64 bytes from/ });
  running.child.kill('SIGINT');
  t.is((await running.result).code, 130);
  const isRunning = async () =>
    (await runProgram(['pgrep', '--full', 'ping .* 127[.]0[.]152[.]77$'])).code === 0;
  for (let tries = 0; tries < 200 && (await isRunning()); tries += 1) await sleep(50);
  t.false(await isRunning());
});

/** A device at which a real ssh server lets in the key of the walt server, and nobody else. */
async function sshLab(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const port = await freePort();
  const platform = await startTestPlatform({ sshPort: port });
  t.teardown(platform.close);
  const { image: _image, ...unknown } = nodeNamed('switch-1', { ip: IP });
  await put(platform.registry, { ...unknown, type: 'unknown' });
  await put(platform.registry, nodeNamed('pc-1', { ip: '127.0.152.11' }));
  const { publicKey } = await serverKey(platform.folder);
  const start = async (hostKey: string) => {
    await succeed(['dropbearkey', '-t', 'ed25519', '-f', join(folder, hostKey)]);
    // Its own /root: dropbear looks for keys nowhere else.
    const script = `
      mount -t tmpfs -o mode=700 none /root && mkdir -m 700 /root/.ssh
      echo "$1" > /root/.ssh/authorized_keys
      exec dropbear -F -E -s -p ${IP}:${port} -r ${join(folder, hostKey)}`;
    const server = new Background(['unshare', '--mount', 'sh', '-c', script, 'sh', publicKey]);
    t.teardown(() => server.kill());
    await server.waitFor(/Not backgrounding/);
    return server;
  };
  return { platform, start };
}

test('walt device shell runs commands on a device, and ends as they do', async (t) => {
  const { platform, start } = await sshLab(t);
  const env = { WALT_SOCKET: platform.socket, WALT_USER: 'alice' };
  const script = async (input: string, ...more: string[]) =>
    await runProgram(
      [
        'env',
        ...Object.entries(env).map(([key, value]) => `${key}=${value}`),
        process.execPath,
      ].concat([WALT, 'device', 'shell', 'switch-1', ...more]),
      { input },
    );
  const silent = await script('true\n');
  t.is(silent.code, 255, silent.said);
  t.regex(silent.said, /Connection refused/);
  const first = await start('first');
  const ran = await script('id -un; exit 3\n');
  t.is(ran.code, 3, ran.said);
  t.regex(ran.said, /^root$/m);
  const typed = await runOnTerminal(`exec ${process.execPath} ${WALT} device shell switch-1`, {
    lines: ['stty size; tty', 'exit 4'],
    env,
  });
  t.is(typed.code, 4, typed.out);
  t.regex(typed.out, /\/dev\/pts\/\d+/);
  const other = await script('true\n', '--user', 'nobody-here');
  t.is(other.code, 255);
  t.regex(other.said, /nobody-here@.*Permission denied/);
  await first.kill();
  await start('second');
  const changed = await script('id -un\n');
  t.is(changed.code, 255, 'a device with another key is not believed');
  t.regex(changed.said, /REMOTE HOST IDENTIFICATION HAS CHANGED/);
});

test('walt device shell is for devices that are no nodes, and plain accounts', async (t) => {
  const { platform } = await sshLab(t);
  const node = await platform.walt('device', 'shell', 'pc-1');
  t.deepEqual([node.code, node.out], [1, '']);
  t.regex(node.err, /^pc-1 is a node: what is changed there is gone at its next boot\. walt image/);
  const odd = await platform.walt('device', 'shell', 'switch-1', '--user', '-oProxyCommand=x');
  t.deepEqual([odd.code, odd.out], [1, '']);
  t.regex(odd.err, /^'[^']*' is not valid: expected the name/);
});
