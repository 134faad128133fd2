/**
 * Ears and a voice on walt-net below IP: what no UDP socket hears (ARP, router solicitations, the answers of other
 * DHCP servers and some of clients with the MAC they come from), and what none can say. Node has no packet sockets, so perl, which is on
 * every Debian, holds one and passes frames through pipes, each behind its length in two bytes. The kernel filters,
 * so that no other traffic costs anything. Nothing is decided here.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { passFrames, readFrames, writeFrame } from './frame-pipe.ts';

/** What is told of the frames that come, and of trouble. */
export type PacketSocketOptions = {
  /** Takes a frame, and the MAC of our own interface; what it returns is sent. */
  readonly onFrame: (frame: Uint8Array, mac: string) => Uint8Array | undefined;
  /** Types of the DHCP messages of clients whose frames are passed too (RFC 2132 §9.6), DISCOVER never; of others none are. */
  readonly clientMessages?: readonly number[];
  /** Types of which those of our boot loaders alone are passed: their class is in them (boot/request.ts). */
  readonly loaderMessages?: readonly number[];
  /** Is told when there is no socket, and why; it is tried again until closed. */
  readonly onProblem: (reason: unknown) => void;
};

type Perl = ChildProcessByStdio<Writable, Readable, Readable>;

/** After so long it is tried again where perl ended, or could not have the socket. */
const AGAIN_MS = 10_000;

/** Opens a socket, or tries to. */
export async function openPacketSocket(
  networkInterface: string,
  options: PacketSocketOptions,
): Promise<PacketSocket> {
  const socket = new PacketSocket(networkInterface, options);
  await socket.open();
  return socket;
}

/** A perl program that holds the socket, begun anew whenever it ends. */
export class PacketSocket {
  readonly #interface: string;
  readonly #options: PacketSocketOptions;
  #perl: Perl | undefined;
  #mac: string | undefined;
  #again: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(networkInterface: string, options: PacketSocketOptions) {
    this.#interface = networkInterface;
    this.#options = options;
  }

  /** The MAC of the interface; undefined while there is no socket. */
  get mac(): string | undefined {
    return this.#mac;
  }

  /** Resolves when the socket is there, or it is known that it is not. */
  async open(): Promise<void> {
    const { clientMessages = [], loaderMessages = [] } = this.#options;
    const types = [clientMessages.join(), loaderMessages.join()];
    const perl = spawn('/usr/bin/perl', ['-e', program, this.#interface, ...types], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#perl = perl;
    const greeted = Promise.withResolvers<void>();
    const end = (reason: string) => {
      greeted.resolve();
      this.#lose(perl, reason);
    };
    let complaint = '';
    perl.stderr.on('data', (bytes: Buffer) => {
      complaint = (complaint + bytes.toString()).slice(-1000);
    });
    perl.on('error', (error) => end(error.message));
    perl.on('close', (code) => end(complaint.trim() || `perl ended with ${code}`));
    perl.stdin.on('error', (error) => end(error.message));
    readFrames(perl.stdout, (frame) => {
      this.#take(frame);
      greeted.resolve();
    });
    await greeted.promise;
  }

  /** Sends a frame; false where there is no socket now. */
  send(frame: Uint8Array): boolean {
    if (this.#perl === undefined || this.#mac === undefined) return false;
    writeFrame(this.#perl.stdin, frame);
    return true;
  }

  /** The interface has another MAC now. */
  follow(mac: string): void {
    if (this.#mac !== undefined) this.#mac = mac;
  }

  /** Resolves when perl has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#again);
    if (this.#perl === undefined) return;
    const gone = once(this.#perl, 'close');
    this.#perl.stdin.end();
    await gone;
  }

  /** What comes first is the MAC, then frames. */
  #take(frame: Buffer): void {
    if (this.#mac === undefined) {
      this.#mac = frame.toString('utf8');
      return;
    }
    const reply = this.#options.onFrame(frame, this.#mac);
    if (reply !== undefined) this.send(reply);
  }

  #lose(perl: Perl, reason: string): void {
    if (this.#perl !== perl) return;
    this.#perl = undefined;
    this.#mac = undefined;
    if (this.#isClosed) return;
    this.#options.onProblem(new Error(`Cannot see walt-net below IP: ${reason}`));
    this.#again = setTimeout(() => this.open(), AGAIN_MS);
  }
}

/**
 * Passes only: ARP; IPv6 router solicitations (ICMPv6 133); UDP from port 67 or to it or to 6666, the first fragment of it.
 * What `tcpdump -ddd` makes of "arp or (ip6[6] == 58 and ip6[40] == 133) or udp port 67 or udp dst port 6666", in less, without the
 * DISCOVERs of clients, whose first option says so (53, 1, 1: RFC 2132 §9.6): there are as many of them as of all else in a rack that powers up.
 */
const filter: readonly (readonly [code: number, yes: number, no: number, value: number])[] = [
  [0x28, 0, 0, 12],
  [0x15, 19, 0, 0x0806],
  [0x15, 0, 4, 0x86dd],
  [0x30, 0, 0, 20],
  [0x15, 0, 17, 58],
  [0x30, 0, 0, 54],
  [0x15, 14, 15, 133],
  [0x15, 0, 14, 0x0800],
  [0x30, 0, 0, 23],
  [0x15, 0, 12, 17],
  [0x28, 0, 0, 20],
  [0x45, 10, 0, 0x1fff],
  [0xb1, 0, 0, 14],
  [0x48, 0, 0, 14],
  [0x15, 6, 0, 67],
  [0x48, 0, 0, 16],
  [0x15, 1, 0, 67],
  [0x15, 3, 4, 6666],
  [0x40, 0, 0, 262],
  [0x54, 0, 0, 0xffffff00],
  [0x15, 1, 0, 0x35010100],
  [0x06, 0, 0, 0x40000],
  [0x06, 0, 0, 0],
];

/**
 * Numbers by Linux's headers: 17 is AF_PACKET, 3 ETH_P_ALL; 0x8933 and 0x8927 give index and MAC of an interface;
 * 26 is SO_ATTACH_FILTER; 263 and 1 are SOL_PACKET and PACKET_ADD_MEMBERSHIP, for the MAC of all IPv6 routers; 23 is
 * PACKET_IGNORE_OUTGOING (Linux 4.20), so that our own replies wake nobody; 33 and 8 are SO_RCVBUFFORCE and SO_RCVBUF. It ends when the server does:
 * stdin closes.
 */
/**
 * What comes to port 6666 is passed where it is for everybody: a UDP socket of ours does not hear that, and who says it has no address
 * yet. DHCP messages of clients come with each new machine. Only those are passed whose frames somebody looks at: with a message
 * type that is asked for, anywhere in it; the reader looks again.
 */
const wanted = `
sub wanted {
  my $frame = shift;
  return 1 if length $frame < 38 or unpack('x12 n', $frame) != 0x0800;
  my $head = 14 + 4 * (unpack('x14 C', $frame) & 15);
  return 1 if length $frame < $head + 4 or unpack("x$head n", $frame) == 67;
  return unpack('x30 N', $frame) == 0xffffffff if unpack("x$head x2 n", $frame) == 6666;
  return $frame =~ $messages || (index($frame, 'walt.node.') >= 0 && $frame =~ $ofLoaders);
}`;

/** What comes within so long is passed together. Who is asked by ARP is given 0.4 s, and the handler waits 0.3 s for a frame. */
const REST_SECONDS = 0.002;
/** Room for what comes meanwhile, some thousand frames (Linux doubles it). Linux's 208 KiB have it for some hundred: an ARP answer that is lost is a proof of the opposite. */
const ROOM = 2 ** 22;

const program = `
use strict; use warnings; use Socket;
$SIG{INT} = 'IGNORE';
my $interface = shift @ARGV;
my ($messages, $ofLoaders) = map {
  my $types = join '', map { sprintf '\\x%02x', $_ } split /,/;
  length $types ? qr/\\x35\\x01[$types]/ : qr/(?!)/
} @ARGV;
${wanted}
sub refuse { print STDERR "$_[0] on $interface: $!\\n"; exit 1 }
socket(my $wire, 17, 3, 0) or refuse('packet socket');
my $request = pack('a16 x24', $interface);
ioctl($wire, 0x8933, $request) or refuse('index');
my $index = unpack('x16 i', $request);
ioctl($wire, 0x8927, $request) or refuse('MAC');
my $mac = join ':', map { sprintf '%02x', $_ } unpack('x18 C6', $request);
my @filter = (${filter.flat().join(',')});
my $program = pack('(SCCL)*', @filter);
setsockopt($wire, SOL_SOCKET, 26, pack('S x![L!] P', @filter / 4, $program)) or refuse('filter');
setsockopt($wire, 263, 1, pack('i S S a8', $index, 0, 6, "\\x33\\x33\\0\\0\\0\\2")) or refuse('membership');
setsockopt($wire, 263, 23, pack('i', 1));
setsockopt($wire, SOL_SOCKET, 33, ${ROOM}) or setsockopt($wire, SOL_SOCKET, 8, ${ROOM});
bind($wire, pack('S n i S C C a8', 17, 3, $index, 0, 0, 0, '')) or refuse('bind');
my $greeting = $mac;
${passFrames('< 3', 'wanted($frame)', REST_SECONDS)}`;
