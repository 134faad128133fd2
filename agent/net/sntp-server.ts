// The socket of time on walt-net. Each address gets some answers a second; none is longer than its question.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { guarded } from './guarded.ts';
import { LIMITS, type OnLimit } from './limits/table.ts';

/** UDP. */
export const NTP_PORT = 123;
const WINDOW_MS = 1000;

type Options = {
  /** of the server on walt-net, dotted IPv4 */
  readonly address: string;
  readonly port?: number;
  readonly isServed: (address: string) => boolean;
  readonly answer: (bytes: Uint8Array) => Uint8Array | undefined;
  readonly onLimit: OnLimit;
  readonly onError: (reason: unknown) => void;
};

/** A server that listens. @throws the error of the kernel if the port is taken */
export async function startSntpServer({
  address,
  port = NTP_PORT,
  isServed,
  answer,
  onLimit,
  onError,
}: Options): Promise<{ readonly port: number; close(): Promise<void> }> {
  const socket = createSocket('udp4');
  const takes = pace(onLimit);
  const take = (bytes: Buffer, from: { readonly address: string; readonly port: number }) => {
    if (!isServed(from.address)) return onLimit('ntp-networks', from.address);
    if (!takes(from.address)) return;
    const reply = answer(bytes);
    // Whether it arrives nobody learns: the client asks again.
    if (reply !== undefined) socket.send(reply, from.port, from.address, () => undefined);
  };
  socket.on('message', guarded(take, onError));
  const listening = once(socket, 'listening');
  socket.bind(port, address);
  await listening;
  socket.on('error', onError);
  const close = async () => {
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  };
  return { port: socket.address().port, close };
}

/** Whether there is an answer for the address in this second; the map begins anew with each. */
function pace(onLimit: OnLimit): (address: string) => boolean {
  const { perAddress, inAll } = LIMITS['ntp-pace'];
  const counts = new Map<string, number>();
  let total = 0;
  let end = 0;
  return (address) => {
    const now = performance.now();
    if (now >= end) {
      counts.clear();
      total = 0;
      end = now + WINDOW_MS;
    }
    const count = counts.get(address) ?? 0;
    if (total >= inAll || count >= perAddress) {
      onLimit('ntp-pace', address);
      return false;
    }
    counts.set(address, count + 1);
    total += 1;
    return true;
  };
}
