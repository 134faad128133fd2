// `walt image show`: the images that nodes can boot.
import type { ImageView } from '../../../api/calls/lines/image-line.ts';
import { type Command, JSON_OPTION, NAMES_ONLY_OPTION } from '../../command-line/command.ts';
import { shortImageName } from '../../names/image-names.ts';
import { FREE_OWNER } from '../../names/node-names.ts';
import { table } from '../../texts/table.ts';
import { dateAndTime } from '../../texts/time.ts';

export const imageShow: Command = {
  category: 'image',
  name: 'show',
  help: 'list your images, or all images of this server',
  options: [
    { name: 'all', help: 'default images and those of other users too' },
    { name: 'refresh', help: 'look first at the disk whether the content of all is there' },
    NAMES_ONLY_OPTION,
    JSON_OPTION,
  ],
  async run(client, { flags }, io) {
    if (flags.has('refresh')) {
      const { problems } = await client.call('images.refresh');
      for (const problem of problems) io.note(problem);
    }
    const { images } = await client.call('images.list');
    const wanted = images
      .filter(({ name }) => flags.has('all') || ownerOf(name) === io.user)
      .toSorted((left, right) => left.name.localeCompare(right.name));
    if (flags.has('json')) return io.out(JSON.stringify({ images: wanted }, null, 2));
    const nameOf = flags.has('all')
      ? ({ name }: ImageView) => name
      : ({ name }: ImageView) => shortImageName(name);
    if (flags.has('names-only')) {
      for (const image of wanted) io.out(nameOf(image));
      return;
    }
    if (wanted.length === 0) return io.note(hint(images));
    const rows = wanted.map((image) => [nameOf(image), ...cells(image)]);
    io.out(table(['name', 'in-use', 'created', 'compatibility'], rows, io.columns));
  },
};

function cells({ inUse, created, models }: ImageView): string[] {
  return [inUse ? 'yes' : 'no', dateAndTime(created), models.join(',')];
}

function ownerOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}

function hint(images: readonly ImageView[]): string {
  if (images.length === 0) {
    return 'There is no image yet. walt help show images-import says how to bring one in.';
  }
  const standard = images
    .filter(({ name }) => ownerOf(name) === FREE_OWNER)
    .map(({ name }) => name);
  const defaults = standard.length === 0 ? '' : ` Default images: ${standard.join(', ')}.`;
  return (
    `You have no image yet.${defaults} walt node acquire NODE or walt image clone walt:OWNER/NAME makes one; ` +
    'walt image show --all lists all.'
  );
}
