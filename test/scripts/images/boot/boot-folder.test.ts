import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import {
  fillBootFolders,
  mainFolder,
  startText,
} from '../../../../scripts/images/boot/boot-folder.ts';
import type { ImageRecipe } from '../../../../scripts/images/recipe.ts';
import { recipes } from '../../../../scripts/images/recipes.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const top = join(import.meta.dirname, '../../../..');

for (const recipe of recipes) {
  test(`fillBootFolders() gives each model of ${recipe.name} its start file`, async (t) => {
    const root = await temporaryFolder(t);
    const main = join(root, mainFolder(recipe));
    await mkdir(main, { recursive: true });
    for (const file of ['kernel', 'initrd']) await writeFile(join(main, file), file);
    const deviceTrees = join(root, 'trees');
    for (const tree of recipe.models.flatMap((model) => model.deviceTrees)) {
      await mkdir(dirname(join(deviceTrees, tree)), { recursive: true });
      await writeFile(join(deviceTrees, tree), tree);
    }
    await fillBootFolders(recipe, { root, top, deviceTrees });
    const inode = async (model: string, file: string) =>
      (await stat(join(root, 'boot', model, file))).ino;
    const [first = ''] = recipe.models.map(({ model }) => model);
    for (const { model, deviceTrees } of recipe.models) {
      const text = await readFile(join(root, 'boot', model, recipe.start.file), 'latin1');
      t.regex(text, new RegExp(`model[ =]${model}[ \n]`));
      t.notRegex(text, /@[A-Z]+@/);
      t.is(await inode(model, 'kernel'), await inode(first, 'kernel'));
      const kernel = await readFile(join(root, 'boot', model, 'kernel'));
      t.is((isPacked(recipe) ? gunzipSync(kernel) : kernel).toString(), 'kernel');
      t.is(await inode(model, 'initrd'), await inode(first, 'initrd'));
      for (const tree of deviceTrees) {
        t.is(await readFile(join(root, 'boot', model, tree), 'utf8'), tree);
      }
      const initrd = await readFile(join(root, 'boot', model, 'initrd'), 'latin1');
      t.is(initrd.length, isWrapped(recipe) ? 64 + 'initrd'.length : 'initrd'.length);
      t.true(initrd.endsWith('initrd'));
      const [usual] = deviceTrees;
      if (usual !== undefined) t.is(await inode(model, 'dtb'), await inode(model, usual));
    }
  });
}

function isPacked({ start }: ImageRecipe): boolean {
  return start.file === 'start.uboot' && start.packsKernel === true;
}

function isWrapped({ start }: ImageRecipe): boolean {
  return start.file === 'start.uboot' && start.wrapsInitrd === true;
}

test("the Coral's start script chooses its device tree by what the base board says, before all else", async (t) => {
  const recipe = recipes.find(({ name }) => name === 'coral-dev-board');
  if (recipe?.start.file !== 'start.uboot') return t.fail();
  const root = await temporaryFolder(t);
  const boot = join(root, 'boot/coral-dev-board');
  const deviceTrees = join(root, 'trees');
  for (const file of [join(boot, 'initrd'), join(deviceTrees, 'freescale/imx8mq-phanbell.dtb')]) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
  }
  await fillBootFolders(recipe, { root, top, deviceTrees });
  const script = await readFile(join(boot, 'start.uboot'), 'latin1');
  const [chosen = '', rest = ''] = script.split('setexpr walt_fdt');
  t.regex(
    chosen,
    /if test x\$\{baseboardid\} = x2; then\n\tsetenv fdtfile freescale\/imx8mq-yorktown\.dtb\nelse\n/,
  );
  t.regex(rest, /tftpboot \$\{walt_fdt\} \$\{fdtfile\} \|\| tftpboot \$\{walt_fdt\} dtb/);
  t.regex(rest, /console=ttymxc0,115200/);
});

test('startText() refuses a marker that stands for nothing', (t) => {
  t.throws(() => startText('set colour @COLOUR@\n', { MODEL: 'm' }), {
    instanceOf: RangeError,
    message: /@COLOUR@/,
  });
});
