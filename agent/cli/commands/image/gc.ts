// `walt image gc`: frees the disk of what no image and no node needs.
import { type Command, JSON_OPTION } from '../../command-line/command.ts';
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
    JSON_OPTION,
  ],
  async run(client, { flags }, io) {
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
    io.out(`\nNot used for long:\n\n${table(['name', 'for', 'size'], rows)}`);
    io.out('\nwalt image gc --unused removes them.');
  },
};

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
