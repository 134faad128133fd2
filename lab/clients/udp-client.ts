/** A bare UDP socket on loopback that keeps what it received: for saying what no proper client would say. */
import dgram from 'node:dgram';
import { once } from 'node:events';

/** With the address and port it came from. */
export type Datagram = { readonly bytes: Buffer; readonly address: string; readonly port: number };

/** One socket, from `open()` to `close()`. */
export class UdpClient {
  readonly #socket = dgram.createSocket('udp4');
  readonly #received: Datagram[] = [];
  #waiting: (() => void) | undefined;

  /** @param address of loopback: each one is another client to a server */
  static async open(address = '127.0.0.1'): Promise<UdpClient> {
    const client = new UdpClient();
    client.#socket.bind(0, address);
    await once(client.#socket, 'listening');
    client.#socket.on('message', (bytes, { address, port }) => {
      client.#received.push({ bytes, address, port });
      client.#waiting?.();
    });
    return client;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(bytes: Uint8Array, port: number, address = '127.0.0.1'): void {
    this.#socket.send(bytes, port, address);
  }

  /** The next datagram; fails after `seconds` without one. */
  async receive(seconds = 20): Promise<Datagram> {
    const known = this.#received.shift();
    if (known) return known;
    const arrived = Promise.withResolvers<void>();
    this.#waiting = arrived.resolve;
    const timer = setTimeout(
      () => arrived.reject(new Error(`No datagram came within ${seconds} s`)),
      seconds * 1000,
    );
    await arrived.promise;
    clearTimeout(timer);
    return this.receive(seconds);
  }

  /** What came and was not yet taken. */
  get unread(): readonly Datagram[] {
    return this.#received;
  }

  /** Throws away what came and was not yet taken. */
  forget(): void {
    this.#received.length = 0;
  }

  close(): void {
    this.#socket.close();
  }
}
