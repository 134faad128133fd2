// npm run images -- MODEL… : builds default images as OCI archives in release/dist/images/.
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildImage } from './images/build.ts';
import { inputHash } from './images/input-hash.ts';
import { describePlan, type ImagePlan } from './images/plan.ts';
import { createProgress } from './images/progress.ts';
import type { ImageRecipe } from './images/recipe.ts';
import { recipes } from './images/recipes.ts';

const USAGE = `Usage: npm run images -- MODEL… [--force] [--dry-run]
  --force    build again, though nothing in the repository has changed: Debian has
  --dry-run  only say what would be done`;

const top = join(import.meta.dirname, '..');

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function main(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      force: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if (positionals.length === 0) throw new Error(`Cannot build images: no model given\n${USAGE}`);
  const chosen = positionals.map(recipeOf);
  for (const recipe of chosen) {
    const plan = await planOf(recipe, values.force ?? false);
    if (values['dry-run']) {
      for (const line of describePlan(plan)) console.log(line);
      continue;
    }
    await buildImage(plan, { top, progress: createProgress(recipe.model, process.stderr) });
  }
}

function recipeOf(model: string): ImageRecipe {
  const recipe = recipes.find((candidate) => candidate.model === model);
  if (recipe !== undefined) return recipe;
  const known = recipes.map((candidate) => candidate.model).join(', ');
  throw new Error(`Cannot build an image for ${model}: no such model, expected one of: ${known}`);
}

async function planOf(recipe: ImageRecipe, force: boolean): Promise<ImagePlan> {
  const hash = await inputHash(top, {
    paths: [
      'scripts/images',
      'boot-artifacts/initrd',
      'boot-artifacts/images/debian',
      recipe.startScript,
    ],
    text: JSON.stringify(recipe),
  });
  const cached = join(cacheFolder(), 'images', `${recipe.model}-${hash.slice(0, 16)}.oci.tar`);
  const archive = join(top, 'release/dist/images', `${recipe.model}.oci.tar`);
  return { recipe, cached, archive, isCached: await exists(cached), force };
}

function cacheFolder(): string {
  const { WALT_CACHE, XDG_CACHE_HOME = join(homedir(), '.cache') } = process.env;
  return WALT_CACHE ?? join(XDG_CACHE_HOME, 'walt');
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
