// One row of the table of limits.

/** One row. A number that is missing is bounded by the others. */
export type Limit = {
  readonly server:
    | 'firewall'
    | 'HTTP'
    | 'notifications (12347)'
    | 'log lines (12347)'
    | 'log lines (UDP)'
    | 'TFTP'
    | 'DHCP'
    | 'NFS'
    | 'names'
    | 'time'
    | 'API'
    | 'log'
    | 'consoles'
    | 'nodes';
  readonly what: string;
  /** of `each`, `perUser`, `perAddress` and `inAll`; a plain number where it is missing */
  readonly unit?: 'bytes' | 'seconds';
  /** of one connection, client or request */
  readonly each?: number;
  readonly perUser?: number;
  readonly perAddress?: number;
  readonly inAll?: number;
  /** what happens there */
  readonly outcome: string;
  /** how the line of the log goes on behind the address */
  readonly sentence: string;
};
