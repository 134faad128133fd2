import test, { type ExecutionContext } from 'ava';
import { openDatagramBatches } from '../../../../agent/net/ffi/datagram-batches.ts';
import { openUdpDescriptor } from '../../../../agent/net/ffi/udp-descriptor.ts';
import { tellsLanesApart, UdpLane } from '../../../../agent/net/ffi/udp-lane.ts';
import { openUdpPort } from '../../../../agent/net/udp/udp-port.ts';
import { UdpClient } from '../../../../lab/clients/udp-client.ts';

const HOST = '127.0.0.1';

async function open(t: ExecutionContext) {
  const batches = await openDatagramBatches();
  if (batches === undefined) throw new Error('Cannot test lanes: koffi is missing');
  // Found by a port of its own, as Node does not tell the descriptor of a socket.
  const fd = openUdpDescriptor({ address: HOST, port: 0 }, batches.calls) ?? -1;
  const heard: string[] = [];
  const port = await openUdpPort(
    { fd },
    {
      batches: undefined,
      onDatagram: (bytes) => heard.push(bytes.toString()),
      onError: (error) => t.fail(error.message),
    },
  );
  const [client, stranger] = [await UdpClient.open(), await UdpClient.open()];
  const here = { address: HOST, port: port.port };
  const lane = UdpLane.open({ fd, here }, { address: HOST, port: client.port }, batches.calls);
  if (lane === undefined) throw new Error('Cannot open a lane');
  t.teardown(async () => {
    lane.close();
    client.close();
    stranger.close();
    await port.close();
  });
  const onLane = (): string[] => {
    const said: string[] = [];
    while (batches.receiveOne(lane.fd, (bytes) => said.push(bytes.toString())) > 0);
    return said;
  };
  const say = async (from: UdpClient, text: string) => {
    from.send(Buffer.from(text), port.port);
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  return { batches, lane, heard, onLane, say, client, stranger, port };
}

test('UdpLane hears its client while it is joined, and the port everybody else', async (t) => {
  const { lane, heard, onLane, say, client, stranger } = await open(t);
  await say(client, 'before');
  t.deepEqual([heard.splice(0), onLane()], [['before'], []]);
  t.true(lane.join());
  await say(client, 'mine');
  await say(stranger, 'his');
  t.deepEqual([heard.splice(0), onLane()], [['his'], ['mine']]);
});

test('UdpLane keeps what came before it was parked, and hears nothing afterwards', async (t) => {
  const { lane, heard, onLane, say, client, stranger } = await open(t);
  lane.join();
  await say(client, 'first');
  t.true(lane.park());
  await say(client, 'second');
  await say(stranger, 'his');
  t.deepEqual([heard.splice(0), onLane()], [['second', 'his'], ['first']]);
  t.true(lane.join());
  await say(client, 'third');
  t.deepEqual([heard, onLane()], [[], ['third']]);
});

test('UdpLane sends from the port that its client knows', async (t) => {
  const { batches, lane, client, port } = await open(t);
  lane.join();
  t.true(batches.sendOne(lane.fd, Buffer.alloc(100, 'x'), undefined));
  t.like(await client.receive(), { address: HOST, port: port.port, bytes: Buffer.alloc(100, 'x') });
});

test('UdpLane.open() gives none on a port of all addresses, where the kernel would choose another one for what is sent', async (t) => {
  const batches = await openDatagramBatches();
  const here = { address: '0.0.0.0', port: 9 };
  const calls = batches?.calls;
  t.truthy(calls);
  if (calls) t.is(UdpLane.open({ fd: -1, here }, { address: HOST, port: 1 }, calls), undefined);
});

test('UdpLane.open() gives none where the port is not there, and leaves no socket behind', async (t) => {
  const batches = await openDatagramBatches();
  const calls = batches?.calls;
  if (calls === undefined) return t.fail('koffi is missing');
  const closed: number[] = [];
  const watched = { ...calls, close: (fd: number) => closed.push(fd) && calls.close(fd) };
  const here = { address: '192.0.2.1', port: 4000 };
  t.is(UdpLane.open({ fd: -1, here }, { address: HOST, port: 1 }, watched), undefined);
  t.is(closed.length, 1);
});

for (const [kernel, tells] of [
  ['4.18.0-553.el8_10.x86_64', false],
  ['5.3.18', false],
  ['5.4.0', true],
  ['6.12.74+deb13+1-amd64', true],
  ['10.0-rc1', true],
  ['unknown', false],
] as const) {
  test(`tellsLanesApart() of kernel ${kernel}: ${tells}`, (t) => {
    t.is(tellsLanesApart(kernel), tells);
  });
}
