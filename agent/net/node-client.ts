// Talks to the net service of a node (TCP 12346): one command, one answer.
import { connect } from 'node:net';
import { messageOf, RequestError } from '../errors.ts';

type Options = {
  /** of the node, dotted IPv4 */
  readonly address: string;
  readonly port: number;
  /** of the server: a node obeys this address only */
  readonly localAddress: string;
  readonly timeoutMs: number;
};

/**
 * Sends a command such as `REBOOT` and waits for `OK`.
 * @throws {RequestError} saying why the node did not obey
 */
export async function commandNode(command: string, options: Options): Promise<void> {
  const { address, port, localAddress, timeoutMs } = options;
  const socket = connect({ host: address, port, localAddress });
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error('it does not answer')));
  try {
    let answer = '';
    socket.write(`MODE single\n${command}\n`);
    for await (const bytes of socket) {
      answer += (bytes as Buffer).toString();
      if (answer.includes('\n')) break;
    }
    const [line = ''] = answer.split('\n');
    if (line.trim() !== 'OK')
      throw new Error(
        line.trim() === '' ? 'it closed the connection' : `it refused: ${line.trim()}`,
      );
  } catch (cause) {
    throw new RequestError(502, `its net service did not take ${command}: ${messageOf(cause)}`, {
      cause,
    });
  } finally {
    socket.destroy();
  }
}
