// Names of images as archives have them: with the registry that they were for, without a tag, or a tag alone.
import { fullImageName, isImageName } from '../../content/image.ts';

/** A first part with a dot or a port is a registry, as programs of Docker tell it. */
const HOST = /^(localhost|[^/]*[.:][^/]*)\/(?=.)/;

/**
 * `docker.io/alice/web` and `localhost/alice/web` are `alice/web:latest`.
 * @returns undefined for what has no owner, as `web` or `docker.io/library/web`
 */
export function imageNameOf(text: string): string | undefined {
  // Docker's registry calls the owner of what has none `library`.
  const plain = text.replace(/^(index\.)?docker\.io\/library\//, '').replace(HOST, '');
  return isImageName(plain) ? fullImageName(plain) : undefined;
}
