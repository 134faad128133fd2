import test from 'ava';
import { dhcpSocketFd, withDhcpSocket } from '../../../agent/net/bound-sockets.ts';

const given = test.macro({
  exec(t, env: Record<string, string>, fd: number | undefined) {
    t.is(dhcpSocketFd(env, 100), fd);
  },
  title: (name) => `dhcpSocketFd() ${name}`,
});
const own = { LISTEN_PID: '100', LISTEN_FDS: '1', LISTEN_FDNAMES: 'dhcp' };
test('takes the socket named dhcp', given, own, 3);
test(
  'finds it behind others',
  given,
  { ...own, LISTEN_FDS: '3', LISTEN_FDNAMES: 'http:tftp:dhcp' },
  5,
);
test('finds none in an empty environment', given, {}, undefined);
test(
  'leaves the sockets of another process alone',
  given,
  { ...own, LISTEN_PID: '101' },
  undefined,
);
test('leaves sockets of another name alone', given, { ...own, LISTEN_FDNAMES: 'http' }, undefined);
test('does not trust a name beyond the count', given, { ...own, LISTEN_FDS: '0' }, undefined);

test('withDhcpSocket() passes interface, arguments and environment on as they are', (t) => {
  const argv = ['/usr/bin/node', 'main.ts', '--config', 'a b'];
  const { file, args, env } = withDhcpSocket('walt-net', argv, { HOME: '/root', UNSET: undefined });
  t.is(file, '/usr/bin/perl');
  t.deepEqual(args.slice(-5), ['walt-net', ...argv]);
  t.deepEqual(env, { HOME: '/root' });
});
