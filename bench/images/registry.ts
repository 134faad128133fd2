// A registry on loopback with the two images of the bench: the default image of PCs as it ships, and one that adds a
// layer of 20 MB to it.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultImage, type Lab } from '../../lab/lab.ts';
import { startRegistry } from '../../lab/servers/oci-registry.ts';
import { $ } from '../../scripts/run.ts';

export const REGISTRY = '127.0.0.1:5000';
const SHIPPED = 'waltplatform/pc-x86-64-default:latest';
const FILES = 64;
const FILE_BYTES = 320_000;

/** For whom `walt` acts. */
export const OWNER = 'bench';

/** Names of the images in the registry, without tag. */
export const BASE = 'bench/base';
export const MORE = 'bench/more';

/** OCI layout with the base, and its tag, as skopeo names it. */
export function layoutOfBase(lab: Lab): string {
  return `${layoutFolder(lab)}:${SHIPPED}`;
}

/** Folder of the layout with the images of the registry. */
export function layoutFolder(lab: Lab): string {
  return join(lab.folder, 'layout');
}

/** @returns what stops it */
export async function startImageRegistry(lab: Lab): Promise<() => Promise<void>> {
  const layout = layoutFolder(lab);
  const added = join(lab.folder, 'added');
  for (const folder of [layout, added]) await mkdir(folder);
  await $`tar -xf ${defaultImage} -C ${layout}`;
  for (let count = 0; count < FILES; count += 1) {
    await writeFile(join(added, `file-${count}`), randomBytes(FILE_BYTES));
  }
  await $`umoci insert --image ${`${layout}:${SHIPPED}`} --tag more ${added} /opt/bench`;
  const registry = await startRegistry(join(lab.folder, 'registry'), {
    port: 5000,
    within: (argv) => lab.namespace.command([...argv]),
  });
  await registry.push(layoutOfBase(lab), BASE);
  await registry.push(`${layout}:more`, MORE);
  return registry.stop;
}
