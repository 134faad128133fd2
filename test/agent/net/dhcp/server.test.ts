import test, { type ExecutionContext } from 'ava';
import { type DhcpReport, startDhcpServer } from '../../../../agent/net/dhcp/server.ts';
import { decodeDhcp } from '../../../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../../../agent/protocol/dhcp/encode.ts';
import type { DhcpHandler, PlainDhcpHandler } from '../../../../agent/protocol/dhcp/exchange.ts';
import type { DhcpPacket } from '../../../../agent/protocol/dhcp/packet.ts';
import { UdpClient } from '../../../../lab/clients/udp-client.ts';
import { Collector } from '../../../support/servers/collector.ts';
import { datagramBatches } from '../../../support/servers/datagram-way.ts';

const discover: DhcpPacket = {
  op: 1,
  htype: 1,
  hlen: 6,
  hops: 0,
  xid: 1,
  secs: 0,
  flags: 0,
  ciaddr: '0.0.0.0',
  yiaddr: '0.0.0.0',
  siaddr: '0.0.0.0',
  giaddr: '0.0.0.0',
  chaddr: '52:54:00:00:00:01',
  sname: '',
  file: '',
  options: { messageType: 'discover' },
};
const echo: DhcpHandler = async (packet, from) => [{ packet: { ...packet, op: 2 }, ...from }];

async function open(t: ExecutionContext, handler: DhcpHandler) {
  const reports = new Collector<DhcpReport>();
  const server = await startDhcpServer({ address: '127.0.0.1', port: 0 }, handler, reports.add, {
    batches: await datagramBatches(),
  });
  const client = await UdpClient.open();
  t.teardown(async () => {
    client.close();
    await server.close();
  });
  const send = (packet: DhcpPacket) => client.send(encodeDhcp(packet), server.port);
  const receive = async () => decodeDhcp((await client.receive()).bytes);
  return { server, client, reports, send, receive };
}

test('startDhcpServer() hands a packet to the handler and sends its answer', async (t) => {
  const { send, receive } = await open(t, echo);
  send(discover);
  t.deepEqual(await receive(), { ...discover, op: 2 });
});

test('startDhcpServer() drops, counts and reports what is no DHCP, and serves on', async (t) => {
  const { server, client, reports, send, receive } = await open(t, echo);
  client.send(Uint8Array.of(), server.port);
  client.send(new Uint8Array(300), server.port);
  send(discover);
  t.is((await receive()).op, 2);
  t.deepEqual(
    reports.all.map((report) => report.kind === 'dropped' && report.count),
    [1, 2],
  );
});

test('startDhcpServer() reports a handler that fails, and serves on', async (t) => {
  const { reports, send, receive } = await open(t, async (packet, from) => {
    if (packet.xid === 1) throw new Error('no database');
    return echo(packet, from);
  });
  send(discover);
  send({ ...discover, xid: 2 });
  t.is((await receive()).xid, 2);
  t.like(reports.all[0], { kind: 'failed', client: discover.chaddr });
});

test('startDhcpServer() handles packets of one client in their order, and other clients meanwhile', async (t) => {
  const first = Promise.withResolvers<void>();
  const { send, receive } = await open(t, async (packet, from) => {
    if (packet.xid === 1) await first.promise;
    return echo(packet, from);
  });
  send(discover);
  send({ ...discover, xid: 2 });
  send({ ...discover, xid: 3, chaddr: '52:54:00:00:00:02' });
  t.is((await receive()).xid, 3);
  first.resolve();
  t.is((await receive()).xid, 1);
  t.is((await receive()).xid, 2);
});

test('startDhcpServer() bounds what one client may have waiting', async (t) => {
  const first = Promise.withResolvers<void>();
  const { reports, send, receive } = await open(t, async (packet, from) => {
    await first.promise;
    return echo(packet, from);
  });
  for (let xid = 1; xid <= 10; xid++) send({ ...discover, xid });
  await reports.wait(6);
  first.resolve();
  for (let xid = 1; xid <= 4; xid++) t.is((await receive()).xid, xid);
});

test('startDhcpServer() delays an answer as the handler says, and sends the others meanwhile', async (t) => {
  const { send, receive } = await open(t, async (packet, from) => [
    { packet: { ...packet, op: 2, xid: 11 }, ...from, delayMs: 50 },
    { packet: { ...packet, op: 2, xid: 12 }, ...from },
  ]);
  send(discover);
  t.is((await receive()).xid, 12);
  t.is((await receive()).xid, 11);
});

test('startDhcpServer() forgets delayed answers when it closes', async (t) => {
  const reports = new Collector<DhcpReport>();
  const answered = Promise.withResolvers<void>();
  const server = await startDhcpServer(
    { address: '127.0.0.1', port: 0 },
    async (packet, from) => {
      answered.resolve();
      return [{ packet, ...from, delayMs: 60_000 }];
    },
    reports.add,
    { batches: await datagramBatches() },
  );
  const client = await UdpClient.open();
  t.teardown(() => client.close());
  client.send(encodeDhcp(discover), server.port);
  await answered.promise;
  await server.close();
  t.deepEqual(reports.all, []);
});

test('startDhcpServer() gives plain messages to who answers them, and all others to the handler', async (t) => {
  const reports = new Collector<DhcpReport>();
  const taken: number[] = [];
  let ended = 0;
  const plain: PlainDhcpHandler = {
    open: () => undefined,
    take: (bytes, { start, end }, from) => {
      const { xid } = decodeDhcp(bytes.subarray(start, end));
      t.is(from.address, '127.0.0.1');
      if (xid > 2) return false;
      taken.push(xid);
      return true;
    },
    end: () => {
      ended += 1;
    },
    close: async () => undefined,
  };
  const server = await startDhcpServer({ address: '127.0.0.1', port: 0 }, echo, reports.add, {
    ...{ batches: await datagramBatches(), plain },
  });
  const client = await UdpClient.open();
  t.teardown(async () => {
    client.close();
    await server.close();
  });
  for (const xid of [1, 2, 3]) client.send(encodeDhcp({ ...discover, xid }), server.port);
  t.is(decodeDhcp((await client.receive()).bytes).xid, 3);
  t.deepEqual(taken, [1, 2]);
  t.true(ended > 0);
});
