// `walt image shell`: a shell in an image of yours; what it changes can be saved, or picked up for an hour.
import type { Client } from '../../client.ts';
import {
  type Args,
  type Command,
  FORCE_OPTION,
  type Io,
  JSON_OPTION,
} from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { OWN_IMAGE_ARGUMENT, shortImageName } from '../../names/image-names.ts';
import { keptShell, keptText, resumeHint, shortId } from '../../names/kept-shells.ts';
import { NoServerError } from '../../no-server-error.ts';
import { followImage, imageText } from '../../terminal/follow-image.ts';
import { runRemotely } from '../../terminal/remote-shell.ts';
import { table } from '../../texts/table.ts';
import { dateAndTime } from '../../texts/time.ts';

const NOTHING = '-';

export const imageShell: Command = {
  category: 'image',
  name: 'shell',
  help: 'open a shell in an image of yours, and save what you change',
  arguments: [{ ...OWN_IMAGE_ARGUMENT, isOptional: true }],
  options: [
    {
      name: 'save',
      value: 'NAME',
      help: 'save under this name, which may be the same, without asking',
    },
    FORCE_OPTION,
    {
      name: 'kept',
      help: 'list the shells that you left without saving; each is kept for an hour',
    },
    { name: 'resume', value: 'ID', help: 'go on in a shell that is kept' },
    { name: 'drop', value: 'ID', help: 'give up a shell that is kept' },
    { ...JSON_OPTION, help: 'with --kept: print JSON' },
  ],
  async run(client, args, io) {
    const way = wayOf(args);
    if (way === 'kept') return await listKept(client, args, io);
    if (way === 'drop') {
      const { id } = await keptShell(client, args.values.get('drop') ?? '');
      await client.call('images.dropShell', { id });
      return io.out(`Shell ${shortId(id)} is given up.`);
    }
    if (io.ask === undefined && !args.values.has('save')) {
      throw new CommandError(
        'walt image shell: there is no terminal to ask on. Add --save NAME; the commands come from standard input.',
      );
    }
    await work(client, args, io);
  },
};

function wayOf({ words, values, flags }: Args): 'image' | 'kept' | 'resume' | 'drop' {
  const ways = [
    ...(words.length > 0 ? (['image'] as const) : []),
    ...(flags.has('kept') ? (['kept'] as const) : []),
    ...(['resume', 'drop'] as const).filter((way) => values.has(way)),
  ];
  const [way] = ways;
  if (way !== undefined && ways.length === 1) return way;
  throw new CommandError('walt image shell: give either IMAGE, --resume ID, --drop ID or --kept');
}

async function listKept(client: Client, { flags }: Args, io: Io): Promise<void> {
  const reply = await client.call('images.keptShells');
  if (flags.has('json')) return io.out(JSON.stringify(reply, null, 2));
  if (reply.shells.length === 0) return io.note('No shell of yours is kept.');
  const rows = reply.shells.map(({ id, image, since, until }) => [
    ...[shortId(id), shortImageName(image), dateAndTime(since), dateAndTime(until)],
  ]);
  io.out(table(['id', 'image', 'left', 'kept-until'], rows, io.columns));
}

async function work(client: Client, args: Args, io: Io): Promise<void> {
  const { name, lines } = await open(client, args, io);
  let leave: (() => Promise<string>) | undefined;
  try {
    const ended = await runRemotely(lines, { client, io });
    if (ended.hasUnsaved) leave = () => keptText(client, ended.id);
    const isSaved = await save(client, { ...ended, name, args }, io);
    if (isSaved) leave = undefined;
  } finally {
    // Ends the request; what is not saved is kept then.
    await lines.return(undefined);
    if (leave !== undefined && !io.signal.aborted) io.note(await leave());
  }
}

async function open(client: Client, { words: [image], values }: Args, io: Io) {
  const terminal = io.ask === undefined ? undefined : io.wire.terminal();
  if (image !== undefined) {
    await noteKept(client, image, io);
    const lines = client.lines('images.shell', { name: image, terminal });
    return { name: image, lines };
  }
  const kept = await keptShell(client, values.get('resume') ?? '');
  const lines = client.lines('images.resumeShell', { id: kept.id, terminal });
  return { name: shortImageName(kept.image), lines };
}

async function noteKept(client: Client, image: string, { user, note }: Io): Promise<void> {
  const { shells } = await client.call('images.keptShells');
  const full = `${user}/${image.includes(':') ? image : `${image}:latest`}`;
  for (const shell of shells.filter((one) => one.image === full)) {
    note(
      `You left a shell of ${image} without saving, ${dateAndTime(shell.since)}: ${resumeHint(shell.id)}`,
    );
  }
}

type EndedShell = {
  readonly id: string;
  /** null where a signal ended it */
  readonly status: number | null;
  readonly hasUnsaved: boolean;
};

type Leaving = EndedShell & { readonly name: string; readonly args: Args };

/** @returns whether it was saved */
async function save(client: Client, leaving: Leaving, io: Io): Promise<boolean> {
  const { id, status, hasUnsaved, name, args } = leaving;
  const isScript = io.ask === undefined;
  if (isScript && status !== 0)
    throw new CommandError(`The shell ended with status ${status}. Nothing was saved.`);
  let wanted = args.values.get('save');
  if (wanted === undefined && !hasUnsaved) {
    io.note('Nothing was changed, so there is nothing to save.');
    return false;
  }
  for (;;) {
    wanted ??= await askName(name, io);
    if (wanted === NOTHING) {
      io.note('Nothing was saved.');
      return false;
    }
    try {
      const force = args.flags.has('force');
      const image = await followImage(client.lines('images.save', { id, name: wanted, force }), io);
      io.out(`${imageText(image)} Nodes get it when they boot.`);
      return true;
    } catch (refused) {
      if (isScript || !(refused instanceof CommandError) || refused instanceof NoServerError)
        throw refused;
      io.note(refused.message);
      wanted = undefined;
    }
  }
}

/** @throws {CommandError} if the person left the question: whoever leaves does not save */
async function askName(name: string, { ask }: Io): Promise<string> {
  const answer = await ask?.(`Save as (return: ${name}, ${NOTHING}: do not save)? `);
  if (answer === undefined) throw new CommandError('\nNothing was saved.');
  return answer.trim() || name;
}
