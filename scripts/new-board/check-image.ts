// Whether an image has what a model's boot loader asks for: an OCI archive, or the folder of its root file system.
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ImageRecipe } from '../images/recipe.ts';
import { archiveContents } from './archive-contents.ts';
import type { Finding } from './finding.ts';

const LABEL = 'walt.node.models';

/** What there is to look at; a folder has no labels. */
type Contents = {
  readonly has: (path: string) => Promise<boolean>;
  readonly models?: readonly string[];
};

/** Without a recipe any start file will do. */
export async function imageFindings(
  path: string,
  options: {
    /** Folder that the path is relative to. */
    readonly from: string;
    readonly model: string;
    readonly recipe: ImageRecipe | undefined;
  },
): Promise<Finding[]> {
  const { from, model, recipe } = options;
  const contents = await contentsOf(resolve(from, path));
  if (contents === undefined) {
    return [{ what: `image ${path}`, remedy: `build it: npm run images -- ${model}` }];
  }
  const findings: Finding[] = [{ what: `image ${path}` }];
  if (contents.models !== undefined) findings.push(labelFinding(model, contents.models));
  for (const { file, remedy } of filesOf(model, recipe)) {
    const what = `/boot/${model}/${file}`;
    const there = await Promise.all(
      file.split(' or ').map((name) => contents.has(`boot/${model}/${name}`)),
    );
    findings.push(there.includes(true) ? { what } : { what, remedy });
  }
  return findings;
}

function labelFinding(model: string, models: readonly string[]): Finding {
  const what = `label ${LABEL} of the image`;
  if (models.includes(model)) return { what };
  return { what, remedy: `it names ${models.join(', ') || 'no model'}: build the image again` };
}

type NeededFile = { readonly file: string; readonly remedy: string };

function filesOf(model: string, recipe: ImageRecipe | undefined): NeededFile[] {
  const trees = recipe?.models.find((row) => row.model === model)?.deviceTrees ?? [];
  return [
    {
      file: recipe?.start.file ?? 'start.uboot or start.ipxe',
      remedy: 'the boot loader asks for it first: it loads kernel and initrd, and starts them',
    },
    { file: 'kernel', remedy: 'the start file loads it' },
    { file: 'initrd', remedy: 'the start file loads it' },
    ...trees.map((file) => ({
      file,
      remedy: "Linux needs the board's device tree: kernelTrees of its row names it",
    })),
  ];
}

async function contentsOf(path: string): Promise<Contents | undefined> {
  if (!(await isThere(path))) return undefined;
  if (!path.endsWith('.tar')) return { has: (file) => isThere(join(path, file)) };
  const { labels, paths } = await archiveContents(path);
  const models = (labels[LABEL] ?? '').split(',').filter((name) => name !== '');
  return { has: async (file) => paths.has(file), models };
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
