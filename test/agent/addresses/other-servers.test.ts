import test from 'ava';
import { OtherServers } from '../../../agent/addresses/other-servers.ts';

const own = '192.168.152.1';
const other = '192.168.152.9';
const mac = '52:54:00:00:00:09';

test('OtherServers tells of a server once', (t) => {
  const servers = new OtherServers(own);
  t.deepEqual(servers.heard(other, mac), [{ kind: 'other-dhcp-server', address: other, mac }]);
  t.deepEqual(servers.heard(other, mac), []);
  t.false(servers.named(other, 0));
});

test('OtherServers says nothing of ourselves', (t) => {
  const servers = new OtherServers(own);
  t.deepEqual(servers.heard(own, mac), []);
  t.false(servers.named(own, 0));
});

test('OtherServers waits for the MAC of a server that was named, but not for long', (t) => {
  const servers = new OtherServers(own);
  t.true(servers.named(other, 0));
  t.true(servers.isNamed(other));
  t.deepEqual(servers.tick(1000), []);
  t.deepEqual(servers.tick(2000), [{ kind: 'other-dhcp-server', address: other }]);
  t.deepEqual(servers.tick(3000), []);
});

test('OtherServers bounds what strangers can name', (t) => {
  const servers = new OtherServers(own);
  for (let at = 0; at < 1000; at += 1) servers.named(`10.0.${at >> 8}.${at & 255}`, 0);
  t.is(servers.tick(5000).length, 64);
});
