// `walt image remove`: takes images out of your working set.
import type { Command } from '../../command-line/command.ts';
import { OWN_IMAGE_ARGUMENT } from '../../names/image-names.ts';

export const imageRemove: Command = {
  category: 'image',
  name: 'remove',
  help: 'remove images of yours that no node boots',
  arguments: [{ ...OWN_IMAGE_ARGUMENT, isList: true }],
  async run(client, { words }, io) {
    for (const name of words) {
      await client.call('images.remove', { name });
      io.out(`Image ${name} is removed.`);
    }
  },
};
