// `walt image clone`: makes an image of yours from somebody else's.
import { type Command, FORCE_OPTION, JSON_RESULT_OPTION } from '../../command-line/command.ts';
import { followImage, imageResult } from '../../terminal/follow-image.ts';

export const imageClone: Command = {
  category: 'image',
  name: 'clone',
  help: 'make an image of yours from one of another user or a registry',
  arguments: [
    {
      name: 'LINK',
      help: 'LOCATION:user/name[:tag]; the location is walt (this server), docker, podman or a registry, as hub',
      names: 'link',
    },
    { name: 'NAME', help: 'what you call it', isOptional: true },
  ],
  options: [FORCE_OPTION, JSON_RESULT_OPTION],
  async run(client, { words: [source = '', name], flags }, io) {
    const named = name === undefined ? {} : { name };
    const asked = { source, ...named, force: flags.has('force') };
    const image = await followImage(client.lines('images.clone', asked), io);
    io.out(imageResult(image, flags));
  },
};
