// `walt image import`: brings an image from disk into the server.
import { resolve } from 'node:path';
import { type Command, JSON_RESULT_OPTION, YES_OPTION } from '../../command-line/command.ts';
import { confirm } from '../../terminal/confirm.ts';
import { followImage, imageResult, OthersImage } from '../../terminal/follow-image.ts';

export const imageImport: Command = {
  category: 'image',
  name: 'import',
  help: 'bring an image in from an archive of docker save or podman save, an OCI archive or an OCI layout folder',
  arguments: [{ name: 'SOURCE', help: 'the archive (tar) or the folder' }],
  options: [
    {
      name: 'name',
      value: 'NAME',
      help: 'owner/name, instead of the name that the archive has; of several images, which one',
    },
    YES_OPTION,
    JSON_RESULT_OPTION,
  ],
  async run(client, { words: [source = ''], values, flags }, io) {
    const name = values.get('name');
    const asked = {
      source: resolve(io.folder, source),
      ...(name === undefined ? {} : { name }),
    };
    const take = (force: boolean) =>
      followImage(client.lines('images.import', { ...asked, force }), io);
    const image = await take(flags.has(YES_OPTION.name)).catch(async (thrown: unknown) => {
      if (!(thrown instanceof OthersImage)) throw thrown;
      await confirm(thrown.message, { io, flags });
      return await take(true);
    });
    io.out(imageResult(image, flags));
  },
};
