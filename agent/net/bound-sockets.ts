/**
 * The sockets that machines of walt-net come to: DHCP, TFTP, HTTP, and the one where nodes say that they are up. They are not of
 * one server process: it inherits them, and the next one inherits them from it, so that what comes in between waits in
 * the kernel instead of being refused. That of DHCP is bound to walt-net's interface, which Node cannot do itself
 * (SO_BINDTODEVICE): nothing is heard from or said to another network of the host.
 *
 * Where walt-net is virtual, those of the API for other machines are among them: they lie in the network of the machine, which this process
 * leaves (net/interface/virtual-network.ts).
 *
 * systemd hands sockets over (socket activation, sd_listen_fds(3)), and so does a server that is replaced; else the server replaces
 * itself once by perl, which is on every Debian, opens the sockets, hands them over the same way and replaces
 * itself by the server again. The process id stays.
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

/** What they are for, in the order in which they are handed over. */
export const SOCKET_NAMES = ['dhcp', 'tftp', 'http', 'bootup'] as const;

/** One of those. */
export type WaltNetSocket = (typeof SOCKET_NAMES)[number];

/** Of the API for other machines: the place is in the name, as `api-127.0.0.1_8443`. */
export type ApiSocketName = `api-${string}`;

/** One of them. */
export type SocketName = WaltNetSocket | ApiSocketName;

/** File descriptors of inherited sockets. */
export type InheritedSockets = { readonly [Name in SocketName]?: number };

/** Where the sockets are bound. */
export type SocketPlaces = {
  /** of DHCP, which hears all addresses of it */
  readonly interface: string;
  /** of the others: the server's on walt-net, dotted IPv4 */
  readonly address: string;
  readonly ports: { readonly [Name in Exclude<WaltNetSocket, 'dhcp'>]?: number };
  /** of the API, where this process does not open them itself */
  readonly api?: readonly ListenPlace[];
};

/** An address of this machine, and a port. */
export type ListenPlace = { readonly host: string; readonly port: number };

type Had = {
  readonly env: Environment;
  /** sockets that need not be opened */
  readonly given: InheritedSockets;
  /** the process begins only when a line comes by its standard input; without one it ends */
  readonly waits?: boolean;
};

/** SD_LISTEN_FDS_START. */
const firstFd = 3;

/** The sockets that this process was given, of those that it knows. */
export function inheritedSockets(env: Environment, pid: number = process.pid): InheritedSockets {
  if (env.LISTEN_PID !== String(pid)) return {};
  const count = Number(env.LISTEN_FDS ?? 0);
  const names = (env.LISTEN_FDNAMES ?? '').split(':').slice(0, count);
  const found = [...names.entries()].filter(([, name]) => isSocketName(name));
  return Object.fromEntries(found.map(([index, name]) => [name, firstFd + index]));
}

/** Those of the API that systemd has opened: all of a unit have one name, and come in the order of the unit, which is that of `places`. */
export function namelessApiSockets(
  env: Environment,
  { api = [] }: Pick<SocketPlaces, 'api'>,
  pid: number = process.pid,
): InheritedSockets {
  if (env.LISTEN_PID !== String(pid)) return {};
  const names = (env.LISTEN_FDNAMES ?? '').split(':').slice(0, Number(env.LISTEN_FDS ?? 0));
  const fds = [...names.entries()].flatMap(([index, name]) =>
    name === 'api' ? [firstFd + index] : [],
  );
  if (fds.length !== api.length) return {};
  return Object.fromEntries(api.map((place, index) => [apiSocketName(place), fds[index]]));
}

/** A colon parts names from each other. */
export function apiSocketName({ host, port }: ListenPlace): ApiSocketName {
  return `api-${host}:${port}`.replaceAll(':', '_') as ApiSocketName;
}

function isSocketName(name: string): boolean {
  return name.startsWith('api-') || SOCKET_NAMES.some((known) => known === name);
}

/** Does a process have all that machines come to? */
export function hasAllSockets(
  sockets: InheritedSockets,
): sockets is InheritedSockets & Readonly<Record<WaltNetSocket, number>> {
  return SOCKET_NAMES.every((name) => sockets[name] !== undefined);
}

/**
 * What to hand to `process.execve` so that `argv` (an absolute path first) runs in this process with all sockets: those that it
 * has, and the others newly opened. Where one cannot be had, perl says why on stderr and exits with 1.
 */
export function withSockets(
  places: SocketPlaces,
  argv: readonly string[],
  { env, given, waits = false }: Had,
): Execution {
  const wanted = socketNames(places).flatMap((name) => wantedSocket(name, places, given[name]));
  return {
    file: '/usr/bin/perl',
    args: ['perl', '-e', openSockets, ...(waits ? ['wait'] : []), ...wanted, '--', ...argv],
    env: definedOnes(env),
  };
}

/** A word of the script's. */
function wantedSocket(
  name: SocketName,
  { interface: networkInterface, address, ports, api = [] }: SocketPlaces,
  fd: number | undefined,
): string[] {
  if (fd !== undefined) return [`${name} fd ${fd}`];
  if (name === 'dhcp') return [`dhcp interface ${networkInterface}`];
  if (isApiSocket(name)) {
    const place = api.find((one) => apiSocketName(one) === name);
    return place === undefined ? [] : [`${name} tcp ${place.host} ${place.port}`];
  }
  const port = ports[name];
  return port === undefined
    ? []
    : [`${name} ${name === 'tftp' ? 'udp' : 'tcp'} ${address} ${port}`];
}

/** All names of sockets that are to lie there, in the order in which they are handed over. */
export function socketNames({ api = [] }: Pick<SocketPlaces, 'api'>): SocketName[] {
  return [...SOCKET_NAMES, ...api.map(apiSocketName)];
}

function isApiSocket(name: SocketName): name is ApiSocketName {
  return name.startsWith('api-');
}

/**
 * As `withSockets`, for a process that changes its network on the way: the sockets of the API are opened in this one, all others in
 * the next one.
 * @param how.inside how a command is run in the next one, within the same process
 */
export function withApiSockets(
  places: SocketPlaces,
  argv: readonly string[],
  { env, inside }: Pick<Had, 'env'> & { readonly inside: (argv: readonly string[]) => Execution },
): Execution {
  const names = (places.api ?? []).map(apiSocketName);
  const given = Object.fromEntries(names.map((name, index) => [name, firstFd + index]));
  const then = withSockets(places, argv, { env, given });
  const { file, args } = inside([then.file, ...then.args.slice(1)]);
  const wanted = names.flatMap((name) => wantedSocket(name, places, undefined));
  return {
    file: '/usr/bin/perl',
    args: ['perl', '-e', openSockets, ...wanted, '--', file, ...args.slice(1)],
    env: definedOnes(env),
  };
}

/** Those of inherited sockets that lie where they are to lie. */
export function socketsInPlace(
  sockets: InheritedSockets,
  before: SocketPlaces,
  after: SocketPlaces,
): InheritedSockets {
  const placeOf = (name: SocketName, places: SocketPlaces) => wantedSocket(name, places, undefined);
  const same = socketNames(after).filter(
    (name) => placeOf(name, before).join() === placeOf(name, after).join(),
  );
  const kept = same.map((name) => [name, sockets[name]] as const);
  return Object.fromEntries(kept.filter(([, fd]) => fd !== undefined));
}

/** The variables that have a value. */
export function definedOnes(env: Environment): Record<string, string> {
  const set = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(set);
}

/**
 * `$^F` keeps the sockets open across exec; they go to high numbers first, since one may lie where another has to be. The address of
 * DHCP is not marked for reuse: a second server on this interface must fail, not share. Node closes the sockets in
 * its children, since it marks what it inherited close-on-exec at start. Numbers by Linux's asm-generic/socket.h: 25 is
 * SO_BINDTODEVICE, 33 SO_RCVBUFFORCE (room for a rack that powers up at once; refused without privilege, which
 * does no harm). 4,096 connections may wait.
 */
const openSockets = `
use strict; use warnings; use Socket; use POSIX ();
$^F = 255;
my ($aside, @names, @opened) = (128);
sub refuse { print STDERR "$_[0]: $!\\n"; exit 1 }
sub dhcp {
  my ($interface) = @_;
  my $cannot = "Cannot open the DHCP socket on $interface";
  socket(my $socket, PF_INET, SOCK_DGRAM, 0) or refuse("$cannot: socket");
  setsockopt($socket, SOL_SOCKET, SO_BROADCAST, 1) or refuse("$cannot: broadcast");
  setsockopt($socket, SOL_SOCKET, 25, "$interface\\0") or refuse("$cannot: bind to interface");
  setsockopt($socket, SOL_SOCKET, 33, 16 << 20);
  bind($socket, pack_sockaddr_in(67, INADDR_ANY)) or refuse("$cannot: bind to port 67");
  return $socket;
}
sub listener {
  my ($type, $address, $port) = @_;
  my $cannot = "Cannot listen on $address, \\U$type\\E port $port";
  my $six = index($address, ':') >= 0;
  my $kind = $type eq 'udp' ? SOCK_DGRAM : SOCK_STREAM;
  socket(my $socket, $six ? PF_INET6 : PF_INET, $kind, 0) or refuse("$cannot: socket");
  setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1) if $type eq 'tcp';
  setsockopt($socket, SOL_SOCKET, 33, 4 << 20) if $type eq 'udp';
  my $place = $six
    ? pack_sockaddr_in6($port, Socket::inet_pton(PF_INET6, $address))
    : pack_sockaddr_in($port, inet_aton($address));
  bind($socket, $place) or refuse($cannot);
  $type eq 'udp' or listen($socket, 4096) or refuse($cannot);
  return $socket;
}
if (@ARGV and $ARGV[0] eq 'wait') {
  shift @ARGV;
  defined(my $word = <STDIN>) or exit 0;
  open(STDIN, '<', '/dev/null');
}
while (@ARGV and (my $wanted = shift @ARGV) ne '--') {
  my ($name, $type, @where) = split / /, $wanted;
  push @names, $name;
  my $socket = $type eq 'fd' ? undef : $type eq 'interface' ? dhcp(@where) : listener($type, @where);
  my $number = defined $socket ? fileno($socket) : $where[0];
  POSIX::dup2($number, $aside + $#names) or refuse('dup2');
  defined $socket ? close($socket) : POSIX::close($number);
}
for my $index (0 .. $#names) {
  POSIX::dup2($aside + $index, ${firstFd} + $index) or refuse('dup2');
  POSIX::close($aside + $index);
}
$ENV{WATCHDOG_PID} = $$ if defined $ENV{WATCHDOG_USEC};
@ENV{qw(LISTEN_FDS LISTEN_PID LISTEN_FDNAMES)} = (scalar @names, $$, join ':', @names);
exec { $ARGV[0] } @ARGV or refuse("exec $ARGV[0]");
`;
