// With a real socket, and people who mean no good at the other end.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { askHelper } from '../../../agent/helper/helper-mounter.ts';
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
