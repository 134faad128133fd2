// Who really sent a DHCP message: the MAC of its frame, which the packet socket sees beside the UDP socket. A message names
// its client itself, so that anybody can send one in the name of another machine.
import type { ClientMessage } from '../protocol/dhcp/client-message.ts';

/** The frame and the message come through two sockets, a moment apart. */
const WAIT_MS = 300;
/** The map is bounded, since anybody can send messages. The oldest entry goes. */
const MOST = 4096;

type Options = {
  /** whether frames are seen at all */
  readonly isWatching: () => boolean;
  readonly waitMs?: number;
};

/** Remembers for each message whether its frame came from the machine that it names. */
export class FrameWitness {
  readonly #options: Options;
  readonly #seen = new Map<string, boolean>();
  readonly #waiting = new Map<string, ((isOwn: boolean) => void)[]>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** A frame with this message came from `source`. */
  saw(packet: ClientMessage, source: string): void {
    const key = keyOf(packet);
    const isOwn = packet.chaddr === source;
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined && this.#seen.size >= MOST) this.#seen.delete(oldest);
    this.#seen.set(key, isOwn || this.#seen.get(key) === true);
    if (!isOwn) return;
    for (const resolve of this.#waiting.get(key) ?? []) resolve(true);
    this.#waiting.delete(key);
  }

  /**
   * Whether the machine that a message names has sent it itself. Where no frames are seen, nobody can tell, and it is believed.
   * What a relay passed on was sent by the relay.
   */
  async isOwn(packet: ClientMessage): Promise<boolean> {
    const { isWatching, waitMs = WAIT_MS } = this.#options;
    if (!isWatching()) return true;
    const key = keyOf(packet);
    if (this.#seen.get(key) === true) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), resolve]);
    const timer = setTimeout(() => resolve(false), waitMs);
    return await promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(key);
    });
  }
}

function keyOf({ chaddr, xid, options }: ClientMessage): string {
  return `${chaddr} ${xid} ${options.messageType}`;
}
