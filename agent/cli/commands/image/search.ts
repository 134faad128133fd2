// `walt image search`: what could be cloned.
import { oneLine } from '../../../host/shown-text.ts';
import { type Command, JSON_OPTION } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';

export const imageSearch: Command = {
  category: 'image',
  name: 'search',
  help: 'list images that can be cloned: of other users and of registries',
  arguments: [{ name: 'KEYWORD', help: 'part of the name', isOptional: true }],
  options: [JSON_OPTION],
  async run(client, { words: [keyword = ''], flags }, io) {
    const reply = await client.call('images.search', { keyword });
    if (flags.has('json')) io.out(JSON.stringify(reply, null, 2));
    else for (const link of reply.links) io.out(oneLine(link));
    for (const problem of reply.problems) io.note(oneLine(problem));
    if (reply.links.length > 0) return;
    if (reply.problems.length === 0) return io.note('No image was found.');
    throw new CommandError('No image was found where the search went.');
  },
};
