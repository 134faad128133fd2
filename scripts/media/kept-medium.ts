// A medium that lies there as it was built is not built again.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAsBuilt, noteBuilt, noteFile } from '../builders/as-built.ts';
import { inputHash } from '../images/cache/input-hash.ts';
import type { Plan } from '../steps/plan.ts';
import type { BuildOptions, Built } from './build.ts';
import { MEDIA_MAKERS } from './media-inputs.ts';

/**
 * Builds the medium, unless it lies there.
 * @param build is called where it has to be built
 */
export async function keptMedium(
  plan: Plan,
  options: BuildOptions,
  build: () => Promise<Built>,
): Promise<Built> {
  const file = join(options.to, plan.output);
  const note = noteFile(options.places.cache, file);
  const text = JSON.stringify([plan, process.version]);
  const of = await inputHash(options.root, { paths: MEDIA_MAKERS, text });
  const isThere = await isAsBuilt(note, of);
  const built = isThere ? await measured(file) : await build();
  await noteBuilt(note, { of, files: [file, ...(await filesOf(plan, options))] });
  return built;
}

async function measured(file: string): Promise<Built> {
  const content = await readFile(file);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { file, bytes: content.length, sha256 };
}

async function filesOf({ folder }: Plan, { to }: BuildOptions): Promise<string[]> {
  if (folder === undefined) return [];
  const names = await readdir(join(to, folder), { recursive: true });
  return names.toSorted().map((name) => join(to, folder, name));
}
