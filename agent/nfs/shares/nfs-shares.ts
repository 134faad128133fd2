// Keeps each address to its share of the NFS service's connections.
import { WaltError } from '../../errors.ts';
import { readTcpTables } from '../clients.ts';
import { tcpTable } from '../tcp-table.ts';
import { endConnections } from './end-connections.ts';
import { type Connections, Surplus } from './surplus.ts';

/** What the shares are, and who is told. */
export type NfsSharesOptions = {
  /** the server's address on walt-net; connections to others are not ours */
  readonly address: string;
  /** how many connections one address may have, by port of the service */
  readonly most: ReadonlyMap<number, number>;
  /** @param address has more than its share of connections to this port */
  readonly onFull: (address: string, port: number) => void;
};

/** Looks at the connections, again and again. */
export class NfsShares {
  readonly #options: NfsSharesOptions;
  readonly #surplus: Surplus;
  #isEnding = true;
  #ended: readonly Connections[] = [];

  constructor(options: NfsSharesOptions) {
    this.#options = options;
    this.#surplus = new Surplus(options.most);
  }

  /**
   * One look: ends what is too many, oldest first.
   * @throws {WaltError} once, where the kernel does not end them
   */
  async look(): Promise<void> {
    const { address: local, onFull } = this.#options;
    const table = tcpTable(await readTcpTables());
    const surplus = this.#surplus.look(table.filter(({ localIp }) => localIp === local));
    if (!this.#isEnding) return;
    if (surplus.some((each) => this.#ended.some((before) => overlap(each, before)))) {
      this.#isEnding = false;
      throw new WaltError(
        'Cannot end NFS connections of an address that holds too many: this kernel, or the container, does not let us ' +
          '(ss -K, SOCK_DESTROY). One machine can keep others from booting.',
      );
    }
    this.#ended = surplus;
    for (const each of surplus) {
      onFull(each.address, each.port);
      await endConnections(local, each);
    }
  }
}

function overlap(one: Connections, other: Connections): boolean {
  if (one.address !== other.address || one.port !== other.port) return false;
  return one.remotePorts.some((port) => other.remotePorts.includes(port));
}
