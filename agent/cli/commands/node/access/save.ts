// `walt node save`: what changed on a running node becomes an image of yours.
import {
  type Command,
  FORCE_OPTION,
  JSON_RESULT_OPTION,
  YES_OPTION,
} from '../../../command-line/command.ts';
import { confirmOthers } from '../../../names/others-nodes.ts';
import { followImage, imageResult } from '../../../terminal/follow-image.ts';

export const nodeSave: Command = {
  category: 'node',
  name: 'save',
  help: 'make an image of yours of a running node, with what changed there',
  arguments: [
    { name: 'NODE', help: 'its name', names: 'node' },
    { name: 'IMAGE', help: 'name of the image, as web:v2', names: 'own-image' },
  ],
  options: [FORCE_OPTION, YES_OPTION, JSON_RESULT_OPTION],
  async run(client, args, io) {
    const [node = '', name = ''] = args.words;
    const { flags } = args;
    const takesOthers = await confirmOthers([node], { client, args, io });
    const asked = { node, name, takesOthers, force: flags.has('force') };
    const image = await followImage(client.lines('nodes.save', asked), io);
    io.out(imageResult(image, flags));
  },
};
