// `walt image gc`: frees the disk of what no image and no node needs.
import type { Client } from '../../client.ts';
import {
  type Args,
  type Command,
  type Io,
  JSON_OPTION,
  YES_OPTION,
} from '../../command-line/command.ts';
import { isOfOther } from '../../names/image-names.ts';
import { confirm } from '../../terminal/confirm.ts';
import { table } from '../../texts/table.ts';

export const imageGc: Command = {
  category: 'image',
  name: 'gc',
  help: 'free disk space that no image needs, and list the images that nobody uses',
  options: [
    {
      name: 'unused',
      help: 'remove the images that no node had for long, too (images.unusedDays)',
    },
    YES_OPTION,
    JSON_OPTION,
  ],
  async run(client, args, io) {
    const { flags } = args;
    if (flags.has('unused')) await confirmOthersImages(client, args, io);
    const reply = await client.call('images.gc', { removeUnused: flags.has('unused') });
    if (flags.has('json')) return io.out(JSON.stringify(reply, null, 2));
    for (const name of reply.removed) io.out(`Removed image ${name}.`);
    io.out(`Freed ${megabytes(reply.freed)}.`);
    if (reply.unused.length === 0) return;
    const rows = reply.unused.map(({ name, days, size }) => [
      name,
      `${days} days`,
      megabytes(size),
    ]);
    io.out(`\nNot used for long:\n\n${table(['name', 'for', 'size'], rows, io.columns)}`);
    io.out('\nwalt image gc --unused removes them.');
  },
};

/** @throws {CommandError} if images of other users would be removed, and the person says no or cannot be asked */
async function confirmOthersImages(client: Client, { flags }: Args, io: Io): Promise<void> {
  const { unused } = await client.call('images.gc', { removeUnused: false });
  const names = unused.map(({ name }) => name).filter((name) => isOfOther(name, io.user));
  if (names.length === 0) return;
  const what = names.length === 1 ? 'This image belongs' : 'These images belong';
  await confirm(`${what} to other users and will be removed: ${names.join(', ')}.`, { io, flags });
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
