/** Sends at once to who is looked for. The one client of a port that is answered so again and again gets a lane (`ffi/udp-lane.ts`). */
import type { DatagramBatches } from '../ffi/datagram-batches.ts';
import { type Place, placeKey } from '../ffi/place.ts';
import { type LanePort, UdpLane } from '../ffi/udp-lane.ts';

/** Answers in a row. A client that is looked for in vain in between would cost more calls than its lane saves. */
const QUICK = 32;

/** Of one port. */
export class QuickClient {
  readonly #batches: DatagramBatches;
  readonly #port: LanePort;
  #lane: UdpLane | undefined;
  #isJoined = false;
  #isRefused = false;
  #client = -1;
  #answers = 0;

  constructor(batches: DatagramBatches, port: LanePort) {
    this.#batches = batches;
    this.#port = port;
  }

  /** Where to look for what comes. */
  get fd(): number {
    return this.#lane !== undefined && this.#isJoined ? this.#lane.fd : this.#port.fd;
  }

  /** Sends to who has just said something. @returns whether the kernel took it */
  send(bytes: Uint8Array, to: Place): boolean {
    const key = placeKey(to);
    if (this.#isJoined && key === this.#client) {
      return this.#batches.sendOne(this.fd, bytes, undefined);
    }
    const isSent = this.#batches.sendOne(this.#port.fd, bytes, to);
    if (isSent && !this.#isJoined) this.#count(key, to);
    return isSent;
  }

  /** What comes reaches the port's first socket again. @returns where something may still lie, if there was a lane */
  park(): number | undefined {
    this.#answers = 0;
    if (this.#lane === undefined || !this.#isJoined) return undefined;
    this.#isJoined = false;
    if (this.#lane.park()) return this.#lane.fd;
    // What is left in it is lost: better than a client that nobody hears.
    this.close();
    return undefined;
  }

  /** What lies in the lane is lost. */
  close(): void {
    this.#lane?.close();
    this.#lane = undefined;
    this.#isJoined = false;
    this.#isRefused = true;
  }

  #count(key: number, to: Place): void {
    if (key !== this.#client) this.#begin(key);
    this.#answers += 1;
    if (this.#answers < QUICK || this.#isRefused) return;
    this.#lane ??= UdpLane.open(this.#port, to, this.#batches.calls);
    this.#isJoined = this.#lane?.join() === true;
    this.#isRefused = !this.#isJoined;
  }

  #begin(key: number): void {
    this.close();
    this.#client = key;
    this.#answers = 0;
    this.#isRefused = false;
  }
}
