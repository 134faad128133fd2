import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { ServerEvent } from '../../../agent/events/event.ts';
import { BootupLinks } from '../../../agent/handlers/nodes/on-bootup.ts';
import { startBootupServer } from '../../../agent/net/bootup-server.ts';
import { openRecords } from '../../support/records.ts';

const mac = '52:54:00:f2:67:82';

/** The real server and registry on loopback; the node is the address 127.0.0.1, a stranger is 127.0.0.2. */
async function serve(t: ExecutionContext) {
  const { registry, detection } = await openRecords(':memory:', {
    m: 'waltplatform/m-default:latest',
  });
  await detection.see({ mac, ip: '127.0.0.1', model: 'm' });
  const rebooting = new Set<string>();
  const links = new BootupLinks(registry, (node) => rebooting.has(node));
  const events: ServerEvent[] = [];
  const server = await startBootupServer({
    address: '127.0.0.1',
    port: 0,
    isServed: () => true,
    isKnown: (address) => registry.byIp(address) !== undefined,
    onLimit: () => undefined,
    open: (address) => links.open(address),
    openLogs: () => ({ kind: 'stranger' }),
    publish: (published) => events.push(...published),
  });
  const signals = () => events.flatMap((event) => (event.kind === 'signal' ? [event.signal] : []));
  const { port } = server;
  const node = (localAddress = '127.0.0.1') => connect({ host: '127.0.0.1', port, localAddress });
  let isClosed = false;
  const close = async () => {
    if (!isClosed) await server.close();
    isClosed = true;
  };
  t.teardown(close);
  return { port, node, signals, events, rebooting, close };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !isSo(); tries += 1) await sleep(10);
}

test('bootup server answers OK and takes the node for booted as long as it is connected', async (t) => {
  const { node, signals } = await serve(t);
  const socket = node();
  socket.write('REQ_NOTIFY_BOOTUP_STATUS\n');
  const [answer] = await once(socket, 'data');
  t.is(String(answer), 'OK\n');
  t.deepEqual(signals(), [{ kind: 'booted' }]);
  socket.end();
  await until(() => signals().length === 2);
  t.like(signals()[1], { kind: 'down', method: 'server-detected' });
});

test('bootup server reads a request that comes in pieces', async (t) => {
  const { node, signals } = await serve(t);
  const socket = node();
  socket.write('REQ_NOTIFY_');
  await sleep(50);
  socket.write('BOOTUP_STATUS\n');
  await once(socket, 'data');
  t.is(signals().length, 1);
  socket.destroy();
});

test('bootup server takes the newest connection of a node as its life', async (t) => {
  const { node, signals } = await serve(t);
  const first = node();
  first.write('REQ_NOTIFY_BOOTUP_STATUS\n');
  await once(first, 'data');
  const second = node();
  second.write('REQ_NOTIFY_BOOTUP_STATUS\n');
  await once(second, 'data');
  first.destroy();
  await sleep(100);
  t.true(signals().every(({ kind }) => kind === 'booted'));
  second.destroy();
});

test('bootup server hears nothing of nodes that hung up before it came to them', async (t) => {
  const { port, node, signals } = await serve(t);
  const hangUp = `use Socket; socket(my $s, AF_INET, SOCK_STREAM, 0);
    connect($s, pack_sockaddr_in(${port}, inet_aton('127.0.0.1'))) or die; syswrite $s, "REQ_NOTIFY_BOOTUP_STATUS\n";`;
  // The server, which is in this process, waits meanwhile.
  for (let times = 0; times < 3; times += 1) t.is(spawnSync('perl', ['-e', hangUp]).status, 0);
  const socket = node();
  socket.write('REQ_NOTIFY_BOOTUP_STATUS\n');
  await once(socket, 'data');
  t.deepEqual(signals(), [{ kind: 'booted' }]);
  socket.destroy();
});

test('bootup server does not take its own end for the end of the nodes', async (t) => {
  const { node, signals, close } = await serve(t);
  const socket = node();
  socket.write('REQ_NOTIFY_BOOTUP_STATUS\n');
  await once(socket, 'data');
  const closed = once(socket, 'close');
  await close();
  await closed;
  t.deepEqual(signals(), [{ kind: 'booted' }]);
});

for (const [title, from, text] of [
  ['a stranger', '127.0.0.2', 'REQ_NOTIFY_BOOTUP_STATUS\n'],
  ['another request', '127.0.0.1', 'GET / HTTP/1.0\n'],
  ['a line without end', '127.0.0.1', 'x'.repeat(100_000)],
] as const) {
  test(`bootup server hangs up on ${title}`, async (t) => {
    const { node, signals, events } = await serve(t);
    const socket = node(from);
    socket.on('error', () => socket.destroy()); // a hang-up while much is still on its way
    socket.write(text);
    await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    t.deepEqual(signals(), []);
    t.like(events, [{ kind: 'ignored', source: 'bootup' }]);
  });
}

test('bootup server turns away a node on its way down, which may come back', async (t) => {
  const { node, signals, rebooting } = await serve(t);
  rebooting.add(mac);
  const early = node();
  early.write('REQ_NOTIFY_BOOTUP_STATUS\n');
  await once(early, 'close');
  t.deepEqual(signals(), []);

  rebooting.delete(mac);
  const later = node();
  later.write('REQ_NOTIFY_BOOTUP_STATUS\n');
  await once(later, 'data');
  t.deepEqual(signals(), [{ kind: 'booted' }]);
});
