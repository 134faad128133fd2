// Makes rpcbind listen on one address. Its option `-h` is for UDP alone: its TCP listens on all addresses. But it takes
// sockets that are open already, as systemd hands them over (sd_listen_fds(3)), each in the place of its own; and behind
// the filter it opens none of IPv6.
import { KEEP_ALIVE } from '../configuration/config.ts';
import { WITHOUT_IPV6 } from './without-ipv6.ts';

// They get the numbers from 3 on, as they have to.
const OPEN_SOCKETS = String.raw`
use strict;
use Socket qw(:DEFAULT IPPROTO_TCP IPPROTO_UDP TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT);
my ($port, $address, $idle, $interval, $count) = splice @ARGV, 0, 5;
my $at = pack_sockaddr_in($port, inet_aton($address));
$^F = 100;
socket(my $tcp, AF_INET, SOCK_STREAM, IPPROTO_TCP) or die "rpcbind: socket: $!\n";
setsockopt($tcp, SOL_SOCKET, SO_REUSEADDR, 1);
# Connections get these of the socket that they came by.
setsockopt($tcp, SOL_SOCKET, SO_KEEPALIVE, 1);
setsockopt($tcp, IPPROTO_TCP, TCP_KEEPIDLE, $idle);
setsockopt($tcp, IPPROTO_TCP, TCP_KEEPINTVL, $interval);
setsockopt($tcp, IPPROTO_TCP, TCP_KEEPCNT, $count);
socket(my $udp, AF_INET, SOCK_DGRAM, IPPROTO_UDP) or die "rpcbind: socket: $!\n";
for my $socket ($tcp, $udp) {
  bind($socket, $at) or die "rpcbind: cannot bind to $address port $port: $!\n";
}
listen($tcp, 128) or die "rpcbind: listen: $!\n";
@ENV{qw(LISTEN_PID LISTEN_FDS)} = ($$, 2);
exec @ARGV or die "$ARGV[0]: $!\n";
`;

/** The command that runs rpcbind, which follows it, with sockets of this address alone. */
export function boundPortmapper(address: string, port: number): string[] {
  const { idle, interval, count } = KEEP_ALIVE;
  const numbers = [idle, interval, count].map(String);
  return ['perl', '-e', OPEN_SOCKETS, String(port), address, ...numbers, ...WITHOUT_IPV6];
}
