// `walt image import`: brings an image from disk into the server.
import { resolve } from 'node:path';
import type { Client } from '../../client.ts';
import {
  type Args,
  type Command,
  type Io,
  JSON_RESULT_OPTION,
  YES_OPTION,
} from '../../command-line/command.ts';
import { isOfOther } from '../../names/image-names.ts';
import { confirm } from '../../terminal/confirm.ts';
import { followImage, imageResult } from '../../terminal/follow-image.ts';

export const imageImport: Command = {
  category: 'image',
  name: 'import',
  help: 'bring an image in from an OCI archive or an OCI layout folder',
  arguments: [{ name: 'SOURCE', help: 'the archive (tar) or the folder' }],
  options: [
    { name: 'name', value: 'NAME', help: 'owner/name, instead of the name that the archive has' },
    YES_OPTION,
    JSON_RESULT_OPTION,
  ],
  async run(client, { words: [source = ''], values, flags }, io) {
    const name = values.get('name');
    if (name !== undefined) await confirmReplacing(client, name, { io, flags });
    const asked = {
      source: resolve(io.folder, source),
      ...(name === undefined ? {} : { name }),
    };
    const image = await followImage(client.lines('images.import', asked), io);
    io.out(imageResult(image, flags));
  },
};

/** @throws {CommandError} if another user has an image of this name, and the person says no or cannot be asked */
async function confirmReplacing(
  client: Client,
  name: string,
  { io, flags }: { readonly io: Io; readonly flags: Args['flags'] },
): Promise<void> {
  if (!isOfOther(name, io.user)) return;
  const full = name.includes(':') ? name : `${name}:latest`;
  const { images } = await client.call('images.list');
  if (!images.some((image) => image.name === full)) return;
  await confirm(`Image ${full} belongs to another user and will be replaced.`, { io, flags });
}
