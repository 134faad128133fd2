// The images a person may name: their own, by `name` or `name:tag`; those of others are cloned first.
import { RequestError } from '../../errors.ts';
import { nearest } from '../../host/text/nearest.ts';
import { fullImageName, type Image, newImageName, ownerOf } from './image.ts';

/**
 * `web` of alice is `alice/web:latest`.
 * @throws {RequestError} if it is no name, or that of somebody else's image
 */
export function ownImageName(name: string, user: string): string {
  const full = fullImageName(name.includes('/') ? name : `${user}/${name}`);
  const owner = ownerOf(full);
  if (owner === user) return full;
  throw new RequestError(
    409,
    `Image ${full} belongs to ${owner}. Make one of yours of it first: walt image clone walt:${full}`,
  );
}

/** How its owner names an image: `web:latest`. */
export function shortImageName(full: string): string {
  return full.slice(full.indexOf('/') + 1);
}

/** @throws {RequestError} if the user has no such image */
export function ownImage(
  name: string,
  { user, images }: { readonly user: string; readonly images: ImageNames },
): Image {
  const full = ownImageName(name, user);
  const image = images.byName(full);
  if (image !== undefined) return image;
  const guess = nearImage(full, images.all(), shortImageName);
  throw new RequestError(
    404,
    `No image '${shortImageName(full)}' is in your working set.${guess} See walt image show.`,
  );
}

/** Finds images by their full name. */
export type ImageNames = {
  readonly byName: (name: string) => Image | undefined;
  readonly all: () => readonly Image[];
};

/**
 * ` Did you mean 'web'?`, or nothing: for messages about an image that is not there. Owners are typed seldom, so only the images of
 * the same one are thought of; tag `latest` is what all have.
 * @param shown how the one that may be meant is named
 */
export function nearImage(
  full: string,
  images: readonly Image[],
  shown: (full: string) => string = (name) => name,
): string {
  const words = (name: string) => withoutLatest(shortImageName(name));
  const same = images.filter(({ name }) => ownerOf(name) === ownerOf(full));
  const guess = nearest(
    words(full),
    same.map(({ name }) => words(name)),
  );
  return guess === undefined ? '' : ` Did you mean '${shown(`${ownerOf(full)}/${guess}`)}'?`;
}

function withoutLatest(name: string): string {
  return name.replace(/:latest$/, '');
}

const PREFERRED_NAME_LABEL = 'walt.image.preferred-name';

/** What a user's clone of this image is called: as its label says, else as the image, without `-default`. */
export function cloneName(
  { name, labels }: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
  user: string,
): string {
  const short = shortImageName(name);
  // A label that is no name is passed over, as is one with somebody else's.
  const wanted = [labels[PREFERRED_NAME_LABEL], short.replace(/-default(?=:)/, ''), short];
  const names = wanted.flatMap((each) => possibleName(each, user) ?? []);
  return names[0] ?? `${user}/clone:latest`;
}

function possibleName(name: string | undefined, user: string): string | undefined {
  if (name === undefined) return undefined;
  try {
    return newImageName(ownImageName(name, user));
  } catch (thrown) {
    if (!(thrown instanceof RequestError)) throw thrown;
    return undefined;
  }
}
