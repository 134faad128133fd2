// `walt advanced update-default-images`: default images as the places have them now where images come from.
import type { UpdateLine } from '../../api/calls/images.ts';
import { type Command, JSON_OPTION } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';
import { nodesText } from '../names/node-names.ts';
import { stepText } from '../terminal/follow-image.ts';

type Line = Extract<UpdateLine, { kind: 'image' }>;

export const updateDefaultImages: Command = {
  category: 'advanced',
  name: 'update-default-images',
  help: 'look for newer default images where they come from; nodes get them at their next boot',
  options: [
    { name: 'dry-run', help: 'only say what there is' },
    { ...JSON_OPTION, help: 'print JSON, once all is done' },
  ],
  async run(client, { flags }, io) {
    const images: Line[] = [];
    const asked = { dryRun: flags.has('dry-run') };
    let isWhole = false;
    for await (const line of client.lines('images.updateDefaults', asked)) {
      if (line.kind === 'failed') throw new CommandError(line.error);
      if (line.kind === 'done') isWhole = true;
      if (line.kind === 'step') io.live.show(stepText(line.text));
      if (line.kind !== 'image') continue;
      io.live.clear();
      images.push(line);
      if (!flags.has('json') && line.error === null) io.out(lineText(line));
    }
    io.live.clear();
    if (!isWhole) throw new CommandError('The server ended before all was looked for.');
    const views = images.map(({ kind: _kind, ...image }) => image);
    if (flags.has('json')) io.out(JSON.stringify({ images: views }, null, 2));
    if (images.length === 0) {
      return io.note('There is no default image yet: the first machine of a model brings one.');
    }
    const failed = images.filter(({ error }) => error !== null);
    if (failed.length === 0) return;
    throw new CommandError(failed.map(({ name, error }) => `${name}: ${error}`).join('\n'));
  },
};

function lineText({ name, state, from, nodes }: Line): string {
  if (state === 'current') return `${name}: is as ${from} has it.`;
  if (state === 'found') return `${name}: ${from} has other content. Nothing was changed.`;
  const who =
    nodes.length === 0 ? 'No node boots it now.' : `${nodesText(nodes)}: at the next boot.`;
  return `${name}: updated from ${from}. ${who}`;
}
