// Asks a running NFS server, by a real MOUNT call, whether it serves a path.
import { createConnection } from 'node:net';
import { decodeMountReply, encodeMountCall } from './mount-call.ts';

/**
 * Whether the server at this address, asked from this very address, lets `path` be mounted. A server that does not
 * listen, refuses or stays silent does not.
 */
export function isMountable(
  path: string,
  { address, port, timeoutMs = 2000 }: { address: string; port: number; timeoutMs?: number },
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: address, port, localAddress: address });
    let received = Buffer.alloc(0);
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.once('connect', () => socket.write(encodeMountCall(1, path)));
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      const answer = decodeMountReply(received);
      if (answer !== undefined) finish(answer);
    });
  });
}
