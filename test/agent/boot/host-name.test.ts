import test from 'ava';
import { hostNameOf, nameOfNew, usableHostName } from '../../../agent/boot/host-name.ts';
import { textToBytes } from '../../../agent/protocol/bytes.ts';
import { dhcpRequest } from '../../../lab/clients/dhcp-packets.ts';
import { hex } from '../../support/bytes/hex.ts';

const mac = 'b8:27:eb:f2:67:82';
const nobody = () => false;

for (const [told, name] of [
  ['rpi-412', 'rpi-412'],
  ['Printer-3F', 'printer-3f'],
  ['web.example.org', 'web'],
  ['desk_of_ann', 'desk-of-ann'],
  ['DESKTOP-7Q2R9AB', 'desktop-7q2r9ab'],
  ['node7', 'node7'],
] as const) {
  test(`usableHostName() makes '${name}' of '${told}'`, (t) => {
    t.is(usableHostName(told), name);
  });
}

const unusable = [
  ...['', 'x', '4b', '-x', 'x-', '.local', 'é1', 'a'.repeat(64), '(none)', '192.168.152.9'],
  ...['localhost', 'localhost.localdomain', 'LOCALHOST', 'host', 'node', 'pc', 'unknown'],
  ...['debian', 'debian12', 'ubuntu', 'Ubuntu-24-04', 'raspberrypi', 'raspberry', 'fedora'],
  ...['archiso', 'alpine', 'openwrt', 'buildroot', 'dietpi', 'ip-10-0-0-5', 'dhcp-192-168-152-7'],
  ...['walt-server', 'server', 'all-nodes', 'node-00a202', 'unknown-00a202', 'node-00a202-2'],
];

for (const told of unusable) {
  test(`usableHostName() does not call a machine '${told}'`, (t) => {
    t.is(usableHostName(told), undefined);
  });
}

test('usableHostName() does not call a machine by the name of its model', (t) => {
  t.is(usableHostName('rpi-3-b-plus', 'rpi-3-b-plus'), undefined);
  t.is(usableHostName('rpi-3-b-plus', 'pc-x86-64'), 'rpi-3-b-plus');
});

test('nameOfNew() takes the name by the MAC where the machine tells none, or one that is taken', (t) => {
  t.is(nameOfNew({ mac, hostName: 'rpi-412' }, nobody), 'rpi-412');
  t.is(nameOfNew({ mac }, nobody), 'unknown-f26782');
  t.is(nameOfNew({ mac, hostName: 'debian' }, nobody), 'unknown-f26782');
  t.is(
    nameOfNew({ mac, hostName: 'rpi-412' }, (name) => name === 'rpi-412'),
    'unknown-f26782',
  );
});

test('hostNameOf() reads option 12, and option 81 of a client that sends that alone', (t) => {
  const text = Uint8Array.of(1, 0, 0, ...textToBytes('web.example.org'));
  const labels = Uint8Array.of(5, 0, 0, ...hex('03'), ...textToBytes('web'), 0);
  t.is(hostNameOf(dhcpRequest({ hostName: 'rpi-412', clientFqdn: text })), 'rpi-412');
  t.is(hostNameOf(dhcpRequest({ clientFqdn: text })), 'web.example.org');
  t.is(hostNameOf(dhcpRequest({ clientFqdn: labels })), 'web');
  t.is(hostNameOf(dhcpRequest()), undefined);
});

for (const bytes of ['', '05', '050000', '05000000', '050000ff41', '010000']) {
  test(`hostNameOf() survives the option 81 '${bytes}'`, (t) => {
    t.notThrows(() => hostNameOf(dhcpRequest({ clientFqdn: hex(bytes) })));
  });
}
