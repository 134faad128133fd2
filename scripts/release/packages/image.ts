// `walt-image-NAME`: a default image, in the folder where the server looks for images first.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DebianPackage, filled, type ReleaseFacts } from '../package.ts';
import { documents } from './documents.ts';

/** @param archive path of the OCI archive */
export async function imagePackage(
  facts: ReleaseFacts,
  { image, archive }: { readonly image: string; readonly archive: string },
): Promise<DebianPackage> {
  const { root, version } = facts;
  const name = `walt-image-${image}`;
  const control = await readFile(join(root, 'release/debian/image/control'), 'utf8');
  return {
    ...{ name, version, architecture: 'all' },
    control: filled(control, { NAME: image, VERSION: version, SIZE: '@SIZE@' }),
    scripts: {},
    files: [
      { path: `var/lib/walt/archives/${image}.oci.tar`, from: { file: archive } },
      ...(await documents(name, facts)),
    ],
    isPacked: true,
  };
}
