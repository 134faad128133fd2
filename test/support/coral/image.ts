/** An image for the Coral Dev Board, as small as one can be: our start script and a kernel that only says that it runs. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fillBootFolders, mainFolder } from '../../../scripts/images/boot/boot-folder.ts';
import type { ImageRecipe } from '../../../scripts/images/recipe.ts';
import { recipes } from '../../../scripts/images/recipes.ts';
import { $ } from '../../../scripts/run.ts';
import { makeTinyImage } from '../images/tiny-image.ts';
import { tinyKernel } from '../images/tiny-kernel.ts';

const ROOT = join(import.meta.dirname, '../../..');
const MODEL = 'coral-dev-board';
const TREE = 'freescale/imx8mq-phanbell.dtb';

/** QEMU's device tree of the machine that stands for the board. */
async function machineTree(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // With firmware, whichever it is, the machine has other devices than without.
  await writeFile(`${file}.bios`, 'nobody runs this');
  const machine = ['-cpu', 'cortex-a57', '-smp', '2', '-m', '1024', '-bios', `${file}.bios`];
  await $`qemu-system-aarch64 -M virt,dumpdtb=${file}.large ${machine} -display none`;
  // QEMU leaves a MiB in it for whoever adds something: U-Boot would take that for content.
  await $`dtc -q -I dtb -O dtb -o ${file} ${file}.large`;
}

/**
 * Puts into an image what the machine has otherwise than the board: its device tree, and its console.
 * @param image as umoci names it
 */
export async function adaptToMachine(image: string, folder: string): Promise<void> {
  const recipe = recipeFor('ttyAMA0');
  const root = join(folder, 'root');
  await makeBootFolder(root, recipe, '');
  const files = [TREE, 'start.uboot'].map((file) => `boot/${MODEL}/${file}`);
  const layer = join(folder, 'layer.tar');
  await $`tar --create --file ${layer} --directory ${root} --owner=0 --group=0 ${files}`;
  await $`umoci raw add-layer --image ${image} ${layer}`;
}

/** The image's recipe, for another console than the board's where one is given. */
function recipeFor(console?: string): ImageRecipe {
  const recipe = recipes.find(({ name }) => name === MODEL);
  if (recipe === undefined) throw new Error(`There is no recipe ${MODEL}`);
  if (console === undefined) return recipe;
  return { ...recipe, models: recipe.models.map((model) => ({ ...model, console })) };
}

/** @param says what the kernel says @param script instead of ours @returns the OCI layout */
export async function makeCoralImage(
  folder: string,
  { says, script }: { readonly says: string; readonly script?: Uint8Array },
): Promise<string> {
  const boot = await makeBootFolder(join(folder, 'root'), recipeFor(), says);
  if (script !== undefined) await writeFile(join(boot, 'start.uboot'), script);
  const contents: Record<string, Uint8Array> = {};
  for (const entry of await readdir(boot, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) contents[`boot/${MODEL}${path.slice(boot.length)}`] = await readFile(path);
  }
  return await makeTinyImage(join(folder, 'image'), {
    files: ['bin/busybox', 'sbin/init', ...Object.keys(contents)],
    labels: { 'walt.node.models': MODEL },
    architecture: 'arm64',
    contents,
  });
}

async function makeBootFolder(root: string, recipe: ImageRecipe, says: string): Promise<string> {
  const boot = join(root, mainFolder(recipe));
  await mkdir(boot, { recursive: true });
  await writeFile(join(boot, 'kernel'), tinyKernel(says));
  await writeFile(join(boot, 'initrd'), 'nobody unpacks this');
  const deviceTrees = join(root, 'trees');
  await machineTree(join(deviceTrees, TREE));
  await fillBootFolders(recipe, { root, top: ROOT, deviceTrees });
  return boot;
}
