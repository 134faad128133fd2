import test from 'ava';
import type { TftpReport } from '../../../../agent/net/tftp/server.ts';
import { type Datagram, UdpClient } from '../../../../lab/clients/udp-client.ts';
import { ack, openTftp, packetOf, request } from '../../../support/tftp/open-server.ts';

const BLOCKS = 400;
const bytes = Buffer.from(Array.from({ length: BLOCKS * 512 - 1 }, (_, at) => at % 251));

/** A machine that is busy elsewhere for long may cost a block that is sent twice. */
async function next(client: UdpClient, block: number): Promise<Datagram> {
  for (;;) {
    const datagram = await client.receive();
    const number = datagram.bytes.readUInt16BE(2);
    if (number === block) return datagram;
    if (number !== block - 1) throw new Error(`block ${number} came in place of ${block}`);
  }
}

const repeatedBy = (report: TftpReport | undefined): number =>
  report?.kind === 'transfer' ? report.retransmissions : 0;

test('startTftpServer() hears whoever speaks in the middle of a quick transfer, and each of them alone', async (t) => {
  const { server, client, reports } = await openTftp(t, {
    handler: async () => ({ kind: 'bytes', bytes }),
  });
  const stranger = await UdpClient.open();
  t.teardown(() => stranger.close());
  client.send(request('file'), server.port);
  const got: Buffer[] = [];
  for (let block = 1; block <= BLOCKS; block += 1) {
    const { port, bytes: packet } = await next(client, block);
    got.push(packet.subarray(4));
    // Longer than the server looks for an answer: then it sleeps, and is woken.
    if (block % 40 === 39) await new Promise((resolve) => setTimeout(resolve, 20));
    if (block % 100 === 70) {
      stranger.send(ack(block), port);
      const told = packetOf(await stranger.receive());
      t.is(told.kind === 'error' && told.code, 5);
      const isOld = client.unread.every(({ bytes: copy }) => copy.readUInt16BE(2) === block);
      t.true(isOld, 'the stranger has acknowledged nothing');
    }
    client.send(ack(block), port);
    if (block % 100 === 80) client.send(ack(block - 1), port);
  }
  t.true(Buffer.concat(got).equals(bytes));
  t.like(await reports.wait(1), [{ outcome: 'complete', bytes: bytes.length, retransmissions: 0 }]);
});

test('startTftpServer() ends a quick transfer whose client says so', async (t) => {
  const { server, client, reports } = await openTftp(t, {
    handler: async () => ({ kind: 'bytes', bytes }),
  });
  client.send(request('file'), server.port);
  for (let block = 1; block < 200; block += 1) {
    const { port } = await next(client, block);
    client.send(ack(block), port);
  }
  const { port } = await next(client, 200);
  client.send(Buffer.from([0, 5, 0, 3, ...Buffer.from('full'), 0]), port);
  t.like(await reports.wait(1), [
    { outcome: 'aborted', message: 'client sent error 3: full', bytes: 199 * 512 },
  ]);
});

test('startTftpServer() sends quick clients more at once than have a port of their own what each has asked for', async (t) => {
  const { server, reports } = await openTftp(t, {
    handler: async ({ filename }) => ({
      kind: 'bytes',
      bytes: Buffer.alloc(120 * 512, Number(filename)),
    }),
  });
  const clients = await Promise.all(Array.from({ length: 14 }, () => UdpClient.open()));
  t.teardown(() => {
    for (const client of clients) client.close();
  });
  const read = async (client: UdpClient, name: number) => {
    client.send(request(String(name)), server.port);
    for (let block = 1; ; block += 1) {
      const { port, bytes: packet } = await next(client, block);
      t.true(packet.subarray(4).every((byte) => byte === name));
      client.send(ack(block), port);
      if (packet.length < 516) return;
    }
  };
  // The first ones are quick before others share their ports.
  const first = clients.slice(0, 8).map((client, at) => read(client, at + 1));
  await new Promise((resolve) => setTimeout(resolve, 15));
  await Promise.all([...first, ...clients.slice(8).map((client, at) => read(client, at + 9))]);
  const repeated = (await reports.wait(14)).map(repeatedBy);
  t.true(Math.max(...repeated) < 5, `${repeated}`);
});
