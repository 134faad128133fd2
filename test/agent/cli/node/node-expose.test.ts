// `walt node expose` and `walt node blink` on nodes that run the default image.

import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { until } from '../walt-process.ts';
import { accessLab } from './access-lab.ts';

const LOCAL = 35_217;
const FAR = 35_218;

test('walt node expose leads to a port of a node, for several at once, until it ends', async (t) => {
  const { node, platform } = await accessLab(t);
  await node('pc-1');
  // The node here shares the loopback of this machine: a server there is one of the node.
  const far = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)).listen(
    FAR,
    '127.0.0.1',
  );
  await once(far, 'listening');
  t.teardown(() => far.close());
  const running = platform.spawnWalt('node', 'expose', 'pc-1', String(FAR), String(LOCAL));
  await until(running, {
    pattern: /^127\.0\.0\.1:35217 leads to port 35218 of pc-1/m,
    where: 'err',
  });
  const echo = async (bytes: Buffer) => {
    const socket = createConnection(LOCAL, '127.0.0.1');
    socket.end(bytes);
    const back: Buffer[] = [];
    for await (const piece of socket) back.push(piece as Buffer);
    return Buffer.concat(back);
  };
  const texts = ['one', 'x'.repeat(3_000_000), '\0\xff'].map((text) => Buffer.from(text, 'latin1'));
  const came = await Promise.all(texts.map(echo));
  t.deepEqual(
    came.map((bytes, index) => bytes.equals(texts[index] ?? bytes.subarray(1))),
    [true, true, true],
  );
  far.close();
  t.is((await echo(Buffer.from('late'))).length, 0);
  await until(running, { pattern: /^Nothing listens on this port of pc-1$/m, where: 'err' });
  const taken = await platform.walt('node', 'expose', 'pc-1', '80', String(LOCAL));
  t.deepEqual([taken.code, taken.out], [1, '']);
  t.regex(taken.err, /^Cannot listen on 127\.0\.0\.1:35217: another program has this port\n$/);
  t.regex((await platform.walt('node', 'expose', 'pc-1', '0', '1')).err, /^'0' is no TCP port/);
  const open = createConnection(LOCAL, '127.0.0.1');
  open.on('error', () => undefined);
  await once(open, 'connect');
  running.child.kill('SIGINT');
  t.is((await running.result).code, 130);
  const isRunning = async () =>
    (await runProgram(['pgrep', '--full', `ssh .* -W 127[.]0[.]0[.]1:${FAR}`])).code === 0;
  for (let tries = 0; tries < 200 && (await isRunning()); tries += 1) await sleep(50);
  t.false(await isRunning());
});

test('walt node blink lets a light blink and gives it back, also when it is ended', async (t) => {
  const { node, platform } = await accessLab(t);
  const running = await node('pc-1');
  const none = await platform.walt('node', 'blink', 'pc-1', '--seconds', '2');
  t.deepEqual([none.code, none.out], [1, '']);
  t.regex(
    none.err,
    /^this board has no light that its kernel knows, and its image has no program \/bin\/blink/,
  );
  const led = '/sys/class/leds/ACT';
  await running.run(
    `mount -t tmpfs none /sys && mkdir -p ${led} && cd ${led} && echo 'none [mmc0] timer' > trigger && echo 7 > brightness && echo 255 > max_brightness`,
  );
  const state = () => running.run(`cat ${led}/brightness ${led}/trigger`);
  const blinking = platform.spawnWalt('node', 'blink', 'pc-1');
  const seen = new Set<string>();
  for (let tries = 0; tries < 200 && seen.size < 3; tries += 1) {
    seen.add(await state());
    await sleep(50);
  }
  t.true(seen.has('255\nnone\n') && seen.has('0\nnone\n'), [...seen].join('; '));
  blinking.child.kill('SIGINT');
  t.is((await blinking.result).code, 130);
  for (let tries = 0; tries < 200 && !(await state()).startsWith('7\n'); tries += 1)
    await sleep(50);
  t.is(await state(), '7\nmmc0\n');
  await running.run(
    'printf "#!/bin/sh\\necho \\$1 >> /tmp/calls\\n" > /bin/blink && chmod +x /bin/blink',
  );
  const blinked = await platform.walt('node', 'blink', 'pc-1', '--seconds', '1');
  t.deepEqual([blinked.code, blinked.out], [0, '/bin/blink blinks for 1 s\n']);
  t.regex(
    (await platform.walt('log', 'show', '--platform')).out,
    /alice lets a light blink for 1 s on node pc-1/,
  );
  t.is(await running.run('cat /tmp/calls'), '1\n0\n');
  t.regex(
    (await platform.walt('node', 'blink', 'pc-1', '--seconds', '0')).err,
    /^Cannot blink for '0' seconds/,
  );
});
