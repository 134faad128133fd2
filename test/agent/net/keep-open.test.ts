// A process that systemd gave a socket, and that becomes another one: the socket is still there.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import test from 'ava';

const KEEP_OPEN = join(import.meta.dirname, '../../../agent/net/keep-open.ts');
const PROGRAM = `
const { keepOpen } = await import(process.argv[1]);
if (process.argv[2] === 'keep') await keepOpen([3]);
process.execve('/bin/sh', ['sh', '-c', 'test -e /proc/self/fd/3 && echo kept || echo lost'], process.env);
`;

async function openAfterwards(how: 'keep' | 'let'): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
  const argv = ['--input-type=module', '-e', PROGRAM, KEEP_OPEN, how];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit', fd] });
  try {
    return (await text(child.stdout as Readable)).trim();
  } finally {
    server.close();
  }
}

test('keepOpen() keeps what Node.js would close when it becomes another program', async (t) => {
  t.is(await openAfterwards('let'), 'lost');
  t.is(await openAfterwards('keep'), 'kept');
});
