import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import test from 'ava';
import { readProcess, shareOf } from '../../../lab/siege/readings.ts';

test('readProcess() counts memory, descriptors, and connections by address', async (t) => {
  const before = await readProcess(process.pid);
  t.true(before.memory > 10e6 && before.mostMemory >= before.memory);
  const accepted: Socket[] = [];
  const server = createServer((socket) => accepted.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  t.deepEqual(shareOf(before, port), { perAddress: 0, inAll: 0 });
  for (const localAddress of ['127.0.0.2', '127.0.0.2', '127.0.0.3']) {
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    t.teardown(() => socket.destroy());
    await Promise.all([once(socket, 'connect'), once(server, 'connection')]);
  }
  const after = await readProcess(process.pid);
  t.deepEqual(shareOf(after, port), { perAddress: 2, inAll: 3 });
  t.true(after.descriptors >= before.descriptors + 7);
  for (const socket of accepted) socket.destroy();
  server.close();
});
