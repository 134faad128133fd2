import test from 'ava';
import { DecodeError } from '../../../../agent/protocol/bytes.ts';
import { encodeMessage } from '../../../../agent/protocol/netlink/messages.ts';
import {
  decodeConnectionsPiece,
  encodeConnectionsQuestion,
} from '../../../../agent/protocol/netlink/tcp-connections.ts';

const hex = (text: string) =>
  Uint8Array.from(Buffer.from(text.replaceAll(/[^0-9a-f]/g, ''), 'hex'));
const ANSWER = 20;
const DONE = encodeMessage({ type: 3, flags: 2, body: Uint8Array.of(0, 0, 0, 0) });

test('encodeConnectionsQuestion() asks for connections to a port that are established', (t) => {
  const expected = hex(
    // 72 bytes, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, sequence and port
    '48000000 1400 0103 00000000 00000000' +
      // AF_INET, TCP; the bit of state 1; local port 2049, any other end
      `02060000 02000000 0801 0000 ${'00'.repeat(32)} 00000000 ${'00'.repeat(8)}`,
  );
  t.deepEqual(encodeConnectionsQuestion(2, 2049), expected);
});

/** State 1, timer 0, local port 2049, remote port 0x03e7 = 999, local address of zeros. */
const answer = (family: string, remote: string, flags = 2) =>
  encodeMessage({
    ...{ type: ANSWER, flags },
    body: hex(`${family}010000 0801 03e7 ${'00'.repeat(16)} ${remote} ${'00'.repeat(12 + 20)}`),
  });
const IPV4 = answer('02', `c0a8980b ${'00'.repeat(12)}`);
const MAPPED = answer('0a', `${'00'.repeat(10)} ffff c0a8980c`);
const IPV6 = answer('0a', `fd00${'00'.repeat(13)}01`);

test('decodeConnectionsPiece() tells other ends with IPv4 addresses', (t) => {
  t.deepEqual(decodeConnectionsPiece(Buffer.concat([IPV4, MAPPED, IPV6])), {
    ends: [
      { ip: '192.168.152.11', port: 999 },
      { ip: '192.168.152.12', port: 999 },
    ],
    state: 'more',
  });
  t.is(decodeConnectionsPiece(Buffer.concat([IPV4, DONE])).state, 'over');
});

test('decodeConnectionsPiece() says where the kernel refuses, or the list changed', (t) => {
  const refused = encodeMessage({ type: 2, flags: 0, body: hex('ffffffff') });
  t.is(decodeConnectionsPiece(refused).state, 'broken');
  t.is(decodeConnectionsPiece(answer('02', '00'.repeat(16), 0x12)).state, 'broken');
});

test('decodeConnectionsPiece() takes an end with the number of an error for no list', (t) => {
  // -ENOENT: the kernel has no module that lists connections of TCP.
  const failed = encodeMessage({ type: 3, flags: 2, body: hex('feffffff') });
  t.deepEqual(decodeConnectionsPiece(failed), { ends: [], state: 'broken' });
  t.is(decodeConnectionsPiece(Buffer.concat([IPV4, failed])).state, 'broken');
});

test('decodeConnectionsPiece() refuses what is cut off, or is no such answer', (t) => {
  for (let length = 1; length < IPV4.length - 32; length += 1) {
    t.throws(() => decodeConnectionsPiece(IPV4.subarray(0, length)), { instanceOf: DecodeError });
  }
  const other = encodeMessage({ type: 99, flags: 0, body: hex('00') });
  t.throws(() => decodeConnectionsPiece(other), { instanceOf: DecodeError });
});
