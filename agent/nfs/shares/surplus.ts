// Which connections to the NFS service are too many. Neither nfs-ganesha nor rpcbind nor the kernel's server bounds those of one
// address, so one machine could take all, and no other would boot.
import type { TcpConnection } from '../tcp-table.ts';

/** Connections of one address to one port of the service. */
export type Connections = {
  readonly address: string;
  readonly port: number;
  /** the address' own ports */
  readonly remotePorts: readonly number[];
};

/** Remembers in which order connections came: the kernel's table does not say. */
export class Surplus {
  readonly #most: ReadonlyMap<number, number>;
  /** the address' own ports, oldest first, by address and port of the service */
  #seen = new Map<string, ReadonlySet<number>>();

  /** @param most how many connections one address may have, by port of the service */
  constructor(most: ReadonlyMap<number, number>) {
    this.#most = most;
  }

  /**
   * Those that are too many, oldest first: a node that boots again and again leaves connections behind that nobody ended, and its new one
   * must find room.
   * @param connections as they are now
   */
  look(connections: readonly TcpConnection[]): Connections[] {
    const now = new Map<string, Set<number>>();
    for (const { localPort, remoteIp, remotePort, state } of connections) {
      if (state !== 'established' || remoteIp === undefined || !this.#most.has(localPort)) continue;
      const key = `${localPort} ${remoteIp}`;
      now.set(key, (now.get(key) ?? new Set()).add(remotePort));
    }
    this.#seen = new Map(
      [...now].map(([key, ports]) => [key, inOrder(ports, this.#seen.get(key))]),
    );
    return [...this.#seen].flatMap(([key, ports]) => this.#tooMany(key, ports));
  }

  #tooMany(key: string, ports: ReadonlySet<number>): Connections[] {
    const [port = '', address = ''] = key.split(' ');
    const most = this.#most.get(Number(port)) ?? Number.POSITIVE_INFINITY;
    if (ports.size <= most) return [];
    return [{ address, port: Number(port), remotePorts: [...ports].slice(0, ports.size - most) }];
  }
}

function inOrder(now: ReadonlySet<number>, before: ReadonlySet<number> = new Set()): Set<number> {
  return new Set([...before].filter((port) => now.has(port)).concat([...now]));
}
