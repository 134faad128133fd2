// `walt image publish`: sends an image of yours to a registry.
import { type Command, JSON_RESULT_OPTION } from '../../command-line/command.ts';
import { OWN_IMAGE_ARGUMENT } from '../../names/image-names.ts';
import { followImage } from '../../terminal/follow-image.ts';

export const imagePublish: Command = {
  category: 'image',
  name: 'publish',
  help: 'send an image of yours to a registry',
  arguments: [OWN_IMAGE_ARGUMENT],
  options: [
    { name: 'registry', value: 'NAME', help: 'one of images.registries (default: the first one)' },
    JSON_RESULT_OPTION,
  ],
  async run(client, { words: [name = ''], values, flags }, io) {
    const to = values.get('registry');
    const asked = { name, ...(to === undefined ? {} : { to }) };
    const image = await followImage(client.lines('images.publish', asked), io);
    io.out(
      flags.has('json') ? JSON.stringify(image, null, 2) : `Image ${image.name} is published.`,
    );
  },
};
