// Who holds how many connections of a server. Where there are too many, those of a greedy address or of a stranger end:
// a node finds room.
import type { Socket } from 'node:net';

/** How many connections there may be, and whose they are. */
export type SharesOptions = {
  readonly perAddress: number;
  readonly inAll: number;
  /** is it the address of a node? */
  readonly isKnown: (address: string) => boolean;
  /** @param address holds too many, or came when all was full */
  readonly onFull: (address: string) => void;
};

/** The open connections of a server, by address. */
export class ConnectionShares {
  readonly #options: SharesOptions;
  /** oldest first */
  readonly #of = new Map<string, Set<Socket>>();
  #count = 0;

  constructor(options: SharesOptions) {
    this.#options = options;
  }

  /** How many are open. */
  get size(): number {
    return this.#count;
  }

  /** Makes room and adds the connection. @returns whether it may stay; where not, it is destroyed */
  add(socket: Socket, address: string): boolean {
    const { perAddress, inAll } = this.#options;
    const isGreedy = (this.#of.get(address)?.size ?? 0) >= perAddress;
    if (isGreedy || this.#count >= inAll) {
      this.#options.onFull(address);
      const loser = isGreedy ? address : this.#loser(address);
      if (loser !== undefined) this.#endOldest(loser);
    }
    if (this.#count >= inAll) {
      socket.destroy();
      return false;
    }
    this.#keep(socket, address);
    return true;
  }

  /** Counts it no more, and leaves it open: it is something else from now on. */
  release(socket: Socket, address: string): void {
    this.#forget(socket, address);
  }

  /** Ends all of them. */
  destroyAll(): void {
    for (const sockets of this.#of.values()) for (const socket of sockets) socket.destroy();
  }

  /** @returns who gives a connection up for `newcomer`: strangers before nodes, then who holds most */
  #loser(newcomer: string): string | undefined {
    const { isKnown } = this.#options;
    const rank = (address: string, more: number) =>
      (this.#of.get(address)?.size ?? 0) + more + (isKnown(address) ? 0 : this.#options.inAll);
    let loser: string | undefined;
    let worst = rank(newcomer, 1);
    for (const address of this.#of.keys()) {
      const its = rank(address, 0);
      if (its > worst) [loser, worst] = [address, its];
    }
    return loser ?? (this.#of.has(newcomer) ? newcomer : undefined);
  }

  #endOldest(address: string): void {
    const [oldest] = this.#of.get(address) ?? [];
    if (oldest === undefined) return;
    this.#forget(oldest, address);
    oldest.destroy();
  }

  #keep(socket: Socket, address: string): void {
    const sockets = this.#of.get(address) ?? new Set();
    sockets.add(socket);
    this.#of.set(address, sockets);
    this.#count += 1;
    socket.once('close', () => this.#forget(socket, address));
  }

  #forget(socket: Socket, address: string): void {
    const sockets = this.#of.get(address);
    if (!sockets?.delete(socket)) return;
    this.#count -= 1;
    if (sockets.size === 0) this.#of.delete(address);
  }
}
