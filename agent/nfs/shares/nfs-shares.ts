// Keeps each address to its share of the connections to services that bound only how many there are in all.
import { WaltError } from '../../errors.ts';
import { readTcpTables } from '../clients.ts';
import { tcpTable } from '../tcp-table.ts';
import { endConnections } from './end-connections.ts';
import { readSocketCount } from './socket-count.ts';
import { Surplus } from './surplus.ts';

/** What the shares are, and who is told. */
export type NfsSharesOptions = {
  /** the server's address on walt-net; connections to others are not ours */
  readonly address: string;
  /** how many connections one address may have, by port of the service */
  readonly most: ReadonlyMap<number, number>;
  /** @param address has more than its share of connections to this port */
  readonly onFull: (address: string, port: number) => void;
  /** how many TCP sockets there are; by default the kernel's own count */
  readonly count?: () => number | undefined;
  /** the table of connections; by default the kernel's */
  readonly table?: () => string;
};

/**
 * So many looks in a row that ended nothing: then the kernel does not do it. One look proves nothing, and none may make us stop: while it ends
 * some the kernel passes over others, and an attacker's connections may end and come again by themselves.
 */
const LOOKS_IN_VAIN = 5;
/** Where as many sockets come as go, the table is read so seldom: nobody gets many more connections while nobody has more. */
const LOOKS_BETWEEN = 10;

/** Looks at the connections, again and again. */
export class NfsShares {
  readonly #options: NfsSharesOptions;
  readonly #surplus: Surplus;
  readonly #ports: ReadonlySet<number>;
  #inVain = 0;
  /** sockets that there were when the table was read last, and showed nothing too many */
  #counted: number | undefined;
  #looks = 0;

  constructor(options: NfsSharesOptions) {
    this.#options = options;
    this.#surplus = new Surplus(options.most);
    this.#ports = new Set(options.most.keys());
  }

  /**
   * One look: ends what is too many, oldest first. The table is read where there are more or fewer sockets than before.
   * @throws {WaltError} if ss(8) cannot be run; once, where the kernel does not end them
   */
  async look(): Promise<void> {
    const {
      address: local,
      onFull,
      count = readSocketCount,
      table = readTcpTables,
    } = this.#options;
    const counted = count();
    this.#looks += 1;
    const isSame = counted !== undefined && counted === this.#counted;
    if (isSame && this.#looks % LOOKS_BETWEEN !== 0) return;
    const ofServices = tcpTable(table(), this.#ports);
    const connections = ofServices.filter(({ localIp }) => localIp === local);
    const surplus = this.#surplus.look(connections);
    this.#counted = surplus.length === 0 ? counted : undefined;
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
