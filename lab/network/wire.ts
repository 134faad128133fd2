/**
 * A cable into the network of a test, for machines that exist in the test only: each with its own MAC, from the first
 * Ethernet frame on. Node has no packet sockets, so that perl passes frames through pipes, each behind its length.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { passFrames, readFrames, writeFrame } from '../../agent/net/frames/frame-pipe.ts';
import { decodeEthernet, type EthernetFrame } from '../../agent/protocol/ethernet/frame.ts';
import { ip } from './ip.ts';
import { BRIDGE, type Namespace } from './namespace.ts';

/** ETH_P_ALL, of Linux's if_ether.h. */
const ALL = 3;

/** A cable that is plugged in; frames are Ethernet's, without a checksum. */
export type Wire = {
  /** Every frame that comes out of the network. */
  listen(onFrame: (frame: EthernetFrame) => void): void;
  send(frame: Uint8Array): void;
  close(): Promise<void>;
};

/**
 * Plugs a cable into the bridge.
 * @param card name of the cable's end in the namespace, unlike any other there
 * @throws {Error} where `ip` fails, or perl ends before it listens
 */
export async function plugWire(namespace: Namespace, card: string): Promise<Wire> {
  const port = `${card}p`;
  for (const args of [
    ['link', 'add', card, 'type', 'veth', 'peer', 'name', port],
    ['link', 'set', port, 'master', BRIDGE, 'up'],
    ['link', 'set', card, 'up'],
  ]) {
    await ip('-n', namespace.name, ...args);
  }
  return await openWire(card, { command: namespace.command });
}

/** How a card is used. */
export type WireOptions = {
  /** makes a command of one that runs where the card is; that is here unless given */
  readonly command?: (argv: readonly string[]) => readonly string[];
  /** EtherType of the frames to hear; all unless given, which costs much on a busy card */
  readonly hears?: number;
};

/**
 * Takes a card that is there already for a cable.
 * @throws {Error} where perl ends before it listens, as it does where there is no such card
 */
export async function openWire(
  card: string,
  { command = (argv) => argv, hears = ALL }: WireOptions = {},
): Promise<Wire> {
  const [file = '', ...args] = command(['perl', '-e', program, card, String(hears)]);
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const listeners: ((frame: EthernetFrame) => void)[] = [];
  const ready = Promise.withResolvers<void>();
  readFrames(child.stdout, (bytes) => {
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
      if (child.exitCode === null) writeFrame(child.stdin, frame);
    },
    close: async () => {
      if (child.exitCode !== null) return;
      const gone = once(child, 'close');
      child.stdin.end();
      await gone;
    },
  };
}

/**
 * 17 is AF_PACKET, 0x8933 the ioctl for an interface's index. Room for the answers
 * to a rack of boards: 33 is SO_RCVBUFFORCE. The first message, empty, says that it listens.
 */
const program = `
use strict; use warnings; use Socket;
my ($interface, $type) = @ARGV;
socket(my $wire, 17, 3, 0) or die "socket: $!";
my $request = pack('a16 x24', $interface);
ioctl($wire, 0x8933, $request) or die "index: $!";
my $index = unpack('x16 i', $request);
setsockopt($wire, SOL_SOCKET, 33, 8 << 20);
bind($wire, pack('S n i S C C a8', 17, $type, $index, 0, 0, 0, '')) or die "bind: $!";
my $greeting = '';
${passFrames('!= 4')}`;
