import test from 'ava';
import fc from 'fast-check';
import { DecodeError } from '../../../../agent/protocol/bytes.ts';
import {
  decodeAck,
  decodeTftp,
  encodeTftp,
  type TftpPacket,
} from '../../../../agent/protocol/tftp/packet.ts';
import { hex } from '../../../support/bytes/hex.ts';

const bothWays = test.macro({
  exec(t, bytes: string, packet: TftpPacket) {
    t.deepEqual(decodeTftp(hex(bytes)), packet);
    t.deepEqual(encodeTftp(packet), hex(bytes));
  },
  title: (name) => `decodeTftp() and encodeTftp() agree on ${name}`,
});

test('a read request', bothWays, '0001 7374617274 00 6f63746574 00', {
  kind: 'read',
  filename: 'start',
  mode: 'octet',
  options: new Map(),
});
test(
  'a read request with options',
  bothWays,
  '0001 61 00 6f63746574 00 626c6b73697a65 00 31343238 00 7473697a65 00 30 00',
  {
    kind: 'read',
    filename: 'a',
    mode: 'octet',
    options: new Map([
      ['blksize', '1428'],
      ['tsize', '0'],
    ]),
  },
);
test('a write request', bothWays, '0002 61 00 6f63746574 00', {
  kind: 'write',
  filename: 'a',
  mode: 'octet',
  options: new Map(),
});
test('data', bothWays, '0003 ffff 010203', { kind: 'data', block: 65535, bytes: hex('010203') });
test('empty data', bothWays, '0003 0001', { kind: 'data', block: 1, bytes: hex('') });
test('an acknowledgement', bothWays, '0004 0102', { kind: 'ack', block: 0x102 });
test('an error', bothWays, '0005 0001 6e6f 00', { kind: 'error', code: 1, message: 'no' });
test('an answer to options', bothWays, '0006 7473697a65 00 3930 00', {
  kind: 'options',
  options: new Map([['tsize', '90']]),
});

test('decodeTftp() takes names of modes and options in any case', (t) => {
  const packet = decodeTftp(Buffer.from('\0\x01a\0OCTET\0BlkSize\x001428\0'));
  t.deepEqual(packet, {
    kind: 'read',
    filename: 'a',
    mode: 'octet',
    options: new Map([['blksize', '1428']]),
  });
});

test('decodeTftp() lets the first of two equal options count', (t) => {
  const packet = decodeTftp(Buffer.from('\0\x01a\0octet\0tsize\x000\0TSIZE\x007\0'));
  t.deepEqual(packet.kind === 'read' && [...packet.options], [['tsize', '0']]);
});

for (const [name, end] of [
  ['a zero too many', '\0'],
  ['many zeros behind', '\0'.repeat(100)],
] as const) {
  test(`decodeTftp() takes a request with ${name}`, (t) => {
    const packet = decodeTftp(Buffer.from(`\0\x01a\0octet\0${end}`));
    t.deepEqual(packet, { kind: 'read', filename: 'a', mode: 'octet', options: new Map() });
  });
}

test('decodeTftp() takes options behind a zero too many', (t) => {
  const packet = decodeTftp(Buffer.from('\0\x01a\0octet\0\0tsize\x000\0\0'));
  t.deepEqual(packet.kind === 'read' && [...packet.options], [['tsize', '0']]);
});

for (const [name, bytes, message] of [
  ['without its last NUL', '0005 0001 6e6f', 'no'],
  ['without a text', '0005 0000', ''],
] as const) {
  test(`decodeTftp() takes an error ${name}`, (t) => {
    const packet = decodeTftp(hex(bytes));
    t.is(packet.kind === 'error' && packet.message, message);
  });
}

test('decodeTftp() throws DecodeError for every truncation of a request', (t) => {
  const whole = Buffer.from('\0\x01start.ipxe\0octet\0tsize\x000\0');
  const complete = [whole.length, whole.length - 'tsize00'.length - 1];
  for (let length = 0; length <= whole.length; length++) {
    const read = () => decodeTftp(whole.subarray(0, length));
    if (complete.includes(length)) t.notThrows(read, `cut to ${length}`);
    else t.throws(read, { instanceOf: DecodeError }, `cut to ${length}`);
  }
});

for (const bytes of [
  '',
  '00',
  '0000',
  '0007',
  'ffff 00',
  '0004',
  '0004 01',
  '0003 01',
  '0005 00',
]) {
  test(`decodeTftp() refuses ${bytes === '' ? 'nothing' : bytes}`, (t) => {
    t.throws(() => decodeTftp(hex(bytes)), { instanceOf: DecodeError });
  });
}

test('decodeTftp() refuses a request longer than a frame', (t) => {
  const request = Buffer.from(`\0\x01${'a'.repeat(1500)}\0octet\0`);
  t.throws(() => decodeTftp(request), { instanceOf: DecodeError });
});

const text = fc.string({
  unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 60,
});
const name = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const options = fc.array(fc.tuple(name, text), { maxLength: 5 }).map((entries) => new Map(entries));
const u16 = fc.integer({ min: 0, max: 0xffff });
const request = (kind: 'read' | 'write') =>
  fc.record({ kind: fc.constant(kind), filename: text, mode: name, options });
const anyPacket: fc.Arbitrary<TftpPacket> = fc.oneof(
  request('read'),
  request('write'),
  fc.record({ kind: fc.constant('data' as const), block: u16, bytes: fc.uint8Array() }),
  fc.record({ kind: fc.constant('ack' as const), block: u16 }),
  fc.record({ kind: fc.constant('error' as const), code: u16, message: text }),
  fc.record({ kind: fc.constant('options' as const), options }),
);

test('decodeTftp() reads back every packet that encodeTftp() writes', (t) => {
  fc.assert(
    fc.property(anyPacket, (packet) => void t.deepEqual(decodeTftp(encodeTftp(packet)), packet)),
    {
      numRuns: 500,
    },
  );
});

test('decodeAck() agrees with decodeTftp() on every packet', (t) => {
  fc.assert(
    fc.property(anyPacket, (packet) => {
      const block = packet.kind === 'ack' ? packet.block : undefined;
      t.is(decodeAck(encodeTftp(packet)), block);
    }),
  );
  for (const short of ['', '00', '0004', '000401']) t.is(decodeAck(hex(short)), undefined);
});
