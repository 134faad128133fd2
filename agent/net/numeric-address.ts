/** A `lookup` for sockets that are only ever given IPv4 addresses: no name service, no turn of the event loop. */
import type { LookupOneOptions } from 'node:dns';

/** Gives the address as it is, at once: an option `lookup` of `dgram.createSocket`. */
export function numericAddress(
  address: string,
  _options: LookupOneOptions,
  found: (error: null, address: string, family: number) => void,
): void {
  found(null, address, 4);
}
