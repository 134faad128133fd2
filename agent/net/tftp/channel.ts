/** The socket of one transfer: an own port of the server's address (its transfer id, RFC 1350 §4), for one client. */

import dgram, { type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { steadyMs } from '../../host/clock/clock.ts';
import { DecodeError } from '../../protocol/bytes.ts';
import { mayBeAnswered } from '../../protocol/tftp/complaint.ts';
import type { TftpClient } from '../../protocol/tftp/exchange.ts';
import { decodeAck, decodeTftp, encodeTftp, tftpErrors } from '../../protocol/tftp/packet.ts';
import type { TransferEvent } from '../../protocol/tftp/transfer.ts';
import { numericAddress } from '../numeric-address.ts';

/** Sends to one client, and hears it alone. */
export class TftpChannel {
  readonly #socket: Socket;
  readonly #client: TftpClient;

  private constructor(socket: Socket, client: TftpClient) {
    this.#socket = socket;
    this.#client = client;
  }

  /** `receive` gets what the client says; anyone else is told that this is not theirs. */
  static async open(
    address: string,
    client: TftpClient,
    receive: (event: TransferEvent) => void,
  ): Promise<TftpChannel> {
    const socket = dgram.createSocket({ type: 'udp4', lookup: numericAddress });
    const channel = new TftpChannel(socket, client);
    const listening = once(socket, 'listening');
    socket.bind({ address, port: 0 });
    await listening;
    socket.on('message', (bytes, from) => channel.#arrive(bytes, from, receive));
    // A packet that could not be sent is a lost packet: the clock of the transfer sends it again.
    socket.on('error', () => undefined);
    return channel;
  }

  /** Sends a packet to the client of the transfer. */
  send(packet: Uint8Array): void {
    this.#socket.send(packet, this.#client.port, this.#client.address);
  }

  /** Sends an ERROR packet (RFC 1350 §5), to the client of the transfer or to a stranger. */
  sendError(code: number, message: string, to: TftpClient = this.#client): void {
    this.#socket.send(encodeTftp({ kind: 'error', code, message }), to.port, to.address);
  }

  /** What was sent before still leaves. */
  close(): void {
    this.#socket.close();
  }

  #arrive(bytes: Uint8Array, from: RemoteInfo, receive: (event: TransferEvent) => void): void {
    if (from.port !== this.#client.port || from.address !== this.#client.address) {
      this.#turnAway(bytes, from);
      return;
    }
    const event = readEvent(bytes);
    if (event) receive(event);
  }

  /** RFC 1350 §4. */
  #turnAway(bytes: Uint8Array, from: RemoteInfo): void {
    if (!mayBeAnswered(bytes, from)) return;
    this.sendError(tftpErrors.unknownTransferId, 'this transfer has another client', from);
  }
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
