/** What one transfer sends: to one client, from the port that they know each other by (`ports.ts`). */
import type { TftpClient } from '../../protocol/tftp/exchange.ts';
import { encodeTftp } from '../../protocol/tftp/packet.ts';
import { type Place, placeKey } from '../ffi/place.ts';
import type { UdpPort } from '../udp/udp-port.ts';
import type { FramedBlocks } from './framed-blocks.ts';

type Ways = {
  /** undefined: all leave as datagrams */
  readonly framed: FramedBlocks | undefined;
  /** whether others share the port now */
  readonly isShared: () => boolean;
  /** called when nothing is sent any more, and nothing heard */
  readonly leave: () => void;
};

/** Sends to one client. */
export class TftpChannel {
  readonly #port: UdpPort;
  readonly #client: Place;
  readonly #ways: Ways;

  constructor(port: UdpPort, client: TftpClient, ways: Ways) {
    this.#port = port;
    this.#client = { ...client, key: placeKey(client) };
    this.#ways = ways;
  }

  /** Sends packets to the client of the transfer; a window leaves with one call where the machine can do that. */
  send(packets: readonly Uint8Array[]): void {
    const [only] = packets;
    if (only !== undefined && packets.length === 1) this.sendOne(only);
    else this.#port.sendAll(packets, this.#client);
  }

  /** Sends one packet. */
  sendOne(packet: Uint8Array): void {
    const { framed, isShared } = this.#ways;
    const way = framed !== undefined && isShared() ? framed.wayOf(packet) : undefined;
    if (way === undefined) this.#port.send(packet, this.#client);
    else this.#port.sendFramed(packet, this.#client, way);
  }

  /** Sends an ERROR packet (RFC 1350 §5). */
  sendError(code: number, message: string): void {
    this.send([encodeTftp({ kind: 'error', code, message })]);
  }

  /** What was sent before still leaves. */
  close(): void {
    this.#ways.leave();
  }
}
