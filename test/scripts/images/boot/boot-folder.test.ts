import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import {
  fillBootFolders,
  mainFolder,
  startText,
} from '../../../../scripts/images/boot/boot-folder.ts';
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
      t.is(await inode(model, 'initrd'), await inode(first, 'initrd'));
      for (const tree of deviceTrees) {
        t.is(await readFile(join(root, 'boot', model, tree), 'utf8'), tree);
      }
      const [usual] = deviceTrees;
      if (usual !== undefined) t.is(await inode(model, 'dtb'), await inode(model, usual));
    }
  });
}

test('startText() refuses a marker that stands for nothing', (t) => {
  t.throws(() => startText('set colour @COLOUR@\n', { MODEL: 'm' }), {
    instanceOf: RangeError,
    message: /@COLOUR@/,
  });
});
