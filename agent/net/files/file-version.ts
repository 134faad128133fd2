/** Which content a file has: by what the kernel says of it, and by where it is. */
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';

/**
 * The same for the same content, and another one for other content: a file that was written anew, or another file.
 *
 * The path is a part of it. File systems of images lie on loop devices, whose numbers are given again, and files there have the numbers
 * and dates that whoever made the image wanted: of two images of which one is mounted after the other all that the kernel says may be
 * the same. Their folders have other names.
 * @returns letters and digits
 */
export function fileVersion(
  path: string,
  {
    dev,
    ino,
    size,
    mtimeNs,
    ctimeNs,
  }: Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs'>,
): string {
  const facts = [dev, ino, size, mtimeNs, ctimeNs, path].join(' ');
  return createHash('sha256').update(facts).digest('hex').slice(0, 32);
}
