import test from 'ava';
import fc from 'fast-check';
import { decodeDhcp } from '../../../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../../../agent/protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../../../agent/protocol/dhcp/packet.ts';
import { PlainMessage } from '../../../../agent/protocol/dhcp/plain-message.ts';
import { dhcpRequest } from '../../../../lab/clients/dhcp-packets.ts';
import { anyPacket } from './arbitrary.ts';

const BEFORE = 7;
const full: DhcpPacket = dhcpRequest(
  {
    messageType: 'request',
    requestedAddress: '192.168.152.9',
    serverIdentifier: '192.168.152.1',
    parameterRequestList: [1, 3, 6],
    vendorClass: 'PXEClient:Arch:00007:UNDI:003016',
    hostName: 'pc-9',
    clientIdentifier: Uint8Array.of(1, 2, 3),
    clientUuid: new Uint8Array(17).fill(9),
  },
  { xid: 0xfedcba98, chaddr: '02:00:00:0a:0b:0c', flags: 0x8000, secs: 3, hops: 1 },
);

/** As in the memory of many: something else stands before and behind. */
function read(bytes: Uint8Array, message = new PlainMessage()) {
  const memory = Buffer.concat([Buffer.alloc(BEFORE, 1), bytes, Buffer.alloc(BEFORE, 1)]);
  const isPlain = message.read(memory, { start: BEFORE, end: BEFORE + bytes.length });
  return isPlain ? message : undefined;
}

function bytesOf(message: PlainMessage, { at, length }: { at: number; length: number }) {
  return length === 0 ? undefined : Uint8Array.from(message.bytes.subarray(at, at + length));
}

function sayingOf(message: PlainMessage) {
  return {
    ...{ messageType: message.type, mac: message.mac, xid: message.xid },
    ...{ requested: message.requestedAddress, server: message.serverIdentifier },
    hostName: message.hostName,
    clientIdentifier: bytesOf(message, message.clientIdentifier),
    clientUuid: bytesOf(message, message.clientUuid),
  };
}

function decodedSayingOf({ chaddr: mac, xid, options }: DhcpPacket) {
  return {
    ...{ messageType: options.messageType, mac, xid },
    ...{ requested: options.requestedAddress, server: options.serverIdentifier },
    hostName: options.hostName,
    clientIdentifier: options.clientIdentifier,
    clientUuid: options.clientUuid,
  };
}

test('PlainMessage reads what the decoder reads', (t) => {
  const message = read(encodeDhcp(full));
  t.deepEqual(message && sayingOf(message), decodedSayingOf(full) as never);
});

test('PlainMessage forgets the message before', (t) => {
  const message = read(encodeDhcp(full));
  const next = dhcpRequest({}, { xid: 1 });
  t.not(read(encodeDhcp(next), message), undefined);
  t.deepEqual(message && sayingOf(message), decodedSayingOf(next) as never);
});

test('PlainMessage takes no packet of which the decoder says something else', (t) => {
  fc.assert(
    fc.property(anyPacket, fc.constantFrom('discover', 'request'), ({ options }, messageType) => {
      const bytes = encodeDhcp(dhcpRequest({ ...options, messageType }));
      const message = read(bytes);
      if (message !== undefined) {
        t.deepEqual(sayingOf(message), decodedSayingOf(decodeDhcp(bytes)) as never);
      }
    }),
    // Few of them are plain.
    { numRuns: 1000 },
  );
});

test('PlainMessage leaves each cut packet to the decoder, or reads all of it', (t) => {
  const bytes = encodeDhcp(full);
  const end = bytes.lastIndexOf(255);
  for (let length = 0; length < end; length += 1) {
    const message = read(bytes.subarray(0, length));
    if (message === undefined) continue;
    t.deepEqual(sayingOf(message), decodedSayingOf(decodeDhcp(bytes.subarray(0, length))) as never);
  }
});

test('PlainMessage reads no other message over random bytes of options than the decoder', (t) => {
  const head = encodeDhcp(dhcpRequest()).subarray(0, 240);
  const areas = fc.uint8Array({ maxLength: 80 });
  fc.assert(
    fc.property(areas, (area) => {
      const bytes = Buffer.concat([head, Uint8Array.of(53, 1, 1), area]);
      const message = read(bytes);
      if (message === undefined) return;
      t.deepEqual(sayingOf(message), decodedSayingOf(decodeDhcp(bytes)) as never);
    }),
  );
});

const UNUSUAL: Readonly<Record<string, DhcpPacket>> = {
  'a reply': { ...full, op: 2 },
  'a card that is none of Ethernet': { ...full, htype: 6 },
  'an address of a group': { ...full, chaddr: '03:00:00:00:00:01' },
  'no address at all': { ...full, chaddr: '00:00:00:00:00:00' },
  'a client that has its address': { ...full, ciaddr: '192.168.152.9' },
  'a relay': { ...full, giaddr: '192.168.152.7' },
  'a file': { ...full, file: 'x' },
  'another type': { ...full, options: { ...full.options, messageType: 'inform' } },
  'no type': { ...full, options: { hostName: 'a' } },
  'the option of a relay': {
    ...full,
    options: { ...full.options, relayAgent: Uint8Array.of(1, 1, 1) },
  },
  'an empty option': { ...full, options: { ...full.options, vendorSpecific: new Uint8Array() } },
};

for (const [what, packet] of Object.entries(UNUSUAL)) {
  test(`PlainMessage leaves to the decoder: ${what}`, (t) => {
    t.is(read(encodeDhcp(packet)), undefined);
  });
}

test('PlainMessage tells kinds of clients by all that is not of one client alone', (t) => {
  const kindOf = (options: DhcpPacket['options'], fields: Partial<DhcpPacket> = {}) =>
    read(encodeDhcp({ ...full, ...fields, options: { ...full.options, ...options } }))?.kind;
  const kind = kindOf({});
  t.is(kindOf({ messageType: 'discover', hostName: 'b', requestedAddress: '10.0.0.1' }), kind);
  t.is(kindOf({ clientIdentifier: Uint8Array.of(9) }, { chaddr: '02:00:00:00:00:02' }), kind);
  t.not(kindOf({ vendorClass: 'x' }), kind);
  t.not(kindOf({ parameterRequestList: [1, 3] }), kind);
  t.not(kindOf({ leaseTime: 60 }), kind);
  const { clientIdentifier: _none, ...others } = full.options;
  t.not(read(encodeDhcp({ ...full, options: others }))?.kind, kind);
});
