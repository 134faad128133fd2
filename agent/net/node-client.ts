// Talks to the net service of a node (TCP 12346): one command, one answer.

import { connect, type Socket } from 'node:net';
import { messageOf, RequestError } from '../errors.ts';
import { LIMITS, type OnLimit } from './limits/table.ts';

type Options = {
  /** of the node, dotted IPv4 */
  readonly address: string;
  readonly port: number;
  /** of the server: a node obeys this address only */
  readonly localAddress: string;
  /** for all of it, from the connection to the end of the answer */
  readonly timeoutMs?: number;
  readonly onLimit?: OnLimit;
};

const NODE_TIME_MS = LIMITS['node-time'].each * 1000;
const LONGEST_ANSWER = LIMITS['node-answer'].each;

/**
 * Sends a command such as `REBOOT` and waits for `OK`.
 * @throws {RequestError} saying why the node did not obey
 */
export async function commandNode(command: string, options: Options): Promise<void> {
  const { address, port, localAddress, timeoutMs = NODE_TIME_MS, onLimit } = options;
  const socket = connect({ host: address, port, localAddress });
  const deadline = setTimeout(() => {
    onLimit?.('node-time', address);
    socket.destroy(new Error('it does not answer'));
  }, timeoutMs);
  try {
    socket.write(`MODE single\n${command}\n`);
    const answer = await firstLine(socket);
    if (answer === undefined) onLimit?.('node-answer', address);
    const line = answer ?? `its answer has more than ${LONGEST_ANSWER} bytes`;
    if (line === '') throw new Error('it closed the connection');
    if (line !== 'OK') throw new Error(answer === undefined ? line : `it refused: ${line}`);
  } catch (cause) {
    throw new RequestError(502, `its net service did not take ${command}: ${messageOf(cause)}`, {
      cause,
    });
  } finally {
    clearTimeout(deadline);
    socket.destroy();
  }
}

/** Without the end of the line; undefined where there is none within reach. */
async function firstLine(socket: Socket): Promise<string | undefined> {
  let answer = Buffer.alloc(0);
  for await (const bytes of socket) {
    answer = Buffer.concat([answer, bytes as Buffer]);
    const end = answer.indexOf('\n');
    if (end >= 0 && end <= LONGEST_ANSWER) return answer.toString('utf8', 0, end).trim();
    if (answer.length > LONGEST_ANSWER) return undefined;
  }
  return answer.toString().trim();
}
