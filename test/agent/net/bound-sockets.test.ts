import test from 'ava';
import {
  apiSocketName,
  type InheritedSockets,
  inheritedSockets,
  socketsInPlace,
  withSockets,
} from '../../../agent/net/bound-sockets.ts';

const given = test.macro({
  exec(t, env: Record<string, string>, sockets: InheritedSockets) {
    t.deepEqual(inheritedSockets(env, 100), sockets);
  },
  title: (name) => `inheritedSockets() ${name}`,
});
const own = { LISTEN_PID: '100', LISTEN_FDS: '1', LISTEN_FDNAMES: 'dhcp' };
test('takes the socket named dhcp', given, own, { dhcp: 3 });
test(
  'finds each by its name',
  given,
  { ...own, LISTEN_FDS: '4', LISTEN_FDNAMES: 'http:other:tftp:dhcp' },
  { dhcp: 6, tftp: 5, http: 3 },
);
test('finds none in an empty environment', given, {}, {});
test('leaves the sockets of another process alone', given, { ...own, LISTEN_PID: '101' }, {});
test('leaves sockets of another name alone', given, { ...own, LISTEN_FDNAMES: 'web' }, {});
test('does not trust a name beyond the count', given, { ...own, LISTEN_FDS: '0' }, {});

const PLACES = {
  interface: 'walt-net',
  address: '192.168.152.1',
  ports: { tftp: 69, http: 80, bootup: 12347 },
};

test('withSockets() passes sockets, arguments and environment on as they are', (t) => {
  const argv = ['/usr/bin/node', 'main.ts', '--config', 'a b'];
  const had = { env: { HOME: '/root', UNSET: undefined }, given: { http: 5 } };
  const { file, args, env } = withSockets(PLACES, argv, had);
  t.is(file, '/usr/bin/perl');
  const words = ['dhcp interface walt-net', 'tftp udp 192.168.152.1 69', 'http fd 5'];
  t.deepEqual(args.slice(3), [...words, 'bootup tcp 192.168.152.1 12347', '--', ...argv]);
  t.deepEqual(env, { HOME: '/root' });
});

const SOCKETS = { dhcp: 3, tftp: 4, http: 5, bootup: 6 };

test('socketsInPlace() keeps all where nothing has changed', (t) => {
  t.deepEqual(socketsInPlace(SOCKETS, PLACES, PLACES), SOCKETS);
});

test('socketsInPlace() leaves out those that have to lie elsewhere', (t) => {
  const moved = { ...PLACES, ports: { ...PLACES.ports, http: 8080 } };
  t.deepEqual(socketsInPlace(SOCKETS, PLACES, moved), { dhcp: 3, tftp: 4, bootup: 6 });
  const renumbered = { ...PLACES, address: '10.0.0.1' };
  t.deepEqual(socketsInPlace(SOCKETS, PLACES, renumbered), { dhcp: 3 });
  t.deepEqual(socketsInPlace(SOCKETS, PLACES, { ...PLACES, interface: 'br0' }), {
    tftp: 4,
    http: 5,
    bootup: 6,
  });
});

const API = [
  { host: '127.0.0.1', port: 8443 },
  { host: '::1', port: 8443 },
];

test('sockets of the API have their places in their names, and are found again by them', (t) => {
  const names = API.map(apiSocketName);
  t.deepEqual(names, ['api-127.0.0.1_8443', 'api-__1_8443']);
  const env = { ...own, LISTEN_FDS: '3', LISTEN_FDNAMES: ['dhcp', ...names].join(':') };
  const sockets = inheritedSockets(env, 100);
  t.deepEqual(sockets, { dhcp: 3, 'api-127.0.0.1_8443': 4, 'api-__1_8443': 5 });
  const places = { ...PLACES, api: API };
  t.deepEqual(withSockets(places, ['/bin/true'], { env: {}, given: sockets }).args.slice(3, 9), [
    ...['dhcp fd 3', 'tftp udp 192.168.152.1 69', 'http tcp 192.168.152.1 80'],
    ...['bootup tcp 192.168.152.1 12347', 'api-127.0.0.1_8443 fd 4', 'api-__1_8443 fd 5'],
  ]);
  const one = { ...PLACES, api: API.slice(0, 1) };
  t.deepEqual(socketsInPlace(sockets, places, one), { dhcp: 3, 'api-127.0.0.1_8443': 4 });
});
