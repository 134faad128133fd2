/**
 * The DHCP socket, bound to walt-net's interface: nothing is heard from or said to another network of the host.
 *
 * Node cannot set SO_BINDTODEVICE, but it adopts a socket it inherits. systemd hands one over (socket activation,
 * sd_listen_fds(3)); without systemd the server replaces itself once by perl, which is on every Debian, opens
 * the socket, hands it over the same way and replaces itself by the server again. The process id stays.
 */

/** Variables of a process by name, as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What `process.execve` is given. */
export type Execution = {
  readonly file: string;
  /** All arguments, the program's own name first. */
  readonly args: readonly string[];
  readonly env: Record<string, string>;
};

const socketName = 'dhcp';
/** SD_LISTEN_FDS_START. */
const firstFd = 3;

/** The inherited DHCP socket, or undefined where this process was given none. */
export function dhcpSocketFd(env: Environment, pid: number = process.pid): number | undefined {
  if (env.LISTEN_PID !== String(pid)) return undefined;
  const count = Number(env.LISTEN_FDS ?? 0);
  const index = (env.LISTEN_FDNAMES ?? '').split(':').indexOf(socketName);
  return index >= 0 && index < count ? firstFd + index : undefined;
}

/**
 * What to hand to `process.execve` so that `argv` (an absolute path first) runs in this process with the DHCP
 * socket of `networkInterface`. Where the socket cannot be had, perl says why on stderr and exits with 1.
 */
export function withDhcpSocket(
  networkInterface: string,
  argv: readonly string[],
  env: Environment,
): Execution {
  return {
    file: '/usr/bin/perl',
    args: ['perl', '-e', openSocket, networkInterface, ...argv],
    env: setVariables(env),
  };
}

/** Those that have a value. */
export function setVariables(env: Environment): Record<string, string> {
  const set = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(set);
}

/**
 * `$^F` keeps the socket open across exec; POSIX::dup2 puts it where socket activation wants it. The address is
 * not marked for reuse: a second server on this interface must fail, not share. Node closes the socket in its
 * children, since it marks what it inherited close-on-exec at start. Numbers by Linux's asm-generic/socket.h:
 * 25 is SO_BINDTODEVICE, 33 SO_RCVBUFFORCE (room for a rack that powers up at once; refused without privilege,
 * which does no harm).
 */
const openSocket = `
use strict; use warnings; use Socket; use POSIX ();
$^F = 255;
my $interface = shift @ARGV;
sub refuse { print STDERR "Cannot open the DHCP socket on $interface: $_[0]: $!\\n"; exit 1 }
socket(my $socket, PF_INET, SOCK_DGRAM, 0) or refuse('socket');
setsockopt($socket, SOL_SOCKET, SO_BROADCAST, 1) or refuse('broadcast');
setsockopt($socket, SOL_SOCKET, 25, "$interface\\0") or refuse('bind to interface');
setsockopt($socket, SOL_SOCKET, 33, 4 << 20);
bind($socket, pack_sockaddr_in(67, INADDR_ANY)) or refuse('bind to port 67');
if (fileno($socket) != ${firstFd}) { POSIX::dup2(fileno($socket), ${firstFd}) or refuse('dup2') }
@ENV{qw(LISTEN_FDS LISTEN_PID LISTEN_FDNAMES)} = (1, $$, '${socketName}');
exec { $ARGV[0] } @ARGV or refuse("exec $ARGV[0]");
`;
