// Builds a default image as its plan says: Debian, kernel, initrd, settings, archive; or takes it from the cache.
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { $ } from '../run.ts';
import { fillBootFolders, mainFolder } from './boot/boot-folder.ts';
import { makeInitrd } from './boot/initrd.ts';
import { addKernel, compressModules, deviceTreesOf, placeKernel } from './boot/kernel.ts';
import { removeAbandoned, scratchName } from './cache/abandoned.ts';
import { withBuildLock } from './cache/build-lock.ts';
import { enableArchitecture } from './debian/foreign-programs.ts';
import { installDebian } from './debian/root-file-system.ts';
import { settle } from './debian/settle.ts';
import { writeOciArchive } from './oci-archive.ts';
import type { ImagePlan } from './plan.ts';
import type { Progress } from './progress.ts';
import { requireDiskSpace, requirePrograms, requireRoot } from './requirements.ts';

const KEPT_ARCHIVES = 3;

/** Leaves the image's archive at `plan.archive`. `top` is the top of the repository. */
export async function buildImage(
  plan: ImagePlan,
  { top, progress }: { readonly top: string; readonly progress: Progress },
): Promise<void> {
  if (plan.force || !plan.isCached) await buildAlone(plan, { top, progress });
  await place(plan);
  progress.stage(plan.archive);
}

async function buildAlone(
  plan: ImagePlan,
  { top, progress }: { readonly top: string; readonly progress: Progress },
): Promise<void> {
  requireRoot();
  await requirePrograms(['mmdebstrap', 'depmod', 'zstd', 'cpio']);
  await enableArchitecture(plan.recipe.architecture);
  const cache = dirname(plan.cached);
  await mkdir(cache, { recursive: true });
  await requireDiskSpace(cache);
  await withBuildLock(cache, {
    name: plan.recipe.name,
    onWait: (pid) => progress.stage(`waiting for another build, process ${pid}`),
    async work() {
      // The one we waited for may have made the very same image.
      const isThere = (await readdir(cache)).includes(basename(plan.cached));
      if (plan.force || !isThere) await buildIntoCache(plan, { top, progress });
    },
  });
}

async function buildIntoCache(
  { recipe, cached }: ImagePlan,
  { top, progress }: { readonly top: string; readonly progress: Progress },
): Promise<void> {
  const cache = dirname(cached);
  await removeAbandoned(cache);
  const scratch = join(cache, scratchName(recipe.name));
  const root = join(scratch, 'root');
  await mkdir(scratch);
  try {
    progress.stage(`installing Debian ${recipe.suite} (${recipe.architecture})`);
    const { kernelPackage, date } = await installDebian(recipe, {
      root,
      downloads: join(scratch, 'downloads'),
      progress,
    });
    progress.stage('adding the kernel');
    const version = await addKernel(kernelPackage, root);
    const folder = mainFolder(recipe);
    await placeKernel(version, { root, folder });
    progress.stage('making the initrd');
    const initrd = {
      ...{ root, version, recipe: recipe.kernel, date },
      scripts: join(top, 'boot-artifacts/initrd'),
      scratch: join(scratch, 'initrd'),
    };
    const cards = recipe.kernel.cardModules && join(root, folder, 'cards');
    await makeInitrd(join(root, folder, 'initrd'), initrd, cards);
    await fillBootFolders(recipe, { root, top, deviceTrees: deviceTreesOf(version, root) });
    await rm(deviceTreesOf(version, root), { recursive: true, force: true });
    await compressModules(version, root);
    await settle(root, { settings: join(top, 'boot-artifacts/images/debian'), date });
    progress.stage('packing the archive');
    const archive = join(scratch, 'image.oci.tar');
    await writeOciArchive(archive, {
      root,
      image: { ...ociImage(recipe), created: date },
      scratch: join(scratch, 'oci'),
    });
    await rename(archive, cached);
    await removeOldest(cached);
  } finally {
    progress.stage('cleaning up');
    await rm(scratch, { recursive: true, force: true });
  }
}

function ociImage({ reference, architecture, models }: ImagePlan['recipe']) {
  const labels = { 'walt.node.models': models.map(({ model }) => model).join(',') };
  return { reference, architecture, labels };
}

/** A hard link costs no space; between two file systems it has to be a copy. */
async function place({ cached, archive }: ImagePlan): Promise<void> {
  await mkdir(dirname(archive), { recursive: true });
  const { exitCode } = await $({ nothrow: true })`ln --force ${cached} ${archive}`;
  if (exitCode === 0) return;
  const copy = `${archive}.${process.pid}`;
  await copyFile(cached, copy);
  await rename(copy, archive);
}

/** The newest archives of an image are kept, `<image>-<hash>.oci.tar`: clones at other commits share the cache. */
async function removeOldest(cached: string): Promise<void> {
  const folder = dirname(cached);
  const image = imageOf(basename(cached));
  const archives = (await readdir(folder)).filter((name) => imageOf(name) === image);
  const dated = await Promise.all(
    archives.map(async (name) => ({ name, age: -(await stat(join(folder, name))).mtimeMs })),
  );
  const oldest = dated.sort((a, b) => a.age - b.age).slice(KEPT_ARCHIVES);
  for (const { name } of oldest) await rm(join(folder, name));
}

function imageOf(archive: string): string | undefined {
  return /^(.+)-[0-9a-f]{16}\.oci\.tar$/.exec(archive)?.[1];
}
