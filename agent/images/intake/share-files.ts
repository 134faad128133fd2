// Files that two images have in common are stored once: a new image is made of hard links to what an image with
// the same layers has already. Only what is equal in content, owner, mode, time and extended attributes is shared.
import { rm } from 'node:fs/promises';
import { runProgram } from '../../host/program.ts';

/** rsync takes no more of them. */
const MOST_RELATIVES = 20;

/**
 * @param rootfs freshly unpacked, of nobody else
 * @param options.target where the image is afterwards, if it shares anything
 * @param options.relatives root file systems of the same file system to share with, most likely first
 * @returns the folder that now holds the image
 */
export async function shareFiles(
  rootfs: string,
  { target, relatives }: { readonly target: string; readonly relatives: readonly string[] },
): Promise<string> {
  if (relatives.length === 0) return rootfs;
  const links = relatives.slice(0, MOST_RELATIVES).map((folder) => `--link-dest=${folder}`);
  // --checksum: builds that give all files one time would else have different files taken for equal.
  const exactly = [
    '--archive',
    '--hard-links',
    '--acls',
    '--xattrs',
    '--numeric-ids',
    '--checksum',
  ];
  await runProgram('rsync', [
    ...exactly,
    '--specials',
    '--devices',
    ...links,
    `${rootfs}/`,
    target,
  ]);
  await rm(rootfs, { recursive: true });
  return target;
}
