// With a real socket, and people who mean no good at the other end.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { askHelper } from '../../../agent/helper/helper-mounter.ts';
import { helperServer } from '../../../agent/helper/helper-server.ts';
import { LONGEST_REQUEST } from '../../../agent/helper/requests.ts';
import { runHelper } from '../../support/helper/run-helper.ts';
import { eventually } from '../../support/lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** What the helper answers to bytes; empty where it ends the connection. */
async function answerTo(path: string, bytes: string | Buffer): Promise<string> {
  const socket = connect(path);
  socket.write(bytes);
  return await text(socket).catch(() => '');
}

const REFUSED = '{"reason":"the helper knows no such request"}\n';
const HARMLESS = { verb: 'release-devices' } as const;

test('helperServer() refuses what is no request, and goes on', async (t) => {
  const { socket, printed } = await runHelper(t, { state: await temporaryFolder(t) });
  for (const line of ['', 'GET / HTTP/1.1', '{"verb":"exec","argv":["id"]}', '\0\xff', '{}']) {
    t.is(await answerTo(socket, `${line}\n`), REFUSED, line);
  }
  t.is(printed.length, 5);
  await t.notThrowsAsync(askHelper(socket, HARMLESS));
});

test('helperServer() reads one request of a connection, and no longer one than there can be', async (t) => {
  const { socket } = await runHelper(t, { state: await temporaryFolder(t) });
  const line = `${JSON.stringify(HARMLESS)}\n`;
  t.is(await answerTo(socket, line.repeat(3)), '{}\n');
  t.is(await answerTo(socket, Buffer.alloc(LONGEST_REQUEST + 1, 'x')), '');
  await t.notThrowsAsync(askHelper(socket, HARMLESS));
});

test('helperServer() waits for nobody who says nothing', async (t) => {
  const { socket } = await runHelper(t, { state: await temporaryFolder(t) }, 50);
  const silent = connect(socket);
  silent.write('{"verb":');
  t.is(await text(silent).catch(() => ''), '');
});

test('helperServer() serves after a flood of connections, and holds only so many', async (t) => {
  const { socket, server } = await runHelper(t, { state: await temporaryFolder(t) }, 60_000);
  const held: Socket[] = [];
  for (let count = 0; count < 200; count += 1) {
    const one = connect(socket).on('error', () => undefined);
    held.push(one);
    await once(one, 'connect').catch(() => undefined);
  }
  const open = () =>
    new Promise<number>((resolve) => server.getConnections((_none, count) => resolve(count)));
  t.true((await open()) <= 64);
  for (const one of held) one.destroy();
  await eventually(open, (count) => count === 0, 60);
  await t.notThrowsAsync(askHelper(socket, HARMLESS));
});

test('askHelper() says what to look at where there is no helper', async (t) => {
  const socket = `${await temporaryFolder(t)}/none.sock`;
  await t.throwsAsync(askHelper(socket, HARMLESS), {
    message:
      /^Cannot ask the helper at .* for release-devices: .*ENOENT.*systemctl status walt-host/,
  });
});

test('helperServer() says that work hangs, begins no other beside it, and asks to be ended', async (t) => {
  const socket = join(await temporaryFolder(t), 'host.sock');
  const begun: string[] = [];
  const hanging = Promise.withResolvers<void>();
  const server = helperServer({
    perform: ({ verb }) => {
      begun.push(verb);
      return new Promise(() => undefined);
    },
    print: () => undefined,
    onHanging: hanging.resolve,
    jobMs: 50,
  });
  server.listen(socket);
  await once(server, 'listening');
  const held: Socket[] = [];
  server.on('connection', (one) => held.push(one));
  t.teardown(() => {
    server.close();
    for (const one of held) one.destroy();
  });
  const first = askHelper(socket, HARMLESS);
  const waiting = askHelper(socket, { verb: 'clock' });
  await t.throwsAsync(first, { message: /^release-devices takes longer than 0\.05 s/ });
  await hanging.promise;
  t.deepEqual(begun, ['release-devices']);
  // As when the process ends.
  for (const one of held) one.destroy();
  await t.throwsAsync(waiting, { message: /ended the connection without an answer|ECONNRESET/ });
});
