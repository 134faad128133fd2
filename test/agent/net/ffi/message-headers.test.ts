import test from 'ava';
import { MessageHeaders } from '../../../../agent/net/ffi/message-headers.ts';
import { placeKey } from '../../../../agent/net/ffi/place.ts';

/** Memory that lies beyond 4 GiB, as all of a process does. */
const FAR = 0x7f12_3456_7890;

test('MessageHeaders reads back the places that it wrote, and writes them as the kernel wants them', (t) => {
  const named: Buffer[] = [];
  const headers = new MessageHeaders(3, (memory) => {
    named.push(memory);
    return FAR;
  });
  const places = [
    { address: '255.255.255.255', port: 65_535 },
    { address: '192.0.2.7', port: 69 },
    { address: '10.0.128.1', port: 32_768 },
  ];
  for (const [at, place] of places.entries()) headers.setName(at, place);
  for (const [at, place] of places.entries()) {
    const { address, port, key } = headers.senderOf(at) ?? {};
    t.deepEqual({ address, port }, place);
    t.is(key, placeKey(place));
  }
  const names = named.find(({ length }) => length === 3 * 16);
  t.deepEqual(names?.subarray(16, 24), Buffer.from([2, 0, 0, 69, 192, 0, 2, 7]));
});

test('MessageHeaders knows no sender of another family', (t) => {
  const named: Buffer[] = [];
  const headers = new MessageHeaders(1, (memory) => {
    named.push(memory);
    return FAR;
  });
  headers.setName(0, { address: '192.0.2.7', port: 69 });
  t.truthy(headers.senderOf(0));
  // AF_INET6; the piece of memory behind it is as long.
  for (const memory of named.filter(({ length }) => length === 16)) memory.writeUInt16LE(10);
  t.is(headers.senderOf(0), undefined);
});

test('MessageHeaders writes where memory is, and pieces only where it is cut', (t) => {
  const memories: Buffer[] = [];
  const headers = new MessageHeaders(2, (memory) => {
    memories.push(memory);
    return FAR;
  });
  headers.setBody(1, FAR + 5, 1432);
  const iovs = memories.filter(({ length }) => length === 2 * 16);
  const body = iovs.map((memory) => memory.readBigUInt64LE(16)).includes(BigInt(FAR + 5));
  t.true(body);
  const control = () => headers.bytes.readUInt32LE(64 + 40);
  t.is(control(), 0);
  headers.setSegment(1, 516);
  t.is(control(), 24);
  headers.setSegment(1, 516);
  headers.setSegment(1, 0);
  t.is(control(), 0);
});
