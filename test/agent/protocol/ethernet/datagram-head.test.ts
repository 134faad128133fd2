import test from 'ava';
import {
  BodySums,
  DATAGRAM_HEAD,
  DatagramHead,
} from '../../../../agent/protocol/ethernet/datagram-head.ts';
import { decodeUdp } from '../../../../agent/protocol/ethernet/udp.ts';
import { hex } from '../../../support/bytes/hex.ts';

const from = { address: '192.168.152.1', port: 67 };
const everybody = { address: '255.255.255.255', port: 68 };

/** A datagram with its headers, behind so many bytes of memory that held something else. */
function written(body: Uint8Array, at = 3): Buffer {
  const memory = Buffer.alloc(DATAGRAM_HEAD + body.length + at + 4, 0xa5);
  memory.set(body, DATAGRAM_HEAD + at);
  new DatagramHead(from, everybody).write(memory, at, body.length);
  requireUntouched([...memory.subarray(0, at), ...memory.subarray(-4)]);
  return memory.subarray(at, DATAGRAM_HEAD + at + body.length);
}

function requireUntouched(beside: readonly number[]): void {
  if (beside.some((byte) => byte !== 0xa5)) throw new Error('written beside the datagram');
}

/** All words with their checksum add up to ones (RFC 1071 §1), counted in another way than the code does. */
function addsUp(bytes: Uint8Array): boolean {
  let sum = 0n;
  bytes.forEach((byte, at) => {
    sum += BigInt(byte) << (at % 2 === 0 ? 8n : 0n);
  });
  return sum > 0n && sum % 0xffffn === 0n;
}

/** Addresses, protocol and length stand before a datagram where its checksum is made (RFC 768). */
function withPseudoHeader(packet: Uint8Array): Uint8Array {
  return Uint8Array.of(
    ...packet.subarray(12, 20),
    0,
    17,
    ...packet.subarray(24, 26),
    ...packet.subarray(20),
  );
}

test('DatagramHead writes what was written by hand', (t) => {
  const expected = hex(`
    45 00 0020 0000 4000 40 11 e223 c0a89801 ffffffff
    0043 0044 000c a29f 01020304
  `);
  t.deepEqual(new Uint8Array(written(Uint8Array.of(1, 2, 3, 4))), expected);
});

for (const [length, at] of [
  ...[0, 1, 300, 301, 1024].map((length) => [length, 3] as const),
  ...[0, 1, 2, 3, 300, 301, 302, 303, 1024].map((length) => [length, 8] as const),
] as const) {
  test(`DatagramHead makes checksums that add up: ${length} bytes, behind ${at}`, (t) => {
    const body = Uint8Array.from({ length }, (_, at) => (at * 37 + 11) & 0xff);
    const packet = written(body, at);
    t.true(addsUp(packet.subarray(0, 20)));
    t.true(addsUp(withPseudoHeader(packet)));
    t.deepEqual(decodeUdp(packet), {
      source: from.address,
      sourcePort: from.port,
      destinationPort: everybody.port,
      payload: new Uint8Array(body),
    });
  });
}

test('DatagramHead makes the same checksum of datagrams in different memory, one after the other', (t) => {
  const head = new DatagramHead(from, everybody);
  const memories = [40, 60, 50].map((length) => Buffer.alloc(100 + length, length));
  for (const memory of memories) head.write(memory, 4, 40);
  const sums = memories.map((memory) => memory.readUInt16BE(4 + 26));
  const alone = [40, 60, 50].map((fill) => written(Buffer.alloc(40, fill)).readUInt16BE(26));
  t.deepEqual(sums, alone);
});

test('DatagramHead writes the headers of a datagram that lies elsewhere as of one that lies behind them', (t) => {
  for (const length of [0, 1, 70, 512, 1432, 1433]) {
    const body = Uint8Array.from({ length }, (_, at) => (at * 91 + 5) & 0xff);
    const memory = Buffer.alloc(DATAGRAM_HEAD + 6, 0xa5);
    const sum = new BodySums().of(body, 0, length);
    new DatagramHead(from, everybody).writeAlone(memory, 3, { length, sum });
    t.deepEqual(memory.subarray(3, -3), written(body).subarray(0, DATAGRAM_HEAD));
    t.deepEqual([...memory.subarray(0, 3), ...memory.subarray(-3)], Array(6).fill(0xa5));
  }
});

test('DatagramHead never says that there is no checksum', (t) => {
  const bodies = Array.from({ length: 0x10000 }, (_, value) => Uint8Array.of(value >> 8, value));
  const sums = bodies.map((body) => written(body).readUInt16BE(26));
  t.false(sums.includes(0));
  t.is(sums.filter((sum) => sum === 0xffff).length, 1);
});
