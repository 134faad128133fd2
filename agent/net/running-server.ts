// What a started TCP server of walt-net gives its starter.
import type { Server } from 'node:net';
import { BACKLOG } from './ffi/open-sockets.ts';

/** A server that listens on walt-net. */
export type RunningServer = {
  /** where it listens: the port asked for, or the one that the kernel chose for 0 */
  readonly port: number;
  /** Ends its connections, and listens no more. */
  close(): Promise<void>;
};

/** Where a server listens: at a dotted IPv4 address and port (0: any), or by a socket that this process inherited. */
export type ListenPlace = {
  readonly address: string;
  readonly port: number;
  /** of a socket that is bound there already, see `bound-sockets.ts` */
  readonly fd?: number | undefined;
};

/**
 * @returns the port, once the server listens
 * @throws the error of the kernel if the port is taken or the address is not of this machine
 */
export async function listen(server: Server, { address, port, fd }: ListenPlace): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (fd === undefined) server.listen({ port, host: address, backlog: BACKLOG }, resolve);
    // Node reads no `backlog` of options with a descriptor.
    else server.listen({ fd }, BACKLOG, resolve);
  });
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}
