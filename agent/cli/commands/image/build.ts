// `walt image build`: makes an image of yours from a Dockerfile.
import { resolve } from 'node:path';
import { type Command, FORCE_OPTION, JSON_RESULT_OPTION } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { followImage, imageResult } from '../../terminal/follow-image.ts';

export const imageBuild: Command = {
  category: 'image',
  name: 'build',
  help: 'make an image of yours from a Dockerfile',
  arguments: [{ name: 'NAME', help: 'what you call it' }],
  options: [
    { name: 'from-dir', value: 'FOLDER', help: 'where the Dockerfile and its files are' },
    { name: 'from-url', value: 'URL', help: 'git repository or tar with the Dockerfile' },
    { name: 'sub-dir', value: 'PATH', help: 'folder of the git repository with the Dockerfile' },
    FORCE_OPTION,
    JSON_RESULT_OPTION,
  ],
  async run(client, { words: [name = ''], values, flags }, io) {
    const context = contextOf(values, io.folder);
    const asked = { context, name, force: flags.has('force') };
    const image = await followImage(client.lines('images.build', asked), io);
    io.out(imageResult(image, flags));
  },
};

function contextOf(values: ReadonlyMap<string, string>, folder: string): string {
  const directory = values.get('from-dir');
  const url = values.get('from-url');
  const sub = values.get('sub-dir');
  if ((directory === undefined) === (url === undefined)) {
    throw new CommandError('walt image build: give either --from-dir or --from-url');
  }
  if (directory !== undefined && sub !== undefined) {
    throw new CommandError('walt image build: --sub-dir goes with --from-url only');
  }
  if (directory !== undefined) return resolve(folder, directory);
  if (!/^(https?|git):\/\//.test(`${url}`)) {
    throw new CommandError(
      `Cannot build from '${url}': expected a URL that begins with https://, http:// or git://`,
    );
  }
  // As buildah takes it: URL#branch:folder, an empty branch being the default one.
  return sub === undefined ? `${url}` : `${url}#:${sub}`;
}
