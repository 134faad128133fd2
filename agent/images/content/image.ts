// An image as the server knows it, and the names images may have.
import { RequestError } from '../../errors.ts';

/** A name with what it stands for. */
export type Image = {
  /** `owner/name:tag` */
  readonly name: string;
  /** `sha256:…` of the manifest */
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
  /** digests of the layers, lowest first; none of an image that an early server took in */
  readonly layers: readonly string[];
  readonly models: readonly string[];
  /** bytes on disk */
  readonly size: number;
  /** microseconds since 1970, when it entered the store */
  readonly created: number;
  /** microseconds since 1970, when a node last had it; 0 where no node did */
  readonly used: number;
};

/** Images of this owner are nobody's: a node that boots one is free. */
export const FREE_OWNER = 'waltplatform';

const NAME =
  /^([a-z0-9][a-z0-9._-]*)\/([a-z0-9][a-z0-9._-]*)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?$/;
/** What a part of a name consists of, so that every registry takes it (OCI distribution specification 1.1, pulling manifests). */
const PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
/** What words stand for in `walt node boot NODE IMAGE`, where an image is not meant. */
const KEYWORDS: Readonly<Record<string, string>> = {
  default: 'the default image of a node',
  'boot-local': "a node's own disk",
};

/** The user whose image this is. @param imageName `owner/name` with or without a tag */
export function ownerOf(imageName: string): string {
  return imageName.slice(0, imageName.indexOf('/'));
}

/** Whether an image may have had this name so far: `owner/name` with or without a tag. */
export function isImageName(name: string): boolean {
  return NAME.test(name);
}

/** Whether a user of this name can own images. */
export function isOwnerName(name: string): boolean {
  return PART.test(name);
}

/**
 * Completes `owner/name` with tag `latest`.
 * @throws {RequestError} if it is no name of an image
 */
export function fullImageName(name: string): string {
  const match = NAME.exec(name);
  if (match === null) {
    throw new RequestError(
      400,
      `'${name}' is not the name of an image: expected owner/name or owner/name:tag, in lower case`,
    );
  }
  return match[3] === undefined ? `${name}:latest` : name;
}

/**
 * Characters of owner, slash and name. Clients of registries take 255 with the registry's own name before it
 * (OCI Distribution Specification, "Pulling manifests").
 */
const LONGEST_NAME = 128;

/**
 * As `fullImageName`, for an image that is still to be made: names that early servers let in are none any more.
 * @throws {RequestError} if no new image can have this name
 */
export function newImageName(name: string): string {
  const full = fullImageName(name);
  const [, owner = '', short = ''] = NAME.exec(full) ?? [];
  if (Object.hasOwn(KEYWORDS, short)) {
    throw new RequestError(
      400,
      `'${name}' cannot be the name of an image: '${short}' stands for ${KEYWORDS[short]}. Choose another name.`,
    );
  }
  if (`${owner}/${short}`.length > LONGEST_NAME) {
    throw new RequestError(
      400,
      `The name of the image is too long: before the tag, ${LONGEST_NAME} characters with its owner at most`,
    );
  }
  if (PART.test(owner) && PART.test(short)) return full;
  throw new RequestError(
    400,
    `'${name}' cannot be the name of an image: before the tag, dots, dashes and underscores stand between letters and digits only`,
  );
}
