/**
 * Ears and a voice on walt-net below IP: what no UDP socket hears (ARP, router solicitations, the answers of other
 * DHCP servers with the MAC they come from), and what none can say. Node has no packet sockets, so perl, which is on
 * every Debian, holds one and passes frames through pipes, each behind its length in two bytes. The kernel filters,
 * so that no other traffic costs anything. Nothing is decided here.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { passFrames, readFrames, writeFrame } from './frame-pipe.ts';

export type PacketSocket = {
  /** the MAC of the interface; undefined while there is no socket */
  readonly mac: string | undefined;
  /** Sends a frame; false where there is no socket now. */
  send(frame: Uint8Array): boolean;
  /** The interface has another MAC now. */
  follow(mac: string): void;
  close(): Promise<void>;
};

type Perl = ChildProcessByStdio<Writable, Readable, Readable>;

/** After so long it is tried again where perl ended, or could not have the socket. */
const AGAIN_MS = 10_000;

/** @param onProblem is told when there is no socket, and why; it is tried again until closed */
export async function openPacketSocket(
  networkInterface: string,
  options: {
    /** Takes a frame, and the MAC of our own interface; what it returns is sent. */
    readonly onFrame: (frame: Uint8Array, mac: string) => Uint8Array | undefined;
    readonly onProblem: (reason: unknown) => void;
  },
): Promise<PacketSocket> {
  let perl: Perl | undefined;
  let mac: string | undefined;
  let again: NodeJS.Timeout | undefined;
  let isClosed = false;

  const open = async () => {
    const child = spawn('/usr/bin/perl', ['-e', program, networkInterface], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    perl = child;
    let complaint = '';
    const greeted = Promise.withResolvers<void>();
    const end = (reason: string) => {
      if (perl !== child) return;
      perl = undefined;
      mac = undefined;
      greeted.resolve();
      if (isClosed) return;
      options.onProblem(new Error(`Cannot see walt-net below IP: ${reason}`));
      again = setTimeout(open, AGAIN_MS);
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (code) => end(complaint.trim() || `perl ended with ${code}`));
    child.stdin.on('error', (error) => end(error.message));
    child.stderr.on('data', (bytes: Buffer) => {
      complaint = (complaint + bytes.toString()).slice(-1000);
    });
    readFrames(child.stdout, (frame) => {
      if (mac !== undefined) return send(options.onFrame(frame, mac));
      mac = frame.toString('utf8');
      return greeted.resolve();
    });
    await greeted.promise;
  };

  const send = (frame: Uint8Array | undefined): boolean => {
    if (frame === undefined || perl === undefined || mac === undefined) return false;
    writeFrame(perl.stdin, frame);
    return true;
  };

  await open();
  return {
    get mac() {
      return mac;
    },
    send,
    follow: (changed) => {
      if (mac !== undefined) mac = changed;
    },
    close: async () => {
      isClosed = true;
      clearTimeout(again);
      if (perl === undefined) return;
      const gone = once(perl, 'close');
      perl.stdin.end();
      await gone;
    },
  };
}

/**
 * Passes only: ARP; IPv6 router solicitations (ICMPv6 133); UDP from port 67, the first fragment of it.
 * What `tcpdump -ddd` makes of "arp or (ip6[6] == 58 and ip6[40] == 133) or udp src port 67".
 */
const filter: readonly (readonly [code: number, yes: number, no: number, value: number])[] = [
  [0x28, 0, 0, 12],
  [0x15, 13, 0, 0x0806],
  [0x15, 0, 4, 0x86dd],
  [0x30, 0, 0, 20],
  [0x15, 0, 11, 58],
  [0x30, 0, 0, 54],
  [0x15, 8, 9, 133],
  [0x15, 0, 8, 0x0800],
  [0x30, 0, 0, 23],
  [0x15, 0, 6, 17],
  [0x28, 0, 0, 20],
  [0x45, 4, 0, 0x1fff],
  [0xb1, 0, 0, 14],
  [0x48, 0, 0, 14],
  [0x15, 0, 1, 67],
  [0x06, 0, 0, 0x40000],
  [0x06, 0, 0, 0],
];

/**
 * Numbers by Linux's headers: 17 is AF_PACKET, 3 ETH_P_ALL; 0x8933 and 0x8927 give index and MAC of an interface;
 * 26 is SO_ATTACH_FILTER; 263 and 1 are SOL_PACKET and PACKET_ADD_MEMBERSHIP, for the MAC of all IPv6 routers; 23 is
 * PACKET_IGNORE_OUTGOING (Linux 4.20), so that our own replies wake nobody. It ends when the server does:
 * stdin closes.
 */
const program = `
use strict; use warnings; use Socket;
$SIG{INT} = 'IGNORE';
my $interface = shift @ARGV;
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
bind($wire, pack('S n i S C C a8', 17, 3, $index, 0, 0, 0, '')) or refuse('bind');
my $greeting = $mac;
${passFrames('< 3')}`;
