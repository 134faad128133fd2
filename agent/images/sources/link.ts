// How people write where an image is to be cloned from: `LOCATION:user/name[:tag]`.
import { RequestError } from '../../errors.ts';
import { fullImageName } from '../content/image.ts';

export type ImageLink = {
  /** registry, `docker` or `podman`; undefined for this server */
  readonly location?: string;
  /** in full, with its tag */
  readonly name: string;
};

/** This server, as the original and we call it. */
const HERE = new Set(['walt', 'server']);
const LINK = /^([a-z0-9][a-z0-9-]*):([^:]+\/.+)$/;

/** @throws {RequestError} if it is no link */
export function parseLink(text: string): ImageLink {
  const [, location = '', name = ''] = LINK.exec(text) ?? [];
  if (location === '') {
    throw new RequestError(
      400,
      `'${text}' does not say where the image is: expected LOCATION:user/name or LOCATION:user/name:tag, ` +
        'with location walt (this server), docker, podman or a registry. See walt image search.',
    );
  }
  return { name: fullImageName(name), ...(HERE.has(location) ? {} : { location }) };
}
