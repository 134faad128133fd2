// walt-send-journal under the real busybox, to the real server and log on loopback. A stand-in for journalctl says what it was asked.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { OVERLAY_BIN } from './keepers.ts';
import { openLogNode } from './log-node.ts';

const JOURNALCTL = '#!/bin/sh\necho "$@"\necho sshd started\n';

async function until(isSo: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await isSo()) return true;
    await sleep(50);
  }
  return false;
}

test('walt-send-journal waits for the journal, sends all of it, and goes on when journalctl ends', async (t) => {
  t.timeout(120_000);
  const { serve, lines, node, variables } = await openLogNode(t);
  const { port } = await serve();
  const program = join(node.folder, 'journalctl');
  await writeFile(program, JOURNALCTL);
  await chmod(program, 0o755);
  const socket = join(node.folder, 'journal');
  const child = spawn(join(OVERLAY_BIN, 'walt-send-journal'), [], {
    env: {
      ...variables(port),
      PATH: `${node.folder}:${process.env.PATH}`,
      WALT_JOURNAL_SOCKET: socket,
      WALT_JOURNAL_FOLDER: node.folder,
      WALT_KMSG: join(node.folder, 'kmsg'),
    },
    detached: true,
  });
  t.teardown(() => process.kill(-(child.pid ?? 0), 'SIGKILL'));
  await sleep(1500);
  t.deepEqual(await lines(), []);
  const server = createServer();
  await once(server.listen(socket), 'listening');
  t.teardown(() => server.close());
  t.true(await until(async () => (await lines()).length >= 4), (await lines()).join('\n'));
  t.deepEqual((await lines()).slice(0, 4), [
    'journal: --follow --boot --quiet --output=short-precise --no-tail',
    'journal: sshd started',
    'journal: --follow --boot --quiet --output=short-precise --lines=0',
    'journal: sshd started',
  ]);
});

test('walt-send-journal says where an image has no journal', async (t) => {
  const { node, variables } = await openLogNode(t);
  const kmsg = join(node.folder, 'kmsg');
  const child = spawn(join(OVERLAY_BIN, 'walt-send-journal'), [], {
    env: { ...variables(1), PATH: node.folder, WALT_KMSG: kmsg },
  });
  const [code] = await once(child, 'exit');
  t.is(code, 1);
});
