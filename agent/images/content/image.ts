// An image as the server knows it, and the names images may have.
import { RequestError } from '../../errors.ts';

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

export function ownerOf(imageName: string): string {
  return imageName.slice(0, imageName.indexOf('/'));
}

export function isImageName(name: string): boolean {
  return NAME.test(name);
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
