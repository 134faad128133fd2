// The boot notification against real listeners on the loopback interface.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { freePort } from '../../lab/network/free-port.ts';
import { $ } from '../../scripts/run.ts';
import { createNodeSide } from './keepers.ts';
import { putBusybox } from './node-image.ts';

test.before((t) => {
  t.timeout(120_000);
});

/** Of the server: no other program of this machine has ports there, so that the one of a stopped server stays free. */
const SERVER = '127.0.152.77';
const OTHER_SERVER = '127.0.152.78';

async function listen(
  port: number,
  onConnection: (socket: Socket) => void,
  address = SERVER,
): Promise<Server> {
  const server = createServer(onConnection);
  server.listen(port, address);
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

/** Resolves with a connection once it has said the pattern; answers its request. */
function takeNotification(socket: Socket, pattern: RegExp): Promise<Socket> {
  return new Promise((resolve) => {
    let said = '';
    socket.on('data', (piece) => {
      if (said === '') socket.write('OK\n');
      said += piece.toString();
      if (pattern.test(said)) resolve(socket);
    });
    socket.on('error', () => socket.destroy());
  });
}

/** Bounded, so that the scripts are ended also when it never comes. */
async function nextNotification(server: Server): Promise<Socket> {
  const signal = AbortSignal.timeout(60_000);
  const [socket] = await once(server, 'connection', { signal });
  const pattern = /^REQ_NOTIFY_BOOTUP_STATUS\n\n\n\n/;
  const aborted = once(signal, 'abort').then(() => {
    throw new Error(`Waited 60 s for a connection that says ${pattern}`);
  });
  return Promise.race([takeNotification(socket, pattern), aborted]);
}

test('walt-notify-bootup waits for ssh, keeps one connection, comes back to a server that restarts', async (t) => {
  const node = await createNodeSide(`walt.server.ip=${SERVER}`);
  const ssh = await listen(0, (socket) => socket.destroy(), '127.0.0.1');
  const sshPort = portOf(ssh);
  const port = await freePort();
  let server = await listen(port, () => undefined);
  let early = 0;
  server.on('connection', () => {
    early += 1;
  });
  try {
    node.start('walt-notify-bootup', {
      env: {
        WALT_SSH_PORT: String(sshPort),
        WALT_NOTIFY_PORT: String(port),
        WALT_BEAT_SECONDS: '1',
        WALT_RETRY_SECONDS: '1',
      },
    });
    // Something answers on the port, but no ssh server: three tries go by.
    for (let tries = 0; tries < 3; tries += 1) await once(ssh, 'connection');
    t.is(early, 0);
    ssh.removeAllListeners('connection');
    ssh.on('connection', (socket) => socket.end('SSH-2.0-test\r\n'));
    const first = await nextNotification(server);
    t.is(early, 1);
    first.destroy();
    server.close();
    await once(server, 'close');
    server = await listen(port, () => undefined);
    const second = await nextNotification(server);
    t.pass();
    second.destroy();
  } finally {
    await node.remove();
    ssh.close();
    server.close();
  }
});

for (const [what, prepare] of [
  ['hangs', `printf '#!/bin/busybox sh\\nwhile :; do :; done\\n' >on-bootup; chmod 755 on-bootup`],
  ['fails', `printf '#!/bin/busybox sh\\nexit 1\\n' >on-bootup; chmod 755 on-bootup`],
  ['is a folder', 'mkdir on-bootup'],
  ['is a pipe', 'mkfifo -m 755 on-bootup'],
  ['is a dangling link', 'ln -s /nowhere on-bootup'],
] as const) {
  test(`walt-notify-bootup tells the server that the node is up where the hook ${what}`, async (t) => {
    const node = await createNodeSide(`walt.server.ip=${OTHER_SERVER}`);
    const ssh = await listen(0, (socket) => socket.end('SSH-2.0-test\r\n'), '127.0.0.1');
    const server = await listen(0, () => undefined, OTHER_SERVER);
    try {
      await putBusybox(node.folder);
      await $({ cwd: join(node.folder, 'bin') })`sh -ec ${prepare}`;
      node.start('walt-notify-bootup', {
        env: {
          WALT_SYSTEM: node.folder,
          WALT_HOOK_SECONDS: '2',
          WALT_SSH_PORT: String(portOf(ssh)),
          WALT_NOTIFY_PORT: String(portOf(server)),
          WALT_BEAT_SECONDS: '1',
        },
      });
      (await nextNotification(server)).destroy();
      t.pass();
    } finally {
      await node.remove();
      ssh.close();
      server.close();
    }
  });
}
