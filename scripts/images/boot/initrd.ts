// Makes the initrd of an image: busybox, one script, and the kernel modules that lead to the image over NFS.
import { chmod, copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { type CpioEntry, cpioArchive } from '../../archive/cpio-archive.ts';
import { settleCpio } from '../../archive/cpio-headers.ts';
import { $ } from '../../run.ts';
import type { KernelRecipe } from '../recipe.ts';
import { cardPieces } from './card-pieces.ts';
import { chooseModules, parseModulesDep } from './kernel-modules.ts';

const compress = promisify(zstdCompress);
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 12 } };

/** What is made, and of what. */
export type InitrdOptions = {
  readonly root: string;
  readonly version: string;
  readonly recipe: KernelRecipe;
  /** Folder with `init` and what else it needs at the top of the initrd. */
  readonly scripts: string;
  /** Scratch folder, removed at the end. */
  readonly scratch: string;
  /** The age that all its files get. */
  readonly date: Date;
};

/**
 * Writes the initrd for the kernel unpacked in `root`, whose modules must not be compressed: busybox loads them.
 * @param cards where pieces for single network cards go, beside an initrd without drivers for cards, `base`; none without it
 */
export async function makeInitrd(
  output: string,
  { root, version, recipe, scripts, scratch, date }: InitrdOptions,
  cards?: string,
): Promise<void> {
  await mkdir(join(scratch, 'bin'), { recursive: true });
  await mkdir(join(scratch, 'sbin'));
  for (const script of ['init', 'udhcpc-script']) {
    await copyFile(join(scripts, script), join(scratch, script));
    await chmod(join(scratch, script), 0o755);
  }
  await copyFile(join(root, 'bin/busybox'), join(scratch, 'bin/busybox'));
  // Where the kernel looks when it wants a module itself.
  await symlink('/bin/busybox', join(scratch, 'sbin/modprobe'));
  await copyModules(`lib/modules/${version}`, { from: root, to: scratch, recipe });
  await $`depmod -b ${scratch} ${version}`;
  await $({ cwd: scratch })`find . -exec touch --no-dereference --date=${date.toISOString()} {} +`;
  const list = (await $({ cwd: scratch })`find . -print0`).stdout.split('\0').filter(Boolean);
  await pack(list, { folder: scratch, output });
  if (cards !== undefined) await makeCards(cards, { list, scratch, version, recipe, date });
  await rm(scratch, { recursive: true });
}

type Parts = Pick<InitrdOptions, 'scratch' | 'version' | 'recipe' | 'date'> & {
  /** all that the whole initrd has */
  readonly list: readonly string[];
};

async function makeCards(
  folder: string,
  { list, scratch, version, recipe, date }: Parts,
): Promise<void> {
  const modules = `lib/modules/${version}`;
  const read = (name: string) => readFile(join(scratch, modules, name), 'utf8');
  const { left, pieces } = cardPieces(recipe, {
    dependencies: parseModulesDep(await read('modules.dep')),
    aliases: await read('modules.alias'),
  });
  const inside = (path: string) => `./${modules}/${path}`;
  const leftOut = new Set(left.map(inside));
  await mkdir(folder);
  const base = list.filter((path) => !leftOut.has(path));
  await pack(base, { folder: scratch, output: join(folder, 'base') });
  for (const { name, paths, ids } of pieces) {
    const entries: CpioEntry[] = [];
    for (const path of withFolders(paths.map(inside))) {
      const isFile = path.endsWith('.ko');
      entries.push(isFile ? { path, content: await readFile(join(scratch, path)) } : { path });
    }
    await writeFile(join(folder, name), await compress(cpioArchive(entries, date), LEVEL));
    for (const id of ids) await symlink(name, join(folder, id));
  }
}

/** With the folders above them, in an order in which each folder stands before what is in it. */
function withFolders(paths: readonly string[]): string[] {
  const all = new Set<string>();
  for (const path of paths) {
    for (let above = path; above !== '.'; above = dirname(above)) all.add(above);
  }
  return [...all].sort();
}

type Place = { readonly folder: string; readonly output: string };

/** @param paths below the folder, each beginning with a dot */
async function pack(paths: readonly string[], { folder, output }: Place): Promise<void> {
  const archive = `${output}.cpio`;
  const how = ['--null', '--create', '--format=newc', '--owner=0:0', '--reproducible', '--quiet'];
  await $({ cwd: folder, input: inOrder(paths) })`cpio ${how} -O ${archive}`;
  await settleCpio(archive);
  await $`zstd -q -T0 -12 -o ${output} ${archive}`;
  await rm(archive);
}

/** By their bytes, as `sort` of the C locale. */
function inOrder(paths: readonly string[]): Buffer {
  const each = paths.map((path) => Buffer.from(path));
  return Buffer.concat(each.toSorted(Buffer.compare).flatMap((path) => [path, Buffer.from([0])]));
}

async function copyModules(
  folder: string,
  {
    from,
    to,
    recipe,
  }: { readonly from: string; readonly to: string; readonly recipe: KernelRecipe },
): Promise<void> {
  const modules = parseModulesDep(await readFile(join(from, folder, 'modules.dep'), 'utf8'));
  const copies = chooseModules(modules, recipe).map(async (path) => {
    const target = join(to, folder, path);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(from, folder, path), target);
  });
  await Promise.all(copies);
  for (const list of ['modules.builtin', 'modules.order', 'modules.builtin.modinfo']) {
    await copyFile(join(from, folder, list), join(to, folder, list));
  }
}
