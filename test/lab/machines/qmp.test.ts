import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { WaltError } from '../../../agent/errors.ts';
import { qmp } from '../../../lab/machines/qmp.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A control socket as QEMU has one; `talk` is its side of a connection. */
async function controlSocket(
  t: ExecutionContext,
  talk: (socket: Socket) => void,
  options: { readonly pauseOnConnect?: boolean } = {},
): Promise<string> {
  const path = join(await temporaryFolder(t), 'qmp');
  const server: Server = createServer(options, talk).listen(path);
  await once(server, 'listening');
  t.teardown(() => server.close());
  return path;
}

function answering(answer: (command: string) => object): (socket: Socket) => void {
  return (socket) => {
    socket.write('{"QMP":{"version":{},"capabilities":[]}}\n');
    createInterface({ input: socket }).on('line', (line) => {
      const { execute, id } = JSON.parse(line);
      socket.write('{"event":"RESUME"}\n');
      socket.write(`${JSON.stringify({ id, ...answer(execute) })}\n`);
    });
  };
}

test('qmp() returns what QEMU returned, whatever else it says meanwhile', async (t) => {
  const path = await controlSocket(
    t,
    answering((command) => ({ return: { command } })),
  );
  t.deepEqual(await qmp(path, 'query-status'), { command: 'query-status' });
});

test('qmp() fails with QEMU’s reason', async (t) => {
  const path = await controlSocket(
    t,
    answering(() => ({ error: { desc: 'no such link' } })),
  );
  await t.throwsAsync(qmp(path, 'set_link'), { instanceOf: WaltError, message: /no such link/ });
});

test('qmp() fails when QEMU closes its socket', async (t) => {
  const path = await controlSocket(t, (socket) => socket.end());
  await t.throwsAsync(qmp(path, 'quit'), { instanceOf: WaltError });
});

test('qmp() fails when QEMU is killed before it has read the command', async (t) => {
  const killed = async (socket: Socket) => {
    await sleep(200);
    socket.destroy();
  };
  const path = await controlSocket(t, killed, { pauseOnConnect: true });
  await t.throwsAsync(qmp(path, 'quit'), { instanceOf: WaltError });
});
