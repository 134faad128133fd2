// Last touches to an installed image: our settings, and nothing in it that belongs to one machine or one build.
import { readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from '../../run.ts';

/** What the build left behind, and what every node makes anew. */
const LEFTOVERS = [
  ...[
    'etc/hostname',
    'etc/resolv.conf',
    'etc/apt/apt.conf.d/99mmdebstrap',
    'var/lib/dbus/machine-id',
  ],
  ...['var/lib/systemd/random-seed', 'var/lib/systemd/catalog/database'],
  // Of apt, empty: whose they are depends on the folder where the image is built.
  ...['var/lib/apt/lists/partial', 'var/cache/apt/archives/partial'],
  // Of ldconfig, with inodes and times of this machine's files.
  'var/cache/ldconfig/aux-cache',
];

/** Lays the settings folder over the image and removes what is one machine's own, and what tells when it was built. */
export async function settle(
  root: string,
  { settings, date }: { readonly settings: string; readonly date: Date },
): Promise<void> {
  await $`cp --recursive --preserve=mode,links ${settings}/. ${root}`;
  for (const leftover of LEFTOVERS) {
    await rm(join(root, leftover), { recursive: true, force: true });
  }
  await $`find ${root}/etc/ssh -name ssh_host_*_key* -delete`;
  await $`find ${root}/var/log ${root}/var/lib/apt/lists ${root}/var/cache/apt -type f -delete`;
  // Empty, not missing: systemd then gives each boot its own without taking it for the first one of a new system.
  await writeFile(join(root, 'etc/machine-id'), '');
  await truncate(join(root, 'etc/motd'));
  for (const file of ['etc/shadow', 'etc/shadow-']) await datePasswords(join(root, file), date);
  await markUpToDate(root, date);
}

/** The third field of each line of shadow(5): the day of the last change, counted from 1970. */
async function datePasswords(file: string, date: Date): Promise<void> {
  const day = Math.floor(date.getTime() / 86_400_000);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/^([^:\n]*:[^:\n]*:)\d+(?=:)/gm, `$1${day}`));
}

/** Without these stamps systemd would update its caches at every boot, since /usr looks newer. */
async function markUpToDate(root: string, date: Date): Promise<void> {
  await utimes(join(root, 'usr'), date, date);
  for (const stamp of ['etc/.updated', 'var/.updated']) {
    await writeFile(join(root, stamp), `TIMESTAMP_NSEC=${date.getTime()}000000\n`);
    await utimes(join(root, stamp), date, date);
  }
}
