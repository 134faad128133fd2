// `walt image duplicate`: give the content of an image of yours a second name.
import type { Command } from '../../command-line/command.ts';
import { OWN_IMAGE_ARGUMENT } from '../../names/image-names.ts';

export const imageDuplicate: Command = {
  category: 'image',
  name: 'duplicate',
  help: 'give the content of an image of yours a second name',
  arguments: [OWN_IMAGE_ARGUMENT, { name: 'NEW', help: 'the other name, as web or web:v2' }],
  async run(client, { words: [name = '', to = ''] }, io) {
    const image = await client.call('images.duplicate', { name, to });
    io.out(`Image ${name} is there as ${image.name}.`);
  },
};
