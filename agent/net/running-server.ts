// What a started TCP server of walt-net gives its starter.
import type { Server } from 'node:net';

/** A server that listens on walt-net. */
export type RunningServer = {
  /** where it listens: the port asked for, or the one that the kernel chose for 0 */
  readonly port: number;
  /** Ends its connections, and listens no more. */
  close(): Promise<void>;
};

/**
 * @returns the port, once the server listens
 * @throws the error of the kernel if the port is taken or the address is not of this machine
 */
export async function listen(
  server: Server,
  { address, port }: { readonly address: string; readonly port: number },
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}
