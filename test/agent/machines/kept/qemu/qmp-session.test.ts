import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { WaltError } from '../../../../../agent/errors.ts';
import { type QmpEvent, QmpSession } from '../../../../../agent/machines/kept/qemu/qmp-session.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

/** A real QEMU without any hardware that matters. */
async function startQemu(t: ExecutionContext) {
  const socket = join(await temporaryFolder(t), 'qmp');
  const qmp = `unix:${socket},server=on,wait=off`;
  const args = ['-nodefaults', '-display', 'none', '-machine', 'none', '-S', '-qmp', qmp];
  const child = spawn('qemu-system-x86_64', args, { stdio: 'ignore' });
  t.teardown(() => child.kill('SIGKILL'));
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await QmpSession.open(socket, () => undefined).catch(() => undefined);
    found?.close();
    if (found !== undefined) break;
    await sleep(50);
  }
  return { socket, child };
}

test('QmpSession runs commands of a real QEMU, and hears its events', async (t) => {
  const { socket } = await startQemu(t);
  const heard: QmpEvent[] = [];
  const session = await QmpSession.open(socket, (event) => heard.push(event));
  t.like(await session.run('query-status'), { status: 'prelaunch' });
  await t.throwsAsync(session.run('no-such-command'), {
    instanceOf: WaltError,
    message: /QEMU refuses: .*no-such-command/,
  });
  await session.run('cont');
  for (let tries = 0; tries < 100 && heard.length === 0; tries += 1) await sleep(20);
  t.true(heard.some(({ event }) => event === 'RESUME'));
  session.close();
});

test('QmpSession ends with a QEMU that is killed, and fails what waits', async (t) => {
  const { socket, child } = await startQemu(t);
  const session = await QmpSession.open(socket, () => undefined);
  child.kill('SIGSTOP');
  const waiting = session.run('query-status');
  child.kill('SIGKILL');
  await t.throwsAsync(waiting, { instanceOf: WaltError, message: /QEMU has ended/ });
  await session.closed;
});

test('QmpSession.open() fails where nobody listens, or somebody who is no QEMU', async (t) => {
  const socket = join(await temporaryFolder(t), 'qmp');
  await t.throwsAsync(
    QmpSession.open(socket, () => undefined),
    { instanceOf: WaltError },
  );
  const server = createServer((peer) => peer.end('{"no": "QEMU"}\n[[[\n\0\n'));
  server.listen(socket);
  await once(server, 'listening');
  await t.throwsAsync(
    QmpSession.open(socket, () => undefined),
    { instanceOf: WaltError },
  );
  server.close();
});
