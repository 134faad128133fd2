// What dnsmasq is told, as text: names of devices, and whom it asks.
import test from 'ava';
import { hostsText } from '../../../agent/names/hosts-text.ts';
import { resolversIn, serversText } from '../../../agent/names/upstream.ts';

const server = { address: '192.168.152.1', domain: 'walt' };

test('hostsText() names the server and each device, with the domain first', (t) => {
  t.is(
    hostsText([{ ip: '192.168.152.7', name: 'pc-412-A' }], server),
    '192.168.152.1 walt-server.walt walt-server\n192.168.152.7 pc-412-A.walt pc-412-A\n',
  );
});

for (const name of [
  'walt-server',
  'LOCALHOST',
  'wpad',
  'isatap',
  'a.b',
  'www example.org',
  'x\n',
]) {
  test(`hostsText() gives nobody the name ${JSON.stringify(name)}`, (t) => {
    const text = hostsText([{ ip: '192.168.152.7', name }], server);
    t.is(text, '192.168.152.1 walt-server.walt walt-server\n');
  });
}

test('resolversIn() takes the addresses of resolv.conf, each once, and not that of the server', (t) => {
  const text = [
    '# nameserver 192.0.2.9',
    'search example.org',
    'nameserver 192.0.2.1',
    ' nameserver\t2001:db8::1 # of the house',
    'nameserver 192.168.152.1',
    'nameserver 192.0.2.1',
    'nameserver 192.0.2.300',
    'nameserver 192.0.2.2#53',
    'nameserver',
    '',
  ].join('\n');
  t.deepEqual(resolversIn(text, '192.168.152.1'), ['192.0.2.1', '2001:db8::1']);
  t.deepEqual(resolversIn('', '192.168.152.1'), []);
});

test('serversText() writes a port as dnsmasq does', (t) => {
  t.is(
    serversText(['192.0.2.1', '192.0.2.2:5353', '2001:db8::1']),
    'server=192.0.2.1\nserver=192.0.2.2#5353\nserver=2001:db8::1\n',
  );
});
