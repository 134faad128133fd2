// `walt image rename`: give an image of yours another name.
import type { Command } from '../../command-line/command.ts';
import { OWN_IMAGE_ARGUMENT } from '../../names/image-names.ts';

export const imageRename: Command = {
  category: 'image',
  name: 'rename',
  help: 'give an image of yours another name',
  arguments: [OWN_IMAGE_ARGUMENT, { name: 'NEW', help: 'the other name, as web or web:v2' }],
  async run(client, { words: [name = '', to = ''] }, io) {
    const image = await client.call('images.rename', { name, to });
    io.out(`Image ${name} is now called ${image.name}.`);
  },
};
