/**
 * A cable into the network of a test, for machines that exist in the test only: each with its own MAC, from the first
 * Ethernet frame on. Node has no packet sockets, so that perl passes frames through pipes, each behind its length.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { decodeEthernet, type EthernetFrame } from '../../../agent/protocol/ethernet/frame.ts';
import type { Namespace } from '../../../scripts/platform/parts/namespace.ts';
import { runProgram } from '../process/run-program.ts';

export type Wire = {
  /** Every frame that comes out of the network. */
  listen(onFrame: (frame: EthernetFrame) => void): void;
  send(frame: Uint8Array): void;
  close(): Promise<void>;
};

/** @param card name of the cable's end in the namespace, unlike any other there */
export async function plugWire(namespace: Namespace, card: string): Promise<Wire> {
  const port = `${card}p`;
  for (const args of [
    ['link', 'add', card, 'type', 'veth', 'peer', 'name', port],
    ['link', 'set', port, 'master', 'walt-net', 'up'],
    ['link', 'set', card, 'up'],
  ]) {
    const { code, said } = await runProgram(['ip', '-n', namespace.name, ...args]);
    if (code !== 0) throw new Error(`ip ${args.join(' ')}: ${said}`);
  }
  const [file = '', ...args] = namespace.command(['perl', '-e', passFrames, card]);
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const listeners: ((frame: EthernetFrame) => void)[] = [];
  const ready = Promise.withResolvers<void>();
  readFrames(child, (bytes) => {
    ready.resolve();
    if (bytes.length < 14) return;
    const frame = decodeEthernet(bytes);
    for (const listener of listeners) listener(frame);
  });
  child.once('close', (code) => ready.reject(new Error(`perl ended with ${code}`)));
  await ready.promise;
  return {
    listen: (onFrame) => listeners.push(onFrame),
    send: (frame) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(frame.length);
      if (child.exitCode === null) child.stdin.write(Buffer.concat([length, frame]));
    },
    close: async () => {
      if (child.exitCode !== null) return;
      const gone = once(child, 'close');
      child.stdin.end();
      await gone;
    },
  };
}

function readFrames({ stdout }: ChildProcess, onFrame: (frame: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  stdout?.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE()) {
      const end = 2 + rest.readUInt16BE();
      onFrame(rest.subarray(2, end));
      rest = rest.subarray(end);
    }
  });
}

/**
 * 17 is AF_PACKET, 3 ETH_P_ALL, 0x8933 the ioctl for an interface's index. Packets of type 4 are our own. Room for the answers
 * to a rack of boards: 33 is SO_RCVBUFFORCE. The first message, empty, says that it listens.
 */
const passFrames = `
use strict; use warnings; use Socket;
my $interface = shift @ARGV;
socket(my $wire, 17, 3, 0) or die "socket: $!";
my $request = pack('a16 x24', $interface);
ioctl($wire, 0x8933, $request) or die "index: $!";
my $index = unpack('x16 i', $request);
setsockopt($wire, SOL_SOCKET, 33, 8 << 20);
bind($wire, pack('S n i S C C a8', 17, 3, $index, 0, 0, 0, '')) or die "bind: $!";
binmode STDIN; binmode STDOUT;
sub pass { syswrite(STDOUT, pack('n/a*', $_[0])) // exit 0 }
pass('');
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
    my $from = recv($wire, my $frame, 65535, 0);
    pass($frame) if defined $from and unpack('x10 C', $from) != 4;
  }
}
`;
