// Asks whether something takes TCP connections at a port.
import { connect } from 'node:net';

type Place = {
  readonly address: string;
  readonly port: number;
  /** of the server: a node answers this address only */
  readonly localAddress?: string;
};

/** Resolves within `ms`, whatever is there. */
export function takesConnections(place: Place, ms: number): Promise<boolean> {
  const { address: host, port, localAddress } = place;
  const from = localAddress === undefined ? {} : { localAddress };
  return new Promise((resolve) => {
    const socket = connect({ host, port, ...from });
    const end = (isTaken: boolean) => {
      socket.destroy();
      resolve(isTaken);
    };
    socket.setTimeout(ms, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
