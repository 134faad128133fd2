// Writes a Debian package: the same files give the same bytes, whoever builds, when, where, and with which umask.
import { createHash } from 'node:crypto';
import {
  chmod,
  copyFile,
  lutimes,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { $ } from '../run.ts';
import { type DebianPackage, debName, filled, type PackageFile } from './package.ts';

/** How hard xz tries, 0 to 9; `none` packs nothing, for packages that are installed at once and thrown away. */
export type PackingLevel = number | 'none';

type Options = {
  /** the folder that the package goes to */
  readonly to: string;
  /** seconds since 1970 */
  readonly date: number;
  readonly level: PackingLevel;
};

/** @returns the path of the package; it appears whole or not at all */
export async function writeDeb(deb: DebianPackage, { to, date, level }: Options): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'walt-deb-'));
  try {
    const tree = join(folder, 'tree');
    const files = [...deb.files, ...(await controlFiles(deb))];
    const folders = await layOut(files, tree);
    for (const path of [...files.map((file) => file.path), ...folders]) {
      await lutimes(join(tree, path), date, date);
    }
    const file = join(folder, debName(deb));
    // More threads would cut what is packed in other places.
    const packing = deb.isPacked || level === 'none' ? ['-Znone'] : ['-Zxz', `-z${level}`];
    const how = ['--root-owner-group', '--no-uniform-compression', '--threads-max=1', ...packing];
    await $({ env: { ...process.env, SOURCE_DATE_EPOCH: String(date), TZ: 'UTC', LC_ALL: 'C' } })`
      dpkg-deb ${how} --build ${tree} ${file}`;
    const unfinished = join(to, `.${debName(deb)}.${process.pid}`);
    await copyFile(file, unfinished);
    await chmod(unfinished, 0o644);
    await rename(unfinished, join(to, debName(deb)));
    return join(to, debName(deb));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes the files below `tree`. @returns all folders, the innermost first, then the root */
export async function layOut(files: readonly PackageFile[], tree: string): Promise<string[]> {
  const folders = new Set(['.']);
  for (const { path } of files) {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  }
  const outermostFirst = [...folders].toSorted();
  for (const folder of outermostFirst) {
    await mkdir(join(tree, folder), { recursive: true });
    await chmod(join(tree, folder), 0o755);
  }
  for (const file of files) await writeOne(file, join(tree, file.path));
  return outermostFirst.toReversed();
}

async function writeOne({ from, isProgram }: PackageFile, path: string): Promise<void> {
  if ('link' in from) return symlink(from.link, path);
  if ('file' in from) await copyFile(from.file, path);
  else await writeFile(path, 'text' in from ? from.text : from.bytes);
  await chmod(path, isProgram ? 0o755 : 0o644);
}

async function controlFiles(deb: DebianPackage): Promise<PackageFile[]> {
  const contents = await Promise.all(
    deb.files.map(async ({ path, from }) => ({ path, bytes: await bytesOf(from) })),
  );
  const bytes = contents.reduce((sum, file) => sum + (file.bytes?.length ?? 0), 0);
  const conffiles = deb.scripts.conffiles?.split('\n') ?? [];
  const sums = contents
    .filter(({ path, bytes: content }) => content !== undefined && !conffiles.includes(`/${path}`))
    .map((file) => `${md5(file.bytes ?? new Uint8Array())}  ${file.path}\n`);
  const control = filled(deb.control, { SIZE: String(Math.ceil(bytes / 1024)) });
  return [
    { path: 'DEBIAN/control', from: { text: control } },
    { path: 'DEBIAN/md5sums', from: { text: sums.toSorted().join('') } },
    ...Object.entries(deb.scripts).map(([name, text]) => ({
      path: `DEBIAN/${name}`,
      from: { text },
      isProgram: !['conffiles', 'templates'].includes(name),
    })),
  ];
}

async function bytesOf(from: PackageFile['from']): Promise<Uint8Array | undefined> {
  if ('link' in from) return undefined;
  if ('file' in from) return readFile(from.file);
  return 'text' in from ? Buffer.from(from.text) : from.bytes;
}

/** dpkg's own sums are of this kind; they guard against accidents alone. */
function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
