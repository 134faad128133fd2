// Nodes that send lines at once, each from an address of its own of loopback.
import { once } from 'node:events';
import { connect } from 'node:net';

/** What each of them sends. */
export type Load = {
  readonly port: number;
  readonly nodes: number;
  readonly lines: number;
  /** before the lines */
  readonly head: string;
  /** a line without its end */
  readonly line: (node: number, number: number) => string;
};

/** Address of the node of that index, counted from 0. */
export function addressOf(index: number): string {
  return `127.0.1.${index + 1}`;
}

/** Resolves when all is sent, and every connection was closed by the server, or by us where the server never does. */
export async function sendAll({ port, nodes, lines, head, line }: Load): Promise<void> {
  const sending = Array.from({ length: nodes }, async (_, node) => {
    const all = Array.from({ length: lines }, (__, number) => `${line(node, number)}\n`);
    const socket = connect({ host: '127.0.0.1', port, localAddress: addressOf(node) });
    socket.resume();
    const closed = once(socket, 'close');
    socket.end(head + all.join(''));
    await closed;
  });
  await Promise.all(sending);
}
