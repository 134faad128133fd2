import test from 'ava';
import { DecodeError } from '../../../../agent/protocol/bytes.ts';
import { arpProbe, decodeArp, encodeArp } from '../../../../agent/protocol/ethernet/arp.ts';
import { decodeEthernet, encodeEthernet } from '../../../../agent/protocol/ethernet/frame.ts';
import {
  isRouterSolicitation,
  routerAdvertisement,
} from '../../../../agent/protocol/ethernet/router.ts';
import { decodeUdp } from '../../../../agent/protocol/ethernet/udp.ts';
import { hex } from '../../../support/bytes/hex.ts';

const probe = hex(`
  ffffffffffff 525400000901 0806
  0001 0800 06 04 0001          ; Ethernet, IPv4, request
  525400000901 00000000         ; the sender has no address
  000000000000 c0a89803
`);
const solicitation = hex(`
  60000000 0008 3a ff           ; ICMPv6, hop limit 255
  fe80000000000000505400fffe000901 ff020000000000000000000000000002
  85 00 1234 00000000
`);
const datagram = hex(`
  45 00 0020 0000 4000 40 11 0000 c0a89801 c0a89802
  0043 0044 000c 0000 01020304
`);

test('arpProbe() writes what was written by hand', (t) => {
  t.deepEqual(arpProbe('192.168.152.3', '52:54:00:00:09:01'), probe);
});

test('decodeArp() reads back what encodeArp() writes', (t) => {
  const { payload } = decodeEthernet(probe);
  t.deepEqual(decodeArp(payload), {
    operation: 'request',
    senderMac: '52:54:00:00:09:01',
    senderIp: '0.0.0.0',
    targetMac: '00:00:00:00:00:00',
    targetIp: '192.168.152.3',
  });
  t.deepEqual(encodeArp(decodeArp(payload)), payload);
  t.deepEqual(encodeEthernet(decodeEthernet(probe)), probe);
});

test('decodeUdp() finds the message in its packet, and none in a fragment or another protocol', (t) => {
  t.deepEqual(decodeUdp(datagram), {
    source: '192.168.152.1',
    sourcePort: 67,
    destinationPort: 68,
    payload: Uint8Array.of(1, 2, 3, 4),
  });
  t.throws(() => decodeUdp(datagram.with(6, 0x20)), { instanceOf: DecodeError });
  t.throws(() => decodeUdp(datagram.with(9, 6)), { instanceOf: DecodeError });
});

test('isRouterSolicitation() knows one, and that it came through no router', (t) => {
  t.true(isRouterSolicitation(solicitation));
  t.false(isRouterSolicitation(solicitation.with(7, 254)));
  t.false(isRouterSolicitation(solicitation.with(40, 134)));
});

test('routerAdvertisement() is whole: its checksum fits, and it offers no router', (t) => {
  const { payload, destination } = decodeEthernet(routerAdvertisement('52:54:00:00:09:01'));
  t.is(destination, '33:33:00:00:00:01');
  const [message, addresses] = [payload.subarray(40), payload.subarray(8, 40)];
  const summed = Buffer.concat([addresses, Uint8Array.of(0, 0, 0, 16, 0, 0, 0, 58), message]);
  let sum = 0;
  for (let at = 0; at < summed.length; at += 2) sum += summed.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  t.is(sum, 0xffff);
  t.is(message[0], 134);
  t.deepEqual([...message.subarray(6, 8)], [0, 0], 'router lifetime');
  t.is(addresses[0], 0xfe);
});

for (const [title, bytes, decode] of [
  ['decodeEthernet()', probe.subarray(0, 14), decodeEthernet],
  ['decodeArp()', probe.subarray(14), decodeArp],
  ['isRouterSolicitation()', solicitation.subarray(0, 41), isRouterSolicitation],
  ['decodeUdp()', datagram, decodeUdp],
] as const) {
  test(`${title} throws DecodeError for every truncation`, (t) => {
    for (let length = 0; length < bytes.length; length += 1) {
      t.throws(() => decode(bytes.subarray(0, length)), { instanceOf: DecodeError });
    }
  });
}
