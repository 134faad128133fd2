// Folders that take long to make, and depend on nothing but their recipe: made once, outside the clone.
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { withBuildLock } from './build-lock.ts';

/**
 * The folder `<cache>/<name>/<hash of the recipe>`. Where there is none, `build` fills a new one, which gets that name
 * when it is whole. Who comes while another process builds it waits.
 */
export async function cachedFolder(
  name: string,
  { recipe, build }: { readonly recipe: string; readonly build: (folder: string) => Promise<void> },
): Promise<string> {
  const { XDG_CACHE_HOME = join(homedir(), '.cache') } = process.env;
  const cache = process.env.WALT_CACHE ?? join(XDG_CACHE_HOME, 'walt');
  const hash = createHash('sha256').update(recipe).digest('hex').slice(0, 16);
  const folder = join(cache, name, hash);
  if (await exists(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  await withBuildLock(dirname(folder), {
    name: hash,
    work: async () => {
      if (!(await exists(folder))) await make(folder, build);
    },
    onWait: (pid) => console.error(`${name}: waiting for process ${pid}, which builds it`),
  });
  return folder;
}

async function make(folder: string, build: (folder: string) => Promise<void>): Promise<void> {
  const scratch = await mkdtemp(`${folder}-`);
  try {
    await build(scratch);
    await rename(scratch, folder);
  } catch (error) {
    await rm(scratch, { recursive: true });
    throw error;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
