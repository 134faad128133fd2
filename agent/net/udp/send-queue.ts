/** What leaves a port together: frames first, then datagrams, each as many with one call as the kernel takes. */
import type { Datagram, DatagramBatches } from '../ffi/datagram-batches.ts';
import type { ClientFrames, ClientWay } from '../ffi/frames/client-frames.ts';

/** A datagram that waits. */
export type Queued = Datagram & { readonly onError?: ((error: Error) => void) | undefined };
type Framed = Queued & { readonly way: ClientWay };

type Options = {
  readonly batches: DatagramBatches | undefined;
  readonly frames: Pick<ClientFrames, 'send'> | undefined;
  readonly fd: number | undefined;
  /** sends what the kernel has no room for now */
  readonly sendAlone: (datagram: Queued) => void;
};

/** Of one port. */
export class SendQueue {
  readonly #options: Options;
  #queue: Queued[] = [];
  #framed: Framed[] = [];

  constructor(options: Options) {
    this.#options = options;
  }

  /** Does nothing wait? */
  get isEmpty(): boolean {
    return this.#queue.length + this.#framed.length === 0;
  }

  /** Leaves with the next `flush()`; until then its bytes may not change. */
  add(datagram: Queued): void {
    this.#queue.push(datagram);
  }

  /** The same, as a frame, where the kernel takes one then. */
  addFramed(datagram: Framed): void {
    this.#framed.push(datagram);
  }

  /** All that waits leaves. */
  flush(): void {
    if (this.#framed.length > 0) this.#flushFramed();
    const queue = this.#queue;
    if (queue.length === 0) return;
    this.#queue = [];
    const { batches, fd, sendAlone } = this.#options;
    let sent = 0;
    while (batches !== undefined && fd !== undefined && sent < queue.length) {
      const taken = batches.send(fd, queue, sent);
      if (taken === 0) break;
      sent += taken;
    }
    for (const one of queue.slice(sent)) sendAlone(one);
  }

  /** What no frame takes is left to datagrams. */
  #flushFramed(): void {
    const framed = this.#framed;
    this.#framed = [];
    const sent = this.#options.frames?.send(framed) ?? 0;
    for (let at = sent; at < framed.length; at += 1) {
      const left = framed[at];
      if (left !== undefined) this.#queue.push(left);
    }
  }
}
