// `walt image show`: the images that nodes can boot.
import type { ImageView } from '../../../api/calls/lines/image-line.ts';
import { sizeText } from '../../../host/text/size-text.ts';
import type { Reply } from '../../client.ts';
import { type Command, JSON_OPTION, NAMES_ONLY_OPTION } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { shortImageName } from '../../names/image-names.ts';
import { FREE_OWNER } from '../../names/node-names.ts';
import { table } from '../../texts/table.ts';
import { dateAndTime } from '../../texts/time.ts';

export const imageShow: Command = {
  category: 'image',
  name: 'show',
  help: 'list your images, or all images of this server, or tell of one',
  arguments: [
    {
      name: 'IMAGE',
      help: 'an image, to see who boots it, and what its nodes fetch in one piece',
      isOptional: true,
      names: 'own-image',
    },
  ],
  options: [
    { name: 'all', help: 'default images and those of other users too' },
    { name: 'refresh', help: 'look first at the disk whether the content of all is there' },
    NAMES_ONLY_OPTION,
    JSON_OPTION,
  ],
  async run(client, { words: [name], flags }, io) {
    if (name !== undefined) {
      const ofMany = ['all', 'refresh', 'names-only'].find((flag) => flags.has(flag));
      if (ofMany !== undefined) {
        throw new CommandError(
          `walt image show: give the name of an image or --${ofMany}, not both`,
        );
      }
      const full = name.includes('/') ? name : `${io.user}/${name}`;
      const image = await client.call('images.show', { name: full });
      return io.out(flags.has('json') ? JSON.stringify(image, null, 2) : imageText(image));
    }
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

function imageText(image: Reply<'images.show'>): string {
  const { name, digest, models, created, size, nodes, labels, hotPacks } = image;
  const packs = hotPacks.map(
    ({ model, bytes, files }) => `${model}: ${sizeText(bytes)}, ${files} files`,
  );
  const lines = [
    ['name', name],
    ['digest', digest],
    ['for', models.join(', ')],
    ['created', dateAndTime(created)],
    ['size', sizeText(size)],
    ['booted by', nodes.join(', ') || 'no node'],
    ...Object.entries(labels).map(([key, value]) => ['label', `${key}=${value}`]),
    ...packs.map((text) => ['sent in one pack', text]),
  ];
  const width = Math.max(...lines.map(([key = '']) => key.length));
  return lines.map(([key = '', value = '']) => `${key.padEnd(width)}  ${value}`).join('\n');
}

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
