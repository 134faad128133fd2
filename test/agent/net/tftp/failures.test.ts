import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { TftpReport } from '../../../../agent/net/tftp/server.ts';
import type { TftpReadHandler } from '../../../../agent/protocol/tftp/exchange.ts';
import { encodeTftp } from '../../../../agent/protocol/tftp/packet.ts';
import { UdpClient } from '../../../../lab/clients/udp-client.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { ack, openTftp, packetOf, request } from '../../../support/tftp/open-server.ts';

test('startTftpServer() answers a client when its handler throws, and reports why', async (t) => {
  const handler: TftpReadHandler = async () => {
    throw new Error('the disk is gone');
  };
  const { server, client, reports } = await openTftp(t, { handler });
  client.send(request('there'), server.port);
  const answer = packetOf(await client.receive());
  t.deepEqual(answer, { kind: 'error', code: 0, message: 'the server failed' });
  t.like((await reports.wait(1))[0], { outcome: 'failed', message: 'the disk is gone' });
});

/** Memory of which a later part cannot be had, as by a fault of the program. */
class Broken extends Uint8Array {
  override subarray(begin = 0, end?: number): Uint8Array<ArrayBuffer> {
    if (begin > 0) throw new Error('a fault of the program');
    return new Uint8Array(super.subarray(begin, end));
  }
}

test('startTftpServer() ends a transfer whose next step fails, and serves others', async (t) => {
  const handler: TftpReadHandler = async ({ filename }) => ({
    kind: 'bytes',
    bytes: filename === 'broken' ? new Broken(200_000) : randomBytes(100),
  });
  const { server, client, reports } = await openTftp(t, { handler });
  client.send(request('broken'), server.port);
  let answer = await client.receive();
  for (let packet = packetOf(answer); packet.kind === 'data'; packet = packetOf(answer)) {
    client.send(ack(packet.block), answer.port);
    answer = await client.receive();
  }
  t.deepEqual(packetOf(answer), { kind: 'error', code: 0, message: 'the server failed' });
  t.like((await reports.wait(1))[0], { outcome: 'failed', message: 'a fault of the program' });
  client.send(request('whole'), server.port);
  t.is(packetOf(await client.receive()).kind, 'data');
});

test('startTftpServer() ends a transfer whose file becomes shorter', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-tftp-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const path = join(folder, 'file');
  await writeFile(path, randomBytes(1_000_000));
  const handler: TftpReadHandler = async () => ({ kind: 'file', path, size: 1_000_000 });
  const { server, client, reports } = await openTftp(t, { handler });
  client.send(request('file'), server.port);
  let answer = await client.receive();
  await truncate(path, 1000);
  for (let packet = packetOf(answer); packet.kind === 'data'; packet = packetOf(answer)) {
    client.send(ack(packet.block), answer.port);
    answer = await client.receive();
  }
  t.is(packetOf(answer).kind, 'error');
  const [report] = await reports.wait(1);
  t.like(report, { outcome: 'failed' });
  t.regex(reasonOf(report), /shorter/);
});

for (const [name, path, reason] of [
  ['cannot be read', '/sys/class/net/lo/speed', /EINVAL/],
  ['is not there any more', '/nowhere/at/all', /there is no \/nowhere\/at\/all/],
  ['is a folder', '/proc', /expected a file/],
] as const) {
  test(`startTftpServer() tells a client whose file ${name}, and reports why`, async (t) => {
    const handler: TftpReadHandler = async () => ({ kind: 'file', path, size: 4096 });
    const { server, client, reports } = await openTftp(t, { handler });
    client.send(request('file'), server.port);
    const message = 'the server failed';
    t.deepEqual(packetOf(await client.receive()), { kind: 'error', code: 0, message });
    const [report] = await reports.wait(1);
    t.like(report, { outcome: 'failed', bytes: 0 });
    t.regex(reasonOf(report), reason);
  });
}

test('startTftpServer() lets others in where clients have fallen silent, and serves those that come back', async (t) => {
  const limits = { running: 2, runningPerClient: 2, waiting: 10, waitingPerClient: 10 };
  const { server, client, reports } = await openTftp(t, { limits });
  const gone = await Promise.all(Array.from({ length: 2 }, () => UdpClient.open()));
  t.teardown(() => {
    for (const one of gone) one.close();
  });
  let port = 0;
  for (const one of gone) {
    one.send(request('there', { blksize: '1428' }), server.port);
    port = (await one.receive()).port;
    one.send(ack(0), port);
    t.is(packetOf(await one.receive()).kind, 'data');
  }
  client.send(request('there'), server.port);
  const first = await client.receive();
  for (let block = 1; block <= 3; block++) client.send(ack(block), first.port);
  const [served] = await reports.wait(1);
  t.like(served, { client: { port: client.port }, outcome: 'complete' });
  gone[1]?.send(ack(1), port);
  t.like((await reports.wait(2))[1], { outcome: 'complete', bytes: 1300 });
});

/** A handler for whoever takes a block that came twice for two. */
async function servePatiently(t: ExecutionContext): Promise<TftpReadHandler> {
  const path = join(await temporaryFolder(t), 'file');
  await writeFile(path, randomBytes(5000));
  return async () => ({ kind: 'file', path, size: 5000, isPatient: true });
}

test('startTftpServer() grants a time-out to those alone that take a block that came twice for two', async (t) => {
  const asked = { timeout: '60', blksize: '1428' };
  const options = async (handler?: TftpReadHandler) => {
    const { server, client } = await openTftp(t, handler && { handler });
    client.send(request('there', asked), server.port);
    const answer = packetOf(await client.receive());
    return answer.kind === 'options' ? Object.fromEntries(answer.options) : answer;
  };
  t.deepEqual(await options(await servePatiently(t)), asked);
  t.deepEqual(await options(), { blksize: '1428' });
});

test('startTftpServer() answers a client that asks again sooner than its own clock', async (t) => {
  const { server, client, reports } = await openTftp(t);
  client.send(request('there', { blksize: '1428' }), server.port);
  const first = await client.receive();
  t.is((await client.receive()).port, first.port);
  // The server has sent it again by itself after a second, and would do so after two more, and then four; each answer begins that anew.
  for (let time = 0; time < 2; time += 1) {
    await sleep(1100);
    client.send(request('there', { blksize: '1428' }), server.port);
  }
  await sleep(300);
  client.send(encodeTftp({ kind: 'error', code: 0, message: 'enough' }), first.port);
  const [report] = await reports.wait(1);
  t.true(report?.kind === 'transfer' && report.retransmissions >= 3, JSON.stringify(report));
  t.deepEqual((await client.receive()).bytes, first.bytes);
});

function reasonOf(report: TftpReport | undefined): string {
  return report?.kind === 'transfer' ? (report.message ?? '') : '';
}
