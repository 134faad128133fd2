/**
 * Ears and a voice on walt-net below IP: what no UDP socket hears (ARP, router solicitations, the answers of other
 * DHCP servers and some of clients with the MAC they come from), and what none can say. Node has no packet sockets: a thread of ours
 * reads one (`thread-frames.ts`), or perl (`perl-frames.ts`). The kernel filters, so that no other traffic costs anything. Nothing is
 * decided here.
 */
import { loadSystemCalls } from '../ffi/system-calls.ts';
import { guarded } from '../guarded.ts';
import type { FrameHolder, HoldFrames } from './hold-frames.ts';
import { perlFrames } from './perl-frames.ts';
import { threadFrames } from './thread-frames.ts';

/** What is told of the frames that come, and of trouble. */
export type PacketSocketOptions = {
  /** Takes a frame, and the MAC of our own interface; what it returns is sent. */
  readonly onFrame: (frame: Uint8Array, mac: string) => Uint8Array | undefined;
  /** Types of the DHCP messages of clients whose frames are passed too (RFC 2132 §9.6), DISCOVER never; of others none are. */
  readonly clientMessages?: readonly number[];
  /** Types of which those of our boot loaders alone are passed: their class is in them (boot/request.ts). */
  readonly loaderMessages?: readonly number[];
  /** Is told when there is no socket, and why; it is tried again until closed. */
  readonly onProblem: (reason: unknown) => void;
};

/** After so long it is tried again where the socket was lost, or could not be had. */
const AGAIN_MS = 10_000;

/** Opens a socket, or tries to. @param hold who holds it; by itself a thread where this machine has the calls for that, else perl */
export async function openPacketSocket(
  networkInterface: string,
  options: PacketSocketOptions,
  hold?: HoldFrames,
): Promise<PacketSocket> {
  const socket = new PacketSocket(networkInterface, options, hold ?? (await usualHolder()));
  await socket.open();
  return socket;
}

async function usualHolder(): Promise<HoldFrames> {
  const calls = await loadSystemCalls();
  return calls === undefined ? perlFrames : threadFrames(calls);
}

/** A socket that somebody holds, opened anew whenever it is lost. */
export class PacketSocket {
  readonly #interface: string;
  readonly #options: PacketSocketOptions;
  readonly #hold: HoldFrames;
  #holder: FrameHolder | undefined;
  #mac: string | undefined;
  #again: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(networkInterface: string, options: PacketSocketOptions, hold: HoldFrames) {
    this.#interface = networkInterface;
    this.#options = options;
    this.#hold = hold;
  }

  /** The MAC of the interface; undefined while there is no socket. */
  get mac(): string | undefined {
    return this.#mac;
  }

  /** Resolves when the socket is there, or it is known that it is not. */
  async open(): Promise<void> {
    const { clientMessages = [], loaderMessages = [] } = this.#options;
    const opened = Promise.withResolvers<void>();
    const holder: FrameHolder = this.#hold(
      this.#interface,
      { clientMessages, loaderMessages },
      {
        onMac: (mac) => {
          this.#mac = mac;
          opened.resolve();
        },
        onFrame: guarded((frame: Uint8Array) => this.#take(frame), this.#options.onProblem),
        onEnd: (reason) => {
          opened.resolve();
          this.#lose(holder, reason);
        },
      },
    );
    this.#holder = holder;
    await opened.promise;
  }

  /** Sends a frame; false where it cannot leave now. */
  send(frame: Uint8Array): boolean {
    if (this.#holder === undefined || this.#mac === undefined) return false;
    return this.#holder.send(frame);
  }

  /** The interface has another MAC now. */
  follow(mac: string): void {
    if (this.#mac !== undefined) this.#mac = mac;
  }

  /** Resolves when whoever holds the socket has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#again);
    await this.#holder?.close();
  }

  #take(frame: Uint8Array): void {
    if (this.#mac === undefined) return;
    const reply = this.#options.onFrame(frame, this.#mac);
    if (reply !== undefined) this.send(reply);
  }

  #lose(holder: FrameHolder, reason: string): void {
    if (this.#holder !== holder) return;
    this.#holder = undefined;
    this.#mac = undefined;
    if (this.#isClosed) return;
    this.#options.onProblem(new Error(`Cannot see walt-net below IP: ${reason}`));
    this.#again = setTimeout(() => this.open(), AGAIN_MS);
  }
}
