// With the kernel of this machine, and connections of its own.
import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { connectionsBy } from '../../../../../agent/net/ffi/netlink/tcp-connections.ts';
import { loadSystemCalls } from '../../../../../agent/net/ffi/system-calls.ts';
import { connectionsOf, nfsConnections, readTcpTables } from '../../../../../agent/nfs/clients.ts';

/** A server, and so many that are connected to it. @returns its port, and theirs */
async function connected(t: ExecutionContext, address: string, count: number) {
  const server = createServer().listen(0, address);
  t.teardown(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ports: number[] = [];
  for (let one = 0; one < count; one += 1) {
    const socket = createConnection({ host: '127.0.0.1', port });
    t.teardown(() => socket.destroy());
    await Promise.all([once(socket, 'connect'), once(server, 'connection')]);
    ports.push(socket.localPort ?? 0);
  }
  return { port, ports };
}

for (const [address, name] of [
  ['127.0.0.1', 'IPv4'],
  ['::', 'IPv6, by IPv4'],
] as const) {
  test(`connectionsBy() tells who is connected to a port, at a socket of ${name}`, async (t) => {
    const calls = await loadSystemCalls();
    if (calls === undefined) return t.pass('this machine has no koffi');
    // More than one piece of an answer has.
    const { port, ports } = await connected(t, address, 400);
    await connected(t, address, 1);
    const ends = connectionsBy(calls, port) ?? [];
    t.deepEqual([...connectionsOf(ends).keys()], ['127.0.0.1']);
    t.deepEqual(
      ends.map((end) => end.port).toSorted((a, b) => a - b),
      ports.toSorted((a, b) => a - b),
    );
  });
}

test('connectionsBy() tells of NFS what the whole table tells', async (t) => {
  const calls = await loadSystemCalls();
  if (calls === undefined) return t.pass('this machine has no koffi');
  t.deepEqual(connectionsOf(connectionsBy(calls, 2049) ?? []), nfsConnections(readTcpTables()));
  t.deepEqual(connectionsBy(calls, 1), []);
});
