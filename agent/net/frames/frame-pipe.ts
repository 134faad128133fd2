// Ethernet frames, each behind its length in two bytes: through the pipes of a perl program that holds a packet socket, and from a thread
// that does.
import type { Readable, Writable } from 'node:stream';

/** Bytes of a length, the highest first. */
const LENGTH = 2;

/** Calls back with each frame that comes out of the program. */
export function readFrames(output: Readable, onFrame: (frame: Buffer) => unknown): void {
  let rest = Buffer.alloc(0);
  output.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    rest = splitFrames(rest, onFrame);
  });
}

/** Calls back with each whole frame of bytes, in their memory. @returns what is left behind the last one */
export function splitFrames<T extends ArrayBufferLike>(
  bytes: Buffer<T>,
  onFrame: (frame: Buffer<T>) => unknown,
): Buffer<T> {
  let start = 0;
  while (bytes.length >= start + LENGTH) {
    const end = start + LENGTH + bytes.readUInt16BE(start);
    if (end > bytes.length) break;
    onFrame(bytes.subarray(start + LENGTH, end));
    start = end;
  }
  return bytes.subarray(start);
}

/** Frames in one piece of memory that is nobody else's, as `splitFrames()` takes them apart. */
export function joinFrames(frames: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = frames.reduce((sum, { length }) => sum + LENGTH + length, 0);
  const bytes = new Uint8Array(whole);
  let at = 0;
  for (const frame of frames) {
    bytes[at] = frame.length >>> 8;
    bytes[at + 1] = frame.length;
    bytes.set(frame, at + LENGTH);
    at += LENGTH + frame.length;
  }
  return bytes;
}

/** Sends a frame; those of one turn (a hundred questions for addresses) leave with one write. */
export function writeFrame(input: Writable, frame: Uint8Array): void {
  if (input.writableCorked === 0) {
    input.cork();
    process.nextTick(() => input.uncork());
  }
  // In one piece of Node's pool: each piece that V8 has on its own heap gets memory of its own when it is written.
  const piece = Buffer.allocUnsafe(LENGTH + frame.length);
  piece.writeUInt16BE(frame.length);
  piece.set(frame, LENGTH);
  input.write(piece);
}

/**
 * The end of such a program, where `$wire` is its socket: says `$greeting`, then passes frames both ways until its input
 * ends. What has come together is passed together, so that the server is woken once; 0x40 is MSG_DONTWAIT. A packet's type is byte 10 of its address: 3 is for others, 4 our own (Linux, if_packet.h).
 * @param types of the packets to pass on, as the right side of a comparison
 * @param isWanted condition in perl on `$frame`
 * @param restSeconds it sleeps so long when it has passed all that had come, so that a rack that powers up wakes it less often; while
 * more waits it goes on, as the socket has room for some hundred frames
 */
export const passFrames = (types: '< 3' | '!= 4', isWanted = '1', restSeconds = 0) => `
binmode STDIN; binmode STDOUT;
sub pass { syswrite(STDOUT, pack('n/a*', $_[0])) // exit 0 }
pass($greeting);
my $buffer = '';
while (1) {
  my $ready = '';
  vec($ready, fileno($_), 1) = 1 for \\*STDIN, $wire;
  select($ready, undef, undef, undef) > 0 or next;
  if (vec($ready, fileno(STDIN), 1)) {
    sysread(STDIN, $buffer, 65536, length $buffer) or exit 0;
    while (length $buffer >= 2 and length $buffer >= 2 + unpack('n', $buffer)) {
      my $frame = unpack('n/a', $buffer);
      substr($buffer, 0, 2 + length $frame) = '';
      send($wire, $frame, 0);
    }
  }
  if (vec($ready, fileno($wire), 1)) {
    my $passed = '';
    my $isAll = 0;
    for (1 .. 64) {
      defined(my $from = recv($wire, my $frame, 65535, 0x40)) or ++$isAll and last;
      $passed .= pack('n/a*', $frame) if unpack('x10 C', $from) ${types} and ${isWanted};
    }
    length $passed and (syswrite(STDOUT, $passed) // exit 0);
    $isAll and ${restSeconds} and select(undef, undef, undef, ${restSeconds});
  }
}
`;
