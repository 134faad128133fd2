// `walt image import`: brings an image from disk into the server.
import { resolve } from 'node:path';
import type { ImageView, ImportLine } from '../../api/types.ts';
import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';

export const imageImport: Command = {
  category: 'image',
  name: 'import',
  help: 'bring an image in from an OCI archive or an OCI layout folder',
  arguments: [{ name: 'SOURCE', help: 'the archive (tar) or the folder' }],
  options: [
    { name: 'name', value: 'NAME', help: 'owner/name, instead of the name that the archive has' },
  ],
  async run(client, { words: [source = ''], values }, io) {
    const name = values.get('name');
    const body = {
      source: resolve(io.folder, source),
      ...(name === undefined ? {} : { name }),
    };
    try {
      for await (const line of client.lines<ImportLine>('/api/v1/images/import', body)) {
        if (line.kind === 'step') io.live.show(`${line.text}…`);
        if (line.kind === 'failed') throw new CommandError(line.error);
        if (line.kind !== 'done') continue;
        io.live.clear();
        return io.out(doneText(line.image));
      }
    } finally {
      io.live.clear();
    }
    throw new CommandError(
      'The server ended without saying whether the image is in. See walt image show.',
    );
  },
};

function doneText({ name, models, size }: ImageView): string {
  return `Image ${name} is ready for ${models.join(', ')} (${Math.round(size / 1_000_000)} MB).`;
}
