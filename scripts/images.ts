// npm run images -- MODEL… : builds default images as OCI archives in release/dist/images/.
import { access, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { inParallel } from './builders/in-parallel.ts';
import { buildImage } from './images/build.ts';
import { inputHash } from './images/cache/input-hash.ts';
import { chooseRecipes } from './images/choose.ts';
import { describePlan, type ImagePlan } from './images/plan.ts';
import { createProgress } from './images/progress.ts';
import type { ImageRecipe } from './images/recipe.ts';
import { recipes } from './images/recipes.ts';
import { sentenceOf } from './run.ts';

const USAGE = `Usage: npm run images -- MODEL… [--force] [--dry-run]
  MODEL      a model (pc-x86-32, rpi-4-b, …), or all models of a family (pc, rpi)
  --force    build again, though nothing in the repository has changed: Debian has
  --dry-run  only say what would be done`;

/** Building is half waiting for the mirror and half computing. */
const BUILDS_AT_ONCE = 2;

/** The tables are neutral as well: a recipe counts as it is, whatever else is beside it. */
const NEUTRAL = new Set([
  ...[
    'abandoned.ts',
    'remove-tree.ts',
    'build-lock.ts',
    'choose.ts',
    'input-hash.ts',
    'is-alive.ts',
    'plan.ts',
    'progress.ts',
  ],
  ...['debian.ts', 'kernels.ts', 'recipe.ts', 'recipes.ts', 'requirements.ts'],
]);

const top = join(import.meta.dirname, '..');

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(sentenceOf(error));
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
  const chosen = chooseRecipes(positionals, recipes);
  const plans = await Promise.all(chosen.map((recipe) => planOf(recipe, values.force ?? false)));
  if (values['dry-run']) {
    for (const line of plans.flatMap(describePlan)) console.log(line);
    return;
  }
  await inParallel(plans, {
    limit: BUILDS_AT_ONCE,
    work: (plan) =>
      buildImage(plan, { top, progress: createProgress(plan.recipe.name, process.stderr) }),
  });
}

async function planOf(recipe: ImageRecipe, force: boolean): Promise<ImagePlan> {
  const hash = await inputHash(top, {
    paths: [
      ...(await makers()),
      ...[
        'scripts/archive/cpio-headers.ts',
        'scripts/archive/tar-headers.ts',
        'scripts/steps/u-boot-image.ts',
      ],
      'scripts/steps/u-boot-script.ts',
      'boot-artifacts/initrd',
      'boot-artifacts/images/debian',
      recipe.start.template,
      ...(recipe.start.file === 'start.uboot' && recipe.start.before ? [recipe.start.before] : []),
    ],
    text: JSON.stringify(recipe),
  });
  const cached = join(cacheFolder(), 'images', `${recipe.name}-${hash.slice(0, 16)}.oci.tar`);
  const archive = join(top, 'release/dist/images', `${recipe.name}.oci.tar`);
  return { recipe, cached, archive, isCached: await exists(cached), force };
}

/** The code that decides what is in an image: all but what only decides when and which ones are built. */
async function makers(): Promise<string[]> {
  const files = await readdir(join(top, 'scripts/images'), { recursive: true });
  return files
    .filter((file) => file.endsWith('.ts') && !NEUTRAL.has(basename(file)))
    .map((file) => `scripts/images/${file}`);
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
