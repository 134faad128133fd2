// Where the files that come with this program are: beside the sources, beside release/, or where a package puts them.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError } from '../errors.ts';
import type { Config } from './config.ts';

/** Folders of files that reach machines. */
export type InstalledFiles = {
  /** laid over every image */
  readonly overlay: string;
  /** what machines boot from without a medium; without it they boot from media alone */
  readonly pxeFolder?: string;
  /** of the Raspberry Pi's own files; servers without such boards need none */
  readonly piFolder?: string;
  /** of the page that browsers get; without it the API has none */
  readonly pageFolder?: string;
  /** of the media that people put in machines */
  readonly mediaFolder?: string;
};

/** From /usr/lib/walt, where the Debian package has the program. */
const PACKAGED = '../../share/walt';
const PAGE_PLACES = ['../release/dist/page', 'page', join(PACKAGED, 'page')];

/**
 * The folders that the configuration names, or else those that come with the program.
 * @param program folder of the program's first file
 * @throws {ConfigError} if one that is named or needed is not there
 */
export function installedFiles(config: Config, program: string): InstalledFiles {
  const pxeFolder = optional(config.pxe.folder, { key: 'pxe.folder', name: 'pxe', program });
  const pageFolder = first(program, PAGE_PLACES);
  const piFolder = optional(config.rpi.folder, { key: 'rpi.folder', name: 'rpi', program });
  return {
    overlay: config.images.overlay ?? overlayOf(program),
    ...(pxeFolder === undefined ? {} : { pxeFolder }),
    ...(pageFolder === undefined ? {} : { pageFolder }),
    ...(piFolder === undefined ? {} : { piFolder }),
    ...mediaOf(config.media.folder, program),
  };
}

function mediaOf(said: string | undefined, program: string): { readonly mediaFolder?: string } {
  const places = ['../release/dist', '../../release/dist', join(PACKAGED, 'media')];
  const mediaFolder = said === undefined ? first(program, places) : resolve(said);
  if (mediaFolder === undefined) return {};
  if (said === undefined || existsSync(said)) return { mediaFolder };
  throw new ConfigError(
    `Cannot use media.folder: there is no folder ${said}. ` +
      'Make it with `npm run media -- pc`, or leave the key out.',
  );
}

type Place = { readonly key: string; readonly name: 'pxe' | 'rpi'; readonly program: string };

function optional(said: string | undefined, { key, name, program }: Place): string | undefined {
  if (said === undefined) {
    const inCheckout = ['../release/dist', '../../release/dist'].map((dist) => join(dist, name));
    return first(program, [...inCheckout, name, join(PACKAGED, name)]);
  }
  if (existsSync(said)) return resolve(said);
  throw new ConfigError(
    `Cannot use ${key}: there is no folder ${said}. ` +
      `Make it with \`npm run media -- ${name}\`, or leave the key out.`,
  );
}

function overlayOf(program: string): string {
  const folder = 'buildroot-overlay';
  const places = [`../${folder}`, `../../${folder}`, `${PACKAGED}/${folder}`];
  const found = first(program, places);
  if (found !== undefined) return found;
  const looked = places.map((place) => join(program, place)).join(', ');
  throw new ConfigError(
    `Cannot find the node side (folder ${folder}) in any of ${looked}. ` +
      'Say where it is: images.overlay in the configuration.',
  );
}

function first(program: string, places: readonly string[]): string | undefined {
  return places.map((place) => join(program, place)).find((folder) => existsSync(folder));
}
