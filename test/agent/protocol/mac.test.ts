import test from 'ava';
import { bytesToMac, isMac, macAt, macToBytes } from '../../../agent/protocol/mac.ts';

test('isMac() is for the one form alone', (t) => {
  t.true(isMac('b8:27:eb:f2:67:82'));
  const others = ['', 'b8:27:eb:f2:67', 'b8:27:eb:f2:67:8', 'b8:27:eb:f2:67:82:00'];
  for (const text of [...others, 'g8:27:eb:f2:67:82', 'B8:27:EB:F2:67:82', 'b8-27-eb-f2-67-82']) {
    t.false(isMac(text), text);
  }
});

test('macAt() says what bytesToMac() says of the six bytes from there on', (t) => {
  for (let byte = 0; byte < 256; byte += 1) {
    const bytes = Uint8Array.of(1, byte, 255 - byte, byte ^ 0x5a, 0, 0xff, byte, 2);
    t.is(macAt(bytes, 1), bytesToMac(bytes.subarray(1, 7)));
  }
});

test('bytesToMac() and macToBytes() agree, for any length', (t) => {
  for (const bytes of [[], [1], [0xb8, 0x27, 0xeb, 0xf2, 0x67, 0x82], Array(16).fill(0xff)]) {
    t.deepEqual(macToBytes(bytesToMac(Uint8Array.from(bytes))), Uint8Array.from(bytes));
  }
  t.is(bytesToMac(Uint8Array.of(0, 0xa)), '00:0a');
});

for (const text of ['0:1', '00:', '00:1', '00:01:', '00-01', '00:0A', '0g', '00:/1', ':00', 'é0']) {
  test(`macToBytes() refuses ${text}`, (t) => {
    t.throws(() => macToBytes(text), { instanceOf: TypeError });
  });
}
