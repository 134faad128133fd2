// Which images a Dockerfile starts from.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RequestError } from '../../../errors.ts';
import { fullImageName } from '../../content/image.ts';

/** What it may be called; the first that is there counts. */
export const DOCKERFILES = ['Containerfile', 'Dockerfile'];
/** As `walt image clone` takes them; `host:5000/name` of a registry is none. */
const CLONE_LINK = /^([a-z][\w-]*):(?!\d+\/)(\S*\/\S*)$/;
const FROM = /^\s*FROM\s+(?:--\S+\s+)*(\S+)/gim;

/**
 * Names of images in `FROM` lines, as far as they have the form `owner/name`.
 * @param context a folder; of anything else nothing is known
 * @throws {RequestError} for a line that has a clone link
 */
export async function baseImages(context: string): Promise<string[]> {
  for (const file of DOCKERFILES) {
    const text = await readFile(join(context, file), 'utf8').catch(() => undefined);
    if (text !== undefined) return imagesOf(text);
  }
  return [];
}

function imagesOf(text: string): string[] {
  const names = [...text.matchAll(FROM)].map(([, name = '']) => imageName(name));
  return [...new Set(names.filter((name) => name !== undefined))];
}

function imageName(text: string): string | undefined {
  const [, prefix, name] = CLONE_LINK.exec(text) ?? [];
  if (prefix === 'walt') {
    throw new RequestError(
      400,
      `A Dockerfile names images of this server without walt: (FROM ${name})`,
    );
  }
  if (prefix !== undefined) {
    throw new RequestError(
      400,
      `FROM ${text}: a Dockerfile takes no clone link; name the image as its registry does, or FROM what walt image clone ${text} makes`,
    );
  }
  try {
    return fullImageName(text);
  } catch (thrown) {
    if (thrown instanceof RequestError) return undefined;
    throw thrown;
  }
}
