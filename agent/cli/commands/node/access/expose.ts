// `walt node expose`: a TCP port of this machine leads to one of a node, for as long as the command runs.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Client } from '../../../client.ts';
import { type Command, type Io, YES_OPTION } from '../../../command-line/command.ts';
import { CommandError } from '../../../command-line/command-error.ts';
import { confirmOthers } from '../../../names/others-nodes.ts';

/** Nobody else on the network of this machine is let in. */
const HOST = '127.0.0.1';
/** Each is a process of the server. */
const MOST_CONNECTIONS = 64;

export const nodeExpose: Command = {
  category: 'node',
  name: 'expose',
  help: 'let a TCP port of this machine lead to one of a node, until ctrl-C',
  arguments: [
    { name: 'NODE', help: 'its name', names: 'node' },
    { name: 'PORT', help: 'of the node' },
    { name: 'LOCALPORT', help: 'of this machine, on 127.0.0.1' },
  ],
  options: [YES_OPTION],
  async run(client, args, io) {
    const [node = '', port = '', local = ''] = args.words;
    const asked = { node, port: readPort(port) };
    const localPort = readPort(local);
    const takesOthers = await confirmOthers([node], { client, args, io });
    await client.call('nodes.show', { node });
    const server = createServer({ allowHalfOpen: true }, (socket) =>
      serve(socket, { client, io, asked: { ...asked, takesOthers } }),
    );
    server.maxConnections = MOST_CONNECTIONS;
    await listen(server, localPort);
    io.note(`${HOST}:${localPort} leads to port ${port} of ${node} (ctrl-C to stop)`);
    if (!io.signal.aborted) await once(io.signal, 'abort');
    server.close();
    throw new CommandError('It is over.');
  },
};

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new CommandError(`'${text}' is no TCP port, expected a number from 1 to 65535`);
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, HOST);
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'EADDRINUSE' ? 'another program has this port' : cause.message;
    throw new CommandError(`Cannot listen on ${HOST}:${port}: ${why}`, { cause });
  });
}

type Serving = {
  readonly client: Client;
  readonly io: Io;
  readonly asked: { readonly node: string; readonly port: number; readonly takesOthers: boolean };
};

/** Each connection has a request of its own. What fails is said, and ends that connection alone. */
function serve(socket: Socket, serving: Serving): void {
  socket.on('error', () => undefined);
  carry(socket, serving)
    .catch((thrown: unknown) => {
      if (serving.io.signal.aborted) return;
      if (!(thrown instanceof CommandError)) throw thrown;
      serving.io.note(thrown.message);
    })
    .finally(() => socket.destroy());
}

async function carry(socket: Socket, { client, asked }: Serving): Promise<void> {
  for await (const line of client.lines('nodes.connect', asked)) {
    if (line.kind === 'shell') {
      // Where the node has closed its side, what comes is for nobody.
      send(socket, { client, id: line.id }).catch(() => undefined);
    }
    if (
      line.kind === 'output' &&
      !line.isError &&
      !socket.write(Buffer.from(line.data, 'base64'))
    ) {
      await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
    }
    if (line.kind === 'failed') throw new CommandError(line.error);
    if (line.kind === 'ended' || socket.destroyed) break;
  }
  if (!socket.destroyed) await new Promise<void>((resolve) => socket.end(resolve));
}

async function send(
  socket: Socket,
  { client, id }: { readonly client: Client; readonly id: string },
): Promise<void> {
  for await (const bytes of socket) {
    await client.call('shells.type', { id, data: (bytes as Buffer).toString('base64') });
  }
  await client.call('shells.type', { id, isEnd: true });
}
