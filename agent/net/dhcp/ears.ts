/**
 * What the socket of a DHCP server is opened with. Practice is opened with the same: code that V8 has compiled for objects that were made
 * elsewhere is compiled anew when the first rack comes.
 */
import type { Endpoint, PlainDhcpHandler } from '../../protocol/dhcp/exchange.ts';
import type { DatagramBatches } from '../ffi/datagram-batches.ts';
import { addressOf, placeKey } from '../ffi/place.ts';
import type { UdpPortOptions } from '../udp/udp-port.ts';

/** Who answers what comes. */
type Parts = {
  readonly batches: DatagramBatches | undefined;
  /** answers what it can in front of `receive` */
  readonly plain: PlainDhcpHandler | undefined;
  /** dotted; what comes from there is for `receive` */
  readonly ownAddress: string | undefined;
  readonly isClosed: () => boolean;
  readonly receive: (bytes: Buffer, from: Endpoint) => void;
  readonly onError: (error: Error) => void;
};

/** Made here alone. */
export function dhcpEars(parts: Parts): UdpPortOptions {
  const { batches, plain, ownAddress: address, isClosed, receive, onError } = parts;
  const ears = { batches, onDatagram: receive, onError };
  if (plain === undefined) return ears;
  const own = address === undefined ? undefined : addressOf(placeKey({ address, port: 0 }));
  return {
    ...ears,
    peek: (bytes, place, from) =>
      from.port !== 0 &&
      !isClosed() &&
      addressOf(placeKey(from)) !== own &&
      plain.take(bytes, place, from),
    onTaken: () => plain.end(),
  };
}
