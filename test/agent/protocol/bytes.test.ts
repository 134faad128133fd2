import test from 'ava';
import {
  bytesToText,
  DecodeError,
  Reader,
  textToBytes,
  Writer,
} from '../../../agent/protocol/bytes.ts';

test('Reader reads big-endian numbers, bytes and text one behind the other', (t) => {
  const reader = new Reader(Uint8Array.from([1, 2, 3, 0xff, 0, 0, 0, 0x61, 0xe9, 0, 9, 8]));
  t.is(reader.u8('first'), 1);
  t.is(reader.u16('second'), 0x0203);
  t.is(reader.u32('third'), 0xff000000);
  t.is(reader.zeroEnded('fourth'), 'aé');
  t.deepEqual(reader.bytes(2, 'fifth'), Uint8Array.of(9, 8));
  t.is(reader.remaining, 0);
});

test('Reader names the field and offset of a short read', (t) => {
  const reader = new Reader(Uint8Array.of(1, 2, 3));
  reader.u16('first');
  const error = t.throws(() => reader.u16('second'), { instanceOf: DecodeError });
  t.is(error?.field, 'second');
  t.is(error?.offset, 2);
});

test('Reader does not read behind the part of a buffer it was given', (t) => {
  const part = Uint8Array.of(1, 2, 3, 4).subarray(1, 2);
  const reader = new Reader(part);
  t.is(reader.u8('only'), 2);
  t.throws(() => reader.u8('next'), { instanceOf: DecodeError });
});

for (const length of [2, 200]) {
  test(`Reader gives copies of ${length} bytes that a later change of the packet leaves alone`, (t) => {
    const packet = Buffer.alloc(length, 1);
    const copy = new Reader(packet).bytes(length, 'all');
    packet.fill(9);
    t.deepEqual(copy, new Uint8Array(length).fill(1));
  });
}

test('Reader.view() gives the bytes where they are, and no more than there are', (t) => {
  const packet = Uint8Array.of(1, 2, 3);
  const reader = new Reader(packet);
  reader.u8('first');
  const view = reader.view(2, 'rest');
  packet.fill(9);
  t.deepEqual(view, Uint8Array.of(9, 9));
  t.throws(() => reader.view(1, 'next'), { instanceOf: DecodeError });
});

for (const expected of [0, 10, 11, 100]) {
  test(`Writer gives what was written where ${expected} bytes were expected`, (t) => {
    const bytes = new Writer(expected).u32(0xff000000).u32(1).u16(2).finish();
    t.deepEqual(bytes, Uint8Array.of(0xff, 0, 0, 0, 0, 0, 0, 1, 0, 2));
  });
}

test('bytesToText() gives one character a byte, of short and long fields', (t) => {
  for (const length of [0, 64, 65, 256]) {
    const bytes = Uint8Array.from({ length }, (_, at) => 255 - at);
    t.is(bytesToText(bytes), String.fromCharCode(...bytes));
  }
});

test('Reader refuses text that no NUL ends', (t) => {
  t.throws(() => new Reader(Uint8Array.of(0x61)).zeroEnded('name'), { instanceOf: DecodeError });
});

test('Writer writes what Reader reads', (t) => {
  const bytes = new Writer().u8(1).u16(0x0203).u32(0xff000000).zeroEnded('aé').finish();
  t.deepEqual(bytes, Uint8Array.from([1, 2, 3, 0xff, 0, 0, 0, 0x61, 0xe9, 0]));
});

test('Writer fills a field with zeros and refuses what does not fit', (t) => {
  t.deepEqual(new Writer().padded(Uint8Array.of(7), 3).finish(), Uint8Array.of(7, 0, 0));
  t.throws(() => new Writer().padded(Uint8Array.of(7, 7), 1), { instanceOf: RangeError });
  for (const value of [-1, 256, 1.5, Number.NaN]) {
    t.throws(() => new Writer().u8(value), { instanceOf: RangeError });
  }
  t.throws(() => new Writer().u16(0x10000), { instanceOf: RangeError });
  t.throws(() => new Writer().zeroEnded('a\0b'), { instanceOf: RangeError });
});

test('bytesToText() and textToBytes() keep every byte', (t) => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  t.deepEqual(textToBytes(bytesToText(all)), all);
  t.throws(() => textToBytes('ł'), { instanceOf: RangeError });
  t.throws(() => textToBytes('🐢'), { instanceOf: RangeError });
});
