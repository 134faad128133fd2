import test, { type ExecutionContext } from 'ava';
import type { TftpChannel } from '../../../../agent/net/tftp/channel.ts';
import { TftpPorts } from '../../../../agent/net/tftp/ports.ts';
import { openUdpPort } from '../../../../agent/net/udp/udp-port.ts';
import { decodeTftp, encodeTftp } from '../../../../agent/protocol/tftp/packet.ts';
import type { TransferEvent } from '../../../../agent/protocol/tftp/transfer.ts';
import { UdpClient } from '../../../../lab/clients/udp-client.ts';
import { datagramBatches } from '../../../support/servers/datagram-way.ts';

const here = '127.0.0.1';
const ack = (block: number) => encodeTftp({ kind: 'ack', block });

/** A transfer with a client of its own, which has been told where to answer. */
async function begin(t: ExecutionContext, ports: TftpPorts) {
  const client = await UdpClient.open();
  t.teardown(() => client.close());
  const heard: TransferEvent[] = [];
  let onHeard = () => {};
  const channel = await ports.open(here, { address: here, port: client.port }, (event) => {
    heard.push(event);
    onHeard();
  });
  channel.send([ack(0)]);
  const { port } = await client.receive();
  const hear = async () => {
    if (heard.length === 0)
      await new Promise<void>((resolve) => {
        onHeard = resolve;
      });
    return heard.shift();
  };
  return { client, channel, port, hear };
}

test('TftpPorts gives each transfer a port of its own while there are few', async (t) => {
  const ports = new TftpPorts(await datagramBatches(), { mostPorts: 3 });
  const transfers = [await begin(t, ports), await begin(t, ports), await begin(t, ports)];
  t.is(new Set(transfers.map(({ port }) => port)).size, 3);
  for (const { channel } of transfers) channel.close();
  t.is(ports.size, 0);
});

test('TftpPorts lets clients share ports, and each transfer hears its client alone', async (t) => {
  const ports = new TftpPorts(await datagramBatches(), { mostPorts: 2 });
  const transfers = [];
  for (let count = 0; count < 6; count += 1) transfers.push(await begin(t, ports));
  t.is(new Set(transfers.map(({ port }) => port)).size, 2);
  for (const [at, { client, port }] of transfers.entries()) client.send(ack(at + 1), port);
  for (const [at, { hear }] of transfers.entries())
    t.like(await hear(), { kind: 'ack', block: at + 1 });
  t.is(ports.size, 2);
  for (const { channel } of transfers.slice(0, 5)) channel.close();
  const [, , , , , last] = transfers;
  last?.client.send(ack(77), last.port);
  t.like(await last?.hear(), { kind: 'ack', block: 77 }, 'it is still heard');
  last?.channel.close();
  t.is(ports.size, 0);
});

test('TftpPorts tells a stranger, and whose transfer is over, that the transfer is not theirs', async (t) => {
  const ports = new TftpPorts(await datagramBatches(), { mostPorts: 1 });
  const [one, other] = [await begin(t, ports), await begin(t, ports)];
  t.is(one.port, other.port);
  one.channel.close();
  one.client.send(ack(1), one.port);
  const { bytes } = await one.client.receive();
  t.like(decodeTftp(bytes), { kind: 'error', code: 5 });
  other.channel.close();
});

test('TftpPorts gives no client the port of a transfer that it still has', async (t) => {
  const ports = new TftpPorts(await datagramBatches(), { mostPorts: 1 });
  const { client, channel, port } = await begin(t, ports);
  const second = await ports.open(here, { address: here, port: client.port }, () => undefined);
  second.send([ack(9)]);
  t.not((await client.receive()).port, port);
  channel.close();
  second.close();
  t.is(ports.size, 0);
});

test('TftpPorts says that a port cannot be had, and keeps nothing', async (t) => {
  const ports = new TftpPorts(await datagramBatches());
  await t.throwsAsync(
    ports.open('192.0.2.1', { address: here, port: 9 }, () => undefined),
    {
      code: 'EADDRNOTAVAIL',
    },
  );
  t.is(ports.size, 0);
});

test('TftpPorts hears a quick client when others come to its port, and when nobody looks any more', async (t) => {
  const batches = await datagramBatches();
  const ports = new TftpPorts(batches, { mostPorts: 1 });
  const answered: number[] = [];
  const options = {
    batches,
    onDatagram: (_: Buffer, { port }: { port: number }) => void answered.push(port),
    onError: (error: Error) => t.fail(error.message),
  };
  const client = await openUdpPort({ address: here, port: 0 }, options);
  const channels: TftpChannel[] = [];
  let heard = 0;
  const receive = () => {
    heard += 1;
    channels[0]?.send([Buffer.alloc(516)]);
  };
  channels.push(await ports.open(here, { address: here, port: client.port }, receive));
  channels[0]?.send([ack(0)]);
  while (answered.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const place = { address: here, port: answered[0] ?? 0 };
  const speak = () => client.sendAll([ack(1)], place);
  for (let turn = 1; turn <= 50; turn += 1) {
    speak();
    t.is(ports.take(), 1);
    t.is(heard, turn);
  }
  speak();
  ports.rest();
  t.is(heard, 51, 'nothing is lost');
  speak();
  t.is(ports.take(), 1);
  for (let turn = 0; turn < 50; turn += 1) {
    speak();
    t.is(ports.take(), 1);
  }
  channels.push(await ports.open(here, { address: here, port: 9 }, () => t.fail()));
  speak();
  t.is(ports.take(), 1, 'it shares the port now');
  for (const channel of channels) channel.close();
  await client.close();
});
