// TCP connections of the storm: from a named address each, and gone with the storm.
import { connect, type Socket } from 'node:net';
import { again, type Ground } from './attack.ts';

/** What is kept open, and how. */
export type Kept = {
  readonly port: number;
  readonly from: readonly string[];
  /** at most so many of each address */
  readonly each: number;
  /** at most so many new ones at a time, in all */
  readonly burst: number;
  /** milliseconds between two times */
  readonly pauseMs: number;
  readonly onOpen?: (socket: Socket) => void;
};

/** Connects from `localAddress`. Errors end the connection and nothing else; the end of the storm ends it, too. */
export function dial(ground: Ground, port: number, localAddress: string): Socket {
  const socket = connect({ host: ground.server, port, localAddress });
  const end = () => socket.destroy();
  socket.on('error', end);
  ground.signal.addEventListener('abort', end, { once: true });
  socket.once('close', () => ground.signal.removeEventListener('abort', end));
  return socket;
}

/** Keeps connections open and opens new ones for those that the server ends, in turns. */
export async function keepOpen(ground: Ground, kept: Kept, count: () => void): Promise<void> {
  const open = new Map(kept.from.map((address) => [address, 0]));
  const held = (address: string, more: number) =>
    open.set(address, (open.get(address) ?? 0) + more);
  let turn = 0;
  await again(ground, kept.pauseMs, () => {
    for (let tries = 0; tries < kept.burst; tries += 1) {
      const address = kept.from[turn % kept.from.length] ?? '';
      turn += 1;
      if ((open.get(address) ?? 0) >= kept.each) continue;
      held(address, 1);
      const socket = dial(ground, kept.port, address);
      socket.once('connect', () => {
        count();
        kept.onOpen?.(socket);
      });
      socket.once('close', () => held(address, -1));
    }
  });
}

/** Sends a text, and ends a second later whatever is answered. */
export function sendOnce(
  ground: Ground,
  {
    port,
    from,
    bytes,
  }: { readonly port: number; readonly from: string; readonly bytes: Uint8Array | string },
): void {
  const socket = dial(ground, port, from);
  socket.resume();
  socket.once('connect', () => socket.write(bytes));
  const timer = setTimeout(() => socket.destroy(), 1000);
  socket.once('close', () => clearTimeout(timer));
}
