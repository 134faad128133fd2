// Message × ciaddr × giaddr × broadcast flag → where the answer goes.
import test from 'ava';
import { grantReply, informReply, nakReply } from '../../../../agent/boot/dhcp/dhcp-reply.ts';
import { proxyOffer } from '../../../../agent/boot/dhcp/proxy-reply.ts';
import type { DhcpPacket } from '../../../../agent/protocol/dhcp/packet.ts';
import { dhcpRequest } from '../../../../lab/clients/dhcp-packets.ts';

const network = {
  address: '192.168.152.1',
  netmask: '255.255.255.0',
  broadcast: '192.168.152.255',
  domain: 'walt',
  leaseSeconds: 1000,
};
const ip = '192.168.152.7';
const relay = '192.168.152.129';
const BROADCAST_FLAG = 0x8000;
const everybody = ['255.255.255.255', 68] as const;
const client = [ip, 68] as const;
const throughRelay = [relay, 67] as const;
const granted = { ip };

type Options = DhcpPacket['options'];
const discover: Options = { messageType: 'discover' };
const selecting: Options = {
  messageType: 'request',
  serverIdentifier: network.address,
  requestedAddress: ip,
};
/** as RFC 1541 has it: the offered address in `ciaddr` alone */
const oldSelecting: Options = { messageType: 'request', serverIdentifier: network.address };
const rebooting: Options = { messageType: 'request', requestedAddress: ip };
const renewing: Options = { messageType: 'request' };

/** what is asked, its options, and where the answer goes with and without `ciaddr` */
const grants = [
  ['DISCOVER', discover, 'offer', everybody, everybody],
  ['REQUEST (SELECTING)', selecting, 'ack', everybody, everybody],
  ['REQUEST (SELECTING of RFC 1541)', oldSelecting, 'ack', everybody, everybody],
  ['REQUEST (INIT-REBOOT)', rebooting, 'ack', everybody, everybody],
  ['REQUEST (RENEWING or REBINDING)', renewing, 'ack', client, everybody],
] as const;

for (const [title, options, type, withCiaddr, without] of grants) {
  for (const flags of [0, BROADCAST_FLAG]) {
    const flag = flags === 0 ? '' : ' and the broadcast flag';
    test(`grantReply() to a ${title} with ciaddr${flag} goes to ${withCiaddr.join(':')}`, (t) => {
      t.deepEqual(sent(grantReply(asked({ ciaddr: ip }), type, granted, network)), withCiaddr);
      t.deepEqual(sent(grantReply(asked({}), type, granted, network)), without);
    });
    test(`grantReply() to a ${title} from a relay with ciaddr${flag} goes to the relay`, (t) => {
      const reply = grantReply(asked({ ciaddr: ip, giaddr: relay }), type, granted, network);
      t.deepEqual(sent(reply), throughRelay);
      t.is(reply.packet.flags, flags, 'the relay reads it');
    });
    function asked(fields: Partial<DhcpPacket>): DhcpPacket {
      return dhcpRequest(options, { ...fields, flags });
    }
  }
}

test('proxyOffer() reaches a client that names an address which it does not have yet', (t) => {
  const request = dhcpRequest({ vendorClass: 'PXEClient' }, { ciaddr: ip });
  t.deepEqual(sent(proxyOffer(request, network)), everybody);
});

const informs = [
  ['with ciaddr', { ciaddr: ip }, ip, client],
  ['with ciaddr, from another address', { ciaddr: ip }, '192.168.152.40', client],
  ['with ciaddr and a relay', { ciaddr: ip, giaddr: relay }, relay, client],
  ['without ciaddr', {}, ip, client],
  ['without ciaddr, with the broadcast flag', { flags: BROADCAST_FLAG }, ip, client],
  ['without ciaddr, from nowhere', {}, '0.0.0.0', everybody],
  ['without ciaddr, through a relay', { giaddr: relay }, relay, throughRelay],
] as const;

for (const [title, fields, source, to] of informs) {
  test(`informReply() to an INFORM ${title} goes to ${to.join(':')}`, (t) => {
    const request = dhcpRequest({ messageType: 'inform' }, fields);
    t.deepEqual(sent(informReply(request, network, { source })), to);
  });
}

test('informReply() has the relay broadcast where it names no client', (t) => {
  const request = dhcpRequest({ messageType: 'inform' }, { giaddr: relay });
  t.is(informReply(request, network).packet.flags, BROADCAST_FLAG);
  const known = dhcpRequest({ messageType: 'inform' }, { giaddr: relay, ciaddr: ip });
  t.is(informReply(known, network).packet.flags, 0);
});

for (const [title, options] of [
  ['SELECTING', selecting],
  ['INIT-REBOOT', rebooting],
  ['RENEWING or REBINDING', renewing],
] as const) {
  test(`nakReply() to a REQUEST (${title}) goes to everybody, through a relay where there is one`, (t) => {
    const fields = { ciaddr: ip, flags: 0 };
    t.deepEqual(sent(nakReply(dhcpRequest(options, fields), 'no', network)), everybody);
    const relayed = nakReply(dhcpRequest(options, { ...fields, giaddr: relay }), 'no', network);
    t.deepEqual(sent(relayed), throughRelay);
    t.is(relayed.packet.flags, BROADCAST_FLAG);
  });
}

function sent({ address, port }: { readonly address: string; readonly port: number }) {
  return [address, port] as const;
}
