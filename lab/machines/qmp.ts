// One command to a running QEMU over its control socket (QMP: a line of JSON each way).
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { messageOf, WaltError } from '../../agent/errors.ts';

/**
 * Runs one command of QEMU's Machine Protocol, such as `query-status`.
 * @returns what QEMU returned
 * @throws {WaltError} when QEMU cannot be reached, refuses the command, or goes away before its answer
 */
export async function qmp(
  socketPath: string,
  command: string,
  args: Record<string, unknown> = {},
): Promise<unknown> {
  const socket = createConnection(socketPath);
  try {
    await once(socket, 'connect');
    return await ask(socket, command, args);
  } catch (cause) {
    throw new WaltError(`Cannot run QMP ${command}: ${messageOf(cause)}`, { cause });
  } finally {
    socket.destroy();
  }
}

async function ask(
  socket: Socket,
  command: string,
  args: Record<string, unknown>,
): Promise<unknown> {
  socket.write('{"execute":"qmp_capabilities"}\n');
  socket.write(`${JSON.stringify({ execute: command, arguments: args, id: command })}\n`);
  for await (const line of createInterface({ input: socket })) {
    const message = JSON.parse(line);
    if (message.id !== command) continue;
    if (message.error) throw new WaltError(message.error.desc);
    return message.return;
  }
  throw new WaltError('QEMU closed its control socket');
}
