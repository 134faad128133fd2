/**
 * The ports that transfers are sent from: their transfer ids (RFC 1350 §4). A transfer has one for itself while there are not
 * too many; then clients share them, each known by its own address and port, so that what comes for several of them is taken
 * with one call. A port is closed with its last transfer.
 */

import { steadyMs } from '../../host/clock/clock.ts';
import { DecodeError } from '../../protocol/bytes.ts';
import { mayBeAnswered } from '../../protocol/tftp/complaint.ts';
import type { TftpClient } from '../../protocol/tftp/exchange.ts';
import { decodeAck, decodeTftp, encodeTftp, tftpErrors } from '../../protocol/tftp/packet.ts';
import type { TransferEvent } from '../../protocol/tftp/transfer.ts';
import type { DatagramBatches } from '../ffi/datagram-batches.ts';
import type { ClientFrames } from '../ffi/frames/client-frames.ts';
import { type Place, placeKey } from '../ffi/place.ts';
import { openUdpPort, type UdpPort } from '../udp/udp-port.ts';
import { TftpChannel } from './channel.ts';
import { DeafMachines, FramedBlocks } from './framed-blocks.ts';

/** Called with what the client of a transfer says. */
export type Receive = (event: TransferEvent) => void;

/** A port that is open, or being opened, and who hears what comes to it, by `placeKey()`. */
type Shared = {
  readonly port: Promise<UdpPort>;
  readonly receivers: Map<number, Receive>;
  /** once it is */
  open?: UdpPort;
};

type PortsOptions = {
  /** what blocks to clients that share ports leave by; without them they are datagrams */
  readonly frames?: ClientFrames | undefined;
  readonly mostPorts?: number;
  /** something came to a port without `take()`, and has been answered */
  readonly onHeard?: () => void;
  /** told of an error of who takes what comes */
  readonly onFault?: ((error: Error) => void) | undefined;
};

/** Few, so that one call takes and sends for many clients: 500 of them on 64 ports cost the server a quarter more than on 8. */
const MOST_PORTS = 8;
/** An acknowledgement takes 768 bytes of it: room for those of all clients of a port at once. */
const RECEIVE_BUFFER_BYTES = 1 << 20;

/** All ports of a server. */
export class TftpPorts {
  readonly #batches: DatagramBatches | undefined;
  readonly #mostPorts: number;
  readonly #onHeard: () => void;
  readonly #onFault: PortsOptions['onFault'];
  readonly #frames: ClientFrames | undefined;
  readonly #deaf = new DeafMachines();
  readonly #ports = new Set<Shared>();

  constructor(
    batches: DatagramBatches | undefined,
    { mostPorts = MOST_PORTS, onHeard = () => {}, frames, onFault }: PortsOptions = {},
  ) {
    this.#onFault = onFault;
    this.#frames = frames;
    this.#batches = batches;
    this.#mostPorts = mostPorts;
    this.#onHeard = onHeard;
  }

  /** How many are open. */
  get size(): number {
    return this.#ports.size;
  }

  /** Takes and answers what lies in all ports. @returns how many packets that were */
  take(): number {
    let count = 0;
    for (const { open, receivers } of this.#ports) {
      if (open !== undefined) count += receivers.size === 1 ? open.pollOne() : open.poll();
    }
    return count;
  }

  /** `take()` is not called for a while. */
  rest(): void {
    for (const { open } of this.#ports) open?.rest();
  }

  /**
   * @param address of the server, dotted IPv4
   * @param receive gets what the client says; anyone else is told that this is not theirs
   */
  async open(address: string, client: TftpClient, receive: Receive): Promise<TftpChannel> {
    const name = placeKey(client);
    const shared = this.#free(name) ?? this.#add(address);
    shared.receivers.set(name, receive);
    // Whoever had the port alone may have had a lane.
    if (shared.receivers.size > 1) shared.open?.rest();
    const leave = () => this.#leave(shared, name);
    try {
      const port = await shared.port;
      const isShared = () => shared.receivers.size > 1;
      const framed = this.#framed({ address, port: port.port }, client);
      return new TftpChannel(port, client, { framed, isShared, leave });
    } catch (reason) {
      leave();
      throw reason;
    }
  }

  #framed(from: Place, to: TftpClient): FramedBlocks | undefined {
    const [frames, deaf] = [this.#frames, this.#deaf];
    return frames && new FramedBlocks({ frames, from, to, deaf });
  }

  /** The port with the fewest transfers, of those that none of this client has: an older one of its may not have ended. */
  #free(name: number): Shared | undefined {
    if (this.#ports.size < this.#mostPorts) return undefined;
    let best: Shared | undefined;
    for (const shared of this.#ports) {
      if (shared.receivers.has(name)) continue;
      if (best === undefined || shared.receivers.size < best.receivers.size) best = shared;
    }
    return best;
  }

  #add(address: string): Shared {
    const receivers = new Map<number, Receive>();
    const port = openUdpPort(
      { address, port: 0 },
      {
        batches: this.#batches,
        frames: this.#frames,
        receiveBufferBytes: RECEIVE_BUFFER_BYTES,
        onDatagram: (bytes, from) => {
          const receive = receivers.get(placeKey(from));
          const event = receive === undefined ? undefined : readEvent(bytes);
          if (receive === undefined) port.then((open) => turnAway(open, bytes, from));
          if (event) receive?.(event);
        },
        // One for each block: neither its bytes are copied, nor its address written as text.
        peek: (memory, place, from) => {
          const receive = receivers.get(from.key);
          const block = receive === undefined ? undefined : decodeAck(memory, place);
          if (block === undefined) return false;
          receive?.({ kind: 'ack', block, now: steadyMs() });
          return true;
        },
        onTaken: this.#onHeard,
        // A packet that could not be sent is a lost packet: the clock of the transfer sends it again.
        onError: () => undefined,
        ...(this.#onFault === undefined ? {} : { onFault: this.#onFault }),
      },
    );
    const shared: Shared = { port, receivers };
    this.#ports.add(shared);
    const keep = (open: UdpPort) => {
      shared.open = open;
    };
    port.then(keep, () => undefined);
    return shared;
  }

  #leave(shared: Shared, name: number): void {
    shared.receivers.delete(name);
    if (shared.receivers.size > 0 || !this.#ports.delete(shared)) return;
    shared.port.then(
      (port) => port.close(),
      () => undefined,
    );
  }
}

/** RFC 1350 §4. */
function turnAway(port: UdpPort, bytes: Uint8Array, from: TftpClient): void {
  if (!mayBeAnswered(bytes, from)) return;
  const message = 'this transfer has another client';
  port.send(encodeTftp({ kind: 'error', code: tftpErrors.unknownTransferId, message }), from);
}

/** What a packet means for the transfer; nothing where it is none that a client of ours sends. */
function readEvent(bytes: Uint8Array): TransferEvent | undefined {
  try {
    const block = decodeAck(bytes);
    if (block !== undefined) return { kind: 'ack', block, now: steadyMs() };
    const packet = decodeTftp(bytes);
    return packet.kind === 'error' ? packet : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
