import test from 'ava';
import fc from 'fast-check';
import { DecodeError } from '../../../../agent/protocol/bytes.ts';
import { decodeDhcp } from '../../../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../../../agent/protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../../../agent/protocol/dhcp/packet.ts';
import { hex } from '../../../support/bytes/hex.ts';
import { anyPacket } from './arbitrary.ts';

const discover = hex(`
  01 01 06 00            ; op request, Ethernet, 6 bytes of address, no hops
  39 03 f3 26            ; xid
  00 04 80 00            ; secs 4, broadcast flag
  00000000 00000000 00000000 00000000
  b8 27 eb f2 67 82 0000000000000000 0000
  ${'00'.repeat(64 + 128)}
  63 82 53 63
  35 01 01               ; 53 message type: discover
  4d 14 13 77616c742e6e6f64652e70632d7838362d3634 ; 77 user class, a list of one item of 19 characters
  00                     ; padding between options
  5d 02 00 07            ; 93 architecture: UEFI x64
  e0 03 aa bb cc         ; 224, which has no name here
  37 04 01 03 06 2b      ; 55 wishes
  ff
`);

test('decodeDhcp() reads a discover written by hand', (t) => {
  t.deepEqual(decodeDhcp(discover), {
    op: 1,
    htype: 1,
    hlen: 6,
    hops: 0,
    xid: 0x3903f326,
    secs: 4,
    flags: 0x8000,
    ciaddr: '0.0.0.0',
    yiaddr: '0.0.0.0',
    siaddr: '0.0.0.0',
    giaddr: '0.0.0.0',
    chaddr: 'b8:27:eb:f2:67:82',
    sname: '',
    file: '',
    options: {
      messageType: 'discover',
      userClass: { form: 'list', values: ['walt.node.pc-x86-64'] },
      clientArchitecture: [7],
      parameterRequestList: [1, 3, 6, 43],
    },
    unknownOptions: [{ code: 224, bytes: hex('aabbcc') }],
  });
});

test('encodeDhcp() writes an offer byte by byte', (t) => {
  const offer: DhcpPacket = {
    ...decodeDhcp(discover),
    op: 2,
    yiaddr: '192.168.152.14',
    siaddr: '192.168.152.1',
    file: 'start.ipxe',
    options: { messageType: 'offer', leaseTime: 3600, serverIdentifier: '192.168.152.1' },
  };
  t.deepEqual(
    encodeDhcp(offer),
    hex(`
      02 01 06 00 3903f326 0004 8000
      00000000 c0a8980e c0a89801 00000000
      b827ebf26782 00000000000000000000
      ${'00'.repeat(64)}
      73746172742e69707865 ${'00'.repeat(118)}
      63825363
      35 01 02  33 04 00000e10  36 04 c0a89801  e0 03 aabbcc
      ff ${'00'.repeat(300 - 240 - 21)}
    `),
  );
});

test('decodeDhcp() reads back every packet that encodeDhcp() writes', (t) => {
  fc.assert(
    fc.property(anyPacket, (packet) => {
      t.deepEqual(decodeDhcp(encodeDhcp(packet)), packet);
    }),
    { numRuns: 300 },
  );
  t.pass();
});

test('decodeDhcp() reads back packets whose options spread over sname and file', (t) => {
  fc.assert(
    fc.property(anyPacket, fc.integer({ min: 280, max: 1500 }), (packet, maxLength) => {
      const bare = { ...packet, sname: '', file: '' };
      let bytes: Uint8Array;
      try {
        bytes = encodeDhcp(bare, { maxLength });
      } catch (error) {
        t.true(error instanceof RangeError);
        return;
      }
      t.true(bytes.length <= Math.max(maxLength, 300));
      t.deepEqual(decodeDhcp(bytes), bare);
    }),
    { numRuns: 300 },
  );
});

test('decodeDhcp() throws DecodeError or reads fewer options from every truncation', (t) => {
  for (let length = 0; length < discover.length; length++) {
    const cut = discover.subarray(0, length);
    if (length < 240) {
      t.throws(() => decodeDhcp(cut), { instanceOf: DecodeError }, `cut to ${length} bytes`);
      continue;
    }
    try {
      const { options, unknownOptions = [] } = decodeDhcp(cut);
      t.true(Object.keys(options).length + unknownOptions.length <= 5);
    } catch (error) {
      t.true(error instanceof DecodeError, `cut to ${length} bytes: ${error}`);
    }
  }
});

const refusal = test.macro({
  exec(t, change: (bytes: Uint8Array) => void, field: string) {
    const bytes = Uint8Array.from(discover);
    change(bytes);
    const error = t.throws(() => decodeDhcp(bytes), { instanceOf: DecodeError });
    t.is(error?.field, field);
  },
  title: (name) => `decodeDhcp() refuses ${name}`,
});
test('an op that is neither request nor reply', refusal, (bytes) => bytes.set([3], 0), 'op');
test('a hardware address longer than its field', refusal, (bytes) => bytes.set([17], 2), 'hlen');
test('BOOTP without a magic cookie', refusal, (bytes) => bytes.set([0], 236), 'magic cookie');
test('an option that leaves the packet', refusal, (bytes) => bytes.set([200], 241), 'option 53');

test('decodeDhcp() keeps an option whose bytes do not fit its form', (t) => {
  const bytes = Uint8Array.from(discover);
  bytes[242] = 99; // no such message type
  const packet = decodeDhcp(bytes);
  t.is(packet.options.messageType, undefined);
  t.deepEqual(packet.unknownOptions?.[0], { code: 53, bytes: Uint8Array.of(99) });
  t.deepEqual(decodeDhcp(encodeDhcp(packet)).options, packet.options);
});

test('decodeDhcp() joins the pieces of a long option (RFC 3396)', (t) => {
  const long = 'x'.repeat(600);
  const packet = { ...decodeDhcp(discover), options: { rootPath: long } };
  const bytes = encodeDhcp(packet);
  t.deepEqual([...bytes.subarray(240, 242)], [17, 255]);
  t.deepEqual([...bytes.subarray(240 + 257, 240 + 259)], [17, 255]);
  t.is(decodeDhcp(bytes).options.rootPath, long);
});

test('decodeDhcp() takes the first of an option of fixed length that came twice', (t) => {
  const twice = discover.slice(0, 240);
  const { options, unknownOptions } = decodeDhcp(
    Uint8Array.of(...twice, ...hex('35 01 01 32 04 c0a89805 35 01 03 32 04 c0a89806 ff')),
  );
  t.deepEqual(options, { messageType: 'discover', requestedAddress: '192.168.152.5' });
  t.is(unknownOptions, undefined);
});

test('decodeDhcp() reads options from file and sname when option 52 says so', (t) => {
  const bytes = Uint8Array.from([
    ...discover.subarray(0, 240),
    ...hex('35 01 01 34 01 03 11 01 61 ff'),
  ]);
  bytes.set(hex('11 01 63 ff'), 44); // sname: the third piece of the root path
  bytes.set(hex('11 01 62 ff'), 108); // file: the second piece
  const packet = decodeDhcp(bytes);
  t.deepEqual(packet.options, { messageType: 'discover', rootPath: 'abc' });
  t.is(packet.sname, '');
  t.is(packet.file, '');
});

test('encodeDhcp() uses file and sname when the packet may not grow, and only if they are empty', (t) => {
  const packet = { ...decodeDhcp(discover), options: { rootPath: 'x'.repeat(150) } };
  const bytes = encodeDhcp(packet, { maxLength: 300 });
  t.is(bytes.length, 300);
  t.is(decodeDhcp(bytes).options.rootPath, packet.options.rootPath);
  t.throws(() => encodeDhcp({ ...packet, file: 'a', sname: 'b' }, { maxLength: 300 }), {
    instanceOf: RangeError,
  });
});

test('encodeDhcp() puts the message type first, then the order asked for, the relay agent last', (t) => {
  const packet: DhcpPacket = {
    ...decodeDhcp(discover),
    options: {
      relayAgent: hex('0101aa'),
      subnetMask: '255.255.255.0',
      routers: ['192.168.152.1'],
      leaseTime: 9,
      messageType: 'ack',
    },
  };
  const bytes = encodeDhcp(packet, { order: [51, 3] });
  const codes: number[] = [];
  for (let at = 240; bytes[at] !== 255; at += 2 + (bytes[at + 1] ?? 0)) codes.push(bytes[at] ?? 0);
  t.deepEqual(codes, [53, 51, 3, 1, 224, 82]);
});

test('encodeDhcp() refuses values that do not fit their field', (t) => {
  const packet = decodeDhcp(discover);
  const wrong: Partial<DhcpPacket>[] = [
    { xid: -1 },
    { secs: 70000 },
    { ciaddr: '1.2.3' },
    { chaddr: 'nonsense' },
    { file: 'x'.repeat(129) },
    { sname: 'x'.repeat(65) },
  ];
  for (const change of wrong) t.throws(() => encodeDhcp({ ...packet, ...change }));
});
