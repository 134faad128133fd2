// Fills /boot/<model>/ of an image: the boot loader's script of each model beside the kernel and the initrd, which the
// models share.
import { copyFile, link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzip } from '../../steps/gzip.ts';
import { wrapUBootImage } from '../../steps/u-boot-image.ts';
import { wrapUBootScript } from '../../steps/u-boot-script.ts';
import type { ImageModel, ImageRecipe, StartFile } from '../recipe.ts';

/** The folder that kernel and initrd are put into, below the image's root. */
export function mainFolder({ models }: ImageRecipe): string {
  const [first] = models;
  if (first === undefined) throw new RangeError('Cannot make an image for no model');
  return join('boot', first.model);
}

/** Gives each model its folder, once kernel and initrd are in the main one. */
export async function fillBootFolders(
  recipe: ImageRecipe,
  options: {
    readonly root: string;
    /** Top of the repository. */
    readonly top: string;
    /** Folder with the kernel's device trees. */
    readonly deviceTrees: string;
  },
): Promise<void> {
  const { root, top, deviceTrees } = options;
  const main = join(root, mainFolder(recipe));
  await wrapInitrd(join(main, 'initrd'), recipe.start);
  await packKernel(join(main, 'kernel'), recipe.start);
  const template = await startTemplate(recipe.start, top);
  for (const model of recipe.models) {
    const folder = join(root, 'boot', model.model);
    if (folder !== main) await shareFiles(main, folder);
    await copyDeviceTrees(model, { from: deviceTrees, to: folder });
    await writeFile(join(folder, recipe.start.file), startFile(template, recipe.start, model));
  }
}

async function wrapInitrd(initrd: string, start: StartFile): Promise<void> {
  if (start.file !== 'start.uboot' || !start.wrapsInitrd) return;
  const options = { architecture: architectureOf(start), name: 'WalT initrd' } as const;
  await writeFile(initrd, wrapUBootImage(await readFile(initrd), { ...options, type: 'initrd' }));
}

async function packKernel(kernel: string, start: StartFile): Promise<void> {
  if (start.file !== 'start.uboot' || !start.packsKernel) return;
  await writeFile(kernel, gzip(await readFile(kernel)));
}

async function startTemplate(start: StartFile, top: string): Promise<string> {
  const before = start.file === 'start.uboot' ? start.before : undefined;
  const paths = before === undefined ? [start.template] : [before, start.template];
  const texts = await Promise.all(paths.map((path) => readFile(join(top, path), 'utf8')));
  return texts.join('\n');
}

/** Hard links: one content, and no file that depends on where another one is. */
async function shareFiles(main: string, folder: string): Promise<void> {
  await mkdir(folder);
  for (const file of ['kernel', 'initrd']) await link(join(main, file), join(folder, file));
}

/** Under the names that U-Boot has for them, and the first as `dtb` for whoever knows none. */
async function copyDeviceTrees(
  { deviceTrees }: ImageModel,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  for (const [index, tree] of deviceTrees.entries()) {
    await mkdir(dirname(join(to, tree)), { recursive: true });
    await copyFile(join(from, tree), join(to, tree));
    if (index === 0) await link(join(to, tree), join(to, 'dtb'));
  }
}

function startFile(template: string, start: StartFile, { model, console }: ImageModel): Buffer {
  const values = { MODEL: model, CONSOLE: console };
  if (start.file === 'start.ipxe') return Buffer.from(startText(template, values));
  const text = startText(template, { ...values, START: start.command });
  return wrapUBootScript(text, {
    architecture: architectureOf(start),
    name: `WalT start ${model}`,
  });
}

function architectureOf({ command }: Extract<StartFile, { file: 'start.uboot' }>) {
  return command === 'booti' ? 'arm64' : 'arm';
}

/** The script of one model, from the template that all have in common: `@NAME@` becomes the value of this name. */
export function startText(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/@([A-Z]+)@/g, (marker, name: string) => {
    const value = values[name];
    if (value === undefined)
      throw new RangeError(`Cannot fill in ${marker}: it stands for nothing`);
    return value;
  });
}
