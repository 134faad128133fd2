// Connects the terminal, or standard input and output, to a shell that the server runs.
import type { ImageLine } from '../../api/calls/image-line.ts';
import type { Asked, Client } from '../client.ts';
import type { Io } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';
import { stepText } from './follow-image.ts';

/** How a shell has ended. Its session goes on for as long as the lines are read. */
export type EndedShell = {
  readonly id: string;
  /** null where a signal ended it */
  readonly status: number | null;
  readonly hasUnsaved: boolean;
};

/**
 * Lets the person work in a shell until that ends.
 * @param lines of `images.shell` or `images.resumeShell`
 * @throws {CommandError} if there is no shell; {NoServerError} if the server goes
 */
export async function runRemoteShell(
  lines: AsyncIterator<ImageLine>,
  { client, io }: { readonly client: Client; readonly io: Io },
): Promise<EndedShell> {
  let id = '';
  let disconnect = () => {};
  try {
    for (;;) {
      const { value: line, done } = await lines.next();
      if (done === true) throw new CommandError('The server ended before the shell did.');
      if (line.kind === 'step') io.live.show(stepText(line.text));
      if (line.kind === 'failed') throw new CommandError(line.error);
      if (line.kind === 'shell') {
        io.live.clear();
        ({ id } = line);
        disconnect = connect(client, id, io);
      }
      if (line.kind === 'output') {
        await io.wire.write(Buffer.from(line.data, 'base64'), { isError: line.isError });
      }
      if (line.kind === 'ended') return { id, status: line.status, hasUnsaved: line.hasUnsaved };
    }
  } finally {
    disconnect();
    io.live.clear();
  }
}

function connect(client: Client, id: string, { wire }: Io): () => void {
  const type = async (typed: Omit<Asked<'images.typeInShell'>, 'id'>) => {
    // A shell that has ended, or a server that has gone, is noticed by the lines of the shell.
    await client.call('images.typeInShell', { id, ...typed }).catch(() => undefined);
  };
  return wire.connect({
    onInput: (bytes) => type({ data: Buffer.from(bytes).toString('base64') }),
    onEnd: () => type({ isEnd: true }),
    onResize: (size) => {
      client.call('images.resizeShell', { id, ...size }).catch(() => undefined);
    },
  });
}
