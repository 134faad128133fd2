import { randomBytes } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { startTftpServer, type TftpReport } from '../../../../agent/net/tftp/server.ts';
import { encodeTftp, type TftpPacket } from '../../../../agent/protocol/tftp/packet.ts';
import { UdpClient } from '../../../../lab/clients/udp-client.ts';
import { isPortFree, openDescriptors } from '../../../support/process/held.ts';
import { Collector } from '../../../support/servers/collector.ts';
import {
  ack,
  content,
  openTftp,
  packetOf,
  request,
  serveContent,
} from '../../../support/tftp/open-server.ts';

test('startTftpServer() sends a file from a port of its own and reports the transfer once', async (t) => {
  const { server, client, reports } = await openTftp(t);
  client.send(request('there'), server.port);
  const parts: Uint8Array[] = [];
  for (let block = 1; block <= 3; block++) {
    const answer = await client.receive();
    t.not(answer.port, server.port);
    const packet = packetOf(answer);
    t.is(packet.kind === 'data' && packet.block, block);
    if (packet.kind === 'data') parts.push(packet.bytes);
    client.send(ack(block), answer.port);
  }
  t.deepEqual(Buffer.concat(parts), content);
  const [report] = await reports.wait(1);
  t.like(report, {
    kind: 'transfer',
    client: { address: '127.0.0.1', port: client.port },
    filename: 'there',
    bytes: 1300,
    retransmissions: 0,
    outcome: 'complete',
  });
});

const refused = test.macro({
  exec: async (t, packet: TftpPacket, code: number) => {
    const { server, client, reports } = await openTftp(t);
    client.send(encodeTftp(packet), server.port);
    const answer = packetOf(await client.receive());
    t.is(answer.kind === 'error' && answer.code, code);
    t.like((await reports.wait(1))[0], { kind: 'transfer', outcome: 'refused', bytes: 0 });
  },
  title: (name) => `startTftpServer() refuses ${name}`,
});
const plain = { mode: 'octet', options: new Map() } as const;
test('a missing file', refused, { kind: 'read', filename: 'gone', ...plain }, 1);
test('to be written to', refused, { kind: 'write', filename: 'there', ...plain }, 2);
test('netascii', refused, { kind: 'read', filename: 'there', ...plain, mode: 'netascii' }, 0);
test(
  'a mode it never heard of',
  refused,
  { kind: 'read', filename: 'there', ...plain, mode: 'x' },
  4,
);
test('mode mail', refused, { kind: 'read', filename: 'there', ...plain, mode: 'mail' }, 4);
test('a file without a name', refused, { kind: 'read', filename: '', ...plain }, 1);

test('startTftpServer() tells a stranger that the transfer is not his and goes on', async (t) => {
  const { server, client } = await openTftp(t);
  const stranger = await UdpClient.open();
  t.teardown(() => stranger.close());
  client.send(request('there'), server.port);
  const first = await client.receive();
  stranger.send(ack(1), first.port);
  const told = packetOf(await stranger.receive());
  t.is(told.kind === 'error' && told.code, 5);
  t.is(client.unread.length, 0);
  client.send(ack(1), first.port);
  const second = packetOf(await client.receive());
  t.is(second.kind === 'data' && second.block, 2);
});

test('startTftpServer() answers from the address that was asked', async (t) => {
  const reports = new Collector<TftpReport>();
  const server = await startTftpServer(
    { address: '127.0.0.9', port: 0 },
    serveContent,
    reports.add,
  );
  const client = await UdpClient.open();
  t.teardown(async () => {
    client.close();
    await server.close();
  });
  for (const filename of ['there', 'gone']) {
    client.send(request(filename), server.port, '127.0.0.9');
    t.is((await client.receive()).address, '127.0.0.9');
  }
});

test('startTftpServer() runs one transfer for a request that came twice', async (t) => {
  const { server, client, reports } = await openTftp(t);
  for (let copy = 0; copy < 3; copy++) client.send(request('there'), server.port);
  const first = await client.receive();
  for (let block = 1; block <= 3; block++) {
    client.send(ack(block), first.port);
    if (block < 3) t.is((await client.receive()).port, first.port);
  }
  await reports.wait(1);
  t.is(reports.all.length, 1);
  t.is(client.unread.length, 0);
});

test('startTftpServer() goes on when a copy of the request comes late', async (t) => {
  const { server, client, reports } = await openTftp(t);
  client.send(request('there'), server.port);
  const { port } = await client.receive();
  client.send(ack(1), port);
  await client.receive();
  client.send(request('there'), server.port);
  // Another request of the same client is answered after this one, if that is answered at all.
  const other = await UdpClient.open();
  t.teardown(() => other.close());
  other.send(request('gone'), server.port);
  await other.receive();
  client.send(ack(2), port);
  t.is((await client.receive()).port, port);
  client.send(ack(3), port);
  const all = await reports.wait(2);
  t.like(all[1], { outcome: 'complete', bytes: 1300 });
  t.is(client.unread.length, 0);
});

test('startTftpServer() begins anew for a client that was silent and asks the same again', async (t) => {
  const { server, client, reports } = await openTftp(t);
  client.send(request('there'), server.port);
  const first = await client.receive();
  client.send(ack(1), first.port);
  // Silent for over a second: what comes meanwhile are copies of block 2.
  const until = performance.now() + 1100;
  while (performance.now() < until) await client.receive();
  client.send(request('there'), server.port);
  let next = await client.receive();
  while (next.port === first.port) next = await client.receive();
  const packet = packetOf(next);
  t.is(packet.kind === 'data' && packet.block, 1);
  const [abandoned] = await reports.wait(1);
  t.like(abandoned, { outcome: 'aborted', bytes: 512 });
});

test('startTftpServer() turns to the next file that a client asks from the same port', async (t) => {
  const { server, client, reports } = await openTftp(t);
  client.send(request('there'), server.port);
  const first = await client.receive();
  client.send(ack(1), first.port);
  await client.receive();
  client.send(request('there', { blksize: '1428' }), server.port);
  const granted = await client.receive();
  t.is(packetOf(granted).kind, 'options');
  t.not(granted.port, first.port);
  client.send(ack(0), granted.port);
  await client.receive();
  client.send(ack(1), granted.port);
  const [abandoned, complete] = await reports.wait(2);
  t.like(abandoned, { outcome: 'aborted', bytes: 512 });
  t.like(complete, { outcome: 'complete', bytes: 1300 });
});

test('startTftpServer() sends again what was not acknowledged', async (t) => {
  const { server, client, reports } = await openTftp(t);
  client.send(request('there', { blksize: '1428' }), server.port);
  const lost = await client.receive();
  const again = await client.receive();
  t.deepEqual(again.bytes, lost.bytes);
  client.send(ack(0), again.port);
  await client.receive();
  client.send(ack(1), again.port);
  const [report] = await reports.wait(1);
  t.like(report, { outcome: 'complete', retransmissions: 1 });
});

test('startTftpServer() ends a transfer whose client sends an error', async (t) => {
  const { server, client, reports } = await openTftp(t);
  client.send(request('there', { tsize: '0' }), server.port);
  const { port } = await client.receive();
  client.send(encodeTftp({ kind: 'error', code: 8, message: 'only asked' }), port);
  const [report] = await reports.wait(1);
  t.like(report, { outcome: 'aborted', message: 'client sent error 8: only asked' });
});

test('startTftpServer() sends what a file holds now, though it sent it before', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-tftp-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const path = join(folder, 'file');
  const { server, client, reports } = await openTftp(t, {
    handler: async () => ({ kind: 'file', path, size: 300 }),
  });
  for (const letter of ['a', 'b']) {
    await writeFile(`${path}.new`, letter.repeat(300));
    await rename(`${path}.new`, path);
    client.send(request('file'), server.port);
    const answer = await client.receive();
    const packet = packetOf(answer);
    t.is(packet.kind === 'data' && Buffer.from(packet.bytes).toString(), letter.repeat(300));
    client.send(ack(1), answer.port);
    await reports.wait(letter === 'a' ? 1 : 2);
  }
});

test('startTftpServer() lets requests beyond its bounds wait, and says so when too many wait', async (t) => {
  const limits = { running: 2, runningPerClient: 1, waiting: 1, waitingPerClient: 1 };
  const { server, client, reports } = await openTftp(t, { limits });
  const second = await UdpClient.open();
  const third = await UdpClient.open();
  t.teardown(() => {
    second.close();
    third.close();
  });
  client.send(request('there', { blksize: '1428' }), server.port);
  const granted = await client.receive();
  second.send(request('there', { blksize: '1428' }), server.port);
  third.send(request('there', { blksize: '1428' }), server.port);
  const busy = packetOf(await third.receive());
  t.is(busy.kind, 'error');
  t.is(second.unread.length, 0);
  client.send(ack(0), granted.port);
  await client.receive();
  client.send(ack(1), granted.port);
  t.is(packetOf(await second.receive()).kind, 'options');
  t.like(reports.all[0], { outcome: 'refused' });
  t.like(reports.all[1], { outcome: 'complete' });
});

test('startTftpServer() frees sockets and files when it closes in the middle of transfers', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-tftp-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const path = join(folder, 'file');
  await writeFile(path, randomBytes(1_000_000));
  const reports = new Collector<TftpReport>();
  const server = await startTftpServer(
    { address: '127.0.0.1', port: 0 },
    async () => ({ kind: 'file', path, size: 1_000_000 }),
    reports.add,
  );
  const clients = await Promise.all(Array.from({ length: 10 }, () => UdpClient.open()));
  for (const client of clients) client.send(request('file'), server.port);
  const answers = await Promise.all(clients.map((client) => client.receive()));
  t.is(await openDescriptors(path), 10);
  t.false(await isPortFree(answers[0]?.port ?? 0));
  await server.close();
  for (const client of clients) {
    t.is(packetOf(await client.receive()).kind, 'error');
    client.close();
  }
  t.is(reports.all.length, 10);
  t.true(reports.all.every((report) => report.kind === 'transfer' && report.outcome === 'aborted'));
  t.is(await openDescriptors(path), 0);
  for (const { port } of answers) t.true(await isPortFree(port));
});
