// Connects the terminal, or standard input and output, to a program that the server runs.
import type { ImageLine } from '../../api/calls/lines/image-line.ts';
import type { ProgramLine } from '../../api/calls/lines/program-line.ts';
import type { Asked, Client } from '../client.ts';
import type { Io } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';
import { stepText } from './follow-image.ts';

type Ended<Line> = Extract<Line, { readonly kind: 'ended' }> & { readonly id: string };

/** Whether what is typed goes to the program. */
type How = { readonly isDeaf?: boolean };

/**
 * Lets the person work in a program, or see what it does, until that ends.
 * @param lines of a call that runs a shell or another program
 * @returns how it ended. The session of a shell goes on for as long as the lines are read
 * @throws {CommandError} if it does not run; {NoServerError} if the server goes
 */
export async function runRemotely<Line extends ImageLine | ProgramLine>(
  lines: AsyncIterator<Line>,
  { client, io, isDeaf = false }: How & { readonly client: Client; readonly io: Io },
): Promise<Ended<Line>> {
  let id = '';
  let disconnect = () => {};
  try {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw new CommandError('The server ended before the program did.');
      const line: ImageLine | ProgramLine = value;
      if (line.kind === 'step') io.live.show(stepText(line.text));
      if (line.kind === 'failed') throw new CommandError(line.error);
      if (line.kind === 'shell') {
        io.live.clear();
        ({ id } = line);
        if (!isDeaf) disconnect = connect(client, id, io);
      }
      if (line.kind === 'output') {
        await io.wire.write(Buffer.from(line.data, 'base64'), { isError: line.isError });
      }
      if (line.kind === 'ended') return { ...(line as Ended<Line>), id };
    }
  } finally {
    disconnect();
    io.live.clear();
  }
}

function connect(client: Client, id: string, { wire }: Io): () => void {
  const type = async (typed: Omit<Asked<'shells.type'>, 'id'>) => {
    // A program that has ended, or a server that has gone, is noticed by the lines of the program.
    await client.call('shells.type', { id, ...typed }).catch(() => undefined);
  };
  return wire.connect({
    onInput: (bytes) => type({ data: Buffer.from(bytes).toString('base64') }),
    onEnd: () => type({ isEnd: true }),
    onResize: (size) => {
      client.call('shells.resize', { id, ...size }).catch(() => undefined);
    },
  });
}
