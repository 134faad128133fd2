// Keeps each address to its share of the connections to services that bound only how many there are in all.
import { WaltError } from '../../errors.ts';
import { countTcp, readTcpTables } from '../clients.ts';
import { tcpTable } from '../tcp-table.ts';
import { endConnections } from './end-connections.ts';
import { Surplus } from './surplus.ts';

/** What the shares are, and who is told. */
export type NfsSharesOptions = {
  /** the server's address on walt-net; connections to others are not ours */
  readonly address: string;
  /** how many connections one address may have, by port of the service */
  readonly most: ReadonlyMap<number, number>;
  /** @param address has more than its share of connections to this port */
  readonly onFull: (address: string, port: number) => void;
};

/**
 * So many looks in a row that ended nothing: then the kernel does not do it. One look proves nothing, and none may make us stop: while it ends
 * some the kernel passes over others, and an attacker's connections may end and come again by themselves.
 */
const LOOKS_IN_VAIN = 5;

/** The kernel makes the table by walking through all its connections, of other namespaces too: it is read where there are enough, or so many looks later. */
const MOST_PASSED = 30;

/** Looks at the connections, again and again. */
export class NfsShares {
  readonly #options: NfsSharesOptions;
  readonly #surplus: Surplus;
  /** so many connections are too many for nobody */
  readonly #fewest: number;
  /** sockets that are no connections, when the table was read last */
  #others = 0;
  /** looks since then */
  #passed = 0;
  #inVain = 0;

  constructor(options: NfsSharesOptions) {
    this.#options = options;
    this.#surplus = new Surplus(options.most);
    this.#fewest = Math.min(...options.most.values());
  }

  /**
   * One look: ends what is too many, oldest first.
   * @throws {WaltError} if ss(8) cannot be run; once, where the kernel does not end them
   */
  async look(): Promise<void> {
    this.#passed += 1;
    const count = countTcp();
    if (count - this.#others <= this.#fewest && this.#passed < MOST_PASSED) return;
    this.#passed = 0;
    const { address: local, onFull } = this.#options;
    const table = tcpTable(readTcpTables());
    this.#others = count - table.filter(({ state }) => state === 'established').length;
    const surplus = this.#surplus.look(table.filter(({ localIp }) => localIp === local));
    if (surplus.length === 0) return;
    let ended = 0;
    for (const each of surplus) {
      onFull(each.address, each.port);
      ended += await endConnections(local, each);
    }
    this.#inVain = ended > 0 ? 0 : this.#inVain + 1;
    if (this.#inVain !== LOOKS_IN_VAIN) return;
    throw new WaltError(
      'Cannot end NFS and DNS connections of an address that holds too many: this kernel, or the container, does not let us ' +
        '(ss -K, SOCK_DESTROY). One machine can keep others from booting.',
    );
  }
}
