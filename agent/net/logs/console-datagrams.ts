// The UDP port that boot loaders have their console on: U-Boot, which takes keys too, and the loader in the EEPROM of Raspberry Pis.
import dgram, { type Socket } from 'node:dgram';
import { once } from 'node:events';
import { guarded } from '../guarded.ts';
import type { RunningServer } from '../running-server.ts';
import type { ConsoleEar } from './console-ear.ts';

/** Where to listen (port 0: any), and who is told. */
export type ConsoleDatagramOptions = {
  readonly address: string;
  readonly port: number;
  readonly ear: Pick<ConsoleEar, 'fromAddress'>;
  readonly isServed: (address: string) => boolean;
  /** U-Boot of this device has spoken: keys for it go there */
  readonly onLoader: (mac: string, type: (keys: Uint8Array) => Promise<void>) => void;
  readonly onProblem: (reason: unknown) => void;
};

/** Keys that U-Boot takes at once (its buffer has 512 bytes). */
const MOST_KEYS = 256;

/** @throws the error of `bind` if the port is taken or the address is not of this machine */
export async function startConsoleDatagrams(
  options: ConsoleDatagramOptions,
): Promise<RunningServer> {
  const { address, port, ear, isServed, onLoader, onProblem } = options;
  const socket = dgram.createSocket('udp4');
  const take = (bytes: Buffer, from: dgram.RemoteInfo) => {
    if (!isServed(from.address)) return;
    const mac = ear.fromAddress(from.address, 'u-boot', bytes);
    if (mac !== undefined) onLoader(mac, (keys) => send(socket, keys, from));
  };
  socket.on('message', guarded(take, onProblem));
  const listening = once(socket, 'listening');
  socket.bind({ address, port });
  await listening;
  socket.on('error', onProblem);
  return {
    port: socket.address().port,
    close: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

async function send(
  socket: Socket,
  keys: Uint8Array,
  { address, port }: { readonly address: string; readonly port: number },
): Promise<void> {
  for (let from = 0; from < keys.length; from += MOST_KEYS) {
    const part = keys.subarray(from, from + MOST_KEYS);
    await new Promise<void>((resolve, reject) => {
      socket.send(part, port, address, (reason) => (reason ? reject(reason) : resolve()));
    });
  }
}
