// Boot media by name, as the server has them.
import type { MediumView } from '../../api/calls/media.ts';
import { didYouMean } from '../../host/text/nearest.ts';
import type { Client } from '../client.ts';
import { CommandError } from '../command-line/command-error.ts';

/** What is said where there is none. */
export const NO_MEDIA =
  'This installation has no boot media. Build them with npm run media -- pc, or say where they are: media.folder in the configuration.';

/** @throws {CommandError} naming the media that there are */
export async function mediumNamed(client: Client, name: string): Promise<MediumView> {
  const { media } = await client.call('media.list');
  const medium = media.find((one) => one.name === name);
  if (medium !== undefined) return medium;
  if (media.length === 0) throw new CommandError(NO_MEDIA);
  const names = media.map((one) => one.name);
  throw new CommandError(
    `There is no medium '${name}'.${didYouMean(name, names)}\nMedia: ${names.join(', ')}`,
  );
}
