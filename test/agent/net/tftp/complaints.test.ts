import test from 'ava';
import { encodeTftp } from '../../../../agent/protocol/tftp/packet.ts';
import { UdpClient } from '../../../../lab/clients/udp-client.ts';
import { ack, openTftp, packetOf, request } from '../../../support/tftp/open-server.ts';

for (const [name, bytes] of [
  ['a name without an end', '\0\x01there'],
  ['a mode without an end', '\0\x01there\0octet'],
  ['no mode', '\0\x01there\0'],
  ['nothing', '\0\x01'],
  ['an option without a value', '\0\x01there\0octet\0blksize\0'],
  ['a value without an end', '\0\x01there\0octet\0blksize\x001428'],
  ['a name longer than a frame', `\0\x01${'a'.repeat(1500)}\0octet\0`],
  ['a request to write without an end', '\0\x02there'],
  ['an opcode of no packet', '\0\x09'],
  ['an acknowledgement', '\0\x04\0\x01'],
  ['data', '\0\x03\0\x01data'],
  ['an answer to options', '\0\x06blksize\x001428\0'],
] as const) {
  test(`startTftpServer() answers ${name} by error 4, reports it, and serves on`, async (t) => {
    const { server, client, reports } = await openTftp(t);
    client.send(Buffer.from(bytes, 'latin1'), server.port);
    const answer = packetOf(await client.receive());
    t.is(answer.kind === 'error' && answer.code, 4);
    t.true(answer.kind === 'error' && answer.message.length > 10 && answer.message.length <= 100);
    t.like(await reports.wait(1), [{ kind: 'dropped', count: 1 }]);
    client.send(request('there'), server.port);
    t.is(packetOf(await client.receive()).kind, 'data');
  });
}

test('startTftpServer() never answers an error, however damaged, nor what has no opcode', async (t) => {
  const { server, client, reports } = await openTftp(t);
  for (const bytes of ['', '\0', '\0\x05', '\0\x05\0', '\0\x05\0\x04no\0']) {
    client.send(Buffer.from(bytes, 'latin1'), server.port);
  }
  await reports.wait(5);
  t.deepEqual(
    reports.all.map((report) => report.kind === 'dropped' && report.count),
    [1, 2, 3, 4, 5],
  );
  client.send(request('there'), server.port);
  const first = await client.receive();
  t.is(packetOf(first).kind, 'data');
  const stranger = await UdpClient.open();
  t.teardown(() => stranger.close());
  stranger.send(encodeTftp({ kind: 'error', code: 5, message: '' }), first.port);
  stranger.send(ack(1), first.port);
  t.is(packetOf(await stranger.receive()).kind, 'error');
  client.send(ack(1), first.port);
  t.is(packetOf(await client.receive()).kind, 'data');
  t.is(stranger.unread.length, 0);
});

for (const [name, end] of [
  ['one zero', '\0'],
  ['many zeros', '\0'.repeat(40)],
  ['a zero before its options', '\0blksize\x001428\0'],
] as const) {
  test(`startTftpServer() serves a request with ${name} too many`, async (t) => {
    const { server, client } = await openTftp(t);
    client.send(Buffer.from(`\0\x01there\0octet\0${end}`, 'latin1'), server.port);
    const packet = packetOf(await client.receive());
    t.is(packet.kind, name.includes('options') ? 'options' : 'data');
  });
}
