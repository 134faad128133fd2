// What an image takes for granted that nodes have only if their settings say so: /persist, and swap on it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveFolderInside, resolveInside } from '../../images/content/files/inside.ts';

/** Where units of systemd are. */
const UNIT_FOLDERS = ['etc/systemd/system', 'lib/systemd/system', 'usr/lib/systemd/system'];
const UNIT = /\.(service|mount|automount|swap|path|socket|timer)$/;
/** A file of more bytes is none that people write. */
const LARGEST = 65_536;
const PLACE = /(^|[\s="':,])\/persist(?=[/\s"',;:]|$)/;

/**
 * A sentence about each image that names /persist in `/etc/fstab` or in a unit: nodes have it on request.
 * @param root root file system of the image
 */
export async function placesWarning(root: string): Promise<string | undefined> {
  const names = await filesNaming(root);
  if (names.length === 0) return undefined;
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ' and others' : '');
  return `it expects /persist (${shown}), which a node has only after: walt node config NODE mount.persist=true`;
}

async function filesNaming(root: string): Promise<string[]> {
  const found: string[] = [];
  if (await names(root, 'etc/fstab')) found.push('/etc/fstab');
  const seen = new Set<string>();
  for (const folder of UNIT_FOLDERS) {
    const place = await resolveFolderInside(root, folder);
    // `/lib` is often a link to `/usr/lib`.
    if (place === undefined || seen.has(place)) continue;
    seen.add(place);
    const entries = await readdir(place).catch(() => []);
    for (const unit of entries.filter((name) => UNIT.test(name)).toSorted()) {
      const isOfPlace = /^persist[.-]/.test(unit) && /\.(auto)?mount$|\.swap$/.test(unit);
      if (isOfPlace || (await names(root, join(folder, unit)))) found.push(`/${folder}/${unit}`);
    }
  }
  return found;
}

/** Comments do not count. */
async function names(root: string, path: string): Promise<boolean> {
  const inside = await resolveInside(root, path);
  if (inside.kind !== 'file' || inside.size > LARGEST) return false;
  const text = await readFile(inside.path, 'latin1').catch(() => '');
  return text.split('\n').some((line) => !/^\s*[#;]/.test(line) && PLACE.test(line));
}
