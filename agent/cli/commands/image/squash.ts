// `walt image squash`: makes one layer of all layers of an image.
import { type Command, JSON_RESULT_OPTION } from '../../command-line/command.ts';
import { OWN_IMAGE_ARGUMENT } from '../../names/image-names.ts';
import { followImage, imageResult } from '../../terminal/follow-image.ts';

export const imageSquash: Command = {
  category: 'image',
  name: 'squash',
  help: 'make one layer of all layers of an image of yours',
  arguments: [OWN_IMAGE_ARGUMENT],
  options: [JSON_RESULT_OPTION],
  async run(client, { words: [name = ''], flags }, io) {
    const image = await followImage(client.lines('images.squash', { name }), io);
    io.out(imageResult(image, flags));
  },
};
