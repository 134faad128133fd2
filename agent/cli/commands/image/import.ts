// `walt image import`: brings an image from disk into the server.
import { resolve } from 'node:path';
import { type Command, JSON_RESULT_OPTION } from '../../command-line/command.ts';
import { followImage, imageResult } from '../../terminal/follow-image.ts';

export const imageImport: Command = {
  category: 'image',
  name: 'import',
  help: 'bring an image in from an OCI archive or an OCI layout folder',
  arguments: [{ name: 'SOURCE', help: 'the archive (tar) or the folder' }],
  options: [
    { name: 'name', value: 'NAME', help: 'owner/name, instead of the name that the archive has' },
    JSON_RESULT_OPTION,
  ],
  async run(client, { words: [source = ''], values, flags }, io) {
    const name = values.get('name');
    const asked = {
      source: resolve(io.folder, source),
      ...(name === undefined ? {} : { name }),
    };
    const image = await followImage(client.lines('images.import', asked), io);
    io.out(imageResult(image, flags));
  },
};
