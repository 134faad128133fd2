// One command to a running QEMU over its control socket (QMP: a line of JSON each way).
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';

/** Runs one QMP command and returns what it returned. Throws when QEMU refuses it or closes the socket. */
export async function qmp(
  socketPath: string,
  command: string,
  args: Record<string, unknown> = {},
): Promise<unknown> {
  const socket = createConnection(socketPath);
  await once(socket, 'connect');
  try {
    socket.write('{"execute":"qmp_capabilities"}\n');
    socket.write(`${JSON.stringify({ execute: command, arguments: args, id: command })}\n`);
    for await (const line of createInterface({ input: socket })) {
      const message = JSON.parse(line);
      if (message.id !== command) continue;
      if (message.error) throw new Error(`Cannot run QMP ${command}: ${message.error.desc}`);
      return message.return;
    }
    throw new Error(`Cannot run QMP ${command}: QEMU closed its control socket`);
  } finally {
    socket.destroy();
  }
}
