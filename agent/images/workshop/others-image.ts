// An image that is taken in under the name of somebody else's takes its place: whoever asked for it is asked once more.
import { WaltError } from '../../errors.ts';
import { FREE_OWNER, ownerOf } from '../content/image.ts';
import type { Target } from '../content/target.ts';

/** An image of another user would be replaced. Nothing was changed. */
export class OthersImageError extends WaltError {
  override name = 'OthersImageError' as const;
  readonly imageName: string;

  constructor(imageName: string) {
    super(`Image ${imageName} belongs to another user and would be replaced`);
    this.imageName = imageName;
  }
}

/** Refuses to replace what is another user's than `user`; default images are nobody's. */
export function refuseOthers(user: string): (target: Target) => void {
  return ({ name, replaces }) => {
    const owner = ownerOf(name);
    if (replaces === undefined || owner === user || owner === FREE_OWNER) return;
    throw new OthersImageError(name);
  };
}
