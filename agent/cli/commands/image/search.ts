// `walt image search`: what could be cloned.
import type { FoundView } from '../../../api/calls/images.ts';
import { oneLine } from '../../../host/text/shown-text.ts';
import { type Command, JSON_OPTION, NAMES_ONLY_OPTION } from '../../command-line/command.ts';
import { table } from '../../texts/table.ts';

export const imageSearch: Command = {
  category: 'image',
  name: 'search',
  help: 'list images that can be cloned: of other users, of archives and of registries',
  arguments: [{ name: 'KEYWORD', help: 'part of the name', isOptional: true }],
  options: [{ ...NAMES_ONLY_OPTION, help: 'print links alone, one a line' }, JSON_OPTION],
  async run(client, { words: [keyword = ''], flags }, io) {
    const reply = await client.call('images.search', { keyword });
    const { images, problems } = reply;
    if (flags.has('json')) io.out(JSON.stringify(reply, null, 2));
    else if (flags.has('names-only')) for (const { link } of images) io.out(oneLine(link));
    else if (images.length > 0) io.out(table(COLUMNS, images.map(rowOf), io.columns));
    for (const problem of problems) io.note(oneLine(problem));
    if (images.length === 0) io.note('No image was found.');
  },
};

const COLUMNS = ['user', 'image', 'location', 'compatibility', 'clonable-image-link'];

function rowOf({ name, location, models, link }: FoundView): string[] {
  const [user = '', ...rest] = name.split('/');
  return [user, rest.join('/'), location, models === null ? '?' : models.join(','), link];
}
