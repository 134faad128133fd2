import test from 'ava';
import { bytesToMac, isMac, macToBytes, parseMac } from '../../../agent/protocol/mac.ts';

for (const text of ['B8:27:EB:F2:67:82', 'b8-27-eb-f2-67-82', ' b8:27:eb:f2:67:82\n']) {
  test(`parseMac() brings ${JSON.stringify(text)} into the one form`, (t) => {
    t.is(parseMac(text), 'b8:27:eb:f2:67:82');
  });
}

for (const text of [
  '',
  'b8:27:eb:f2:67',
  'b8:27:eb:f2:67:8',
  'b8:27:eb:f2:67:82:00',
  'g8:27:eb:f2:67:82',
]) {
  test(`parseMac() refuses ${JSON.stringify(text)}`, (t) => {
    t.false(isMac(text));
    t.throws(() => parseMac(text), { instanceOf: TypeError });
  });
}

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
