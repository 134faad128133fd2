/** A port without a socket, for code that is practised before it is needed. What it sends its batches take, which have no kernel either. */
import type { Socket } from 'node:dgram';
import { EventEmitter } from 'node:events';
import type { Place } from '../ffi/place.ts';
import { UdpPort, type UdpPortOptions } from './udp-port.ts';

/** One that takes what it is given, as if Node had taken it from a socket. */
export class PracticePort {
  readonly port: UdpPort;
  readonly #socket: NoSocket;

  /** @param here where it would listen */
  constructor(here: Place, options: UdpPortOptions) {
    this.#socket = new NoSocket(here);
    const node = { stop: () => undefined, start: () => undefined };
    this.port = new UdpPort(this.#socket as unknown as Socket, 0, options, node);
  }

  /** The first datagram of a turn of the event loop. @throws whatever who is told throws */
  take(bytes: Buffer, from: Place): void {
    this.#socket.emit('message', bytes, from);
  }
}

/** Where Node's socket is in a server. */
class NoSocket extends EventEmitter {
  readonly #here: Place;

  constructor(here: Place) {
    super();
    this.#here = here;
  }

  address(): Place {
    return this.#here;
  }

  send(): void {
    throw new Error('Cannot send: there is no socket');
  }
}
