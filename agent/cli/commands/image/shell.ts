// `walt image shell`: a shell in an image of yours; what it changes can be saved.
import { spawn } from 'node:child_process';
import type { Client } from '../../client.ts';
import { type Args, type Command, FORCE_OPTION, type Io } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { OWN_IMAGE_ARGUMENT } from '../../names/image-names.ts';
import { followImage, imageText, stepText } from '../../terminal/follow-image.ts';

const NOTHING = '-';

export const imageShell: Command = {
  category: 'image',
  name: 'shell',
  help: 'open a shell in an image of yours, and save what you change',
  arguments: [OWN_IMAGE_ARGUMENT],
  options: [
    {
      name: 'save',
      value: 'NAME',
      help: 'save under this name, which may be the same, without asking',
    },
    FORCE_OPTION,
  ],
  async run(client, args, io) {
    const [name = ''] = args.words;
    if (io.ask === undefined && !args.values.has('save')) {
      throw new CommandError(
        'walt image shell: there is no terminal to ask on. Add --save NAME; the commands come from standard input.',
      );
    }
    const asked = { name, hasTerminal: io.ask !== undefined };
    try {
      for await (const line of client.lines('images.shell', asked)) {
        if (line.kind === 'step') io.live.show(stepText(line.text));
        if (line.kind === 'failed') throw new CommandError(line.error);
        if (line.kind !== 'shell') continue;
        io.live.clear();
        // Leaving the loop ends the request, and with it the container.
        return await work(client, { name, id: line.id, command: line.command, args }, io);
      }
    } finally {
      io.live.clear();
    }
    throw new CommandError('The server ended before there was a shell.');
  },
};

type Session = {
  readonly name: string;
  readonly id: string;
  readonly command: readonly string[];
  readonly args: Args;
};

async function work(client: Client, { name, id, command, args }: Session, io: Io): Promise<void> {
  const code = await runShell(command);
  const isScript = io.ask === undefined;
  if (isScript && code !== 0)
    throw new CommandError(`The shell ended with status ${code}. Nothing was saved.`);
  const wanted = args.values.get('save') ?? (await askName(name, io));
  if (wanted === NOTHING) return io.note('Nothing was saved.');
  const force = args.flags.has('force') || wanted === name;
  const image = await followImage(client.lines('images.save', { id, name: wanted, force }), io);
  io.out(`${imageText(image)} Nodes get it when they boot.`);
}

async function runShell([program = '', ...args]: readonly string[]): Promise<number | null> {
  // ctrl-C is for what runs in the shell.
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  const child = spawn(program, args, { stdio: 'inherit' });
  try {
    return await new Promise<number | null>((resolve, reject) => {
      child.once('close', resolve);
      child.once('error', (cause) =>
        reject(new CommandError(`Cannot run ${program}: ${cause.message}`)),
      );
    });
  } finally {
    process.off('SIGINT', ignore);
  }
}

async function askName(name: string, { ask }: Io): Promise<string> {
  const answer = await ask?.(`Save as (return: ${name}, ${NOTHING}: do not save)? `);
  return answer?.trim() || name;
}
