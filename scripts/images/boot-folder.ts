// Fills /boot/<model>/ of an image: the boot loader's script of each model beside the kernel and the initrd, which the
// models share.
import { link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageModel, ImageRecipe } from './recipe.ts';

/** The folder that kernel and initrd are put into, below the image's root. */
export function mainFolder({ models }: ImageRecipe): string {
  const [first] = models;
  if (first === undefined) throw new RangeError('Cannot make an image for no model');
  return join('boot', first.model);
}

/** Gives each model its folder, once kernel and initrd are in the main one. */
export async function fillBootFolders(
  recipe: ImageRecipe,
  { root, top }: { readonly root: string; readonly top: string },
): Promise<void> {
  const main = join(root, mainFolder(recipe));
  const template = await readFile(join(top, recipe.start.template), 'utf8');
  for (const model of recipe.models) {
    const folder = join(root, 'boot', model.model);
    if (folder !== main) await shareFiles(main, folder);
    await writeFile(join(folder, recipe.start.file), startText(template, model));
  }
}

/** Hard links: one content, and no file that depends on where another one is. */
async function shareFiles(main: string, folder: string): Promise<void> {
  await mkdir(folder);
  for (const file of ['kernel', 'initrd']) await link(join(main, file), join(folder, file));
}

/** The script of one model, from the template that all have in common. */
export function startText(template: string, { model, console }: ImageModel): string {
  const values: Readonly<Record<string, string>> = { MODEL: model, CONSOLE: console };
  return template.replace(/@([A-Z]+)@/g, (marker, name: string) => {
    const value = values[name];
    if (value === undefined)
      throw new RangeError(`Cannot fill in ${marker}: it stands for nothing`);
    return value;
  });
}
