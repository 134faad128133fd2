/**
 * A packet socket of a perl program, which passes frames through pipes: for machines where koffi cannot load. perl is on every Debian.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { frameFilter } from './frame-filter.ts';
import { passFrames, readFrames, writeFrame } from './frame-pipe.ts';
import { type HoldFrames, REST_MS, ROOM } from './hold-frames.ts';

/** It ends when the server does: its input ends. */
export const perlFrames: HoldFrames = (
  networkInterface,
  { clientMessages, loaderMessages },
  { onMac, onFrame, onEnd },
) => {
  const types = [clientMessages.join(), loaderMessages.join()];
  const perl = spawn('/usr/bin/perl', ['-e', program, networkInterface, ...types], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaint = '';
  let hasMac = false;
  perl.stderr.on('data', (bytes: Buffer) => {
    complaint = (complaint + bytes.toString()).slice(-1000);
  });
  perl.on('error', (error) => onEnd(error.message));
  perl.on('close', (code) => onEnd(complaint.trim() || `perl ended with ${code}`));
  perl.stdin.on('error', (error) => onEnd(error.message));
  // What comes first is the MAC, then frames.
  readFrames(perl.stdout, (frame) => {
    if (hasMac) return onFrame(frame);
    hasMac = true;
    return onMac(frame.toString('utf8'));
  });
  return {
    send: (frame) => {
      writeFrame(perl.stdin, frame);
      return true;
    },
    close: async () => {
      const gone = once(perl, 'close');
      perl.stdin.end();
      await gone;
    },
  };
};

/** The rule of `wanted-frames.ts`: with `$messages` and `$ofLoaders`, which find a message type. */
export const wantedInPerl = `
my ($messages, $ofLoaders) = map {
  my $types = join '', map { sprintf '\\x%02x', $_ } split /,/;
  length $types ? qr/\\x35\\x01[$types]/ : qr/(?!)/
} @ARGV;

sub wanted {
  my $frame = shift;
  return 1 if length $frame < 38 or unpack('x12 n', $frame) != 0x0800;
  my $head = 14 + 4 * (unpack('x14 C', $frame) & 15);
  return 1 if length $frame < $head + 4 or unpack("x$head n", $frame) == 67;
  return unpack('x30 N', $frame) == 0xffffffff if unpack("x$head x2 n", $frame) == 6666;
  return $frame =~ $messages || (index($frame, 'walt.node.') >= 0 && $frame =~ $ofLoaders);
}`;

/**
 * Numbers by Linux's headers: 17 is AF_PACKET, 3 ETH_P_ALL; 0x8933 and 0x8927 give index and MAC of an interface;
 * 26 is SO_ATTACH_FILTER; 263 and 1 are SOL_PACKET and PACKET_ADD_MEMBERSHIP, for the MAC of all IPv6 routers; 23 is
 * PACKET_IGNORE_OUTGOING (Linux 4.20), so that our own replies wake nobody; 33 and 8 are SO_RCVBUFFORCE and SO_RCVBUF.
 */
const program = `
use strict; use warnings; use Socket;
$SIG{INT} = 'IGNORE';
my $interface = shift @ARGV;
${wantedInPerl}
sub refuse { print STDERR "$_[0] on $interface: $!\\n"; exit 1 }
socket(my $wire, 17, 3, 0) or refuse('packet socket');
my $request = pack('a16 x24', $interface);
ioctl($wire, 0x8933, $request) or refuse('index');
my $index = unpack('x16 i', $request);
ioctl($wire, 0x8927, $request) or refuse('MAC');
my $mac = join ':', map { sprintf '%02x', $_ } unpack('x18 C6', $request);
my @filter = (${frameFilter.flat().join(',')});
my $program = pack('(SCCL)*', @filter);
setsockopt($wire, SOL_SOCKET, 26, pack('S x![L!] P', @filter / 4, $program)) or refuse('filter');
setsockopt($wire, 263, 1, pack('i S S a8', $index, 0, 6, "\\x33\\x33\\0\\0\\0\\2")) or refuse('membership');
setsockopt($wire, 263, 23, pack('i', 1));
setsockopt($wire, SOL_SOCKET, 33, ${ROOM}) or setsockopt($wire, SOL_SOCKET, 8, ${ROOM});
bind($wire, pack('S n i S C C a8', 17, 3, $index, 0, 0, 0, '')) or refuse('bind');
my $greeting = $mac;
${passFrames('< 3', 'wanted($frame)', REST_MS / 1000)}`;
